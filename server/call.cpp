#include "server/call.hpp"

#include "config/settings.hpp"
#include "server/services.hpp"

namespace rastro::server {

Outcome<cases::Decision> Call::authorise(cases::ObjectFacts const& object) {
    return authorise_as(endpoint_.operation, object);
}

Outcome<cases::Decision> Call::authorise_as(std::string_view operation,
                                            cases::ObjectFacts const& object) {
    cases::AccessTime const time{.now = now_, .step_up_age = services_.settings.session.step_up};
    decision = cases::decide(services_.permissions, actor, operation, object, time);
    if (decision.allowed) {
        return decision;
    }
    if (decision.step_up_needed) {
        return Problem(ProblemCode::step_up_required).with_audit_reason(decision.rule);
    }
    bool const related =
        !object.relations.empty() && !object.relations.contains(cases::Relation::none);
    if (related) {
        return Problem(ProblemCode::forbidden).with_audit_reason(decision.rule);
    }
    return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
}

void Call::about(std::string_view type,
                 std::string id,
                 std::optional<std::uint64_t> version,
                 std::string owner_agency) {
    audit.object_type = std::string(type);
    audit.object_id = std::move(id);
    audit.object_version = version;
    audit.object_owner = std::move(owner_agency);
}

Outcome<int> Call::check_version(int present) const {
    if (if_match_ && *if_match_ != present) {
        return Problem(ProblemCode::precondition_failed);
    }
    return present;
}

}  // namespace rastro::server
