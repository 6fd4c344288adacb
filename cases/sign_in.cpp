#include "cases/sign_in.hpp"

namespace rastro::cases {

FailureCount count_failure(FailureCount before, Instant now, LockRule const& rule) {
    bool const starts_anew =
        before.count <= 0 || !before.first_at || now - *before.first_at > rule.window;
    if (starts_anew) {
        return {.count = 1, .first_at = now};
    }
    return {.count = before.count + 1, .first_at = before.first_at};
}

bool locks(FailureCount const& count, LockRule const& rule) noexcept {
    return count.count >= rule.failures;
}

std::int64_t code_step_of(Instant at) noexcept {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() / kCodeStep;
}

namespace {

std::string_view fault_of_account(AccountFacts const& account) {
    if (!account.exists) {
        return "unknown_account";
    }
    if (account.state == AccountState::disabled) {
        return "account_disabled";
    }
    if (account.state == AccountState::locked) {
        return "account_locked";
    }
    return account.agency_active ? "" : "agency_suspended";
}

std::string_view fault_of_factors(AccountFacts const& account,
                                  ShownFactors const& shown,
                                  std::int64_t present_step) {
    if (!shown.password_matches) {
        return "wrong_password";
    }
    if (!shown.code_needed) {
        return "";
    }
    if (!shown.code_step || *shown.code_step < present_step - kCodeWindow ||
        *shown.code_step > present_step + kCodeWindow) {
        return "wrong_code";
    }
    return *shown.code_step <= account.last_code_step ? "code_used_before" : "";
}

}  // namespace

SignInDecision decide_sign_in(AccountFacts const& account,
                              ShownFactors const& shown,
                              Instant now,
                              LockRule const& rule) {
    SignInDecision decision;
    decision.failures = account.failures;
    decision.last_code_step = account.last_code_step;
    decision.reason = fault_of_account(account);
    if (!decision.reason.empty()) {
        return decision;
    }
    decision.reason = fault_of_factors(account, shown, code_step_of(now));
    if (!decision.reason.empty()) {
        decision.counted = true;
        decision.failures = count_failure(account.failures, now, rule);
        decision.locked_now = locks(decision.failures, rule);
        return decision;
    }
    decision.accepted = true;
    decision.failures = {};
    if (shown.code_needed) {
        decision.last_code_step = *shown.code_step;
    }
    return decision;
}

Instant session_end_at_latest(Instant created_at, SessionRules const& rules) noexcept {
    return created_at + rules.absolute;
}

bool session_is_open(SessionTimes const& times, SessionRules const& rules, Instant now) noexcept {
    return !times.ended_at && now < session_end_at_latest(times.created_at, rules) &&
           now < times.last_seen_at + rules.idle;
}

}  // namespace rastro::cases
