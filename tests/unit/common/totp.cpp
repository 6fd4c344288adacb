#include "common/totp.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace rastro;

TEST_CASE("codes are those of RFC 6238 appendix B, last six digits") {
    auto const secret = as_bytes("12345678901234567890");
    struct Row {
        std::int64_t seconds;
        std::string_view code;
    };
    Row const rows[]{{59, "287082"},
                     {1111111109, "081804"},
                     {1111111111, "050471"},
                     {1234567890, "005924"},
                     {2000000000, "279037"},
                     {20000000000, "353130"}};
    for (auto const& row : rows) {
        CHECK(totp::code_at(secret, row.seconds / 30) == row.code);
    }
    CHECK_THROWS_AS((void)totp::code_at({}, 1), std::invalid_argument);
    CHECK_THROWS_AS((void)totp::code_at(secret, -1), std::invalid_argument);
}

TEST_CASE("a code is found within the window and not outside it") {
    auto const secret = as_bytes("12345678901234567890");
    constexpr std::int64_t step = 58'000'000;
    for (std::int64_t offset = -3; offset <= 3; ++offset) {
        auto const found =
            totp::matching_step(secret, totp::code_at(secret, step + offset), step, 1);
        if (offset >= -1 && offset <= 1) {
            CHECK(found == step + offset);
        } else {
            CHECK_FALSE(found);
        }
    }
    for (auto const* wrong : {"", "1", "12345", "1234567", "abcdef", "00000\xC3"}) {
        CHECK_FALSE(totp::matching_step(secret, wrong, step, 1));
    }
}

TEST_CASE("the key address can be read by authenticator apps") {
    CHECK(totp::otpauth_uri(as_bytes("12345678901234567890"), "Rastro XA", "ana@x.example") ==
          "otpauth://totp/Rastro%20XA:ana%40x.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
          "&issuer=Rastro%20XA&algorithm=SHA1&digits=6&period=30");
    CHECK(totp::new_secret().size() == 20);
    CHECK(totp::new_secret() != totp::new_secret());
}
