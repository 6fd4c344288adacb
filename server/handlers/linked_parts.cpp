// Who else takes part in a declared case, who of the own people sees what, seals.
#include <algorithm>

#include "protocol/people_json.hpp"
#include "server/handlers/case_command.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

constexpr auto kSealOpen = std::chrono::hours(24 * 7);  // DEFAULT: a week, then it is asked anew

// ---------------------------------------------------------------- shares and members

Outcome<Reply> run_share(Call& call,
                         CaseCommand<protocol::LinkedShareSet> const& asked,
                         UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked_for_act(call, unit, asked.case_id));
    auto const& message = asked.body;
    if (message.agency == call.actor.agency || !storage::agency_exists(unit, message.agency)) {
        return violation("/agency", "not_in_list");
    }
    storage::put_share(unit,
                       file.case_id,
                       file.owner_agency,
                       {.agency = message.agency,
                        .relation = message.relation,
                        .groups = message.groups,
                        .purposes = message.purposes,
                        .onward = message.onward,
                        .valid_until = message.valid_until},
                       call.actor.principal());
    unit.publish({.agency = message.agency,
                  .kind = "case.shared",
                  .case_id = file.case_id,
                  .object_type = "case",
                  .object_id = file.case_id.to_string(),
                  .object_version = file.version + 1});
    note_in_case(call, unit, file, file.case_id.uuid, "share", message.agency);
    return shown_again(call, unit, file.case_id);
}

Outcome<Reply> run_member(Call& call,
                          CaseCommand<protocol::LinkedMemberSet> const& asked,
                          UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked_for_act(call, unit, asked.case_id));
    // Who names a member sees protected data already; nobody lifts themselves.
    bool const named = std::ranges::find(file.groups, "S3") != file.groups.end();
    if (!named || asked.body.user_id.to_string() == call.actor.id) {
        return Problem(ProblemCode::forbidden).with_audit_reason("not_a_named_member");
    }
    bool const colleague = std::ranges::any_of(storage::staff_names(unit), [&](auto const& person) {
        return person.user_id == asked.body.user_id;
    });
    if (!colleague) {
        return violation("/user_id", "not_found");
    }
    storage::put_member(
        unit, file.case_id, {asked.body.user_id, asked.body.kind}, call.actor.principal());
    note_in_case(call, unit, file, file.case_id.uuid, "member", "");
    return shown_again(call, unit, file.case_id);
}

// ---------------------------------------------------------------- seals

Reply to_reply(storage::SealGrant const& grant, unsigned status) {
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_seal_grant({.grant_id = grant.grant_id.to_string(),
                                             .case_id = grant.case_id,
                                             .user_id = grant.user_id,
                                             .reason = grant.reason,
                                             .proposed_by = grant.proposed_by,
                                             .decided_by = grant.decided_by,
                                             .decision = grant.decision,
                                             .valid_until = grant.valid_until});
    return reply;
}

Outcome<Reply> run_propose(Call& call,
                           CaseCommand<protocol::SealPropose> const& asked,
                           UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, Lock::for_update));
    auto const me = caller_id(call);
    auto const members = storage::members_of(unit, file.case_id);
    bool const named = std::ranges::any_of(members, [&](auto const& member) {
        return member.user_id == asked.body.user_id && member.kind == "named";
    });
    if (!named || asked.body.user_id == me) {
        return violation("/user_id", "not_in_list");
    }
    storage::SealGrant grant;
    grant.case_id = file.case_id;
    grant.user_id = asked.body.user_id;
    grant.reason = asked.body.reason;
    grant.proposed_by = me;
    storage::propose_seal(unit, grant);
    note_in_case(call, unit, file, file.case_id.uuid, "propose_unsealing", asked.body.reason);
    return to_reply(grant, 201);
}

struct SealDecision {
    storage::GrantId grant_id;
    bool accepted = false;
};

Outcome<SealDecision> parse_seal_decision(Arrival const& arrival) {
    RASTRO_TRY(grant_id, path_id<storage::GrantId>(arrival, "grant_id"));
    RASTRO_TRY(accepted, protocol::read_role_grant_decision(arrival.body));
    return SealDecision{grant_id, accepted};
}

Outcome<Reply> run_seal_decision(Call& call, SealDecision const& asked, UnitOfWork& unit) {
    auto grant = storage::find_seal(unit, asked.grant_id);
    if (!grant) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_grant");
    }
    auto file = storage::find_linked_case(unit, grant->case_id, Lock::none);
    if (!file) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_case");
    }
    call.about("case", file->case_id.to_string(), std::nullopt, file->owner_agency);
    cases::ObjectFacts facts;
    facts.type = "case";
    facts.relations = file->relations;
    facts.author = grant->proposed_by.to_string();
    RASTRO_CHECK(call.authorise(facts));
    // Locked only by who may decide: for others the policies of the owner hide the row from a lock.
    file = storage::find_linked_case(unit, grant->case_id, Lock::for_update);
    grant = file ? storage::find_seal(unit, asked.grant_id) : std::nullopt;
    if (!grant) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_case");
    }
    auto const me = caller_id(call);
    if (me == grant->user_id) {
        return ProblemCode::two_persons_required;
    }
    if (grant->decided_by) {
        return Problem(ProblemCode::conflict, "This grant has been decided");
    }
    grant->decided_by = me;
    grant->decision = asked.accepted ? "accepted" : "rejected";
    if (asked.accepted) {
        grant->valid_until = unit.now() + kSealOpen;
    }
    storage::decide_seal(unit, *grant);
    note_in_case(
        call, unit, *file, file->case_id.uuid, asked.accepted ? "unseal" : "refuse_unsealing", "");
    return to_reply(*grant, 200);
}

}  // namespace

void bind_linked_parts(Routes& routes) {
    routes.add("case_share", parse_case_body<protocol::read_linked_share>, run_share);
    routes.add("case_member", parse_case_body<protocol::read_linked_member>, run_member);
    routes.add("seal_propose", parse_case_body<protocol::read_seal_propose>, run_propose);
    routes.add("seal_decide", parse_seal_decision, run_seal_decision);
}

}  // namespace rastro::server
