// Matches: listing those that the own agency sees, noting one, and the decision of a person who has
// compared both firearms (domain/tracing.md 4.8, hard rule; 4.9).
#include <algorithm>
#include <array>

#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/matches.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/traces.hpp"
#include "server/services.hpp"
#include "storage/case_standing.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::SerialMatch;

// ---------------------------------------------------------------- list

constexpr std::array kById{protocol::KeyPart::uuid};
constexpr std::string_view kList = "match_list";

struct ListQuery {
    storage::MatchFilter filter;
    bool own_queue = false;
    std::optional<Uuid> after;
    int limit = 50;
    protocol::QueryParameters query;
};

std::optional<std::string> given(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

Outcome<ListQuery> parse_list(Arrival const& arrival) {
    RASTRO_CHECK(
        check_query_names(arrival, {"limit", "after", "state", "kind", "case_id", "queue"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kList, kById));
    ListQuery asked;
    asked.query = arrival.query;
    asked.limit = static_cast<int>(limit);
    asked.filter = {.state = given(query_text(arrival, "state")),
                    .kind = given(query_text(arrival, "kind")),
                    .case_id = {},
                    .decides = {}};
    std::vector<Violation> violations;
    constexpr std::array<std::string_view, 3> states{"open", "confirmed", "rejected"};
    if (asked.filter.state && std::ranges::find(states, *asked.filter.state) == states.end()) {
        violations.push_back({"query:/state", "not_in_list", {}});
    }
    if (asked.filter.kind && !cases::hit_kind_from(*asked.filter.kind)) {
        violations.push_back({"query:/kind", "not_in_list", {}});
    }
    if (auto const text = query_text(arrival, "case_id"); !text.empty()) {
        asked.filter.case_id = CaseId::parse(text);
        if (!asked.filter.case_id) {
            violations.push_back({"query:/case_id", "format_uuid", {}});
        }
    }
    auto const queue = query_text(arrival, "queue");
    asked.own_queue = queue == "own";
    if (!queue.empty() && !asked.own_queue) {
        violations.push_back({"query:/queue", "not_in_list", {}});
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    if (!key.empty()) {
        asked.after = Uuid::parse(key.front());
    }
    return asked;
}

Outcome<Reply> run_list(Call& call, ListQuery const& asked, storage::UnitOfWork& unit) {
    call.about("match", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("match", {Relation::own_agency})));
    auto filter = asked.filter;
    if (asked.own_queue) {
        filter.decides = call.actor.agency;
    }
    auto rows = storage::list_matches(unit, filter, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.limit)) {
        rows.pop_back();
        auto const last = rows.back().match_id.to_string();
        next = protocol::encode_cursor(kList, std::span(&last, 1));
        reply.link = protocol::next_link("/v1/matches", asked.query, next);
    }
    std::vector<protocol::MatchMessage> messages;
    for (auto const& row : rows) {
        messages.push_back(match_message(call.actor, row));
    }
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    reply.body = protocol::write_matches(messages, next);
    return reply;
}

Reply match_reply(Call& call, SerialMatch const& match, unsigned status) {
    call.about("match",
               match.match_id.to_string(),
               static_cast<std::uint64_t>(match.version),
               match.decides);
    Reply reply;
    reply.status = status;
    protocol::append_match(reply.body, match_message(call.actor, match));
    return reply;
}

// ---------------------------------------------------------------- noting

Outcome<protocol::MatchNote> parse_note(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(note, protocol::read_match_note(arrival.body));
    if (note.case_id == note.other_case_id) {
        return violation("/other_case_id", "guard.lead_is_another_request");
    }
    return note;
}

struct Statement {
    storage::TraceCase file;
    cases::TraceRequestContent content;
};

// What the caller may compare: firearm and serial must be disclosed to it.
std::optional<Statement> statement_of(Call const& call,
                                      storage::UnitOfWork& unit,
                                      CaseId const& case_id) {
    auto file = storage::find_request(unit, case_id, storage::Lock::none);
    if (!file) {
        return std::nullopt;
    }
    auto const& services = call.services();
    auto const decision =
        cases::decide(services.permissions,
                      call.actor,
                      "serial_search",
                      request_facts(*file),
                      {.now = call.now(), .step_up_age = services.settings.session.step_up});
    if (!decision.allowed || !decision.may_see("G0") || !decision.may_see("G1")) {
        return std::nullopt;
    }
    bool const own = file->relations.contains(Relation::owner);
    std::set<std::string> groups{"G0", "G1"};
    if (own) {
        groups.insert({"G2", "G8"});
    }
    auto content = storage::load_content(unit, *file, groups, own, file->description_version);
    return Statement{std::move(*file), std::move(content)};
}

cases::RecoveryFacts recovery_of(Statement const& statement) {
    auto const& recovery = statement.content.recovery;
    return {.agency = statement.file.owner_agency,
            .agency_case_no = statement.content.agency_case_no,
            .day = recovery.date_precision == cases::RecoveryPrecision::day ? recovery.recovered_on
                                                                            : std::nullopt,
            .country = recovery.country,
            .area = recovery.area};
}

Outcome<Reply> run_note(MakeCache& makes,
                        Call& call,
                        protocol::MatchNote const& note,
                        storage::UnitOfWork& unit) {
    RASTRO_TRY(file, open_request(call, unit, note.case_id, storage::Lock::none));
    auto const newer = statement_of(call, unit, file.case_id);
    auto const older = statement_of(call, unit, note.other_case_id);
    if (!newer || !older) {
        return violation("/other_case_id", "unknown_request");
    }
    auto const catalogue = makes.current(unit);
    auto const& firearm = newer->content.firearm;
    cases::MakeComparison const make(*catalogue, firearm.make_id, firearm.make_text);
    auto const assessment = cases::assess(
        cases::match_side(firearm), nullptr, make, cases::match_side(older->content.firearm));
    auto match = match_of(assessment,
                          cases::kind_of_pair(recovery_of(*newer), recovery_of(*older)),
                          "person",
                          call.now());
    match.case_id = newer->file.case_id;
    match.case_agency = newer->file.owner_agency;
    match.case_handling = newer->file.handling_code;
    match.recovery_country = newer->content.recovery.country;
    match.recovered_on = newer->content.recovery.recovered_on;
    match.other_case_id = older->file.case_id;
    match.other_agency = older->file.owner_agency;
    match.other_handling = older->file.handling_code;
    match.covert = hidden_from_others(newer->file);
    match.seen_by = {call.actor.agency};  // nobody else hears of it before it is confirmed
    match.decides = call.actor.agency;
    std::vector<SerialMatch> one{std::move(match)};
    if (storage::add_matches(unit, one).front() != storage::Added::now) {
        return Problem(ProblemCode::duplicate, "This match is known already");
    }
    return match_reply(call, one.front(), 201);
}

// ---------------------------------------------------------------- deciding

struct Decide {
    Uuid match_id;
    protocol::MatchDecision decision;
};

Outcome<Decide> parse_decide(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(match_id, path_uuid(arrival, "match_id"));
    RASTRO_TRY(decision, protocol::read_match_decision(arrival.body));
    return Decide{match_id, std::move(decision)};
}

Outcome<void> check_compared(SerialMatch const& match, protocol::MatchDecision const& decision) {
    std::string missing;
    for (auto const& field : match.to_compare) {
        bool const there = std::ranges::any_of(
            decision.compared, [&](auto const compared) { return code_of(compared) == field; });
        if (!there) {
            missing += (missing.empty() ? "" : ", ") + field;
        }
    }
    if (decision.confirmed && !missing.empty()) {
        return violation("/compared", "match_compare_all", {missing});
    }
    return {};
}

Outcome<Reply> run_decide(Call& call, Decide const& command, storage::UnitOfWork& unit) {
    auto match = storage::find_match(unit, command.match_id, storage::MatchLock::for_update);
    if (!match) {  // seen, but another agency decides: not to be locked by this one
        match = storage::find_match(unit, command.match_id, storage::MatchLock::none);
    }
    call.about("match",
               command.match_id.to_string(),
               match ? std::optional<std::uint64_t>(match->version) : std::nullopt,
               match ? match->decides : "");
    bool const decides = match && match->decides == call.actor.agency;
    auto const relation = decides ? Relation::own_agency
                          : match ? Relation::linked
                                  : Relation::none;
    RASTRO_CHECK(call.authorise(facts_of("match", {relation})));
    if (!decides) {
        return ProblemCode::not_found;
    }
    if (match->state != "open") {
        return Problem(ProblemCode::conflict, "This match was decided before");
    }
    auto const& decision = command.decision;
    RASTRO_CHECK(check_compared(*match, decision));
    match->state = decision.confirmed ? "confirmed" : "rejected";
    match->decided_by = call.actor.id;
    match->decided_agency = call.actor.agency;
    match->decided_at = call.now();
    match->compared.clear();
    for (auto const field : decision.compared) {
        match->compared.emplace_back(code_of(field));
    }
    match->decision_text = decision.text;
    auto const kind = cases::hit_kind_from(match->kind);
    if (decision.confirmed && kind) {
        auto audience = cases::audience_when_confirmed(
            *kind,
            sides_of(
                *match,
                storage::national_contacts_of(
                    unit, {match->case_agency.substr(0, 2), match->other_agency.substr(0, 2)})));
        match->seen_by = std::move(audience.seen_by);
    }
    storage::store_decision(unit, *match);
    tell_of_match(unit, *match, decision.confirmed ? "match.confirmed" : "match.rejected");
    match = storage::find_match(unit, command.match_id, storage::MatchLock::none);
    return match_reply(call, *match, 200);
}

}  // namespace

void bind_match_acts(Routes& routes, std::shared_ptr<MakeCache> const& makes) {
    routes.add("match_list", parse_list, run_list);
    routes.add("match_note",
               parse_note,
               [makes](Call& call, protocol::MatchNote const& note, storage::UnitOfWork& unit) {
                   return run_note(*makes, call, note, unit);
               });
    routes.add("match_decide", parse_decide, run_decide);
}

void bind_serials(Routes& routes) {
    auto const makes = std::make_shared<MakeCache>();
    bind_serial_search(routes, makes);
    bind_match_acts(routes, makes);
}

}  // namespace rastro::server
