// Values that are given for the fields of a declared object, and the event that tells of a step.
#include <algorithm>

#include "server/handlers/linked.hpp"

namespace rastro::server {

using cases::FieldValues;
using storage::FieldRow;

Outcome<std::vector<FieldRow>> checked_fields(cases::ObjectDefinition const& definition,
                                              Uuid const& object_id,
                                              std::vector<protocol::FieldValueMessage> const& given,
                                              FieldValues const& present,
                                              std::vector<std::string> const& writable) {
    auto siblings = present;
    for (auto const& value : given) {
        siblings[value.field] = value.value;
    }
    std::vector<FieldRow> rows;
    std::vector<Violation> faults;
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto const at = "/fields/" + std::to_string(i);
        auto const* field = definition.find_field(given[i].field);
        bool const repeated = std::ranges::any_of(
            rows, [&](FieldRow const& row) { return row.field == given[i].field; });
        if (field == nullptr || repeated) {
            faults.push_back({at + "/field", repeated ? "repeated_item" : "not_in_list", {}});
            continue;
        }
        // Protected and sealed values are written by named members, team values by the team.
        auto const needed = field->group == "S4" ? std::string("S3") : field->group;
        if (needed >= "S2" && std::ranges::find(writable, needed) == writable.end()) {
            return Problem(ProblemCode::forbidden).with_audit_reason("group_" + field->group);
        }
        if (auto fault = cases::check_field_value(*field, given[i].value, siblings)) {
            fault->pointer = at + "/value";
            faults.push_back(std::move(*fault));
            continue;
        }
        rows.push_back({.object_id = object_id,
                        .object = definition.name,
                        .field = field->name,
                        .group = field->group,
                        .value = given[i].value,
                        .is_date = field->type == "date"});
    }
    if (!faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    return rows;
}

storage::LinkedEvent linked_event(Call const& call,
                                  storage::UnitOfWork const& unit,
                                  cases::Transition const& transition,
                                  Uuid const& object_id,
                                  std::string const& said) {
    storage::LinkedEvent linked{.object_id = object_id, .event = {}};
    auto& event = linked.event;
    event.object = transition.object;
    event.event = transition.event;
    event.transition = transition.id;
    event.from_state = transition.from;
    event.to_state = transition.to.state;
    event.actor_kind = std::string(cases::to_text(call.actor.kind));
    event.actor_id = call.actor.principal();
    event.agency = call.actor.agency;
    event.country = call.actor.country;
    event.occurred_at = unit.now();
    event.purpose = call.actor.purpose;
    event.decision_id = call.decision.id;
    event.text = said;
    return linked;
}

}  // namespace rastro::server
