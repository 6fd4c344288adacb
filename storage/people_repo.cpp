#include "storage/people_repo.hpp"

#include <stdexcept>

namespace rastro::storage {

namespace {

#define RASTRO_ACCOUNT_COLUMNS                                                                 \
    "select u.user_id, u.agency, a.name as agency_name, a.state = 'active' as agency_active, " \
    "u.login, u.display_name, u.language, u.state, u.password_hash, u.must_change_password, "  \
    "u.totp_secret, u.totp_pending, u.totp_last_step, u.failed_count, " RASTRO_US_AS(          \
        "u.first_failed_at",                                                                   \
        "first_failed_at") " from app_user u join agency a on a.agency = u.agency "

constexpr Query kByLogin{"account_by_login", RASTRO_ACCOUNT_COLUMNS "where u.login = :login"};
constexpr Query kLockByLogin{"account_lock_by_login",
                             RASTRO_ACCOUNT_COLUMNS "where u.login = :login for update of u"};
constexpr Query kById{"account_by_id", RASTRO_ACCOUNT_COLUMNS "where u.user_id = :id::uuid"};
constexpr Query kLockById{"account_lock_by_id",
                          RASTRO_ACCOUNT_COLUMNS "where u.user_id = :id::uuid for update of u"};

constexpr Query kSaveSignIn{
    "account_save_sign_in",
    "update app_user set failed_count = :failed_count::integer, "
    "first_failed_at = :first_failed_at::timestamptz, totp_last_step = :last_step::bigint, "
    "state = case when :locks::boolean then 'locked' else state end, "
    "version = version + case when :locks::boolean then 1 else 0 end, "
    "last_sign_in_at = coalesce(:signed_in_at::timestamptz, last_sign_in_at), "
    "updated_at = :now::timestamptz where user_id = :id::uuid"};

#define RASTRO_USER_COLUMNS                                                               \
    "select u.user_id, u.agency, u.login, u.display_name, u.email, u.language, u.state, " \
    "u.must_change_password, u.totp_secret is not null as has_second_factor, "            \
    "(select coalesce(array_agg(r.role order by r.role), '{}') from user_role r "         \
    "where r.user_id = u.user_id) as roles, " RASTRO_US_AS(                               \
        "u.last_sign_in_at",                                                              \
        "last_sign_in_at") ", " RASTRO_US_AS("u.created_at",                              \
                                             "created_at") ", u.version from app_user u "

constexpr Query kFind{"user_find", RASTRO_USER_COLUMNS "where u.user_id = :id::uuid"};
constexpr Query kList{
    "user_list",
    RASTRO_USER_COLUMNS
    "where u.agency = actor_agency() and (:state = '' or u.state = :state) "
    "and (:role = '' or exists (select 1 from user_role x where x.user_id = u.user_id and x.role = "
    ":role)) and u.login > :after order by u.login limit :limit::integer"};

constexpr Query kInsert{
    "user_insert",
    "insert into app_user (user_id, agency, login, display_name, email, language, password_hash, "
    "password_set_at, must_change_password, totp_secret, created_at, updated_at) values "
    "(:id::uuid, :agency, :login, :display_name, :email, :language, :password_hash, "
    ":now::timestamptz, true, :code_secret::bytea, :now::timestamptz, :now::timestamptz)"};
constexpr Query kChange{
    "user_change",
    "update app_user set display_name = coalesce(:display_name, display_name), "
    "email = case when :email::text is null then email else nullif(:email::text, '') end, "
    "language = coalesce(:language, language), state = coalesce(:state, state), "
    "version = version + 1, updated_at = :now::timestamptz "
    "where user_id = :id::uuid and version = :version::integer"};
constexpr Query kUnlock{
    "user_unlock",
    "update app_user set state = 'active', failed_count = 0, first_failed_at = null, "
    "version = version + 1, updated_at = :now::timestamptz "
    "where user_id = :id::uuid and state = 'locked'"};
constexpr Query kReset{
    "user_reset_credentials",
    "update app_user set password_hash = :password_hash, password_set_at = :now::timestamptz, "
    "must_change_password = true, totp_secret = :code_secret::bytea, totp_pending = null, "
    "totp_last_step = 0, failed_count = 0, first_failed_at = null, "
    "state = case when state = 'locked' then 'active' else state end, "
    "version = version + 1, updated_at = :now::timestamptz where user_id = :id::uuid"};
constexpr Query kSetPassword{
    "user_set_password",
    "update app_user set password_hash = :password_hash, password_set_at = :now::timestamptz, "
    "must_change_password = false, version = version + 1, updated_at = :now::timestamptz "
    "where user_id = :id::uuid"};
constexpr Query kSetPending{
    "user_set_pending_code_secret",
    "update app_user set totp_pending = :secret::bytea, updated_at = :now::timestamptz "
    "where user_id = :id::uuid"};
constexpr Query kConfirmCode{
    "user_confirm_code_secret",
    "update app_user set totp_secret = totp_pending, totp_pending = null, "
    "totp_last_step = :step::bigint, version = version + 1, updated_at = :now::timestamptz "
    "where user_id = :id::uuid and totp_pending is not null"};

constexpr Query kInsertSession{
    "session_insert",
    "insert into user_session (session_id, token_hash, user_id, agency, factors, created_at, "
    "authenticated_at, last_seen_at, expires_at, remote_address) values (:id::uuid, "
    ":token_hash::bytea, :user::uuid, :agency, :factors, :at::timestamptz, :at::timestamptz, "
    ":at::timestamptz, :expires_at::timestamptz, nullif(:remote_address, ''))"};
constexpr Query kSessions{
    "session_list",
    "select session_id, factors, remote_address, " RASTRO_US("created_at") ", " RASTRO_US(
        "last_seen_at") ", " RASTRO_US("authenticated_at") ", " RASTRO_US("expires_at")
    " from user_session where user_id = :user::uuid and ended_at is null "
    "and expires_at > :now::timestamptz order by created_at desc, session_id desc limit 100"};
constexpr Query kEndSession{
    "session_end",
    "update user_session set ended_at = :now::timestamptz, end_reason = :reason "
    "where session_id = :id::uuid and user_id = :user::uuid and ended_at is null"};
constexpr Query kEndSessions{
    "session_end_all",
    "update user_session set ended_at = :now::timestamptz, end_reason = :reason "
    "where user_id = :user::uuid and ended_at is null "
    "and session_id is distinct from :except::uuid"};
constexpr Query kRenewSession{
    "session_renew",
    "update user_session set token_hash = :token_hash::bytea, "
    "authenticated_at = :now::timestamptz, last_seen_at = :now::timestamptz "
    "where session_id = :id::uuid and ended_at is null"};

cases::AccountState account_state(std::string_view text) {
    if (text == "active") {
        return cases::AccountState::active;
    }
    return text == "locked" ? cases::AccountState::locked : cases::AccountState::disabled;
}

Bytes maybe_bytes(Row const& row, std::string_view column) {
    return row.is_null(column) ? Bytes{} : row.bytes(column);
}

Bytes bytes_of(Digest const& digest) {
    return {digest.begin(), digest.end()};
}

std::optional<Account> read_account(Rows const& rows) {
    if (rows.empty()) {
        return std::nullopt;
    }
    auto const row = rows.front();
    Account account;
    account.id = row.id<UserId>("user_id");
    account.agency = row.text("agency");
    account.agency_name = row.text("agency_name");
    account.agency_active = row.boolean("agency_active");
    account.login = row.text("login");
    account.display_name = row.text("display_name");
    account.language = row.text("language");
    account.state = account_state(row.view("state"));
    account.password_hash = row.text("password_hash");
    account.must_change_password = row.boolean("must_change_password");
    account.code_secret = maybe_bytes(row, "totp_secret");
    account.pending_code_secret = maybe_bytes(row, "totp_pending");
    account.last_code_step = row.integer("totp_last_step");
    account.failures = {.count = static_cast<int>(row.integer("failed_count")),
                        .first_at = row.maybe_instant("first_failed_at")};
    return account;
}

User read_user(Row const& row) {
    User user;
    user.id = row.id<UserId>("user_id");
    user.agency = row.text("agency");
    user.login = row.text("login");
    user.display_name = row.text("display_name");
    user.email = row.maybe_text("email");
    user.language = row.text("language");
    user.state = row.text("state");
    user.must_change_password = row.boolean("must_change_password");
    user.has_second_factor = row.boolean("has_second_factor");
    user.roles = row.texts("roles");
    user.last_sign_in_at = row.maybe_instant("last_sign_in_at");
    user.created_at = row.instant("created_at");
    user.version = static_cast<int>(row.integer("version"));
    return user;
}

}  // namespace

std::optional<Account> PeopleRepo::account_by_login(std::string_view login) {
    return read_account(unit_.sql().run(kByLogin, {{"login", login}}));
}

std::optional<Account> PeopleRepo::lock_account_by_login(std::string_view login) {
    return read_account(unit_.sql().run(kLockByLogin, {{"login", login}}));
}

std::optional<Account> PeopleRepo::account_by_id(UserId id) {
    return read_account(unit_.sql().run(kById, {{"id", id}}));
}

std::optional<Account> PeopleRepo::lock_account_by_id(UserId id) {
    return read_account(unit_.sql().run(kLockById, {{"id", id}}));
}

void PeopleRepo::save_sign_in(UserId id, cases::SignInDecision const& decision, bool signed_in) {
    std::optional<Instant> const signed_in_at =
        signed_in ? std::optional<Instant>(unit_.now()) : std::nullopt;
    unit_.sql().run(kSaveSignIn,
                    {{"failed_count", decision.failures.count},
                     {"first_failed_at", decision.failures.first_at},
                     {"last_step", decision.last_code_step},
                     {"locks", decision.locked_now},
                     {"signed_in_at", signed_in_at},
                     {"now", unit_.now()},
                     {"id", id}});
}

std::vector<User> PeopleRepo::list(UserFilter const& filter) {
    auto const rows = unit_.sql().run(kList,
                                      {{"state", filter.state},
                                       {"role", filter.role},
                                       {"after", filter.after},
                                       {"limit", filter.limit}});
    std::vector<User> users;
    for (auto const row : rows) {
        users.push_back(read_user(row));
    }
    return users;
}

std::optional<User> PeopleRepo::find(UserId id) {
    auto const rows = unit_.sql().run(kFind, {{"id", id}});
    return rows.empty() ? std::nullopt : std::optional<User>(read_user(rows.front()));
}

void PeopleRepo::insert(NewUser const& user) {
    unit_.sql().run(kInsert,
                    {{"id", user.id},
                     {"agency", user.agency},
                     {"login", user.login},
                     {"display_name", user.display_name},
                     {"email", user.email},
                     {"language", user.language},
                     {"password_hash", user.password_hash},
                     {"now", unit_.now()},
                     {"code_secret", user.code_secret}});
}

bool PeopleRepo::change(UserId id, int version, UserChanges const& changes) {
    auto const rows = unit_.sql().run(kChange,
                                      {{"display_name", changes.display_name},
                                       {"email", changes.email},
                                       {"language", changes.language},
                                       {"state", changes.state},
                                       {"now", unit_.now()},
                                       {"id", id},
                                       {"version", version}});
    return rows.affected() == 1;
}

bool PeopleRepo::unlock(UserId id) {
    return unit_.sql().run(kUnlock, {{"now", unit_.now()}, {"id", id}}).affected() == 1;
}

void PeopleRepo::reset_credentials(UserId id,
                                   std::string const& password_hash,
                                   Bytes const& code_secret) {
    unit_.sql().run(kReset,
                    {{"password_hash", password_hash},
                     {"now", unit_.now()},
                     {"code_secret", code_secret},
                     {"id", id}});
}

void PeopleRepo::set_password(UserId id, std::string const& password_hash) {
    unit_.sql().run(kSetPassword,
                    {{"password_hash", password_hash}, {"now", unit_.now()}, {"id", id}});
}

void PeopleRepo::set_pending_code_secret(UserId id, Bytes const& secret) {
    unit_.sql().run(kSetPending, {{"secret", secret}, {"now", unit_.now()}, {"id", id}});
}

void PeopleRepo::confirm_code_secret(UserId id, std::int64_t step) {
    unit_.sql().run(kConfirmCode, {{"step", step}, {"now", unit_.now()}, {"id", id}});
}

void PeopleRepo::insert_session(NewSession const& session) {
    unit_.sql().run(kInsertSession,
                    {{"id", session.id},
                     {"token_hash", bytes_of(session.token_hash)},
                     {"user", session.user},
                     {"agency", session.agency},
                     {"factors", session.factors},
                     {"at", session.at},
                     {"expires_at", session.expires_at},
                     {"remote_address", session.remote_address}});
}

std::vector<SessionRow> PeopleRepo::sessions_of(UserId user) {
    auto const rows = unit_.sql().run(kSessions, {{"user", user}, {"now", unit_.now()}});
    std::vector<SessionRow> sessions;
    for (auto const row : rows) {
        sessions.push_back({.id = row.id<SessionId>("session_id"),
                            .factors = row.text("factors"),
                            .times = {.created_at = row.instant("created_at"),
                                      .last_seen_at = row.instant("last_seen_at"),
                                      .ended_at = std::nullopt},
                            .authenticated_at = row.instant("authenticated_at"),
                            .expires_at = row.instant("expires_at"),
                            .remote_address = row.text("remote_address")});
    }
    return sessions;
}

bool PeopleRepo::end_session(SessionId session, UserId user, std::string_view reason) {
    auto const rows = unit_.sql().run(
        kEndSession, {{"now", unit_.now()}, {"reason", reason}, {"id", session}, {"user", user}});
    return rows.affected() == 1;
}

std::int64_t PeopleRepo::end_sessions_of(UserId user,
                                         std::string_view reason,
                                         std::optional<SessionId> except) {
    auto const rows = unit_.sql().run(
        kEndSessions,
        {{"now", unit_.now()}, {"reason", reason}, {"user", user}, {"except", except}});
    return rows.affected();
}

void PeopleRepo::renew_session(SessionId session, Digest const& token_hash) {
    unit_.sql().run(kRenewSession,
                    {{"token_hash", bytes_of(token_hash)}, {"now", unit_.now()}, {"id", session}});
}

}  // namespace rastro::storage
