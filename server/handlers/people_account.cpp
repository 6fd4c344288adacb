// The own account: who the server takes the caller for, password, second factor.
#include "cases/access.hpp"
#include "cases/password_rules.hpp"
#include "common/totp.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

cases::ObjectFacts own_account() {
    return facts_of("user", {cases::Relation::self});
}

void about_own_account(Call& call) {
    call.about("user", call.actor.id, std::nullopt, call.actor.agency);
}

Outcome<Reply> run_me(Call& call, NoCommand const&, storage::UnitOfWork& unit) {
    about_own_account(call);
    RASTRO_CHECK(call.authorise(own_account()));
    protocol::Me me;
    me.actor = call.actor;
    if (auto const agency = storage::AgencyRepo(unit).find(call.actor.agency)) {
        me.agency_name = agency->name;
    }
    if (call.actor.kind == cases::ActorKind::person) {
        if (auto const user = storage::PeopleRepo(unit).find(caller_id(call))) {
            me.user = to_message(*user);
        }
        me.step_up_until = call.actor.authenticated_at + call.services().settings.session.step_up;
    }
    for (auto const& endpoint : protocol::endpoints()) {
        if (cases::may_ever(call.services().permissions, call.actor, endpoint.operation)) {
            me.operations.emplace_back(endpoint.operation);
        }
    }
    Reply reply;
    reply.body = protocol::write_me(me);
    return reply;
}

// ---------------------------------------------------------------- password

Outcome<protocol::PasswordChange> parse_password_change(Arrival const& arrival) {
    RASTRO_TRY(message, protocol::read_password_change(arrival.body));
    if (message.new_password == message.current_password) {
        return violation("/new_password", "password_unchanged");
    }
    return message;
}

Outcome<HashingWork> before_password_change(Call& call,
                                            protocol::PasswordChange const& message,
                                            storage::UnitOfWork& unit) {
    about_own_account(call);
    RASTRO_CHECK(call.authorise(own_account()));
    auto const account = storage::PeopleRepo(unit).account_by_id(caller_id(call));
    if (!account) {
        return ProblemCode::not_found;
    }
    auto const faults = cases::faults_of_password(message.new_password,
                                                  {.login = account->login,
                                                   .display_name = account->display_name,
                                                   .agency = account->agency,
                                                   .agency_name = account->agency_name});
    if (!faults.empty()) {
        Problem problem(ProblemCode::validation_failed);
        for (auto fault : faults) {
            problem.add({"/new_password", std::string(fault), {}});
        }
        return problem;
    }
    return HashingWork{.verify_password = message.current_password,
                       .verify_hash = account->password_hash,
                       .hash_password = message.new_password};
}

Outcome<Reply> run_password_change(Call& call,
                                   protocol::PasswordChange const&,
                                   HashingResult const& hashing,
                                   storage::UnitOfWork& unit) {
    about_own_account(call);
    RASTRO_CHECK(call.authorise(own_account()));
    storage::PeopleRepo people(unit);
    auto const account = people.lock_account_by_id(caller_id(call));
    if (hashing.failed) {
        return Problem(ProblemCode::overloaded).with_retry_after(1);
    }
    if (!account) {
        return ProblemCode::not_found;
    }
    cases::ShownFactors shown;
    shown.code_needed = false;
    shown.password_matches = hashing.verified && hashing.verified_hash == account->password_hash;
    auto const decision = cases::decide_sign_in(facts_of(&*account), shown, unit.now());
    Reply reply;
    reply.status = 204;
    if (!decision.accepted) {
        if (decision.counted) {
            people.save_sign_in(account->id, decision, false);
        }
        if (decision.locked_now) {
            people.end_sessions_of(account->id, "account_locked");
        }
        reply.refusal = violation("/current_password", "password_wrong")
                            .with_audit_reason(std::string(decision.reason));
        return reply;
    }
    people.set_password(account->id, hashing.new_hash);
    people.end_sessions_of(
        account->id, "password_changed", SessionId::parse(call.actor.authentication_event));
    return reply;
}

// ---------------------------------------------------------------- second factor

Outcome<protocol::CodeEnrolment> parse_enrolment(Arrival const& arrival) {
    return protocol::read_code_enrolment(arrival.body);
}

Outcome<Reply> run_enrolment(Call& call,
                             protocol::CodeEnrolment const&,
                             storage::UnitOfWork& unit) {
    about_own_account(call);
    RASTRO_CHECK(call.authorise(own_account()));
    storage::PeopleRepo people(unit);
    auto const account = people.lock_account_by_id(caller_id(call));
    if (!account) {
        return ProblemCode::not_found;
    }
    auto const secret = totp::new_secret();
    people.set_pending_code_secret(account->id, secret);
    Reply reply;
    reply.status = 201;
    reply.body = protocol::write_code_secret(to_message(secret, account->login));
    reply.holds_secret = true;
    return reply;
}

Outcome<std::string> parse_confirmation(Arrival const& arrival) {
    return protocol::read_code_confirmation(arrival.body);
}

Outcome<Reply> run_confirmation(Call& call, std::string const& code, storage::UnitOfWork& unit) {
    about_own_account(call);
    RASTRO_CHECK(call.authorise(own_account()));
    storage::PeopleRepo people(unit);
    auto const account = people.lock_account_by_id(caller_id(call));
    if (!account || account->pending_code_secret.empty()) {
        return Problem(ProblemCode::conflict, "No new secret waits for its first code");
    }
    auto const step = totp::matching_step(
        account->pending_code_secret, code, cases::code_step_of(unit.now()), cases::kCodeWindow);
    if (!step) {
        return violation("/totp", "code_wrong").with_audit_reason("wrong_code");
    }
    people.confirm_code_secret(account->id, *step);
    people.end_sessions_of(
        account->id, "second_factor_changed", SessionId::parse(call.actor.authentication_event));
    Reply reply;
    reply.status = 204;
    return reply;
}

}  // namespace

void bind_account(Routes& routes) {
    routes.add("me", parse_nothing, run_me);
    routes.add_with_hashing(
        "password_change", parse_password_change, before_password_change, run_password_change);
    routes.add("totp_enrol", parse_enrolment, run_enrolment);
    routes.add("totp_confirm", parse_confirmation, run_confirmation);
}

}  // namespace rastro::server
