// Giving and taking roles: one administrator proposes, another person decides (design/access.md,
// "Two persons").
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"
#include "storage/role_repo.hpp"

namespace rastro::server {

namespace {

cases::ObjectFacts own_agency_grant() {
    return facts_of("role_grant", {cases::Relation::own_agency});
}

protocol::RoleGrantMessage to_message(storage::RoleGrant const& grant) {
    return {.id = grant.id.uuid,
            .agency = grant.agency,
            .user = grant.user,
            .login = grant.user_login,
            .role = grant.role,
            .kind = grant.kind,
            .proposed_by = grant.proposed_by,
            .proposed_at = grant.proposed_at,
            .decided_by = grant.decided_by,
            .decided_at = grant.decided_at,
            .state = grant.decision.empty() ? "open" : grant.decision};
}

Outcome<Reply> grant_reply(storage::RoleRepo& roles, storage::RoleGrantId id, unsigned status) {
    auto const grant = roles.find_grant(id);
    if (!grant) {
        return ProblemCode::not_found;
    }
    Reply reply;
    reply.status = status;
    protocol::append_role_grant(reply.body, to_message(*grant));
    return reply;
}

Outcome<bool> parse_grant_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"state"}));
    auto const state = query_text(arrival, "state");
    if (!state.empty() && state != "open" && state != "all") {
        return violation("query:/state", "not_in_list");
    }
    return state != "all";
}

Outcome<Reply> run_grant_list(Call& call, bool const& open_only, storage::UnitOfWork& unit) {
    call.about("role_grant", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(own_agency_grant()));
    std::vector<protocol::RoleGrantMessage> messages;
    for (auto const& grant : storage::RoleRepo(unit).list_grants(open_only)) {
        messages.push_back(to_message(grant));
    }
    Reply reply;
    reply.body = protocol::write_role_grants(messages);
    return reply;
}

// Whether the user's roles allow the grant; the Problem otherwise.
Outcome<bool> check_roles(std::set<cases::Role> roles, cases::Role role, bool gives) {
    if (gives && roles.contains(role)) {
        return Problem(ProblemCode::conflict, "The user has this role already");
    }
    if (!gives && !roles.contains(role)) {
        return Problem(ProblemCode::conflict, "The user does not have this role");
    }
    if (gives) {
        roles.insert(role);
        if (auto const conflict = cases::conflict_of_roles(roles)) {
            return violation("/role", *conflict).with_audit_reason(std::string(*conflict));
        }
    }
    return true;
}

Outcome<protocol::RoleGrantPropose> parse_propose(Arrival const& arrival) {
    return protocol::read_role_grant_propose(arrival.body);
}

Outcome<Reply> run_propose(Call& call,
                           protocol::RoleGrantPropose const& message,
                           storage::UnitOfWork& unit) {
    auto const id = storage::RoleGrantId::generate();
    call.about("role_grant", id.to_string(), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(own_agency_grant()));
    auto const user = storage::PeopleRepo(unit).lock_account_by_id(message.user);
    if (!user || user->agency != call.actor.agency) {
        return violation("/user_id", "unknown_user");
    }
    if (message.user == caller_id(call)) {
        return Problem(ProblemCode::two_persons_required,
                       "Another administrator has to propose roles of yours");
    }
    storage::RoleRepo roles(unit);
    RASTRO_CHECK(check_roles(roles.roles_of(message.user), message.role, message.gives));
    if (roles.has_open_grant(message.user, to_text(message.role))) {
        return Problem(ProblemCode::conflict, "A proposal about this role is open already");
    }
    storage::RoleGrant grant;
    grant.id = id;
    grant.agency = call.actor.agency;
    grant.user = message.user;
    grant.role = std::string(to_text(message.role));
    grant.kind = message.gives ? "give" : "take";
    grant.proposed_by = caller_id(call);
    grant.proposed_at = unit.now();
    roles.propose(grant);
    return grant_reply(roles, id, 201);
}

struct DecideGrant {
    storage::RoleGrantId id;
    bool accepted = false;
};

Outcome<DecideGrant> parse_decide(Arrival const& arrival) {
    RASTRO_TRY(id, path_id<storage::RoleGrantId>(arrival, "grant_id"));
    RASTRO_TRY(accepted, protocol::read_role_grant_decision(arrival.body));
    return DecideGrant{.id = id, .accepted = accepted};
}

Outcome<Reply> run_decide(Call& call, DecideGrant const& command, storage::UnitOfWork& unit) {
    storage::RoleRepo roles(unit);
    auto const grant = roles.lock_grant(command.id);
    call.about(
        "role_grant", command.id.to_string(), std::nullopt, grant ? grant->agency : std::string());
    auto facts = own_agency_grant();
    if (!grant) {
        facts.relations = {cases::Relation::none};
    } else if (grant->proposed_by == caller_id(call) || grant->user == caller_id(call)) {
        return Problem(ProblemCode::two_persons_required,
                       "Who proposed the role, or gets or loses it, cannot decide")
            .with_audit_reason("same_person");
    } else {
        facts.author = grant->proposed_by.to_string();
    }
    RASTRO_CHECK(call.authorise(facts));
    if (!grant) {  // whatever the access check says of what is not there
        return ProblemCode::not_found;
    }
    if (!grant->decision.empty()) {
        return Problem(ProblemCode::conflict, "The proposal has been decided");
    }
    auto const role = cases::parse_role(grant->role);
    if (command.accepted && role) {
        storage::PeopleRepo people(unit);
        // Locks the user, so that two grants that exclude each other cannot pass side by side.
        auto const user = people.lock_account_by_id(grant->user);
        bool const gives = grant->kind == "give";
        RASTRO_CHECK(check_roles(roles.roles_of(grant->user), *role, gives));
        if (gives && user) {
            roles.give(grant->user, user->agency, *role, grant->proposed_by, caller_id(call));
        } else {
            roles.take(grant->user, *role);
            people.end_sessions_of(grant->user, "role_taken");
        }
    }
    roles.decide(command.id, caller_id(call), command.accepted);
    return grant_reply(roles, command.id, 200);
}

}  // namespace

void bind_role_grants(Routes& routes) {
    routes.add("role_grant_list", parse_grant_list, run_grant_list);
    routes.add("role_grant_propose", parse_propose, run_propose);
    routes.add("role_grant_decide", parse_decide, run_decide);
}

}  // namespace rastro::server
