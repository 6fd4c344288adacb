// Shared by the people_* handler files: parts of bind_people, and how stored rows become messages.
// Private to handlers/.
#pragma once

#include "cases/permission_table.hpp"
#include "protocol/agency_json.hpp"
#include "protocol/people_json.hpp"
#include "server/routes.hpp"
#include "storage/agency_repo.hpp"
#include "storage/people_repo.hpp"

namespace rastro::server {

void bind_sessions(Routes& routes);
void bind_account(Routes& routes);
void bind_users(Routes& routes);
void bind_role_grants(Routes& routes);
void bind_agencies(Routes& routes);
void bind_routes(Routes& routes);
void bind_certificates(Routes& routes);

[[nodiscard]] protocol::UserMessage to_message(storage::User const& user);
[[nodiscard]] protocol::CodeSecret to_message(Bytes const& code_secret, std::string const& login);

// The object of a decision that has nothing but a type and the actor's relations to it.
[[nodiscard]] cases::ObjectFacts facts_of(std::string type, std::set<cases::Relation> relations);

// The person who calls. Handlers bound to Credential::session always have one.
[[nodiscard]] UserId caller_id(Call const& call);

// What decide_sign_in needs of an account; nullptr: there is none.
[[nodiscard]] cases::AccountFacts facts_of(storage::Account const* account);

}  // namespace rastro::server
