// Values that are given for the fields of a declared object, and the event that tells of a step.
#include <algorithm>

#include "cases/linked/blind_index.hpp"
#include "server/handlers/linked.hpp"
#include "server/services.hpp"
#include "storage/blind_tokens.hpp"

namespace rastro::server {

using cases::FieldValues;
using storage::FieldRow;

namespace {

// Of each value whose field names an index; an empty token where there is too little to compare.
std::vector<storage::BlindToken> tokens_of(Call const& call,
                                           cases::ObjectDefinition const& definition,
                                           FieldValues const& values) {
    std::vector<storage::BlindToken> tokens;
    auto const& key = call.services().blind_key;
    for (auto const& field : definition.fields) {
        auto const value = values.find(field.name);
        if (!key.empty() && !field.index.empty() && value != values.end()) {
            tokens.push_back(
                {.field = field.name,
                 .index = field.index,
                 .group = field.group,
                 .token = cases::blind_token(key, field.index, value->second).value_or("")});
        }
    }
    return tokens;
}

}  // namespace

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

void store_values(Call const& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase const& file,
                  cases::ObjectDefinition const& definition,
                  std::vector<FieldRow> const& fields) {
    storage::put_fields(unit, file, fields, call.actor.principal(), call.actor.agency);
    FieldValues values;
    for (auto const& row : fields) {
        values[row.field] = row.value;
    }
    auto const tokens = tokens_of(call, definition, values);
    if (!tokens.empty()) {
        storage::keep_blind_tokens(unit, file.case_id, fields.front().object_id, tokens);
    }
}

bool is_of_a_victim(Call const& call,
                    storage::UnitOfWork& unit,
                    storage::LinkedCase const& file,
                    cases::ObjectDefinition const& definition,
                    FieldValues const& values) {
    auto tokens = tokens_of(call, definition, values);
    std::erase_if(tokens, [](auto const& token) { return token.token.empty(); });
    return !tokens.empty() && storage::is_victim_of_case(unit, file.case_id, tokens);
}

void note_in_case(Call const& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase& file,
                  Uuid const& object_id,
                  std::string event,
                  std::string const& said) {
    cases::Transition const noted{.id = {},
                                  .object = "case",
                                  .event = std::move(event),
                                  .from = file.state,
                                  .to = {.state = file.state}};
    storage::append_linked_event(unit, file, linked_event(call, unit, noted, object_id, said));
    storage::store_linked_case(unit, file);
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
