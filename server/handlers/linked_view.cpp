// How a declared case is shown: only the groups named are fetched, and what the rules of its type
// notice is computed from what is shown.
#include <algorithm>

#include "server/handlers/linked.hpp"
#include "storage/signal_repo.hpp"

namespace rastro::server {

namespace {

using storage::FieldRow;
using storage::LinkedObject;

protocol::LinkedObjectMessage to_message(LinkedObject const& object,
                                         std::vector<FieldRow> const& fields) {
    protocol::LinkedObjectMessage message{.object_id = object.object_id.to_string(),
                                          .object = object.object,
                                          .state = object.state,
                                          .open = object.open,
                                          .created_at = object.created_at,
                                          .fields = {},
                                          .events = {},
                                          .clocks = {}};
    for (auto const& field : fields) {
        if (field.object_id == object.object_id) {
            message.fields.push_back({field.field, field.group, field.value, field.version});
        }
    }
    return message;
}

void add_signals(protocol::LinkedCaseMessage& message,
                 storage::UnitOfWork& unit,
                 storage::LinkedCase const& file,
                 std::vector<cases::FoundSignal> const& found,
                 std::string const& reader_agency) {
    if (found.empty()) {
        return;
    }
    auto const dispositions = storage::dispositions_of(unit, file.case_id);
    for (auto const& [rule, evidence] : found) {
        protocol::LinkedSignalMessage signal;
        signal.rule = rule->key;
        signal.version = rule->version;
        signal.severity = cases::to_text(rule->severity);
        signal.object_id = evidence.object_id;
        signal.explain = rule->explain;
        for (auto const& [name, value] : evidence.numbers) {
            signal.evidence.push_back({name, value});
        }
        for (auto const& said : dispositions) {
            if (said.rule == rule->key && said.object_id == object_of(evidence, file)) {
                signal.state = said.state;
                signal.decided_agency = said.decided_agency;
                signal.decided_at = said.decided_at;
                signal.note = said.decided_agency == reader_agency ? said.note : std::string();
            }
        }
        message.signals.push_back(std::move(signal));
    }
}

void add_parts(protocol::LinkedCaseMessage& message,
               storage::UnitOfWork& unit,
               storage::LinkedCase const& file) {
    for (auto& share : storage::shares_of(unit, file.case_id)) {
        message.parties.push_back({.agency = std::move(share.agency),
                                   .relation = std::move(share.relation),
                                   .groups = std::move(share.groups),
                                   .purposes = std::move(share.purposes),
                                   .onward = std::move(share.onward),
                                   .valid_until = share.valid_until});
    }
    if (file.relations.contains(cases::Relation::owner)) {
        for (auto& member : storage::members_of(unit, file.case_id)) {
            message.members.push_back({member.user_id, std::move(member.kind)});
        }
    }
    for (auto& proposal : storage::open_proposals(unit, file.case_id)) {
        message.pending.push_back({.object_id = proposal.object_id.to_string(),
                                   .event = std::move(proposal.event),
                                   .proposed_by = std::move(proposal.proposed_by),
                                   .proposed_at = proposal.proposed_at});
    }
}

}  // namespace

std::vector<std::string> shown_groups(storage::LinkedCase const& file, std::string_view purpose) {
    auto groups = file.groups;
    std::ranges::sort(groups);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    if (purpose.empty()) {
        std::erase_if(groups, [](auto const& group) { return group == "S3" || group == "S4"; });
    }
    return groups;
}

std::vector<std::string> working_groups(storage::LinkedCase const& file) {
    auto groups = file.groups;
    std::erase(groups, "S4");
    return groups;
}

Reply show_linked(Call& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase const& file,
                  std::vector<std::string> const& groups,
                  unsigned status) {
    auto const& type = type_of(call, file);
    auto const objects = storage::objects_of(unit, file.case_id);
    auto const fields = storage::fields_of(unit, file.case_id, groups);
    auto const clocks = storage::clocks_of(unit, file.case_id);
    auto const actor = cases::actor_facts(call.actor, sides_of(file), call.now());
    protocol::LinkedCaseMessage message;
    message.case_id = file.case_id;
    message.number = file.number;
    message.type = file.type;
    message.type_version = file.type_version;
    message.state = file.state;
    message.owner_agency = file.owner_agency;
    message.owner_country = file.owner_country;
    message.handling_code = file.handling_code;
    message.version = file.version;
    message.created_at = file.created_at;
    message.updated_at = file.updated_at;
    message.groups = groups;
    for (auto const& object : objects) {
        auto shown = to_message(object, fields);
        shown.events = cases::events_open_to(
            type,
            object.object,
            {.state = object.state, .resume_state = object.resume_state, .flags = {}},
            actor);
        for (auto const& clock : clocks) {
            if (clock.state == "running" && clock.object_id == object.object_id) {
                shown.clocks.push_back({clock.clock, clock.due_at, clock.source});
            }
        }
        message.objects.push_back(std::move(shown));
    }
    for (auto const& definition : type.objects) {
        bool const child = !definition.parent.empty();
        if (child && !cases::events_open_to(type, definition.name, {}, actor).empty()) {
            message.new_objects.push_back(definition.name);
        }
    }
    add_parts(message, unit, file);
    add_signals(message,
                unit,
                file,
                signals_of(unit, type, file, {objects, fields, clocks, groups}, call.now()),
                call.actor.agency);
    call.audit.groups = groups;
    // Which fields were read, by name: never their values (domain/linked-cases.md 3.3).
    for (auto const& field : fields) {
        call.audit.detail +=
            (call.audit.detail.empty() ? "fields " : " ") + field.object + "." + field.field;
    }
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_linked_case(message);
    reply.etag = "\"" + std::to_string(file.version) + "\"";
    return reply;
}

}  // namespace rastro::server
