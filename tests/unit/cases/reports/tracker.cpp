// The follow-up of a meeting: sheets, distribution, moves and open questions
// (domain/linked-cases.md 8).
#include <doctest/doctest.h>

#include <algorithm>

#include "cases/reports/tracker.hpp"

using namespace rastro::cases;

namespace {

ProgressEntry entry(char const* country,
                    char const* meeting,
                    char const* measure,
                    char const* status) {
    return {.country = country,
            .case_id = std::string(country) + measure + meeting,
            .number = "N",
            .state = "SUBMITTED",
            .meeting = meeting,
            .measure = measure,
            .status = status,
            .values = {},
            .evidence = {{"law", "Law 1"}}};
}

}  // namespace

TEST_CASE("a sheet a country in the order of the measures, with what nothing is said of") {
    auto const report = tracker_report("R5",
                                       "",
                                       "",
                                       {entry("XB", "R5", "M10", "started"),
                                        entry("XB", "R5", "M2", "partly"),
                                        entry("XA", "R5", "M1", "completed"),
                                        entry("XA", "R4", "M2", "started")});
    REQUIRE(report.sheets.size() == 2);
    CHECK(report.sheets[0].country == "XA");
    REQUIRE(report.sheets[1].entries.size() == 2);
    CHECK(report.sheets[1].entries[0].measure == "M2");  // not by letters: M10 comes later
    CHECK(report.sheets[1].entries[1].measure == "M10");
    CHECK(report.sheets[0].missing.size() == 13);
    CHECK(std::ranges::find(report.sheets[0].missing, "M2") != report.sheets[0].missing.end());
    CHECK(report.moves.empty());  // nothing to compare with
}

TEST_CASE("how many countries stand where") {
    auto const report = tracker_report("R5",
                                       "",
                                       "",
                                       {entry("XA", "R5", "M2", "partly"),
                                        entry("XB", "R5", "M2", "partly"),
                                        entry("XC", "R5", "M2", "completed"),
                                        entry("XC", "R5", "M3", "")});
    CHECK(report.distribution.at("M2") ==
          std::map<std::string, int>{{"completed", 1}, {"partly", 2}});
    CHECK_FALSE(report.distribution.contains("M3"));  // no status stated
}

TEST_CASE("what moved since the meeting before, with its proof") {
    auto const report = tracker_report("R5",
                                       "R4",
                                       "XA",
                                       {entry("XA", "R4", "M1", "completed"),
                                        entry("XA", "R4", "M2", "started"),
                                        entry("XA", "R5", "M1", "completed"),
                                        entry("XA", "R5", "M2", "mostly"),
                                        entry("XA", "R5", "M3", "started")});
    REQUIRE(report.moves.size() == 2);
    CHECK(report.moves[0].measure == "M2");
    CHECK(report.moves[0].before == "started");
    CHECK(report.moves[0].after == "mostly");
    CHECK(report.moves[0].evidence.at(0).ref == "Law 1");
    CHECK(report.moves[1].measure == "M3");
    CHECK(report.moves[1].before.empty());
}

TEST_CASE("of two entries of one country and measure the newer counts, once") {
    auto const report = tracker_report(
        "R5", "", "XA", {entry("XA", "R5", "M2", "started"), entry("XA", "R5", "M2", "partly")});
    REQUIRE(report.sheets.at(0).entries.size() == 1);
    CHECK(report.sheets[0].entries[0].status == "partly");
    CHECK(report.distribution.at("M2") == std::map<std::string, int>{{"partly", 1}});
}
