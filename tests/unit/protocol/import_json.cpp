#include "protocol/import_json.hpp"

#include <doctest/doctest.h>

#include "common/text.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

std::string const kSha(64, 'a');

std::vector<std::string> faults_of(Problem const& problem) {
    std::vector<std::string> faults;
    for (auto const& violation : problem.violations()) {
        faults.push_back(violation.pointer + " " + violation.code);
    }
    return faults;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("what all requests of a file share is read like a request, and kept and read again") {
    auto const start = read_import_start(
        R"({"file_sha256":")" + kSha +
        R"(","profile":"court-case","common":{"legal_basis":"CIFTA",)" +
        R"("recipients":[{"country":"XB"}],"priority":"urgent","urgent_ground":"terrorism"}})");
    REQUIRE(start.has_value());
    CHECK(start->common.legal_basis == "CIFTA");
    CHECK(start->common.priority == cases::Priority::urgent);
    auto const stored = write_import_common(start->common);
    auto const again = read_import_common(stored);
    REQUIRE(again.has_value());
    CHECK(write_import_common(*again) == stored);

    auto const refused = read_import_start(
        R"({"file_sha256":")" + kSha +
        R"(","profile":"court-case","common":{"firearm":{},"offence_code":"none_such"}})");
    REQUIRE_FALSE(refused.has_value());
    CHECK(faults_of(refused.error()) ==
          Faults{"/common/firearm unknown_member", "/common/offence_code unknown_code"});
}

TEST_CASE("cells are taken as they are; null stands for one that JSON text may not hold") {
    auto const rows = read_import_rows(
        R"({"columns":["a","b"],"rows":[{"line":2,"cells":["x\ny",null]},{"line":3,"cells":[""]}]})");
    REQUIRE(rows.has_value());
    CHECK(rows->rows[0].cells[0] == "x\ny");
    CHECK(has_control_characters(rows->rows[0].cells[1]));
    CHECK(rows->rows[1].cells == std::vector<std::string>{""});

    auto const refused = read_import_rows(
        R"({"columns":["a"],"rows":[{"line":2,"cells":[1]},{"line":2,"cells":[]},{"line":4}]})");
    REQUIRE_FALSE(refused.has_value());
    CHECK(faults_of(refused.error()) == Faults{"/rows/0/cells/0 wrong_type",
                                               "/rows/1/cells too_few_items",
                                               "/rows/2/cells missing_member"});
    auto const twice = read_import_rows(
        R"({"columns":["a"],"rows":[{"line":2,"cells":["1"]},{"line":2,"cells":["2"]}]})");
    REQUIRE_FALSE(twice.has_value());
    CHECK(faults_of(twice.error()) == Faults{"/rows/1/line repeated_item"});
}

TEST_CASE("notes and missing members of a row are kept and told again as they were") {
    ImportRowResult result;
    result.line = 7;
    result.result = "draft";
    result.notes = {
        {.column = 2,
         .field = "make",
         .verdict = "review",
         .reason = "make_not_in_list",
         .suggestions = {"glock"}},
        {.column = 5, .field = "serial", .verdict = "accepted", .reason = {}, .suggestions = {}}};
    result.missing = {{"/recipients/0", "no_route", {"AT"}}};
    ImportRowResult read;
    read.line = 7;
    read.result = "draft";
    REQUIRE(read_import_account(write_import_account(result), read).has_value());
    CHECK(write_import_results({read}, "") == write_import_results({result}, ""));
}
