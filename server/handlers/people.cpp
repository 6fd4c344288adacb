#include "server/handlers/people.hpp"

#include "common/totp.hpp"
#include "server/handlers/handlers.hpp"

namespace rastro::server {

void bind_people(Routes& routes) {
    bind_sessions(routes);
    bind_account(routes);
    bind_users(routes);
    bind_role_grants(routes);
    bind_agencies(routes);
    bind_routes(routes);
    bind_certificates(routes);
}

protocol::UserMessage to_message(storage::User const& user) {
    return {.id = user.id,
            .agency = user.agency,
            .login = user.login,
            .display_name = user.display_name,
            .email = user.email,
            .language = user.language,
            .state = user.state,
            .must_change_password = user.must_change_password,
            .has_second_factor = user.has_second_factor,
            .roles = user.roles,
            .last_sign_in_at = user.last_sign_in_at,
            .created_at = user.created_at,
            .version = user.version};
}

protocol::CodeSecret to_message(Bytes const& code_secret, std::string const& login) {
    return {.secret = to_base32(code_secret),
            .otpauth_uri = totp::otpauth_uri(code_secret, "Rastro", login)};
}

cases::ObjectFacts facts_of(std::string type, std::set<cases::Relation> relations) {
    cases::ObjectFacts facts;
    facts.type = std::move(type);
    facts.relations = std::move(relations);
    return facts;
}

UserId caller_id(Call const& call) {
    return UserId::parse(call.actor.id).value_or(UserId{});
}

cases::AccountFacts facts_of(storage::Account const* account) {
    cases::AccountFacts facts;
    if (account != nullptr) {
        facts.exists = true;
        facts.state = account->state;
        facts.agency_active = account->agency_active;
        facts.failures = account->failures;
        facts.last_code_step = account->last_code_step;
    }
    return facts;
}

}  // namespace rastro::server
