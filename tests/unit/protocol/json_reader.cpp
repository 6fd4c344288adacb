#include "protocol/json_reader.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "protocol/object_reader.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

// "pointer code" of each violation, in order.
std::vector<std::string> faults_of(Problem const& problem) {
    std::vector<std::string> all;
    for (auto const& violation : problem.violations()) {
        all.push_back(violation.pointer + " " + violation.code);
    }
    return all;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("texts that are not JSON are malformed, with place and pointer") {
    struct Row {
        std::string text;
        std::string fault;
    };
    std::string deep_ok(32, '[');
    deep_ok += std::string(32, ']');
    std::string deep_bad(33, '[');
    deep_bad += std::string(33, ']');
    for (Row const& row : {
             Row{"", " body_missing"},
             Row{" \n\t ", " body_missing"},
             Row{"{", " json_incomplete"},
             Row{"{\"a\":[1,", "/a/1 json_incomplete"},
             Row{"{\"a\":1}x", " json_extra_data"},
             Row{"{\"a\":1} {}", " json_extra_data"},
             Row{"{'a':1}", " json_syntax"},
             Row{"{\"a\":01}", "/a json_syntax"},
             Row{"{\"a\":1,}", "/a json_syntax"},
             Row{"// c\n{}", " json_syntax"},
             Row{"NaN", " json_syntax"},
             Row{"\xEF\xBB\xBF{}", " json_syntax"},
             Row{"{\"a\":\"\xFF\"}", "/a json_not_utf8"},
             Row{"{\"a\":\"\xC0\xAF\"}", "/a json_not_utf8"},
             Row{"{\"a\":\"\xED\xA0\x80\"}", "/a json_not_utf8"},
             Row{"{\"a\":\"\\ud800\"}", "/a json_syntax"},
             Row{"{\"a\":\"\n\"}", "/a json_syntax"},
             Row{deep_bad, std::string()},
         }) {
        CAPTURE(row.text);
        auto const read = parse_json(row.text);
        REQUIRE(read.has_error());
        CHECK(read.error().code() == ProblemCode::malformed_json);
        REQUIRE(read.error().violations().size() == 1);
        if (!row.fault.empty()) {
            CHECK(faults_of(read.error()).front() == row.fault);
        } else {
            CHECK(read.error().violations().front().code == "json_too_deep");
        }
    }
    CHECK(parse_json(deep_ok).has_value());
    auto const read = parse_json("{\n  \"a\": tru\n}");
    REQUIRE(read.has_error());
    CHECK(read.error().violations().front().params.at(0) == "2");
}

TEST_CASE("what the grammar allows and a record must not hold is refused by name") {
    struct Row {
        std::string text;
        Faults faults;
    };
    for (Row const& row : {
             Row{R"({"a":1,"a":2})", {"/a duplicate_member"}},
             Row{R"({"a":1,"\u0061":2})", {"/a duplicate_member"}},
             Row{R"({"x":{"b":1,"c":0,"b":2},"y":1})", {"/x/b duplicate_member"}},
             Row{R"([0,{"b":1,"b":2}])", {"/1/b duplicate_member"}},
             Row{R"({"a/b":1,"a~b":{"z":1,"z":1},"a/b":2})",
                 {"/a~0b/z duplicate_member", "/a~1b duplicate_member"}},
             Row{R"({"":1,"":2})", {"/ duplicate_member"}},
             Row{R"({"a":"x\u0000y"})", {"/a control_character"}},
             Row{R"({"a":["ok","\u001b[0m"]})", {"/a/1 control_character"}},
             Row{R"({"a":"\r\n"})", {"/a control_character"}},
             Row{R"({"a":"\u0085"})", {"/a control_character"}},
             Row{"{\"a\":\"\xC2\x9F\"}", {"/a control_character"}},
             Row{R"({"a":"\u007f"})", {"/a control_character"}},
             Row{R"({"n\u0000":1})", {std::string("/n\0 control_character", 21)}},
             Row{R"({"a":18446744073709551616})", {"/a integer_too_large"}},
             Row{R"({"a":-9223372036854775809})", {"/a integer_too_large"}},
             Row{R"({"a":1e309})", {"/a number_not_finite"}},
             Row{R"({"a":-1e999,"b":[1e400]})", {"/a number_not_finite", "/b/0 number_not_finite"}},
         }) {
        CAPTURE(row.text);
        auto const read = parse_json(row.text);
        REQUIRE(read.has_error());
        CHECK(read.error().code() == ProblemCode::validation_failed);
        CHECK(faults_of(read.error()) == row.faults);
    }
}

TEST_CASE("ordinary texts are read as they stand") {
    for (std::string_view const text : {
             R"({"a":"tab\tline\nñ – 😀","b":[1,-2,18446744073709551615,0.5,true,null]})",
             R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})",
             R"("text")",
             R"([])",
         }) {
        CAPTURE(text);
        auto const read = parse_json(text);
        REQUIRE(read.has_value());
        auto const again = parse_json(boost::json::serialize(*read));
        REQUIRE(again.has_value());
        CHECK(*again == *read);
    }
}

TEST_CASE("repeated names are found among many and in parts of any length") {
    std::string text = "{";
    for (int i = 0; i < 5000; ++i) {
        text += "\"name" + std::to_string(i) + "\":0,";
    }
    CHECK(parse_json(text + "\"other\":1}").has_value());
    auto const read = parse_json(text + "\"name7\":1,\"name7\":2,\"name4999\":1}");
    REQUIRE(read.has_error());
    CHECK(faults_of(read.error()) ==
          Faults{"/name4999 duplicate_member", "/name7 duplicate_member"});

    std::string const long_name(20000, 'n');
    auto const long_read = parse_json("{\"" + long_name + "\":1,\"" + long_name + "\":1}");
    REQUIRE(long_read.has_error());
    CHECK(long_read.error().violations().front().pointer == "/" + long_name.substr(0, 100));

    std::string many = "[";
    for (int i = 0; i < 500; ++i) {
        many += "{\"a\":1,\"a\":1},";
    }
    auto const capped = parse_json(many + "0]");
    REQUIRE(capped.has_error());
    CHECK(capped.error().violations().size() == kMaxViolations);
}
