#include "tests/bench/floor_statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/ids.hpp"
#include "common/text.hpp"

namespace rastro::bench {

namespace {

struct Cell {
    char const* column;
    char const* type;
    char const* value;
};
using Row = std::vector<Cell>;
struct TableRows {
    char const* table;
    std::vector<Row> rows;  // of one request; all of the same columns
};

constexpr char const* kNow = "2026-05-14T09:12:00.000123Z";
constexpr char const* kHash = "\\x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

// As long as the leaves of the server.
std::string leaf_text() {
    return "\\x" + to_hex(as_bytes(std::string(560, 'l')));
}

Row event_row(char const* event, char const* from, char const* to) {
    return {{"case_id", "uuid", "$case"},
            {"event_id", "uuid", "$new"},
            {"leg_id", "uuid", "$leg"},
            {"object", "text", "request"},
            {"event", "text", event},
            {"transition", "text", "T1"},
            {"from_state", "text", from},
            {"to_state", "text", to},
            {"actor_kind", "text", "person"},
            {"actor_id", "text", "0190f8f0-0000-7000-8000-000000000001"},
            {"agency", "text", "XA-BENCH-X"},
            {"country", "text", "XA"},
            {"occurred_at", "timestamptz", kNow},
            {"decision_id", "uuid", "$new"},
            {"data", "json", "{}"},
            {"shared", "boolean", "t"},
            {"previous_hash", "bytea", kHash},
            {"event_hash", "bytea", kHash}};
}

Row deadline_row(char const* clock, char const* stage) {
    return {{"case_id", "uuid", "$case"},
            {"deadline_id", "uuid", "$new"},
            {"leg_id", "uuid", "$leg"},
            {"clock", "text", clock},
            {"stage", "text", stage},
            {"cycle", "smallint", "1"},
            {"state", "text", "running"},
            {"started_at", "timestamptz", kNow},
            {"due_at", "timestamptz", kNow}};
}

Row mark_row(char const* seq) {
    return {{"case_id", "uuid", "$case"},
            {"description_version", "integer", "1"},
            {"seq", "smallint", seq},
            {"kind", "text", "serial"},
            {"place", "text", "slide"},
            {"text", "text", "$serial"},
            {"state", "text", "clear"}};
}

std::vector<TableRows> defined_rows() {
    return {
        {"case_file",
         {{{"case_id", "uuid", "$case"},
           {"case_type", "text", "trace_request"},
           {"type_version", "integer", "1"},
           {"number", "text", "$number"},
           {"state", "text", "IN_PROGRESS"},
           {"flags", "text[]", "{}"},
           {"owner_agency", "text", "XA-BENCH-X"},
           {"owner_country", "text", "XA"},
           {"handling_code", "text", "H1"},
           {"compartments", "text[]", "{}"},
           {"version", "integer", "1"},
           {"created_at", "timestamptz", kNow},
           {"updated_at", "timestamptz", kNow},
           {"submitted_at", "timestamptz", kNow},
           {"last_event_hash", "bytea", kHash}}}},
        {"trace_request",
         {{{"case_id", "uuid", "$case"},
           {"priority", "text", "routine"},
           {"purpose", "text", "investigation"},
           {"legal_basis", "text", "Bilateral agreement of 2019, article 4"},
           {"offence_code", "text", "robbery"},
           {"special_instructions", "text", "Answer to the duty desk; written reply is enough."},
           {"intended_use", "text", "Identify the first buyer and the point of diversion"},
           {"illicit_ground", "text", "illicit_under_local_law"},
           {"agency_case_no", "text", "$reference"},
           {"unit", "text", "Firearms unit, northern district"},
           {"requester_name", "text", "Ana Lima"},
           {"badge_no", "text", "4711"},
           {"contact", "text", "firearms.north@police.example"},
           {"sensitive", "boolean", "f"},
           {"forward_consent", "boolean", "t"},
           {"requested_groups", "text[]", "{G1,G5}"},
           {"shared_groups", "text[]", "{G0,G1,G2,G8,G9}"},
           {"recipients", "text[]", "{country:XB}"},
           {"author_id", "text", "0190f8f0-0000-7000-8000-000000000001"},
           {"description_version", "integer", "1"}}}},
        {"firearm_description",
         {{{"case_id", "uuid", "$case"},
           {"version", "integer", "1"},
           {"stated_by", "text", "XA-BENCH-X"},
           {"stated_at", "timestamptz", kNow},
           {"serial_raw", "text", "$serial"},
           {"serial_condition", "text", "clear"},
           {"serial_canon", "text", "$serial"},
           {"serial_skeleton", "text", "$serial"},
           {"serial_ncic", "text", "$serial"},
           {"serial_core", "text", "$serial"},
           {"make_text", "text", "Glock"},
           {"make_id", "text", "glock"},
           {"model_text", "text", "19"},
           {"calibre_text", "text", "9x19"},
           {"calibre_id", "text", "9x19"},
           {"calibre_group", "text", "9mm"},
           {"type_code", "text", "pistol"},
           {"origin_country", "text", "XB"},
           {"importer_mark_absent", "boolean", "f"},
           {"remarks", "text", "Slide and frame carry the same number; barrel without number."}}}},
        {"leg",
         {{{"case_id", "uuid", "$case"},
           {"leg_id", "uuid", "$leg"},
           {"asking_agency", "text", "XA-BENCH-X"},
           {"asking_country", "text", "XA"},
           {"asked_agency", "text", "XB-BENCH-X"},
           {"asked_country", "text", "XB"},
           {"state", "text", "ROUTED"},
           {"flags", "text[]", "{}"},
           {"open", "boolean", "t"},
           {"version", "integer", "1"},
           {"priority", "text", "routine"},
           {"path", "text[]", "{XB}"},
           {"hop", "smallint", "0"},
           {"description_version", "integer", "1"},
           {"due_at", "timestamptz", kNow},
           {"routed_at", "timestamptz", kNow},
           {"updated_at", "timestamptz", kNow}}}},
        {"case_event", {event_row("submit", "DRAFT", "SUBMITTED")}},
        {"outbox",
         {{{"message_id", "uuid", "$new"},
           {"agency", "text", "XB-BENCH-X"},
           {"kind", "text", "leg.routed"},
           {"case_id", "uuid", "$case"},
           {"object_type", "text", "leg"},
           {"object_id", "text", "$leg"},
           {"object_version", "integer", "1"},
           {"occurred_at", "timestamptz", kNow}}}},
        {"idempotency_key",
         {{{"agency", "text", "XA-BENCH-X"},
           {"principal", "text", "0190f8f0-0000-7000-8000-000000000001"},
           {"key", "text", "$key"},
           {"operation", "text", "trace_create"},
           {"fingerprint", "bytea", kHash},
           {"status", "smallint", "201"},
           {"etag", "text", "\"1\""},
           {"location", "text", "$location"},
           {"body", "text", "$answer"},
           {"event_id", "uuid", "$new"},
           {"created_at", "timestamptz", kNow}}}},
    };
}

TableRows leaf_rows() {
    return {"audit_leaf",
            {{{"event_id", "uuid", "$new"},
              {"leaf", "bytea", "$leaf"},
              {"occurred_at", "timestamptz", kNow},
              {"action", "text", "trace_request.create"},
              {"outcome", "text", "ok"},
              {"actor_id", "text", "0190f8f0-0000-7000-8000-000000000001"},
              {"actor_agency", "text", "XA-BENCH-X"},
              {"object_type", "text", "trace_request"},
              {"object_id", "text", "$case"},
              {"object_agency", "text", "XA-BENCH-X"},
              {"request_id", "uuid", "$new"}}}};
}

std::vector<TableRows> stored_rows() {
    auto tables = defined_rows();
    for (auto& table : tables) {
        if (std::string_view(table.table) == "case_event") {
            table.rows = {event_row("create", "NONE", "DRAFT"),
                          event_row("submit", "DRAFT", "NATIONAL_REVIEW"),
                          event_row("auto_approve", "NATIONAL_REVIEW", "SUBMITTED"),
                          event_row("route", "NONE", "ROUTED"),
                          event_row("leg_routed", "SUBMITTED", "IN_PROGRESS")};
        }
    }
    tables.push_back({"case_party",
                      {{{"case_id", "uuid", "$case"},
                        {"agency", "text", "XB-BENCH-X"},
                        {"relation", "text", "addressed"},
                        {"owner_agency", "text", "XA-BENCH-X"},
                        {"granted_at", "timestamptz", kNow}}}});
    tables.push_back({"recovery",
                      {{{"case_id", "uuid", "$case"},
                        {"recovered_on", "date", "2026-04-03"},
                        {"date_precision", "text", "day"},
                        {"country", "text", "XA"},
                        {"area", "text", "Northern district"},
                        {"place", "text", "Harbour road 12"},
                        {"latitude", "double precision", "-33.5"},
                        {"longitude", "double precision", "-70.25"},
                        {"circumstances", "text", "Found in a vehicle during a road check."},
                        {"crime_gun", "boolean", "t"},
                        {"context", "text[]", "{robbery}"},
                        {"seizure_ref", "text", "$reference"}}}});
    tables.push_back({"mark", {mark_row("1"), mark_row("2")}});
    tables.push_back({"case_person",
                      {{{"case_id", "uuid", "$case"},
                        {"seq", "smallint", "1"},
                        {"role", "text", "possessor"},
                        {"family_name", "text", "Doe"},
                        {"given_names", "text", "Jo"},
                        {"sex", "text", "x"},
                        {"birth_date", "date", "1990-01-31"},
                        {"nationality", "text", "XA"}}}});
    // The clock of the delivery; the others start when the leg is delivered and acknowledged.
    tables.push_back({"deadline", {deadline_row("delivery", "due")}});
    return tables;
}

// The parameters of a statement: each distinct value once, except "$new", which is another id at
// every place.
class Parameters {
 public:
    // The expression that stands for the value in a row.
    std::string place(std::string const& token, std::string const& type, bool batched) {
        // unnest would flatten arrays of arrays, and json has no equality: both travel as text.
        bool const by_text = type.ends_with("[]") || type == "json";
        auto const sent = by_text ? std::string("text") : type;
        auto const key = token == "$new" ? token + std::to_string(values_.size()) : token;
        auto const [found, fresh] = known_.try_emplace({key, sent}, values_.size());
        if (fresh) {
            values_.push_back({token, sent});
        }
        auto const number = std::to_string(found->second + 1);
        auto const value = batched ? "x.c" + number : "$" + number + "::" + sent;
        return by_text ? value + "::" + type : value;
    }
    [[nodiscard]] std::string source() const {
        std::string arrays;
        std::string names;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            arrays += fmt::format("{}${}::{}[]", i == 0 ? "" : ", ", i + 1, values_[i].type);
            names += fmt::format("{}c{}", i == 0 ? "" : ", ", i + 1);
        }
        return "x as (select * from unnest(" + arrays + ") as x(" + names + ")), ";
    }
    [[nodiscard]] std::vector<FloorValue> take() { return std::move(values_); }

 private:
    std::map<std::pair<std::string, std::string>, std::size_t> known_;
    std::vector<FloorValue> values_;
};

std::string insert_text(TableRows const& table, Parameters& parameters, bool batched) {
    std::string columns;
    for (auto const& cell : table.rows.front()) {
        columns += (columns.empty() ? "" : ", ") + std::string(cell.column);
    }
    std::string rows;
    for (auto const& row : table.rows) {
        std::string values;
        for (auto const& cell : row) {
            values +=
                (values.empty() ? "" : ", ") + parameters.place(cell.value, cell.type, batched);
        }
        if (batched) {
            rows += (rows.empty() ? "select " : " union all select ") + values + " from x";
        } else {
            rows += (rows.empty() ? "values (" : ", (") + values + ")";
        }
    }
    return fmt::format("insert into rastro.{} ({}) {}", table.table, columns, rows);
}

constexpr char const* kInsertLeaf =
    "insert into rastro.audit_leaf (event_id, leaf, occurred_at, action, outcome, actor_id, "
    "actor_agency, object_type, object_id, object_agency, request_id) select ";

}  // namespace

FloorStatement submit_statement(RowSet rows, bool batched) {
    Parameters parameters;
    std::string inserts;
    int number = 0;
    for (auto const& table : rows == RowSet::defined ? defined_rows() : stored_rows()) {
        inserts += fmt::format("{}t{} as ({})",
                               inserts.empty() ? "" : ", ",
                               ++number,
                               insert_text(table, parameters, batched));
    }
    auto const last = insert_text(leaf_rows(), parameters, batched);
    FloorStatement statement;
    statement.name = fmt::format("floor_submit_{}_{}",
                                 rows == RowSet::defined ? "defined" : "stored",
                                 batched ? "batched" : "single");
    statement.text = "with " + (batched ? parameters.source() : "") + inserts + " " + last;
    statement.values = parameters.take();
    statement.batched = batched;
    return statement;
}

FloorStatement status_statement(bool batched) {
    FloorStatement statement;
    statement.name = batched ? "floor_status_batched" : "floor_status_single";
    statement.batched = batched;
    statement.values = {{"$known", "uuid"}, {"$new", "uuid"}, {"$leaf", "bytea"}};
    auto const source =
        batched
            ? "select * from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as k(id, event_id, leaf)"
            : "select $1::uuid as id, $2::uuid as event_id, $3::bytea as leaf";
    statement.text = fmt::format(
        "with k as ({}), f as (select k.event_id, k.leaf, c.case_id, c.number, c.state, "
        "c.version, c.owner_agency, c.handling_code, c.compartments, c.updated_at, "
        "r.sensitive, r.shared_groups, r.legal_basis, r.outcome_code from k "
        "join rastro.case_file c on c.case_id = k.id "
        "join rastro.trace_request r on r.case_id = c.case_id), "
        "a as ({} f.event_id, f.leaf, now(), 'trace_request.read_status', 'ok', "
        "'0190f8f0-0000-7000-8000-000000000001', f.owner_agency, 'trace_request', "
        "f.case_id::text, f.owner_agency, f.event_id from f) "
        "select f.case_id, f.number, f.state, f.version, f.owner_agency, "
        "f.handling_code, f.compartments, f.updated_at, f.sensitive, f.shared_groups, "
        "f.legal_basis, f.outcome_code, l.leg_id, l.asked_agency, l.asked_country, "
        "l.state as leg_state, l.flags, l.open, l.version as leg_version, "
        "l.outcome_code as leg_outcome, l.due_at, l.updated_at as leg_updated_at "
        "from f left join rastro.leg l on l.case_id = f.case_id",
        source,
        kInsertLeaf);
    return statement;
}

FloorStatement inbox_statement() {
    FloorStatement statement;
    statement.name = "floor_inbox";
    statement.values = {{"$asked", "text"}, {"$new", "uuid"}, {"$leaf", "bytea"}};
    statement.text = fmt::format(
        "with a as ({} $2::uuid, $3::bytea, now(), 'leg.inbox', 'ok', "
        "'0190f8f0-0000-7000-8000-000000000001', $1::text, 'inbox', '', $1::text, "
        "$2::uuid) select l.leg_id, l.case_id, l.asking_agency, l.state, l.flags, "
        "l.version, l.priority, l.path, l.hop, l.due_at, l.routed_at, l.updated_at, "
        "c.number, c.handling_code, d.make_text, d.model_text, d.calibre_text, "
        "d.type_code, d.serial_condition from rastro.leg l "
        "join rastro.case_file c on c.case_id = l.case_id "
        "join rastro.firearm_description d on d.case_id = l.case_id "
        "and d.version = l.description_version where l.asked_agency = $1::text and "
        "l.open order by l.due_at, l.leg_id limit 50",
        kInsertLeaf);
    return statement;
}

void FloorIdentity::next() {
    ++count_;
    case_ = Uuid::generate_v7().to_string();
    leg_ = Uuid::generate_v7().to_string();
}

std::string FloorIdentity::value(FloorValue const& value) {
    static std::string const leaf = leaf_text();
    static std::string const answer(1400, 'a');
    auto const& token = value.token;
    if (token.empty() || token.front() != '$') {
        return token;
    }
    if (token == "$case") {
        return case_;
    }
    if (token == "$leg") {
        return leg_;
    }
    if (token == "$new") {
        return Uuid::generate_v7().to_string();
    }
    if (token == "$leaf") {
        return leaf;
    }
    if (token == "$known") {
        return known_cases_[count_ * 7919 % known_cases_.size()];
    }
    if (token == "$asked") {
        return inbox_agency_;
    }
    if (token == "$answer") {
        return answer;
    }
    if (token == "$location") {
        return "/v1/trace-requests/" + case_;
    }
    if (token == "$key") {
        return "key-" + case_;
    }
    if (token == "$reference") {
        return fmt::format("2026/{}", count_);
    }
    if (token == "$serial") {
        return fmt::format("FB{:08}", count_);
    }
    return "XA-2026-" + case_;  // $number
}

}  // namespace rastro::bench
