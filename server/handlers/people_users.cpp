// Users of the own agency, as its administrators see them: no case content, no passwords.
#include "common/totp.hpp"
#include "protocol/header_fields.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"
#include "storage/db/storage_error.hpp"
#include "storage/password_hash.hpp"
#include "storage/role_repo.hpp"

namespace rastro::server {

namespace {

cases::ObjectFacts own_agency_user() {
    return facts_of("user", {cases::Relation::own_agency});
}

Reply user_reply(storage::User const& user) {
    Reply reply;
    protocol::append_user(reply.body, to_message(user));
    reply.etag = protocol::format_etag(user.version);
    return reply;
}

// A user of the own agency, decided upon; others do not exist for the caller.
Outcome<storage::User> find_user(Call& call, storage::UnitOfWork& unit, UserId id) {
    auto user = storage::PeopleRepo(unit).find(id);
    if (user && user->agency == call.actor.agency) {
        call.about("user", id.to_string(), static_cast<std::uint64_t>(user->version), user->agency);
        RASTRO_CHECK(call.authorise(own_agency_user()));
        return std::move(*user);
    }
    call.about("user", id.to_string(), std::nullopt, "");
    RASTRO_CHECK(call.authorise(facts_of("user", {cases::Relation::none})));
    return ProblemCode::not_found;
}

// ---------------------------------------------------------------- reading

struct UserQuery {
    storage::UserFilter filter;
    protocol::QueryParameters query;
};

Outcome<UserQuery> parse_user_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "state", "role"}));
    RASTRO_TRY(page, text_page(arrival, "user_list"));
    UserQuery asked;
    asked.query = arrival.query;
    asked.filter = {.state = query_text(arrival, "state"),
                    .role = query_text(arrival, "role"),
                    .after = page.after,
                    .limit = page.limit};
    return asked;
}

Outcome<Reply> run_user_list(Call& call, UserQuery const& asked, storage::UnitOfWork& unit) {
    call.about("user", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(own_agency_user()));
    auto filter = asked.filter;
    ++filter.limit;  // one more, to know whether there is a next page
    auto users = storage::PeopleRepo(unit).list(filter);
    Reply reply;
    std::string next;
    if (users.size() > static_cast<std::size_t>(asked.filter.limit)) {
        users.pop_back();
        next = cursor_after("user_list", users.back().login);
        reply.link = protocol::next_link("/v1/users", asked.query, next);
    }
    std::vector<protocol::UserMessage> messages;
    for (auto const& user : users) {
        messages.push_back(to_message(user));
    }
    reply.body = protocol::write_users(messages, next);
    return reply;
}

Outcome<UserId> parse_user_id(Arrival const& arrival) {
    return path_id<UserId>(arrival, "user_id");
}

Outcome<Reply> run_user_read(Call& call, UserId const& id, storage::UnitOfWork& unit) {
    RASTRO_TRY(user, find_user(call, unit, id));
    return user_reply(user);
}

// ---------------------------------------------------------------- first credentials

// Made before the database is asked, so that the password can be hashed without it.
struct FirstCredentials {
    UserId user;
    std::string password = storage::new_first_password();
    Bytes code_secret = totp::new_secret();
};

Outcome<Reply> credentials_reply(storage::UnitOfWork& unit, FirstCredentials const& made) {
    auto const user = storage::PeopleRepo(unit).find(made.user);
    if (!user) {
        return ProblemCode::not_found;
    }
    Reply reply;
    reply.body = protocol::write_user_created({.user = to_message(*user),
                                               .first_password = made.password,
                                               .code = to_message(made.code_secret, user->login)});
    reply.etag = protocol::format_etag(user->version);
    reply.holds_secret = true;
    return reply;
}

struct CreateUser {
    protocol::UserCreate message;
    FirstCredentials credentials;
};

Outcome<CreateUser> parse_user_create(Arrival const& arrival) {
    RASTRO_TRY(message, protocol::read_user_create(arrival.body));
    std::set<cases::Role> const roles(message.propose_roles.begin(), message.propose_roles.end());
    if (auto const conflict = cases::conflict_of_roles(roles)) {
        return violation("/propose_roles", *conflict);
    }
    CreateUser command;
    command.message = std::move(message);
    command.credentials.user = UserId::generate();
    return command;
}

Outcome<HashingWork> before_user_create(Call& call,
                                        CreateUser const& command,
                                        storage::UnitOfWork&) {
    call.about("user", command.credentials.user.to_string(), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(own_agency_user()));
    return HashingWork{
        .verify_password = {}, .verify_hash = {}, .hash_password = command.credentials.password};
}

Outcome<Reply> run_user_create(Call& call,
                               CreateUser const& command,
                               HashingResult const& hashing,
                               storage::UnitOfWork& unit) {
    auto const& message = command.message;
    auto const id = command.credentials.user;
    call.about("user", id.to_string(), 1, call.actor.agency);
    RASTRO_CHECK(call.authorise(own_agency_user()));
    if (hashing.failed) {
        return Problem(ProblemCode::overloaded).with_retry_after(1);
    }
    call.audit.detail = message.login;
    try {
        storage::PeopleRepo(unit).insert({.id = id,
                                          .agency = call.actor.agency,
                                          .login = message.login,
                                          .display_name = message.display_name,
                                          .email = message.email,
                                          .language = message.language,
                                          .password_hash = hashing.new_hash,
                                          .code_secret = command.credentials.code_secret});
    } catch (storage::StorageError const& error) {
        if (error.fault() == storage::StorageFault::unique_violation) {
            return violation("/login", "login_taken");
        }
        throw;
    }
    storage::RoleRepo roles(unit);
    for (auto role : message.propose_roles) {
        storage::RoleGrant grant;
        grant.id = storage::RoleGrantId::generate();
        grant.agency = call.actor.agency;
        grant.user = id;
        grant.role = std::string(to_text(role));
        grant.kind = "give";
        grant.proposed_by = caller_id(call);
        grant.proposed_at = unit.now();
        roles.propose(grant);
    }
    RASTRO_TRY(reply, credentials_reply(unit, command.credentials));
    reply.status = 201;
    reply.location = "/v1/users/" + id.to_string();
    return reply;
}

Outcome<FirstCredentials> parse_user_reset(Arrival const& arrival) {
    RASTRO_TRY(id, path_id<UserId>(arrival, "user_id"));
    FirstCredentials credentials;
    credentials.user = id;
    return credentials;
}

Outcome<HashingWork> before_user_reset(Call& call,
                                       FirstCredentials const& made,
                                       storage::UnitOfWork& unit) {
    RASTRO_CHECK(find_user(call, unit, made.user));
    return HashingWork{.verify_password = {}, .verify_hash = {}, .hash_password = made.password};
}

Outcome<Reply> run_user_reset(Call& call,
                              FirstCredentials const& made,
                              HashingResult const& hashing,
                              storage::UnitOfWork& unit) {
    RASTRO_TRY(user, find_user(call, unit, made.user));
    if (user.id == caller_id(call)) {
        return Problem(ProblemCode::two_persons_required,
                       "Another administrator has to reset your credentials");
    }
    if (hashing.failed) {
        return Problem(ProblemCode::overloaded).with_retry_after(1);
    }
    storage::PeopleRepo people(unit);
    people.reset_credentials(user.id, hashing.new_hash, made.code_secret);
    people.end_sessions_of(user.id, "credentials_reset");
    return credentials_reply(unit, made);
}

// ---------------------------------------------------------------- changing

struct ChangeUser {
    UserId id;
    protocol::UserChange change;
};

Outcome<ChangeUser> parse_user_change(Arrival const& arrival) {
    RASTRO_TRY(id, path_id<UserId>(arrival, "user_id"));
    RASTRO_TRY(change, protocol::read_user_change(arrival.body));
    return ChangeUser{.id = id, .change = std::move(change)};
}

Outcome<Reply> run_user_change(Call& call, ChangeUser const& command, storage::UnitOfWork& unit) {
    RASTRO_TRY(user, find_user(call, unit, command.id));
    RASTRO_CHECK(call.check_version(user.version));
    auto const& change = command.change;
    if (change.state && user.id == caller_id(call)) {
        return Problem(ProblemCode::two_persons_required,
                       "Another administrator has to change the state of your account");
    }
    if (change.state == "active" && user.state == "locked") {
        return Problem(ProblemCode::conflict, "A locked account is released, not activated");
    }
    storage::PeopleRepo people(unit);
    bool const changed = people.change(user.id,
                                       user.version,
                                       {.display_name = change.display_name,
                                        .email = change.email,
                                        .language = change.language,
                                        .state = change.state});
    if (!changed) {
        return ProblemCode::precondition_failed;
    }
    if (change.state == "disabled") {
        people.end_sessions_of(user.id, "account_disabled");
    }
    auto const now = people.find(user.id);
    return now ? Outcome<Reply>(user_reply(*now)) : Outcome<Reply>(ProblemCode::not_found);
}

Outcome<Reply> run_user_unlock(Call& call, UserId const& id, storage::UnitOfWork& unit) {
    RASTRO_TRY(user, find_user(call, unit, id));
    storage::PeopleRepo people(unit);
    if (!people.unlock(user.id)) {
        return Problem(ProblemCode::conflict, "The account is not locked");
    }
    people.end_sessions_of(user.id, "account_locked");
    auto const now = people.find(user.id);
    return now ? Outcome<Reply>(user_reply(*now)) : Outcome<Reply>(ProblemCode::not_found);
}

}  // namespace

void bind_users(Routes& routes) {
    routes.add("user_list", parse_user_list, run_user_list);
    routes.add("user_read", parse_user_id, run_user_read);
    routes.add_with_hashing("user_create", parse_user_create, before_user_create, run_user_create);
    routes.add_with_hashing("user_reset", parse_user_reset, before_user_reset, run_user_reset);
    routes.add("user_change", parse_user_change, run_user_change);
    routes.add("user_unlock", parse_user_id, run_user_unlock);
}

}  // namespace rastro::server
