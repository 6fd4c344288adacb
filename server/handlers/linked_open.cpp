// A declared case comes into being: by itself, or out of an operation with what the operation
// knows.
#include <algorithm>
#include <array>

#include "cases/trace/trace_number.hpp"
#include "common/digest.hpp"
#include "server/case_types.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/services.hpp"
#include "storage/raised_signals.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

std::uint64_t random_number() {
    std::uint64_t number = 0;
    for (auto const byte : random_bytes(8)) {
        number = number << 8 | byte;
    }
    return number;
}

storage::LinkedCase new_case(Call const& call,
                             UnitOfWork const& unit,
                             cases::CaseTypeDefinition const& type,
                             std::string const& handling) {
    storage::LinkedCase file;
    auto const today = Date{std::chrono::floor<std::chrono::days>(unit.now())};
    file.type = type.id;
    file.type_version = type.version;
    file.number = cases::make_trace_number(
        call.actor.country, static_cast<int>(today.year()), random_number());
    file.owner_agency = call.actor.agency;
    file.owner_country = call.actor.country;
    file.handling_code = handling;
    file.created_at = unit.now();
    file.updated_at = unit.now();
    file.relations = {cases::Relation::owner};
    return file;
}

// ---------------------------------------------------------------- out of an operation

struct SpawnCommand {
    CaseId case_id;
    protocol::LinkedSpawn spawn;
};

Outcome<SpawnCommand> parse_spawn(Arrival const& arrival) {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(spawn, protocol::read_linked_spawn(arrival.body));
    return SpawnCommand{case_id, std::move(spawn)};
}

// What the operation's day and place are called in the types that come out of it.
struct SharedFact {
    std::string_view operation;
    std::string_view spawned;
};
constexpr std::array kSharedFacts{SharedFact{"operation_date", "detected_on"},
                                  SharedFact{"operation_date", "collected_on"},
                                  SharedFact{"operation_date", "act_on"},
                                  SharedFact{"operation_date", "event_on"},
                                  SharedFact{"place", "place"},
                                  SharedFact{"place", "event_place"}};

// Facts filled in once: of the operation, unless the caller states them.
std::vector<protocol::FieldValueMessage> with_shared_facts(
    cases::ObjectDefinition const& root,
    std::vector<protocol::FieldValueMessage> given,
    cases::FieldValues const& operation) {
    for (auto const& fact : kSharedFacts) {
        auto const value = cases::value_of(operation, fact.operation);
        bool const stated = std::ranges::any_of(
            given, [&](auto const& field) { return field.field == fact.spawned; });
        if (!value.empty() && !stated && root.find_field(fact.spawned) != nullptr) {
            given.push_back({std::string(fact.spawned), std::string(value)});
        }
    }
    return given;
}

cases::FieldValues root_values(UnitOfWork& unit, storage::LinkedCase const& file) {
    cases::FieldValues values;
    for (auto const& field : storage::fields_of(unit, file.case_id, {"S0", "S1"})) {
        if (field.object_id == file.case_id.uuid) {
            values[field.field] = field.value;
        }
    }
    return values;
}

Outcome<Reply> run_spawn(Call& call, SpawnCommand const& command, UnitOfWork& unit) {
    RASTRO_TRY(operation, open_linked_for_act(call, unit, command.case_id));
    auto const& asked = command.spawn;
    if (operation.type != "operation") {
        return Problem(ProblemCode::transition_not_allowed, "Only an operation brings forth cases");
    }
    RASTRO_TRY(type, call.services().case_types.for_new_case(unit, asked.type, call.actor.agency));
    if (type == nullptr || !cases::is_declared_case(type->id) || type->id == "operation") {
        return violation("/type", "not_in_list");
    }
    auto const shared = root_values(unit, operation);
    if (asked.seizure_id) {
        protocol::LinkedCaseAct act;
        act.object = "seizure";
        act.object_id = asked.seizure_id;
        act.event = "spawn";
        auto const objects = storage::objects_of(unit, operation.case_id);
        bool const there = std::ranges::any_of(objects, [&](auto const& object) {
            return object.object_id == *asked.seizure_id && object.object == act.object;
        });
        if (!there) {
            return violation("/seizure_id", "not_found");
        }
        RASTRO_CHECK(take_step(call, unit, operation, act));
    }
    RASTRO_TRY(file,
               open_new(call,
                        unit,
                        *type,
                        operation.handling_code,
                        with_shared_facts(type->objects.front(), asked.fields, shared)));
    storage::CaseLink link;
    link.from_case = operation.case_id;
    link.to_case = file.case_id;
    link.kind = "same_operation";
    link.basis = "document";
    link.confidence = 5;
    link.state = "confirmed";
    link.decided_by = "system";
    link.asserted_by = call.actor.principal();
    link.asserted_agency = call.actor.agency;
    storage::insert_link(unit, link);
    return show_opened(call, unit, file.case_id);
}

}  // namespace

Outcome<storage::LinkedCase> open_new(Call& call,
                                      UnitOfWork& unit,
                                      cases::CaseTypeDefinition const& type,
                                      std::string const& handling,
                                      std::vector<protocol::FieldValueMessage> const& given) {
    auto file = new_case(call, unit, type, handling);
    call.about("case", file.case_id.to_string(), 1, file.owner_agency);
    auto const& root = type.objects.front();
    RASTRO_TRY(fields,
               checked_fields(root, file.case_id.uuid, given, {}, {"S0", "S1", "S2", "S3"}));
    cases::LinkedFacts const facts;
    cases::Act act{.object = root.name, .event = "open"};
    cases::FieldValues values;
    for (auto const& field : fields) {
        act.inputs.insert(field.field);
        values[field.field] = field.value;
    }
    RASTRO_TRY(opened,
               cases::decide(type,
                             {},
                             act,
                             cases::actor_facts(call.actor, {cases::Side::requester}, call.now()),
                             cases::linked_environment(facts)));
    file.state = opened.to.state;
    storage::insert_linked_case(unit, file);
    storage::insert_object(unit,
                           file.case_id,
                           {.object_id = file.case_id.uuid,
                            .object = root.name,
                            .state = file.state,
                            .created_by = call.actor.principal()});
    // Who opens a case leads it: a named member.
    if (auto const user = UserId::parse(call.actor.id);
        user && call.actor.kind == cases::ActorKind::person) {
        storage::put_member(unit, file.case_id, {*user, "named"}, call.actor.principal());
    }
    store_values(call, unit, file, root, fields);
    apply_linked_clocks(
        unit, file, file.case_id.uuid, opened, {.values = values, .running = {}, .stated = {}});
    storage::append_linked_event(
        unit, file, linked_event(call, unit, opened, file.case_id.uuid, ""));
    storage::store_linked_case(unit, file);
    storage::queue_signals(unit, file.case_id);
    return file;
}

Outcome<Reply> shown_again(Call& call, UnitOfWork& unit, CaseId const& case_id) {
    auto const stored = storage::find_linked_case(unit, case_id, Lock::none);
    return show_linked(call, unit, *stored, shown_groups(*stored, ""), 200);
}

Reply show_opened(Call& call, UnitOfWork& unit, CaseId const& case_id) {
    auto const stored = storage::find_linked_case(unit, case_id, Lock::none);
    auto reply = show_linked(call, unit, *stored, shown_groups(*stored, ""), 201);
    reply.location = "/v1/cases/" + case_id.to_string();
    call.audit.case_reference = stored->number;
    return reply;
}

void bind_linked_operations(Routes& routes) {
    routes.add("case_spawn", parse_spawn, run_spawn);
}

}  // namespace rastro::server
