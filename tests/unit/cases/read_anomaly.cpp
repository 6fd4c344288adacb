// Who reads far more than others (domain/linked-cases.md 4.14 audit.read_anomaly).
#include <doctest/doctest.h>

#include "cases/read_anomaly.hpp"

using namespace rastro::cases;

namespace {

std::vector<ReadCount> team(int one_more) {
    return {{"a", "investigation", 10, 0},
            {"b", "investigation", 12, 0},
            {"c", "investigation", 14, 0},
            {"d", "investigation", 16, 0},
            {"e", "investigation", one_more, 0}};
}

}  // namespace

TEST_CASE("more than the median and three deviations of those with the same purpose") {
    CHECK(find_read_anomalies(team(20)).empty());  // 14 + 3 * 2 = 20
    auto const found = find_read_anomalies(team(21));
    REQUIRE(found.size() == 1);
    CHECK(found[0].of.actor == "e");
    CHECK(found[0].median == 14);
    CHECK(found[0].limit == 20);
    CHECK(found[0].more_than_others);
    CHECK_FALSE(found[0].outside_hours);
}

TEST_CASE("few readers, few reads and other purposes say nothing") {
    auto four = team(500);
    four.erase(four.begin());
    CHECK(find_read_anomalies(four).empty());
    CHECK(find_read_anomalies({}).empty());
    std::vector<ReadCount> quiet(6, {"x", "statistics", 1, 0});
    quiet.push_back({"y", "statistics", 19, 0});
    CHECK(find_read_anomalies(quiet).empty());
    auto mixed = team(14);
    mixed.push_back({"e", "prosecution", 500, 0});  // alone with this purpose
    CHECK(find_read_anomalies(mixed).empty());
}

TEST_CASE("much of it at night, whatever others do; the largest first") {
    auto counts = team(14);
    counts.push_back({"n", "investigation", 19, 19});
    CHECK(find_read_anomalies(counts).empty());
    counts.push_back({"m", "protection", 25, 20});
    counts.push_back({"o", "protection", 90, 30});
    auto const found = find_read_anomalies(counts);
    REQUIRE(found.size() == 2);
    CHECK(found[0].of.actor == "o");
    CHECK(found[1].outside_hours);
    CHECK_FALSE(found[1].more_than_others);
}
