// Declared cases: opening, list, reading, steps, history.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "protocol/paging.hpp"
#include "server/case_types.hpp"
#include "server/handlers/case_command.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::Lock;
using storage::UnitOfWork;

constexpr std::array kById{protocol::KeyPart::uuid};
constexpr std::string_view kList = "case_list";

// ---------------------------------------------------------------- opening

Outcome<protocol::LinkedCaseCreate> parse_create(Arrival const& arrival) {
    return protocol::read_linked_create(arrival.body);
}

Outcome<Reply> run_create(Call& call, protocol::LinkedCaseCreate const& message, UnitOfWork& unit) {
    call.about("case", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("case", {Relation::own_agency})));
    RASTRO_TRY(type,
               call.services().case_types.for_new_case(unit, message.type, call.actor.agency));
    if (type == nullptr || !cases::is_declared_case(type->id)) {
        return violation("/type", "not_in_list");
    }
    RASTRO_TRY(file, open_new(call, unit, *type, message.handling_code, message.fields));
    return show_opened(call, unit, file.case_id);
}

// ---------------------------------------------------------------- list and reading

struct ListQuery {
    storage::LinkedFilter filter;
    protocol::QueryParameters query;
};

Outcome<ListQuery> parse_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "type", "state", "number"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kList, kById));
    auto const given = [&](std::string_view name) {
        auto text = query_text(arrival, name);
        return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
    };
    return ListQuery{.filter = {.type = given("type"),
                                .state = given("state"),
                                .number = given("number"),
                                .after = key.empty() ? std::nullopt : CaseId::parse(key.front()),
                                .limit = static_cast<int>(limit)},
                     .query = arrival.query};
}

protocol::LinkedSummaryMessage to_summary(Call const& call, storage::LinkedSummary const& row) {
    protocol::LinkedSummaryMessage message{.case_id = row.file.case_id,
                                           .number = row.file.number,
                                           .type = row.file.type,
                                           .state = row.file.state,
                                           .owner_agency = row.file.owner_agency,
                                           .handling_code = row.file.handling_code,
                                           .version = row.file.version,
                                           .updated_at = row.file.updated_at,
                                           .heading = {}};
    for (auto const& name : type_of(call, row.file).heading) {
        for (auto const& field : row.heading) {
            if (field.field == name) {
                message.heading.push_back({field.field, field.value});
            }
        }
    }
    return message;
}

Outcome<Reply> run_list(Call& call, ListQuery const& asked, UnitOfWork& unit) {
    call.about("case", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("case", {Relation::own_agency})));
    auto filter = asked.filter;
    ++filter.limit;
    auto rows = storage::list_linked_cases(unit, filter);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.filter.limit)) {
        rows.pop_back();
        auto const last = rows.back().file.case_id.to_string();
        next = protocol::encode_cursor(kList, std::span(&last, 1));
        reply.link = protocol::next_link("/v1/cases", asked.query, next);
    }
    std::vector<protocol::LinkedSummaryMessage> messages;
    for (auto const& row : rows) {
        RASTRO_CHECK(know_type(call, unit, row.file));
        messages.push_back(to_summary(call, row));
    }
    call.audit.groups = {"S0", "S1"};
    reply.body = protocol::write_linked_cases(messages, next);
    return reply;
}

struct ReadQuery {
    CaseId case_id;
    std::string purpose;
};

Outcome<ReadQuery> parse_read(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"purpose"}));
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    constexpr std::array<std::string_view, 8> known{"protection",
                                                    "investigation",
                                                    "prosecution",
                                                    "court_order",
                                                    "referral",
                                                    "audit_review",
                                                    "data_quality",
                                                    "emergency_life"};
    auto purpose = query_text(arrival, "purpose");
    if (!purpose.empty() && std::ranges::find(known, purpose) == known.end()) {
        return violation("query:/purpose", "not_in_list");
    }
    return ReadQuery{case_id, std::move(purpose)};
}

Outcome<Reply> run_read(Call& call, ReadQuery const& asked, UnitOfWork& unit) {
    if (!asked.purpose.empty()) {
        call.actor.purpose = asked.purpose;
    }
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, Lock::none));
    return show_linked(call, unit, file, shown_groups(file, asked.purpose), 200);
}

Outcome<Reply> run_timeline(Call& call, CaseId const& case_id, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, case_id, Lock::none));
    std::vector<protocol::LinkedEventMessage> messages;
    for (auto& [object_id, event] : storage::linked_events_of(unit, file.case_id)) {
        bool const own = event.agency == call.actor.agency;
        // Words of a step are for both sides as far as they see S1 (the database sends no others);
        // why a seal was to be opened or what became of a signal is no step, and stays with the
        // agency that said it.
        bool const told = own || !event.transition.empty();
        messages.push_back({.event_id = event.event_id,
                            .object_id = object_id.to_string(),
                            .object = std::move(event.object),
                            .event = std::move(event.event),
                            .transition = std::move(event.transition),
                            .from_state = std::move(event.from_state),
                            .to_state = std::move(event.to_state),
                            .actor = own ? std::move(event.actor_id) : std::string(),
                            .agency = std::move(event.agency),
                            .country = std::move(event.country),
                            .occurred_at = event.occurred_at,
                            .clock = std::move(event.reason_code),
                            .text = told ? std::move(event.text) : std::string()});
    }
    Reply reply;
    reply.body = protocol::write_linked_events(messages);
    return reply;
}

// ---------------------------------------------------------------- steps

struct ActCommand {
    CaseId case_id;
    protocol::LinkedCaseAct act;
};

Outcome<ActCommand> parse_act(Arrival const& arrival) {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(act, protocol::read_linked_act(arrival.body));
    return ActCommand{case_id, std::move(act)};
}

Outcome<Reply> run_act(Call& call, ActCommand const& command, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked_for_act(call, unit, command.case_id));
    return take_step(call, unit, file, command.act);
}

}  // namespace

cases::CaseTypeDefinition const& type_of(Call const& call, storage::LinkedCase const& file) {
    auto const* type = call.services().case_types.find(file.type, file.type_version);
    if (type == nullptr) {
        throw std::logic_error("the case type " + file.type + " is not loaded");
    }
    return *type;
}

Outcome<bool> know_type(Call const& call, UnitOfWork& unit, storage::LinkedCase const& file) {
    RASTRO_TRY(type, call.services().case_types.load(unit, file.type, file.type_version));
    return type != nullptr
               ? Outcome<bool>(true)
               : Outcome<bool>(Problem(ProblemCode::internal_error, "unknown case type"));
}

std::set<cases::Side> sides_of(storage::LinkedCase const& file) {
    std::set<cases::Side> sides;
    if (file.relations.contains(Relation::owner)) {
        sides.insert(cases::Side::requester);
    }
    if (file.relations.contains(Relation::addressed)) {
        sides.insert(cases::Side::receiver);
    }
    return sides;
}

Outcome<storage::LinkedCase> open_linked(Call& call,
                                         UnitOfWork& unit,
                                         CaseId const& case_id,
                                         Lock lock) {
    call.about("case", case_id.to_string(), std::nullopt, "");
    auto file = storage::find_linked_case(unit, case_id, lock);
    if (!file) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_case");
    }
    call.about(
        "case", case_id.to_string(), static_cast<std::uint64_t>(file->version), file->owner_agency);
    call.audit.case_reference = file->number;
    cases::ObjectFacts facts;
    facts.type = "case";
    facts.relations = file->relations;
    facts.handling_code = file->handling_code;
    facts.compartments = file->compartments;
    RASTRO_CHECK(call.authorise(facts));
    RASTRO_CHECK(know_type(call, unit, *file));
    return std::move(*file);
}

Outcome<storage::LinkedCase> open_linked_for_act(Call& call,
                                                 UnitOfWork& unit,
                                                 CaseId const& case_id) {
    RASTRO_TRY(file, open_linked(call, unit, case_id, Lock::for_update));
    RASTRO_CHECK(call.check_version(file.version));
    return file;
}

void bind_linked_cases(Routes& routes) {
    routes.add("case_create", parse_create, run_create);
    routes.add("case_list", parse_list, run_list);
    routes.add("case_read", parse_read, run_read);
    routes.add("case_act", parse_act, run_act);
    routes.add("case_timeline", parse_case, run_timeline);
}

}  // namespace rastro::server
