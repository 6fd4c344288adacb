// Who else takes part in a declared case, who of the own people sees what, seals and links.
#include <algorithm>

#include "protocol/people_json.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

constexpr auto kSealOpen = std::chrono::hours(24 * 7);  // DEFAULT: a week, then it is asked anew

template <class Body>
struct With {
    CaseId case_id;
    Body body;
};
template <auto read>
auto parse_with(Arrival const& arrival)
    -> Outcome<With<typename decltype(read(std::string_view{}))::value_type>> {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(body, read(arrival.body));
    return With<typename decltype(read(std::string_view{}))::value_type>{case_id, std::move(body)};
}

void log(Call& call,
         UnitOfWork& unit,
         storage::LinkedCase& file,
         std::string event,
         std::string const& said) {
    cases::Transition const noted{.id = {},
                                  .object = "case",
                                  .event = std::move(event),
                                  .from = file.state,
                                  .to = {.state = file.state}};
    storage::append_linked_event(
        unit, file, linked_event(call, unit, noted, file.case_id.uuid, said));
    storage::store_linked_case(unit, file);
}

Outcome<Reply> shown_again(Call& call, UnitOfWork& unit, CaseId const& case_id) {
    auto const stored = storage::find_linked_case(unit, case_id, Lock::none);
    return show_linked(call, unit, *stored, shown_groups(*stored, ""), 200);
}

// ---------------------------------------------------------------- shares and members

Outcome<Reply> run_share(Call& call,
                         With<protocol::LinkedShareSet> const& asked,
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
    log(call, unit, file, "share", message.agency);
    return shown_again(call, unit, file.case_id);
}

Outcome<Reply> run_member(Call& call,
                          With<protocol::LinkedMemberSet> const& asked,
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
    log(call, unit, file, "member", "");
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

Outcome<Reply> run_propose(Call& call, With<protocol::SealPropose> const& asked, UnitOfWork& unit) {
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
    log(call, unit, file, "propose_unsealing", asked.body.reason);
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
    log(call, unit, *file, asked.accepted ? "unseal" : "refuse_unsealing", "");
    return to_reply(*grant, 200);
}

// ---------------------------------------------------------------- links

protocol::LinkedLinkMessage to_message(storage::CaseLink const& link) {
    return {.link_id = link.link_id.to_string(),
            .from_case = link.from_case,
            .from_number = link.from_number,
            .to_case = link.to_case,
            .to_number = link.to_number,
            .kind = link.kind,
            .basis = link.basis,
            .confidence = link.confidence,
            .state = link.state,
            .asserted_agency = link.asserted_agency,
            .created_at = link.created_at};
}

Reply to_reply(storage::CaseLink const& link, unsigned status) {
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_linked_link(to_message(link));
    return reply;
}

Outcome<Reply> run_link(Call& call, With<protocol::LinkedLinkAdd> const& asked, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, Lock::none));
    auto const& message = asked.body;
    if (type_of(call, file).find_link(message.kind) == nullptr) {
        return violation("/kind", "not_in_list");
    }
    // What the caller may not see does not exist, as the end of a link too.
    if (message.to_case == file.case_id || !storage::case_is_visible(unit, message.to_case)) {
        return violation("/to_case", "not_found");
    }
    storage::CaseLink link;
    link.from_case = file.case_id;
    link.to_case = message.to_case;
    link.kind = message.kind;
    link.basis = message.basis;
    link.confidence = message.confidence;
    link.asserted_by = call.actor.principal();
    link.asserted_agency = call.actor.agency;
    for (auto const& known : storage::links_of(unit, file.case_id)) {
        if (known.from_case == link.from_case && known.to_case == link.to_case &&
            known.kind == link.kind) {
            return Problem(ProblemCode::duplicate, "This link is there already");
        }
    }
    storage::insert_link(unit, link);
    return to_reply(*storage::find_link(unit, link.link_id), 201);
}

Outcome<CaseId> parse_case(Arrival const& arrival) {
    return path_id<CaseId>(arrival, "case_id");
}

Outcome<Reply> run_links(Call& call, CaseId const& case_id, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, case_id, Lock::none));
    std::vector<protocol::LinkedLinkMessage> messages;
    for (auto const& link : storage::links_of(unit, file.case_id)) {
        messages.push_back(to_message(link));
    }
    Reply reply;
    reply.body = protocol::write_linked_links(messages);
    return reply;
}

struct LinkDecisionCommand {
    storage::LinkId link_id;
    bool confirmed = false;
};

Outcome<LinkDecisionCommand> parse_link_decision(Arrival const& arrival) {
    RASTRO_TRY(link_id, path_id<storage::LinkId>(arrival, "link_id"));
    RASTRO_TRY(decision, protocol::read_link_decision(arrival.body));
    return LinkDecisionCommand{link_id, decision.confirmed};
}

Outcome<Reply> run_link_decision(Call& call, LinkDecisionCommand const& asked, UnitOfWork& unit) {
    call.about("case_link", asked.link_id.to_string(), std::nullopt, "");
    auto link = storage::find_link(unit, asked.link_id);
    auto const file =
        link ? storage::find_linked_case(unit, link->from_case, Lock::none) : std::nullopt;
    if (!file) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_link");
    }
    cases::ObjectFacts facts;
    facts.type = "case_link";
    facts.relations = file->relations;
    facts.author = link->asserted_by;
    RASTRO_CHECK(call.authorise(facts));
    if (link->state != "proposed") {
        return Problem(ProblemCode::conflict, "This link has been decided");
    }
    auto const state = asked.confirmed ? "confirmed" : "rejected";
    storage::decide_link(unit, asked.link_id, state, call.actor.principal());
    link->state = state;
    return to_reply(*link, 200);
}

}  // namespace

void bind_linked_parts(Routes& routes) {
    routes.add("case_share", parse_with<protocol::read_linked_share>, run_share);
    routes.add("case_member", parse_with<protocol::read_linked_member>, run_member);
    routes.add("seal_propose", parse_with<protocol::read_seal_propose>, run_propose);
    routes.add("seal_decide", parse_seal_decision, run_seal_decision);
    routes.add("case_link_add", parse_with<protocol::read_linked_link>, run_link);
    routes.add("case_link_list", parse_case, run_links);
    routes.add("case_link_decide", parse_link_decision, run_link_decision);
}

}  // namespace rastro::server
