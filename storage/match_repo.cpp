#include "storage/match_repo.hpp"

#include <array>

#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

// clang-format off
#define RASTRO_MATCH_COLUMNS \
    "select m.match_id, m.kind, m.case_id, m.case_agency, m.case_handling, m.recovery_country, m.recovered_on, " \
    "m.other_case_id, m.record_id, m.other_agency, m.other_handling, m.silent, m.covert, m.case_contact, m.other_contact, m.score, m.band, m.agreement, m.agreeing, m.to_compare, m.seen_by, " \
    "m.decides, m.state, m.found_by, " RASTRO_US_AS("m.found_at", "found_at") ", m.decided_by, m.decided_agency, " \
    RASTRO_US_AS("m.decided_at", "decided_at") ", m.compared, m.decision_text, m.version, k.case_name, k.case_email, " \
    "k.case_phone, k.other_name, k.other_email, k.other_phone from serial_match m " \
    "cross join lateral match_contacts(m.match_id) k "
// clang-format on

constexpr Query kFind{"match_find", RASTRO_MATCH_COLUMNS "where m.match_id = :match_id::uuid"};
constexpr Query kLock{
    "match_lock", "select match_id from serial_match where match_id = :match_id::uuid for update"};
constexpr Query kList{
    "match_list",
    RASTRO_MATCH_COLUMNS
    "where m.match_id = any (array(select matches_seen(:after::uuid, :state::text, :kind::text, "
    ":case_id::uuid, :decides::text, :limit::integer))) order by m.match_id desc"};
// What is there already is told by its id, whichever of the two requests was first.
constexpr Query kAdd{
    "match_add",
    "with q as (select * from unnest(:match_ids::uuid[], :kinds::text[], :cases::uuid[], "
    ":case_agencies::text[], :case_handlings::text[], :recovery_countries::text[], "
    ":recovered::date[], :other_cases::uuid[], :records::uuid[], :other_agencies::text[], "
    ":other_handlings::text[], :silents::boolean[], :scores::smallint[], :bands::text[], "
    ":agreements::jsonb[], :agreeing::text[], :to_compare::text[], :seen::text[], "
    ":decides::text[], :found_by::text[], :found_at::timestamptz[], :coverts::boolean[], "
    ":case_contacts::text[], :other_contacts::text[]) as x(match_id, kind, case_id, case_agency, "
    "case_handling, "
    "recovery_country, recovered_on, other_case_id, record_id, other_agency, other_handling, "
    "silent, score, band, agreement, agreeing, to_compare, seen, decides, found_by, found_at, "
    "covert, case_contact, other_contact)), "
    "added as (insert into serial_match (match_id, kind, case_id, case_agency, case_handling, "
    "recovery_country, recovered_on, other_case_id, record_id, other_agency, other_handling, "
    "silent, score, band, agreement, agreeing, to_compare, seen_by, decides, found_by, found_at, "
    "covert, case_contact, other_contact) "
    "select match_id, kind, case_id, case_agency, case_handling, recovery_country, recovered_on, "
    "other_case_id, record_id, other_agency, other_handling, silent, score, band, agreement, "
    "string_to_array(agreeing, ','), string_to_array(to_compare, ','), "
    "string_to_array(seen, ','), decides, found_by, found_at, covert, case_contact, "
    "other_contact from q "
    "on conflict do nothing returning match_id) "
    "select q.match_id as asked, coalesce(a.match_id, m.match_id) as stored, "
    "a.match_id is not null as is_new from q left join added a on a.match_id = q.match_id "
    "left join lateral (select r.match_id from serial_match r where q.record_id is not null "
    "and r.record_id = q.record_id and r.case_id = q.case_id union all "
    "select r.match_id from serial_match r where q.record_id is null "
    "and least(r.case_id, r.other_case_id) = least(q.case_id, q.other_case_id) "
    "and greatest(r.case_id, r.other_case_id) = greatest(q.case_id, q.other_case_id) "
    "and r.other_case_id is not null) m on true"};
constexpr Query kDecide{
    "match_decide",
    "update serial_match set state = :state, seen_by = :seen_by::text[], decides = :decides, "
    "decided_by = :decided_by::uuid, decided_agency = :decided_agency, "
    "decided_at = :decided_at::timestamptz, compared = :compared::text[], "
    "decision_text = :decision_text, version = version + 1 where match_id = :match_id::uuid "
    "returning version"};
constexpr Query kStrengthen{
    "match_strengthen",
    "update serial_match set kind = :kind, silent = :silent::boolean, covert = :covert::boolean, "
    "score = :score::smallint, band = :band, agreement = "
    ":agreement::jsonb, agreeing = :agreeing::text[], to_compare = :to_compare::text[], seen_by = "
    ":seen_by::text[], decides = :decides, version = version + 1 where match_id = :match_id::uuid "
    "and state = 'open' and band = 'MATCH_POSSIBLE' and :band = 'MATCH_STRONG'"};

std::optional<std::string> said(std::string const& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::string joined(std::vector<std::string> const& items) {
    std::string text;
    for (auto const& item : items) {
        text += (text.empty() ? "" : ",") + item;
    }
    return text;
}

SerialMatch to_match(Row const& row) {
    SerialMatch match;
    match.match_id = row.uuid("match_id");
    match.kind = row.text("kind");
    match.case_id = row.id<CaseId>("case_id");
    match.case_agency = row.text("case_agency");
    match.case_handling = row.text("case_handling");
    match.recovery_country = row.text("recovery_country");
    if (!row.is_null("recovered_on")) {
        match.recovered_on = parse_iso_date(row.view("recovered_on"));
    }
    if (auto const other = row.maybe_uuid("other_case_id")) {
        match.other_case_id = CaseId{*other};
    }
    match.record_id = row.maybe_uuid("record_id");
    match.other_agency = row.text("other_agency");
    match.other_handling = row.text("other_handling");
    match.silent = row.boolean("silent");
    match.covert = row.boolean("covert");
    match.case_contact = row.text("case_contact");
    match.other_contact = row.text("other_contact");
    match.score = static_cast<int>(row.integer("score"));
    match.band = row.text("band");
    match.agreement = row.text("agreement");
    match.agreeing = row.texts("agreeing");
    match.to_compare = row.texts("to_compare");
    match.seen_by = row.texts("seen_by");
    match.decides = row.text("decides");
    match.state = row.text("state");
    match.found_by = row.text("found_by");
    match.found_at = row.instant("found_at");
    match.decided_by = row.text("decided_by");
    match.decided_agency = row.text("decided_agency");
    match.decided_at = row.maybe_instant("decided_at");
    if (!row.is_null("compared")) {
        match.compared = row.texts("compared");
    }
    match.decision_text = row.text("decision_text");
    match.version = static_cast<int>(row.integer("version"));
    match.case_name = row.text("case_name");
    match.case_email = row.text("case_email");
    match.case_phone = row.text("case_phone");
    match.other_name = row.text("other_name");
    match.other_email = row.text("other_email");
    match.other_phone = row.text("other_phone");
    return match;
}

std::optional<std::string> text_of(std::optional<Date> const& date) {
    return date ? std::optional<std::string>(to_iso_date(*date)) : std::nullopt;
}

template <class IdType>
std::optional<std::string> text_of(std::optional<IdType> const& id) {
    return id ? std::optional<std::string>(id->to_string()) : std::nullopt;
}

}  // namespace

std::vector<Added> add_matches(UnitOfWork& unit, std::vector<SerialMatch>& matches) {
    if (matches.empty()) {
        return {};
    }
    std::vector<ArrayText> columns(24);
    for (auto const& match : matches) {
        std::size_t at = 0;
        auto const add = [&](std::optional<std::string> const& item) {
            columns[at++].add_maybe(item);
        };
        add(match.match_id.to_string());
        add(match.kind);
        add(match.case_id.to_string());
        add(match.case_agency);
        add(match.case_handling);
        add(said(match.recovery_country));
        add(text_of(match.recovered_on));
        add(text_of(match.other_case_id));
        add(text_of(match.record_id));
        add(match.other_agency);
        add(match.other_handling);
        add(match.silent ? "t" : "f");
        add(std::to_string(match.score));
        add(match.band);
        add(match.agreement);
        add(joined(match.agreeing));
        add(joined(match.to_compare));
        add(joined(match.seen_by));
        add(match.decides);
        add(match.found_by);
        add(Value(match.found_at).text());
        add(match.covert ? "t" : "f");
        add(said(match.case_contact));
        add(said(match.other_contact));
    }
    static constexpr std::array<std::string_view, 24> names{
        "match_ids",          "kinds",      "cases",         "case_agencies", "case_handlings",
        "recovery_countries", "recovered",  "other_cases",   "records",       "other_agencies",
        "other_handlings",    "silents",    "scores",        "bands",         "agreements",
        "agreeing",           "to_compare", "seen",          "decides",       "found_by",
        "found_at",           "coverts",    "case_contacts", "other_contacts"};
    std::vector<Param> params;
    for (std::size_t i = 0; i < names.size(); ++i) {
        params.push_back({names[i], columns[i].take()});
    }
    std::vector<Added> added(matches.size(), Added::hidden);
    for (auto const row : unit.sql().run(kAdd, std::move(params))) {
        auto const asked = row.uuid("asked");
        for (std::size_t i = 0; i < matches.size(); ++i) {
            if (matches[i].match_id == asked) {
                if (auto const stored = row.maybe_uuid("stored")) {
                    matches[i].match_id = *stored;
                    added[i] = row.boolean("is_new") ? Added::now : Added::before;
                }
                break;
            }
        }
    }
    return added;
}

bool strengthen_match(UnitOfWork& unit, SerialMatch const& match) {
    return unit.sql()
               .run(kStrengthen,
                    {{"kind", match.kind},
                     {"silent", match.silent},
                     {"covert", match.covert},
                     {"score", match.score},
                     {"band", match.band},
                     {"agreement", match.agreement},
                     {"agreeing", match.agreeing},
                     {"to_compare", match.to_compare},
                     {"seen_by", match.seen_by},
                     {"decides", match.decides},
                     {"match_id", match.match_id}})
               .affected() == 1;
}

std::optional<SerialMatch> find_match(UnitOfWork& unit, Uuid const& match_id, MatchLock lock) {
    if (lock == MatchLock::for_update && unit.sql().run(kLock, {{"match_id", match_id}}).empty()) {
        return std::nullopt;
    }
    auto const rows = unit.sql().run(kFind, {{"match_id", match_id}});
    return rows.empty() ? std::nullopt : std::optional<SerialMatch>(to_match(rows.front()));
}

std::vector<SerialMatch> list_matches(UnitOfWork& unit,
                                      MatchFilter const& filter,
                                      std::optional<Uuid> const& after,
                                      int limit) {
    std::vector<SerialMatch> found;
    auto const rows = unit.sql().run(
        kList,
        {{"after", after ? Value(*after) : Value("ffffffff-ffff-ffff-ffff-ffffffffffff")},
         {"state", filter.state},
         {"kind", filter.kind},
         {"case_id", filter.case_id},
         {"decides", filter.decides},
         {"limit", limit}});
    for (auto const row : rows) {
        found.push_back(to_match(row));
    }
    return found;
}

void store_decision(UnitOfWork& unit, SerialMatch& match) {
    auto const rows = unit.sql().run(kDecide,
                                     {{"state", match.state},
                                      {"seen_by", match.seen_by},
                                      {"decides", match.decides},
                                      {"decided_by", match.decided_by},
                                      {"decided_agency", match.decided_agency},
                                      {"decided_at", match.decided_at},
                                      {"compared", match.compared},
                                      {"decision_text", said(match.decision_text)},
                                      {"match_id", match.match_id}});
    match.version = static_cast<int>(rows.front().integer("version"));
}

}  // namespace rastro::storage
