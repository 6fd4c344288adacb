// A case moves to another version of its type, by a mapping that names a place for everything.
#include <algorithm>

#include "cases/linked/own_version.hpp"
#include "protocol/type_version_json.hpp"
#include "server/case_types.hpp"
#include "server/handlers/case_command.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/services.hpp"
#include "storage/raised_signals.hpp"
#include "storage/type_version_repo.hpp"

namespace rastro::server {

namespace {

using cases::CaseTypeDefinition;
using storage::UnitOfWork;

// Versions compiled in are open to all, an agency's own to its cases once accepted.
Outcome<CaseTypeDefinition const*> target_of(Call& call,
                                             UnitOfWork& unit,
                                             storage::LinkedCase const& file,
                                             int version) {
    if (version >= cases::kFirstOwnVersion) {
        auto const stored =
            storage::find_type_version(unit, file.type, version, storage::Lock::none);
        if (!stored || stored->agency != file.owner_agency || stored->state != "accepted") {
            return violation("/to_version", "not_in_list");
        }
    }
    RASTRO_TRY(type, call.services().case_types.load(unit, file.type, version));
    return type != nullptr ? Outcome<CaseTypeDefinition const*>(type)
                           : violation("/to_version", "not_in_list");
}

std::string place_of(cases::VersionMapping const& mapping,
                     std::string const& object,
                     std::string const& field) {
    for (auto const& move : mapping.fields) {
        if (move.object == object && move.from == field) {
            return move.to;
        }
    }
    return field;
}

// Fields that are called otherwise there, end, or are protected more strictly.
std::vector<storage::MovedField> moved_fields(CaseTypeDefinition const& from,
                                              CaseTypeDefinition const& to,
                                              cases::VersionMapping const& mapping) {
    std::vector<storage::MovedField> moved;
    for (auto const& object : from.objects) {
        auto const& target = *to.find_object(object.name);
        for (auto const& field : object.fields) {
            auto const place = place_of(mapping, object.name, field.name);
            auto const* there = place.empty() ? nullptr : target.find_field(place);
            auto const group = there != nullptr ? there->group : std::string();
            if (place != field.name || group != field.group) {
                moved.push_back({object.name, field.name, place, group});
            }
        }
    }
    return moved;
}

Outcome<Reply> run_move(Call& call,
                        CaseCommand<protocol::CaseMove> const& asked,
                        UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked_for_act(call, unit, asked.case_id));
    bool const named = std::ranges::find(file.groups, "S3") != file.groups.end();
    if (!named) {
        return Problem(ProblemCode::forbidden).with_audit_reason("not_a_named_member");
    }
    if (asked.body.to_version == file.type_version) {
        return Problem(ProblemCode::conflict, "The case is of this version");
    }
    RASTRO_TRY(to, target_of(call, unit, file, asked.body.to_version));
    auto const& from = type_of(call, file);
    auto const& mapping = asked.body.mapping;
    if (auto const faults = cases::check_mapping(from, *to, mapping); !faults.empty()) {
        Problem problem(ProblemCode::validation_failed);
        for (auto const& fault : faults) {
            problem.add({fault.path, "mapping", {fault.message}});
        }
        return problem;
    }
    std::vector<storage::MovedState> states;
    for (auto const& move : mapping.states) {
        states.push_back({move.object, move.from, move.to});
    }
    auto const said = std::to_string(from.version) + " -> " + std::to_string(to->version);
    storage::move_case_version(
        unit, file, to->version, states, moved_fields(from, *to, mapping), call.actor.principal());
    note_in_case(call, unit, file, file.case_id.uuid, "move_version", said);
    storage::queue_signals(unit, file.case_id);
    return shown_again(call, unit, file.case_id);
}

}  // namespace

void bind_linked_move(Routes& routes) {
    routes.add("case_move", parse_case_body<protocol::read_case_move>, run_move);
}

}  // namespace rastro::server
