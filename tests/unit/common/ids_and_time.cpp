#include <doctest/doctest.h>

#include <set>

#include "common/ids.hpp"
#include "common/time_text.hpp"

using namespace rastro;

TEST_CASE("UUIDv7 values are unique, ordered and carry version and variant") {
    std::set<Uuid> seen;
    Uuid last{};
    for (int i = 0; i < 20000; ++i) {
        auto const id = Uuid::generate_v7();
        CHECK(id > last);
        last = id;
        seen.insert(id);
        CHECK((id.bytes[6] >> 4) == 7);
        CHECK((id.bytes[8] >> 6) == 2);
    }
    CHECK(seen.size() == 20000);
}

TEST_CASE("UUID text round-trips and bad text is refused") {
    auto const id = Uuid::generate_v7();
    CHECK(Uuid::parse(id.to_string()) == id);
    for (auto const* bad : {"",
                            "0",
                            "018f6d2e-7b1a-7c3d-8e4f-0123456789a",
                            "018f6d2e-7b1a-7c3d-8e4f-0123456789ag",
                            "018f6d2e07b1a-7c3d-8e4f-0123456789ab"}) {
        CHECK_FALSE(Uuid::parse(bad).has_value());
    }
}

TEST_CASE("RFC 3339 times round-trip with microseconds") {
    auto const parsed = parse_rfc3339("2026-05-14T09:12:00.5+02:00");
    REQUIRE(parsed);
    CHECK(to_rfc3339(*parsed) == "2026-05-14T07:12:00.500000Z");
    CHECK(parse_rfc3339(to_rfc3339(*parsed)) == parsed);
    for (auto const* bad : {"2026-05-14",
                            "2026-02-30T00:00:00Z",
                            "2026-05-14T24:00:00Z",
                            "2026-05-14T09:12:00",
                            "2026-05-14T09:12:00.Z",
                            "2026-05-14T09:12:00+2:00",
                            "2026-05-14T09:12:00Zx"}) {
        CHECK_FALSE(parse_rfc3339(bad).has_value());
    }
}
