#include "cases/sign_in.hpp"

#include <doctest/doctest.h>

using namespace rastro::cases;
using namespace std::chrono_literals;

namespace {

constexpr rastro::Instant kNow{std::chrono::hours{500'000}};

AccountFacts good_account() {
    AccountFacts account;
    account.exists = true;
    account.agency_active = true;
    account.last_code_step = code_step_of(kNow) - 10;
    return account;
}

ShownFactors good_factors() {
    return {.password_matches = true, .code_needed = true, .code_step = code_step_of(kNow)};
}

}  // namespace

TEST_CASE("the fifth failure within fifteen minutes locks, whatever comes after") {
    auto account = good_account();
    auto shown = good_factors();
    shown.password_matches = false;
    for (int failure = 1; failure <= 5; ++failure) {
        auto const decision = decide_sign_in(account, shown, kNow + failure * 1min);
        CHECK_FALSE(decision.accepted);
        CHECK(decision.counted);
        CHECK(decision.failures.count == failure);
        CHECK(decision.locked_now == (failure == 5));
        account.failures = decision.failures;
    }
    account.state = AccountState::locked;
    for (auto later : {1min, 16min, 60 * 24 * 365 * 1min}) {
        auto factors = good_factors();
        factors.code_step = code_step_of(kNow + later);
        auto const decision = decide_sign_in(account, factors, kNow + later);
        CHECK_FALSE(decision.accepted);
        CHECK(decision.reason == "account_locked");
        CHECK_FALSE(decision.counted);
    }
}

TEST_CASE("failures count from the first; after the window the count starts again") {
    FailureCount count;
    count = count_failure(count, kNow);
    count = count_failure(count, kNow + 14min);
    CHECK(count == FailureCount{.count = 2, .first_at = kNow});
    CHECK(count_failure(count, kNow + 15min).count == 3);
    CHECK(count_failure(count, kNow + 15min + 1us) ==
          FailureCount{.count = 1, .first_at = kNow + 15min + 1us});
    auto account = good_account();
    account.failures = {.count = 4, .first_at = kNow - 1min};
    CHECK(decide_sign_in(account, good_factors(), kNow).failures == FailureCount{});
}

TEST_CASE("a code counts one step early or late, and once") {
    auto const present = code_step_of(kNow);
    struct Row {
        std::optional<std::int64_t> step;
        std::int64_t last;
        std::string_view reason;
    };
    Row const rows[]{
        {present, 0, ""},
        {present - 1, 0, ""},
        {present + 1, 0, ""},
        {present - 2, 0, "wrong_code"},
        {present + 2, 0, "wrong_code"},
        {std::nullopt, 0, "wrong_code"},
        {present, present, "code_used_before"},
        {present - 1, present, "code_used_before"},
        {present, present - 1, ""},
    };
    for (auto const& row : rows) {
        auto account = good_account();
        account.last_code_step = row.last;
        auto shown = good_factors();
        shown.code_step = row.step;
        auto const decision = decide_sign_in(account, shown, kNow);
        CHECK(decision.reason == row.reason);
        CHECK(decision.accepted == row.reason.empty());
        CHECK(decision.counted == !row.reason.empty());
        CHECK(decision.last_code_step == (decision.accepted ? *row.step : row.last));
    }
}

TEST_CASE("who may not sign in is refused without counting, and nobody is told which") {
    auto unknown = good_account();
    unknown.exists = false;
    auto disabled = good_account();
    disabled.state = AccountState::disabled;
    auto suspended = good_account();
    suspended.agency_active = false;
    for (auto const& [account, reason] : {std::pair{unknown, "unknown_account"},
                                          std::pair{disabled, "account_disabled"},
                                          std::pair{suspended, "agency_suspended"}}) {
        auto const decision = decide_sign_in(account, good_factors(), kNow);
        CHECK_FALSE(decision.accepted);
        CHECK(decision.reason == reason);
        CHECK_FALSE(decision.counted);
        CHECK_FALSE(decision.locked_now);
    }
}

TEST_CASE("where only the password is asked the code step stays") {
    auto const account = good_account();
    ShownFactors const shown{.password_matches = true, .code_needed = false, .code_step = {}};
    auto const decision = decide_sign_in(account, shown, kNow);
    CHECK(decision.accepted);
    CHECK(decision.last_code_step == account.last_code_step);
}

TEST_CASE("sessions end after 30 idle minutes and after 12 hours") {
    SessionRules const rules;
    auto const open = [&](rastro::Instant seen, std::chrono::microseconds after) {
        SessionTimes const times{.created_at = kNow, .last_seen_at = seen, .ended_at = {}};
        return session_is_open(times, rules, kNow + after);
    };
    CHECK(open(kNow, 29min + 59s));
    CHECK_FALSE(open(kNow, 30min));
    CHECK_FALSE(open(kNow, 30min + 1s));
    CHECK(open(kNow + 11h + 50min, 11h + 59min + 59s));
    CHECK_FALSE(open(kNow + 11h + 50min, 12h));
    SessionTimes const ended{.created_at = kNow, .last_seen_at = kNow, .ended_at = kNow};
    CHECK_FALSE(session_is_open(ended, rules, kNow + 1s));
    CHECK(session_end_at_latest(kNow, rules) == kNow + 12h);
}
