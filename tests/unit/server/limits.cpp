#include "server/limits.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace rastro;
using namespace rastro::server;
using namespace std::chrono_literals;

namespace {

config::Rate rate(std::uint32_t count, config::Duration period) {
    return {.count = count, .period = period};
}

std::chrono::steady_clock::time_point const start{};

}  // namespace

TEST_CASE("a caller has its whole allowance at once, and then waits for more") {
    RateLimiter limiter(rate(3, 6s));
    for (std::uint32_t left = 3; left-- > 0;) {
        auto const answer = limiter.take("a", start);
        CHECK(answer.allowed);
        CHECK(answer.remaining == left);
    }
    auto const refused = limiter.take("a", start);
    CHECK_FALSE(refused.allowed);
    CHECK(refused.retry_after_s == 2);
    CHECK_FALSE(limiter.take("a", start + 1999ms).allowed);
    CHECK(limiter.take("a", start + 2s).allowed);
}

TEST_CASE("asking in vain costs nothing") {
    RateLimiter limiter(rate(1, 10s));
    CHECK(limiter.take("a", start).allowed);
    for (int i = 1; i < 10; ++i) {
        CHECK_FALSE(limiter.take("a", start + std::chrono::seconds(i)).allowed);
    }
    CHECK(limiter.take("a", start + 10s).allowed);
}

TEST_CASE("allowances do not pile up") {
    RateLimiter limiter(rate(2, 1s));
    CHECK(limiter.take("a", start).allowed);
    auto const later = start + 1h;
    CHECK(limiter.take("a", later).allowed);
    CHECK(limiter.take("a", later).allowed);
    CHECK_FALSE(limiter.take("a", later).allowed);
}

TEST_CASE("callers do not share an allowance") {
    RateLimiter limiter(rate(1, 1h));
    CHECK(limiter.take("a", start).allowed);
    CHECK_FALSE(limiter.take("a", start).allowed);
    CHECK(limiter.take("b", start).allowed);
}

TEST_CASE("a wait is never told as none") {
    RateLimiter limiter(rate(1000, 1s));
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(limiter.take("a", start).allowed);
    }
    CHECK(limiter.take("a", start).retry_after_s == 1);
}

TEST_CASE("no limit is no limit") {
    RateLimiter limiter(rate(0, 1s));
    for (int i = 0; i < 10'000; ++i) {
        REQUIRE(limiter.take("a", start).allowed);
    }
}

TEST_CASE("many callers do not make a limited one forgotten") {
    RateLimiter limiter(rate(1, 1h));
    CHECK(limiter.take("limited", start).allowed);
    for (int i = 0; i < 60'000; ++i) {
        static_cast<void>(limiter.take(std::to_string(i), start + 1min));
    }
    CHECK_FALSE(limiter.take("limited", start + 2min).allowed);
}
