// Users and their sessions. Values in and out; who may do what is decided before (cases/access,
// cases/sign_in), and row-level security shows only what the unit of work acts as (migration 0001).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/sign_in.hpp"
#include "common/digest.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// What signing in needs to know. `agency_active`: the agency takes part.
struct Account {
    UserId id;
    std::string agency;
    std::string agency_name;
    bool agency_active = false;
    std::string login;
    std::string display_name;
    std::string language;
    cases::AccountState state = cases::AccountState::active;
    std::string password_hash;  // encoded; empty: none set
    bool must_change_password = true;
    Bytes code_secret;          // of one-time codes; empty: none set
    Bytes pending_code_secret;  // waiting for its first code
    std::int64_t last_code_step = 0;
    cases::FailureCount failures;
};

struct User {
    UserId id;
    std::string agency;
    std::string login;
    std::string display_name;
    std::optional<std::string> email;
    std::string language;
    std::string state;  // active, disabled, locked
    bool must_change_password = true;
    bool has_second_factor = false;
    std::vector<std::string> roles;  // by name
    std::optional<Instant> last_sign_in_at;
    Instant created_at{};
    int version = 1;
};

struct NewUser {
    UserId id;
    std::string agency;
    std::string login;
    std::string display_name;
    std::optional<std::string> email;
    std::string language;
    std::string password_hash;
    Bytes code_secret;
};

// Members that are absent stay as they are; an empty e-mail address removes it.
struct UserChanges {
    std::optional<std::string> display_name;
    std::optional<std::string> email;
    std::optional<std::string> language;
    std::optional<std::string> state;
};

struct UserFilter {
    std::string state;  // empty: any
    std::string role;   // empty: any
    std::string after;  // login
    int limit = 50;
};

struct NewSession {
    SessionId id;
    Digest token_hash{};
    UserId user;
    std::string agency;
    std::string factors;  // "password+totp"
    Instant at{};
    Instant expires_at{};
    std::string remote_address;
};

struct SessionRow {
    SessionId id;
    std::string factors;
    cases::SessionTimes times;
    Instant authenticated_at{};
    Instant expires_at{};
    std::string remote_address;
};

class PeopleRepo {
 public:
    explicit PeopleRepo(UnitOfWork& unit) : unit_(unit) {}

    [[nodiscard]] std::optional<Account> account_by_login(std::string_view login);
    // The same and locks the row until the end of the transaction: failures are counted one after
    // the other.
    [[nodiscard]] std::optional<Account> lock_account_by_login(std::string_view login);
    [[nodiscard]] std::optional<Account> account_by_id(UserId id);
    [[nodiscard]] std::optional<Account> lock_account_by_id(UserId id);
    // Writes the outcome of a sign-in or step-up; an id of no account writes nothing at the same
    // cost.
    void save_sign_in(UserId id, cases::SignInDecision const& decision, bool signed_in);

    [[nodiscard]] std::vector<User> list(UserFilter const& filter);
    [[nodiscard]] std::optional<User> find(UserId id);
    // StorageError(unique_violation) when the login is taken.
    void insert(NewUser const& user);
    // False if `version` is not the present one.
    [[nodiscard]] bool change(UserId id, int version, UserChanges const& changes);
    // Active again, failures forgotten. False if the account is not locked.
    [[nodiscard]] bool unlock(UserId id);
    // New first credentials; releases a lock and asks for a new password at the next sign-in.
    void reset_credentials(UserId id, std::string const& password_hash, Bytes const& code_secret);
    void set_password(UserId id, std::string const& password_hash);
    void set_pending_code_secret(UserId id, Bytes const& secret);
    // The pending secret becomes the secret; `step` is used up.
    void confirm_code_secret(UserId id, std::int64_t step);

    void insert_session(NewSession const& session);
    // Not ended and not past its absolute end, newest first; which are idle is told by their times.
    [[nodiscard]] std::vector<SessionRow> sessions_of(UserId user);
    // False if it is not an open session of that user.
    [[nodiscard]] bool end_session(SessionId session, UserId user, std::string_view reason);
    // Ends all, or all but one; returns how many.
    std::int64_t end_sessions_of(UserId user,
                                 std::string_view reason,
                                 std::optional<SessionId> except = std::nullopt);
    // A fresh authentication of the same session, under a new token.
    void renew_session(SessionId session, Digest const& token_hash);

 private:
    UnitOfWork& unit_;
};

}  // namespace rastro::storage
