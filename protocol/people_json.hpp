// Messages about people: signing in, sessions, the own account, users and grants of roles. Readers
// give commands and all violations at once (protocol/object_reader); writers append one JSON value.
// Passwords, codes and secrets go only where the member's name says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// ---------------------------------------------------------------- signing in

struct SignIn {
    std::string login;
    std::string password;
    std::string code;  // member "totp"
    bool banner_accepted = false;
};
[[nodiscard]] Outcome<SignIn> read_sign_in(std::string_view body);

struct StepUp {
    std::string password;
    std::string code;
};
[[nodiscard]] Outcome<StepUp> read_step_up(std::string_view body);

struct PasswordChange {
    std::string current_password;
    std::string new_password;
};
[[nodiscard]] Outcome<PasswordChange> read_password_change(std::string_view body);

// An empty object: the server makes the secret.
struct CodeEnrolment {};
[[nodiscard]] Outcome<CodeEnrolment> read_code_enrolment(std::string_view body);
// The code that proves the new secret.
[[nodiscard]] Outcome<std::string> read_code_confirmation(std::string_view body);

struct SessionMessage {
    SessionId id;
    std::string token;  // empty: not shown
    std::optional<bool> current;
    std::string factors;
    Instant created_at{};
    Instant last_seen_at{};
    Instant authenticated_at{};
    Instant expires_at{};
    std::chrono::seconds idle{0};  // ends after so long without use
    std::string remote_address;
    std::optional<bool> must_change_password;
};
void append_session(std::string& out, SessionMessage const& session);
[[nodiscard]] std::string write_sessions(std::vector<SessionMessage> const& sessions);

struct CodeSecret {
    std::string secret;       // base32
    std::string otpauth_uri;  // for authenticator apps
};
[[nodiscard]] std::string write_code_secret(CodeSecret const& secret);

// Notice of use, in the four languages.
struct UseBanner {
    std::string_view version;
    std::string_view en;
    std::string_view es;
    std::string_view pt;
    std::string_view fr;
};
[[nodiscard]] std::string write_use_banner(UseBanner const& banner);

// ---------------------------------------------------------------- users

struct UserMessage {
    UserId id;
    std::string agency;
    std::string login;
    std::string display_name;
    std::optional<std::string> email;
    std::string language;
    std::string state;
    bool must_change_password = false;
    bool has_second_factor = false;
    std::vector<std::string> roles;
    std::optional<Instant> last_sign_in_at;
    Instant created_at{};
    int version = 1;
};
void append_user(std::string& out, UserMessage const& user);
// `next` is the cursor of the page that follows; empty: there is none.
[[nodiscard]] std::string write_users(std::vector<UserMessage> const& users, std::string_view next);

struct NewUserCredentials {
    UserMessage user;
    std::string first_password;
    CodeSecret code;
};
[[nodiscard]] std::string write_user_created(NewUserCredentials const& created);

// Who the server takes the caller for.
struct Me {
    cases::Actor actor;
    std::string agency_name;
    std::optional<UserMessage> user;  // persons
    std::optional<Instant> step_up_until;
    std::vector<std::string> operations;  // that some rule could permit: what to show in menus
};
[[nodiscard]] std::string write_me(Me const& me);

struct UserCreate {
    std::string login;
    std::string display_name;
    std::optional<std::string> email;
    std::string language;
    std::vector<cases::Role> propose_roles;  // each becomes a grant that waits for a second person
};
[[nodiscard]] Outcome<UserCreate> read_user_create(std::string_view body);

// A merge patch (RFC 7396): absent members stay, null removes the e-mail address (kept as an empty
// text here).
struct UserChange {
    std::optional<std::string> display_name;
    std::optional<std::string> email;
    std::optional<std::string> language;
    std::optional<std::string> state;  // active, disabled
};
[[nodiscard]] Outcome<UserChange> read_user_change(std::string_view body);

// ---------------------------------------------------------------- grants of roles

struct RoleGrantPropose {
    UserId user;
    cases::Role role = cases::Role::agency_user;
    bool gives = true;  // member "kind": give, take
};
[[nodiscard]] Outcome<RoleGrantPropose> read_role_grant_propose(std::string_view body);

// Member "decision": accepted, rejected.
[[nodiscard]] Outcome<bool> read_role_grant_decision(std::string_view body);

struct RoleGrantMessage {
    Uuid id;
    std::string agency;
    UserId user;
    std::string login;
    std::string role;
    std::string kind;
    UserId proposed_by;
    Instant proposed_at{};
    std::optional<UserId> decided_by;
    std::optional<Instant> decided_at;
    std::string state;  // open, accepted, rejected
};
void append_role_grant(std::string& out, RoleGrantMessage const& grant);
[[nodiscard]] std::string write_role_grants(std::vector<RoleGrantMessage> const& grants);

}  // namespace rastro::protocol
