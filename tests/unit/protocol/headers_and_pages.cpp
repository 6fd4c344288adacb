#include <doctest/doctest.h>

#include "protocol/header_fields.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/paging.hpp"
#include "protocol/traceparent.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

constexpr std::string_view kKnown[] = {"limit", "after", "state", "q"};

std::string fault(Problem const& problem) {
    std::string all;
    for (auto const& violation : problem.violations()) {
        all += violation.pointer + " " + violation.code + ";";
    }
    return all;
}

template <class T>
std::string fault_of(Outcome<T> const& outcome) {
    return outcome.has_value() ? std::string("none") : fault(outcome.error());
}

}  // namespace

TEST_CASE("query strings are decoded once and closed") {
    auto const read = parse_query("q=%C3%B1+x&state=OPEN&limit=", kKnown);
    REQUIRE(read.has_value());
    CHECK(read->at("q") == "ñ x");
    CHECK(read->at("state") == "OPEN");
    CHECK(read->size() == 2);
    CHECK(parse_query("", kKnown).value().empty());

    CHECK(fault_of(parse_query("q=1&q=2&x=3&after=%00", kKnown)) ==
          "query:/q duplicate_member;query:/x unknown_member;query:/after control_character;");
    CHECK(fault_of(parse_query("q=%FF", kKnown)) == "query:/q not_utf8;");
    CHECK(fault_of(parse_query("q=%zz", kKnown)) == "query: malformed_query;");
    CHECK(fault_of(parse_query("q=%252e", kKnown)) == "none");
    CHECK(parse_query("q=%252e", kKnown).value().at("q") == "%2e");
    std::string many = "q=1";
    for (int i = 0; i < 40; ++i) {
        many += "&q=1";
    }
    CHECK(fault_of(parse_query(many, kKnown)) == "query: too_many_items;");
}

TEST_CASE("page sizes are capped, never refused for being large") {
    CHECK(page_size({}).value() == 50);
    CHECK(page_size({{"limit", "1"}}).value() == 1);
    CHECK(page_size({{"limit", "1000000000"}}).value() == 200);
    for (std::string_view const bad : {"0", "-1", "1.0", "x", "99999999999999999999"}) {
        CHECK(fault_of(page_size({{"limit", std::string(bad)}})) == "query:/limit out_of_range;");
    }
}

TEST_CASE("a cursor leads back to its key and nothing else is taken for one") {
    KeyPart const shape[] = {KeyPart::integer, KeyPart::uuid, KeyPart::text};
    std::vector<std::string> const key{
        "1795500000000000", "01890a5d-ac96-774b-bcce-b302099a8057", "Müller"};
    auto const cursor = encode_cursor("trace_list", key);
    CHECK(decode_cursor(cursor, "trace_list", shape) == key);
    CHECK(!decode_cursor(cursor, "inbox", shape));
    CHECK(!decode_cursor(cursor, "trace_list", std::span(shape).first(2)));
    KeyPart const other[] = {KeyPart::integer, KeyPart::integer, KeyPart::text};
    CHECK(!decode_cursor(cursor, "trace_list", other));
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        auto changed = cursor;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK(!decode_cursor(changed, "trace_list", shape));
        CHECK(!decode_cursor(cursor.substr(0, i), "trace_list", shape));
    }
    CHECK(!decode_cursor(std::string(5000, 'A'), "trace_list", shape));

    CHECK(page_start({}, "trace_list", shape).value().empty());
    CHECK(page_start({{"after", cursor}}, "trace_list", shape).value() == key);
    CHECK(fault_of(page_start({{"after", "x"}}, "trace_list", shape)) ==
          "query:/after format_cursor;");

    CHECK(next_link("/v1/inbox", {{"after", "old"}, {"q", "ñ &"}}, "new") ==
          "</v1/inbox?after=new&q=%C3%B1%20%26>; rel=\"next\"");
}

TEST_CASE("entity tags and If-Match") {
    CHECK(format_etag(7) == "\"7\"");
    CHECK(parse_if_match("\"7\"").value() == 7);
    CHECK(parse_if_match("").error().code() == ProblemCode::precondition_required);
    for (std::string_view const bad : {"7",
                                       "*",
                                       "W/\"7\"",
                                       "\"7\", \"8\"",
                                       "\"\"",
                                       "\"0\"",
                                       "\"07\"",
                                       "\"-1\"",
                                       "\"99999999999\"",
                                       "\"x\""}) {
        CAPTURE(bad);
        CHECK(fault_of(parse_if_match(bad)) == "header:/if-match format_if_match;");
    }
}

TEST_CASE("idempotency keys, quoted or bare") {
    CHECK(parse_idempotency_key("\"a b\\\"c\"").value() == "a b\"c");
    CHECK(parse_idempotency_key("8e03978e-40d5").value() == "8e03978e-40d5");
    CHECK(parse_idempotency_key(std::string(255, 'k')).value().size() == 255);
    CHECK(parse_idempotency_key("  ").error().code() == ProblemCode::idempotency_key_required);
    std::string const too_long(256, 'k');
    for (std::string_view const bad : {"\"\"",
                                       "\"",
                                       "\"a",
                                       "\"a\"b\"",
                                       "\"a\\x\"",
                                       "\"a\\\"",
                                       "\" a\"",
                                       "ñ",
                                       too_long.c_str()}) {
        CAPTURE(bad);
        CHECK(fault_of(parse_idempotency_key(bad)) ==
              "header:/idempotency-key format_idempotency_key;");
    }
}

TEST_CASE("preferences and media types") {
    auto const prefer =
        parse_prefer("Respond-Async, wait=10; x=1, count=\"estimated\", wait=99, ,z");
    CHECK(prefer.respond_async);
    CHECK(prefer.count_estimated);
    CHECK(prefer.wait_s == 10U);
    CHECK(!parse_prefer("count=exact, wait=-1").count_estimated);
    CHECK(!parse_prefer("wait=-1").wait_s);
    CHECK(media_type("Application/JSON; charset=UTF-8") == "application/json");
    CHECK(media_type("application/json") == "application/json");
    CHECK(media_type("application/json; charset=\"latin1\"").empty());
    CHECK(media_type("").empty());
}

TEST_CASE("traceparent by the examples and traps of the recommendation") {
    std::string const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    auto const parent = parse_traceparent(good);
    REQUIRE(parent);
    CHECK(parent->to_string() == good);
    CHECK(parent->trace_id_text() == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(parse_traceparent("cc" + good.substr(2) + "-what-comes-later"));
    for (std::string const& bad :
         {std::string(),
          good.substr(1),
          good + "-x",
          good + "0",
          "ff" + good.substr(2),
          "cc" + good.substr(2) + "x",
          std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
          std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
          std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
          std::string("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01")}) {
        CAPTURE(bad);
        CHECK(!parse_traceparent(bad));
    }
    auto const next = trace_for(good);
    CHECK(next.trace_id == parent->trace_id);
    CHECK(next.parent_id != parent->parent_id);
    auto const fresh = trace_for("nonsense");
    CHECK(parse_traceparent(fresh.to_string()) == fresh);
    CHECK(fresh.trace_id != parent->trace_id);
}

TEST_CASE("written JSON reads back") {
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.text("name", "a\"b\\c\nd\te ñ \x01\x7f");
    writer.text_if("absent", "");
    writer.integer("n", -5);
    writer.number("x", 0.1);
    writer.boolean("b", true);
    writer.texts("list", std::vector<std::string>{"x", "y"});
    writer.begin_array("objects");
    writer.begin_object();
    writer.integer("i", 1);
    writer.end_object();
    writer.begin_object();
    writer.end_object();
    writer.end_array();
    writer.time("at", Instant{});
    writer.date("on", Date{std::chrono::year{2026}, std::chrono::month{5}, std::chrono::day{14}});
    writer.raw("raw", "{\"k\":null}");
    writer.end_object();
    CHECK(out ==
          R"({"name":"a\"b\\c\nd\te ñ \u0001\u007f","n":-5,"x":0.1,"b":true,"list":["x","y"],)"
          R"("objects":[{"i":1},{}],"at":"1970-01-01T00:00:00.000000Z","on":"2026-05-14",)"
          R"("raw":{"k":null}})");
}
