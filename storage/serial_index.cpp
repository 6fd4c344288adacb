#include "storage/serial_index.hpp"

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

// clang-format off
#define RASTRO_CANDIDATE_COLUMNS \
    "select case_id, relations, number, state, author_id, sensitive, compartments, shared_groups, handling_code, " \
    "owner_agency, owner_name, contact_email, contact_phone, " RASTRO_US("created_at") ", serial_raw, serial_canon, " \
    "make_id, make_text, model_text, calibre_text, calibre_group, type_code, import_country, recovered_on, recovery_country "
// clang-format on

constexpr Query kWhole{"serial_candidates",
                       RASTRO_CANDIDATE_COLUMNS
                       "from serial_candidates(:skeleton, :ncic, :ncic_skeleton, :near::text[], "
                       ":pointers::boolean, :most::integer)"};
constexpr Query kLike{"serial_candidates_like",
                      RASTRO_CANDIDATE_COLUMNS
                      "from serial_candidates_like(:wanted, :way, :low, :high, :makes::text[], "
                      ":calibre_group, :pointers::boolean, :most::integer)"};

constexpr Query kSettle{"serial_index_settle", "select settle_serial_index() as pages"};

// From so many known characters on, the order of the texts is a better guide than trigrams.
constexpr std::size_t kLongEdge = 5;

// The text behind all those that begin with `start`.
std::string behind(std::string start) {
    ++start.back();
    return start;
}

BoundQuery pattern_statement(SerialQuestion const& question) {
    auto const pattern = cases::pattern_of(*question.pattern);
    std::string way = "scan";
    std::string edge;
    if (pattern.prefix.size() >= kLongEdge ||
        (pattern.trigrams < 2 && pattern.prefix.size() >= pattern.suffix.size() &&
         !pattern.prefix.empty())) {
        way = "prefix";
        edge = pattern.prefix;
    } else if (pattern.suffix.size() >= kLongEdge ||
               (pattern.trigrams < 2 && !pattern.suffix.empty())) {
        way = "suffix";
        edge.assign(pattern.suffix.rbegin(), pattern.suffix.rend());
    }
    Value makes = std::nullopt;
    if (question.make_ids) {
        makes = std::vector<std::string>(question.make_ids->begin(), question.make_ids->end());
    }
    return {kLike,
            {{"wanted", pattern.like},
             {"way", way},
             {"low", edge},
             {"high", edge.empty() ? std::string() : behind(edge)},
             {"makes", makes},
             {"calibre_group", question.calibre_group},
             {"pointers", question.pointers},
             {"most", kMostCandidates + 1}}};
}

std::optional<Date> date_of(Row const& row, std::string_view column) {
    return row.is_null(column) ? std::nullopt : parse_iso_date(row.view(column));
}

SerialCandidate to_candidate(Row const& row) {
    SerialCandidate found;
    found.case_id = row.id<CaseId>("case_id");
    for (auto const& relation : row.texts("relations")) {
        if (auto const known = cases::parse_relation(relation)) {
            found.relations.insert(*known);
        }
    }
    found.number = row.text("number");
    found.state = row.text("state");
    found.author = row.text("author_id");
    found.sensitive = row.boolean("sensitive");
    found.compartments = row.texts("compartments");
    found.shared_groups = row.texts("shared_groups");
    found.handling_code = row.text("handling_code");
    found.owner_agency = row.text("owner_agency");
    found.owner_name = row.text("owner_name");
    found.contact_email = row.text("contact_email");
    found.contact_phone = row.text("contact_phone");
    found.created_at = row.maybe_instant("created_at");
    found.serial_raw = row.text("serial_raw");
    found.calibre_text = row.text("calibre_text");
    found.recovered_on = date_of(row, "recovered_on");
    found.recovery_country = row.text("recovery_country");
    auto& firearm = found.firearm;
    firearm.canon = row.text("serial_canon");
    firearm.make_id = row.text("make_id");
    firearm.make_text = row.text("make_text");
    firearm.calibre_group = row.text("calibre_group");
    firearm.type = cases::type_from(row.view("type_code"));
    firearm.model = row.text("model_text");
    firearm.import_country = row.text("import_country");
    return found;
}

}  // namespace

BoundQuery serial_statement(SerialQuestion const& question) {
    if (question.pattern) {
        return pattern_statement(question);
    }
    auto const skeleton = cases::serial_skeleton_of(question.canon);
    auto const ncic = cases::serial_ncic_of(question.canon);
    auto const ncic_skeleton = cases::serial_skeleton_of(ncic);
    auto const near =
        question.near ? cases::skeletons_one_error_away(skeleton) : std::vector<std::string>{};
    return {kWhole,
            {{"skeleton", skeleton},
             {"ncic", ncic},
             {"ncic_skeleton", ncic_skeleton == skeleton ? Value(std::nullopt) : ncic_skeleton},
             {"near", near},
             {"pointers", question.pointers},
             {"most", kMostCandidates + 1}}};
}

std::int64_t settle_serial_index(UnitOfWork& unit) {
    return unit.sql().run(kSettle).front().integer("pages");
}

SerialCandidates find_serial(UnitOfWork& unit, SerialQuestion const& question) {
    auto statement = serial_statement(question);
    auto const rows = unit.sql().run(statement.query, std::move(statement.params));
    SerialCandidates candidates;
    for (auto const row : rows) {
        if (candidates.found.size() == static_cast<std::size_t>(kMostCandidates)) {
            candidates.capped = true;
            break;
        }
        candidates.found.push_back(to_candidate(row));
    }
    return candidates;
}

}  // namespace rastro::storage
