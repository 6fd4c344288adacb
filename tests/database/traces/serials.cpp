// Searching for serial numbers and deciding on matches: who finds what, and what a pointer tells.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/database/traces/trace_world.hpp"

using namespace rastro;
using test_support::request_body;
using test_support::TraceWorld;
namespace json = boost::json;

namespace {

std::string firearm(std::string_view serial,
                    std::string_view make = "Glock GmbH",
                    std::string_view day = "2026-03-04") {
    return R"({"firearm":{"serial_raw":")" + std::string(serial) +
           R"(","serial_condition":"clear","make_text":")" + std::string(make) +
           R"(","type_code":"pistol","calibre_text":"9x19","model_text":"N17","origin_country":"XC",)" +
           R"("import_country":"XB","importer_mark_absent":true},"recovery":{"recovered_on":")" +
           std::string(day) + R"(","country":"XA","area":"North"},"agency_case_no":")" +
           std::string(serial) + "/" + std::string(day) + R"("})";
}

std::string search(std::string_view serial, std::string_view more = "") {
    return R"({"serial":")" + std::string(serial) +
           R"(","make_text":"Glock GmbH","calibre_text":"9 mm Luger","type_code":"pistol")" +
           std::string(more) + "}";
}

std::string with_case(std::string const& id) {
    return R"(,"case_id":")" + id + R"(")";
}

// "NUMBER band score" is too much to write: serial and band of each hit.
std::vector<std::string> found(test_support::Seen const& seen) {
    std::vector<std::string> hits;
    for (auto const& hit : seen.document.at("items").as_array()) {
        hits.push_back(std::string(hit.at("firearm").at("serial_raw").as_string()) + " " +
                       std::string(hit.at("band").as_string()));
    }
    return hits;
}

using Texts = std::vector<std::string>;

struct World : TraceWorld {
    World() : TraceWorld(true) {}

    std::string sent(cases::Actor const& actor, std::string const& more) {
        auto const id = create(actor, request_body(more));
        act(actor, "trace_submit", id);
        return id;
    }
    test_support::Seen searched(cases::Actor const& actor, std::string const& body) {
        return did(actor, {.operation = "serial_search", .body = body});
    }
};

}  // namespace

TEST_CASE("a search finds what is, looks like or was misread as the serial, and says why") {
    World world;
    for (auto const* serial : {"NAB51042", "NA8SIO42", "NBA51042", "NAB51043", "ZZ99887"}) {
        world.create(world.author, request_body(firearm(serial)));
    }
    world.create(world.author, request_body(firearm("NAB51042", "Colt")));
    auto const seen = world.searched(world.colleague, search("NAB51042"));
    CHECK(found(seen) == Texts{"NAB51042 MATCH_STRONG", "NA8SIO42 MATCH_STRONG"});
    CHECK(seen.text("/items/0/score") == "94");
    CHECK(seen.text("/items/1/score") == "86");
    CHECK(seen.text("/items/1/fields/0/rule") == "serial_look_alike");
    CHECK(seen.text("/items/0/recovery_country") == "XA");
    CHECK(seen.text("/not_shown") == "3");  // another maker, exchanged letters, the next number
    CHECK(seen.text("/capped") == "false");
    CHECK(seen.audit.groups == Texts{"G0", "G1", "G2"});
    CHECK(seen.audit.detail.starts_with("serial NAB51042"));

    auto const all = world.searched(world.colleague, search("NAB51042", R"(,"show_weak":true)"));
    CHECK(found(all) == Texts{"NAB51042 MATCH_STRONG",
                              "NA8SIO42 MATCH_STRONG",
                              "NBA51042 MATCH_WEAK",
                              "NAB51042 MATCH_WEAK",
                              "NAB51043 NEIGHBOUR"});
    CHECK(found(world.searched(world.colleague, search("NAB?10*"))).size() == 3);
    CHECK(found(world.searched(world.colleague, search("NAB?1?42"))).front() ==
          "NAB51042 MATCH_POSSIBLE");
    CHECK(found(world.searched(world.colleague, search("*{7Z}99887"))) ==
          Texts{"ZZ99887 MATCH_POSSIBLE"});
    // The description as it stands now counts, not what it was corrected from.
    auto const id = world.sent(world.author, firearm("QW77001"));
    world.act(
        world.author,
        "trace_describe",
        id,
        R"({"serial_raw":"QX77001","serial_condition":"clear","make_text":"Glock GmbH",)"
        R"("type_code":"pistol","calibre_text":"9x19","model_text":"N17","origin_country":"XC",)"
        R"("import_country":"XB","importer_mark_absent":true})");
    CHECK(found(world.searched(world.colleague, search("QW77001"))).empty());
    CHECK(found(world.searched(world.colleague, search("QX77001"))).size() == 1);
}

TEST_CASE("a query is refused with what is wrong with it") {
    World world;
    auto const refused = [&](std::string const& body) {
        return world.refused(world.author, {.operation = "serial_search", .body = body});
    };
    CHECK(refused(R"({"serial":"A?1*"})") == "validation-failed /serial serial_query_few_known");
    CHECK(refused(R"({"serial":"AB?45*"})") ==
          "validation-failed /make_text serial_query_make_or_calibre");
    CHECK(refused(R"({"serial":"AB?45*","calibre_text":"something"})") ==
          "validation-failed /make_text serial_query_make_or_calibre");
    CHECK(refused(R"({"serial":"OBLITERATED"})") ==
          "validation-failed /serial serial_query_placeholder");
    CHECK(refused(R"({"serial":"AB12345","calibre_id":"none"})") ==
          "validation-failed /calibre_id unknown_code");
    auto const foreign = world.create(world.stranger, request_body(firearm("AB12345")));
    CHECK(refused(R"({"serial":"AB12345","case_id":")" + foreign + R"("})") ==
          "validation-failed /case_id unknown_request");
}

TEST_CASE("who was asked finds what was shared; a stranger finds nothing and learns nothing") {
    World world;
    auto const id = world.sent(world.author, firearm("NAB51042"));
    auto const asked = world.searched(world.baltora_analyst, search("NAB51042"));
    CHECK(found(asked) == Texts{"NAB51042 MATCH_STRONG"});
    CHECK(asked.text("/items/0/case_id") == id);
    CHECK_FALSE(asked.has("/items/0/recovery_country"));
    auto const hidden = world.create(
        world.author,
        request_body(firearm("HID12345").insert(1, R"("shared_groups":["G0","G8","G9"],)")));
    world.act(world.author, "trace_submit", hidden);
    auto const blind =
        world.searched(world.baltora_analyst, search("HID12345", R"(,"show_weak":true)"));
    CHECK(found(blind).empty());  // G1 is not shared
    CHECK(blind.text("/not_shown") == "0");
    auto const nothing = world.searched(world.stranger, search("NAB51042", R"(,"show_weak":true)"));
    CHECK(found(nothing).empty());
    CHECK(nothing.count("/pointers") == 0);
    CHECK(nothing.text("/not_shown") == "0");
}

TEST_CASE("a search for an own request points at strong matches of others, and both sides know") {
    World world;
    auto const theirs = world.sent(world.author, firearm("NAB51042"));
    world.create(world.author, request_body(firearm("NAB51O42")));  // a draft is nobody's business
    auto const sensitive = world.create(
        world.author, request_body(firearm("NABS1042").insert(1, R"("sensitive":true,)")));
    world.act(world.author, "trace_submit", sensitive);
    auto const restricted = world.create(
        world.author,
        request_body(
            firearm("NABSI042").insert(1, R"("handling_code":"H3","handling_text":"Ask first",)")));
    world.act(world.author, "trace_submit", restricted);
    auto const mine = world.create(world.stranger, request_body(firearm("NAB51042")));
    auto const body = search("NAB51042", with_case(mine));
    auto const seen = world.searched(world.stranger, body);
    CHECK(found(seen).empty());
    REQUIRE(seen.count("/pointers") == 1);
    auto const& pointer = seen.document.at("pointers").as_array().at(0).as_object();
    CHECK(seen.text("/pointers/0/agency") == world.police);
    CHECK(seen.text("/pointers/0/agreeing") == R"(["serial","make","calibre","type"])");
    std::set<std::string> members;
    for (auto const& member : pointer) {
        members.insert(std::string(member.key()));
    }
    CHECK(members == std::set<std::string>{"match_id",
                                           "kind",
                                           "country",
                                           "band",
                                           "agreeing",
                                           "agency",
                                           "agency_name",
                                           "handling_code"});
    CHECK(seen.reply.body.find(theirs) == std::string::npos);

    // The same again is the same pointer, and the other side is told once.
    auto const again = world.searched(world.stranger, body);
    CHECK(again.text("/pointers/0/match_id") == seen.text("/pointers/0/match_id"));
    CHECK(world.messages(world.police, theirs).back() == "match.found");
    auto const listed = world.did(world.supervisor, {.operation = "match_list"});
    REQUIRE(listed.count("/items") == 1);
    CHECK(listed.text("/items/0/match_id") == seen.text("/pointers/0/match_id"));
    CHECK(listed.text("/items/0/older/case_id") == theirs);
    CHECK(listed.text("/items/0/newer/agency") == world.stranger_in);
    CHECK_FALSE(listed.has("/items/0/newer/case_id"));
    CHECK_FALSE(listed.has("/items/0/fields"));
    CHECK(listed.text("/items/0/you_decide") == "false");
    CHECK(world.did(world.baltora_supervisor, {.operation = "match_list"}).count("/items") == 0);

    // With unknown characters not without the maker; without an own request never.
    CHECK(world.searched(world.stranger, search("NAB?1042", with_case(mine))).count("/pointers") ==
          0);  // a possible match waits for an analyst, it is no pointer
    CHECK(world.searched(world.stranger, search("NAB51042")).count("/pointers") == 0);
    // A weaker likeness gives no pointer either.
    CHECK(world
              .searched(
                  world.stranger,
                  R"({"serial":"NAB51042","make_text":"Glock GmbH","case_id":")" + mine + R"("})")
              .count("/pointers") == 0);
}

TEST_CASE("a match is confirmed by a person who compared all that both sides state") {
    World world;
    auto const older = world.sent(world.author, firearm("NAB51042", "Glock GmbH", "2026-02-01"));
    auto const newer = world.sent(world.author, firearm("NAB51O42"));
    auto const note = R"({"case_id":")" + newer + R"(","other_case_id":")" + older + R"("})";
    auto const noted = world.did(world.colleague, {.operation = "match_note", .body = note});
    CHECK(noted.text("/kind") == "repeat_recovery");
    CHECK(noted.text("/high_priority") == "true");
    CHECK(noted.text("/band") == "MATCH_STRONG");
    CHECK(noted.text("/fields/0/rule") == "serial_look_alike");
    CHECK(noted.text("/you_decide") == "true");
    CHECK(world.refused(world.colleague, {.operation = "match_note", .body = note}) == "duplicate");
    auto const reversed = R"({"case_id":")" + older + R"(","other_case_id":")" + newer + R"("})";
    CHECK(world.refused(world.colleague, {.operation = "match_note", .body = reversed}) ==
          "duplicate");
    auto const foreign = world.create(world.stranger, request_body(firearm("NAB51042")));
    CHECK(world.refused(world.colleague,
                        {.operation = "match_note",
                         .body = R"({"case_id":")" + newer + R"(","other_case_id":")" + foreign +
                                 R"("})"}) == "validation-failed /other_case_id unknown_request");

    auto const id = noted.text("/match_id");
    auto const decide = [&](std::string const& body) {
        return test_support::Asked{.operation = "match_decide", .id = id, .body = body};
    };
    auto const complete =
        R"({"decision":"confirmed","compared":["serial","make","calibre","type","model",)"
        R"("import_country"],"text":"Same firearm, given back in March"})";
    CHECK(world.refused(world.colleague, decide(complete)) == "forbidden");  // no analyst
    CHECK(world.refused(world.stranger, decide(complete)) == "not-found");
    CHECK(world.refused(world.supervisor,
                        decide(R"({"decision":"confirmed","compared":["serial","make"]})")) ==
          "validation-failed /compared match_compare_all");
    auto const decided = world.did(world.supervisor, decide(complete));
    CHECK(decided.text("/state") == "confirmed");
    CHECK(decided.text("/decided_by") == world.supervisor.id);
    CHECK(decided.audit.object_id == id);
    CHECK(world.messages(world.police, newer).back() == "match.confirmed");
    CHECK(world.refused(world.supervisor, decide(R"({"decision":"rejected"})")) == "conflict");
    // High priority: the national contact of the country knows of it now, and whom to ask.
    auto const told = world.did(world.approver, {.operation = "match_list"});
    REQUIRE(told.count("/items") == 1);
    CHECK(told.text("/items/0/newer/agency") == world.police);
    CHECK_FALSE(told.has("/items/0/newer/case_id"));
    CHECK_FALSE(told.has("/items/0/decided_by"));
}
