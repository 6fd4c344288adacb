// Rules of signing in: locking, one-time codes, sessions (anchors/security.md B01-B05). Pure: what
// was shown and what is known of the account go in, what has to be written comes out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/clock.hpp"

namespace rastro::cases {

// Five failures within fifteen minutes lock the account until an administrator releases it (CJIS
// AC-7).
struct LockRule {
    int failures = 5;
    std::chrono::microseconds window = std::chrono::minutes{15};
};

// Failures since the last success, counted from the first of them.
struct FailureCount {
    int count = 0;
    std::optional<Instant> first_at;
    friend bool operator==(FailureCount const&, FailureCount const&) = default;
};
// One more failure. A count whose first failure is older than the window starts again at one.
[[nodiscard]] FailureCount count_failure(FailureCount before,
                                         Instant now,
                                         LockRule const& rule = {});
[[nodiscard]] bool locks(FailureCount const& count, LockRule const& rule = {}) noexcept;

// One-time codes: steps of 30 seconds since 1970 (RFC 6238 4.1), one step early or late allowed
// (5.2), each step used once (RFC 6238 5.2, anchors/security.md B02).
inline constexpr std::chrono::seconds kCodeStep{30};
inline constexpr std::int64_t kCodeWindow = 1;
[[nodiscard]] std::int64_t code_step_of(Instant at) noexcept;

enum class AccountState : std::uint8_t { active, disabled, locked };

// What is known of the account that the login names.
struct AccountFacts {
    bool exists = false;
    AccountState state = AccountState::active;
    bool agency_active = false;
    FailureCount failures;
    std::int64_t last_code_step = 0;  // of the newest code accepted
};

struct ShownFactors {
    bool password_matches = false;
    bool code_needed = true;                // false: only the password is asked (changing it)
    std::optional<std::int64_t> code_step;  // the newest step whose code was shown; nullopt: none
};

// What to write and what to answer. `reason` is for the audit record: callers are told nothing of
// it.
struct SignInDecision {
    bool accepted = false;
    std::string_view reason;          // code; empty if accepted
    bool counted = false;             // the failure counts against the account
    bool locked_now = false;          // this failure locked it: its sessions end
    FailureCount failures;            // to be stored
    std::int64_t last_code_step = 0;  // to be stored
};
[[nodiscard]] SignInDecision decide_sign_in(AccountFacts const& account,
                                            ShownFactors const& shown,
                                            Instant now,
                                            LockRule const& rule = {});

// A session ends after `idle` without use and `absolute` after the sign-in, whatever its use (CJIS
// IA-11).
struct SessionRules {
    std::chrono::microseconds idle = std::chrono::minutes{30};
    std::chrono::microseconds absolute = std::chrono::hours{12};
};
struct SessionTimes {
    Instant created_at{};
    Instant last_seen_at{};
    std::optional<Instant> ended_at;
};
[[nodiscard]] Instant session_end_at_latest(Instant created_at, SessionRules const& rules) noexcept;
[[nodiscard]] bool session_is_open(SessionTimes const& times,
                                   SessionRules const& rules,
                                   Instant now) noexcept;

}  // namespace rastro::cases
