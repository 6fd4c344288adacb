// Who sees what of a request: read, list, timeline, descriptions; a stranger nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/database/traces/trace_world.hpp"

using namespace rastro;
using test_support::request_body;
using test_support::TraceWorld;

TEST_CASE("for a stranger no request exists, whatever is done to it") {
    TraceWorld world(true);
    auto const id = world.create(world.author, request_body());
    world.act(world.author, "trace_submit", id);
    auto const reason = std::string(R"({"text":"x"})");
    for (auto const& asked : std::vector<test_support::Asked>{
             {.operation = "trace_read", .id = id},
             {.operation = "trace_timeline", .id = id},
             {.operation = "trace_descriptions", .id = id},
             {.operation = "trace_submit", .id = id, .version = 2},
             {.operation = "trace_approve", .id = id, .version = 2},
             {.operation = "trace_return", .id = id, .body = reason, .version = 2},
             {.operation = "trace_withdraw", .id = id, .body = reason, .version = 2},
             {.operation = "trace_reopen", .id = id, .body = reason, .version = 2},
             {.operation = "trace_change", .id = id, .body = "{}", .version = 2},
             {.operation = "trace_add_leg", .id = id, .body = R"({"country":"XC"})", .version = 2},
             {.operation = "trace_close",
             .id = id,
             .body = R"({"outcome_code":"refused"})",
             .version = 2},
             {.operation = "trace_handling",
             .id = id,
             .body = R"({"handling_code":"H2"})",
             .version = 2}}) {
        CAPTURE(asked.operation);
        CHECK(world.refused(world.stranger, asked) == "not-found");
        // A case that is not there gives the same answer.
        auto absent = asked;
        absent.id = CaseId::generate().to_string();
        CHECK(world.refused(world.stranger, absent) == "not-found");
    }
    CHECK(world.did(world.stranger, {.operation = "trace_list"}).count("/items") == 0);
}

TEST_CASE("the asked agency sees the groups that the owner shares, and no other leg") {
    TraceWorld world(true);
    auto const id = world.create(
        world.author,
        request_body(R"({"recipients":[{"country":"XB"},{"country":"XC"}],"sensitive":true,
            "shared_groups":["G0","G2","G8","G9"],"possessor":{"family_name":"Doe"},
            "requester_name":"Ana","badge_no":"17"})"));
    CHECK(world.act(world.author, "trace_submit", id).count("/legs") == 2);
    auto const seen = world.read(world.baltora_analyst, id);
    CHECK(seen.count("/legs") == 1);
    CHECK(seen.text("/legs/0/asked_agency") == world.baltora);
    CHECK_FALSE(seen.has("/content/firearm/serial_raw"));  // G1 is not shared
    CHECK(seen.text("/content/firearm/make_text") == "North Arms");
    CHECK(seen.text("/content/recovery/area") == "North");
    CHECK_FALSE(seen.has("/content/recovery/place"));
    CHECK_FALSE(seen.has("/content/possessor"));
    CHECK_FALSE(seen.has("/content/requester_name"));  // masked
    CHECK_FALSE(seen.has("/content/recipients"));
    CHECK_FALSE(seen.has("/author"));
    CHECK(seen.audit.groups == std::vector<std::string>{"G0", "G2", "G8", "G9"});
    auto const described =
        world.did(world.baltora_analyst, {.operation = "trace_descriptions", .id = id});
    CHECK_FALSE(described.has("/items/0/firearm/serial_raw"));
    CHECK(described.audit.groups == std::vector<std::string>{"G0"});
    auto const own = world.read(world.colleague, id);
    CHECK(own.text("/content/possessor/family_name") == "Doe");
    CHECK(own.text("/content/requester_name") == "Ana");
}

TEST_CASE("who was asked by a forward sees what may be passed on, on every path") {
    TraceWorld world(true);
    auto const id = world.create(world.author, request_body(R"({"forward_consent":true})"));
    world.act(world.author, "trace_submit", id);
    world.take_up(world.baltora_analyst, world.baltora_supervisor, id);
    auto const forwarded = world.act_on_leg(
        world.baltora_analyst, "leg_forward", id, R"({"country":"XC","text":"sold there"})");
    CHECK(forwarded.text("/state") == "FORWARDED");
    auto const seen = world.read(world.corvania_analyst, id);
    CHECK(seen.text("/legs/0/path") == R"(["XB","XC"])");
    CHECK(seen.text("/content/firearm/serial_raw") == "AB123456");
    CHECK_FALSE(seen.has("/content/recovery/country"));
    CHECK_FALSE(seen.has("/content/agency_case_no"));
    CHECK(world.read(world.baltora_analyst, id).text("/content/recovery/country") == "XA");
}

TEST_CASE("the timeline is cut to what each side may see, page by page") {
    TraceWorld world(true);
    auto const id = world.create(
        world.author, request_body(R"({"recipients":[{"country":"XB"},{"country":"XC"}]})"));
    world.act(world.author, "trace_submit", id);
    world.take_up(world.baltora_analyst, world.baltora_supervisor, id);
    // An answer with a purchaser waits for its second person: the asked agency's own affair.
    world.act_on_leg(
        world.baltora_analyst,
        "leg_answer",
        id,
        R"({"kind":"full","outcome_code":"purchaser_identified","chain":[)"
        R"({"role":"manufacturer","party_name":"N","party_country":"XB","disposed_on":"2019-03"},)"
        R"({"role":"retailer","party_name":"P","party_country":"XB","received_on":"2019-04",)"
        R"("disposed_on":"2019-06-02"},)"
        R"({"role":"purchaser","party_name":"J","party_country":"XB","received_on":"2019-06-02"}]})");
    auto const events = [&](cases::Actor const& actor) {
        auto const seen = world.did(actor, {.operation = "trace_timeline", .id = id});
        std::multiset<std::string> found;
        for (std::size_t i = 0; i < seen.count("/items"); ++i) {
            found.insert(seen.text("/items/" + std::to_string(i) + "/event"));
        }
        return found;
    };
    auto const owner = events(world.author);
    CHECK(owner == std::multiset<std::string>{"create",
                                              "submit",
                                              "auto_approve",
                                              "route",
                                              "route",
                                              "leg_routed",
                                              "receipt",
                                              "receipt",
                                              "acknowledge",
                                              "assign"});
    CHECK(events(world.baltora_analyst) ==
          std::multiset<std::string>{"route", "receipt", "acknowledge", "assign", "hold_answer"});
    CHECK(events(world.corvania_analyst) == std::multiset<std::string>{"route", "receipt"});

    std::vector<std::string> seen;
    std::string after;
    do {
        test_support::Asked page{.operation = "trace_timeline", .id = id};
        page.query = {{"limit", "3"}};
        if (!after.empty()) {
            page.query["after"] = after;
        }
        auto const part = world.did(world.author, page);
        CHECK(part.count("/items") <= 3);
        for (std::size_t i = 0; i < part.count("/items"); ++i) {
            seen.push_back(part.text("/items/" + std::to_string(i) + "/event_id"));
        }
        after = part.text("/next");
    } while (!after.empty());
    CHECK(seen.size() == owner.size());
    CHECK(std::ranges::is_sorted(seen));
}

TEST_CASE("the list: newest first, page by page, filtered, cut to what the role may see") {
    TraceWorld world(true);
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(world.create(
            world.author, request_body(R"({"agency_case_no":"no )" + std::to_string(i) + "\"}")));
    }
    world.act(world.author, "trace_submit", ids[1]);
    auto const list = [&](cases::Actor const& actor,
                          std::map<std::string, std::string, std::less<>> query) {
        test_support::Asked asked{.operation = "trace_list"};
        asked.query = std::move(query);
        return world.did(actor, asked);
    };
    std::vector<std::string> found;
    std::string after;
    do {
        auto page = after.empty() ? list(world.colleague, {{"limit", "2"}})
                                  : list(world.colleague, {{"limit", "2"}, {"after", after}});
        for (std::size_t i = 0; i < page.count("/items"); ++i) {
            found.push_back(page.text("/items/" + std::to_string(i) + "/case_id"));
        }
        after = page.text("/next");
        CHECK(page.reply.link.empty() == after.empty());
    } while (!after.empty());
    std::ranges::reverse(ids);
    CHECK(found == ids);

    auto const one = [&](std::map<std::string, std::string, std::less<>> query) {
        auto const page = list(world.author, std::move(query));
        return page.count("/items") == 1 ? page.text("/items/0/case_id") : std::string("not one");
    };
    CHECK(one({{"state", "IN_PROGRESS"}}) == ids[3]);
    CHECK(one({{"asked_country", "XB"}}) == ids[3]);
    CHECK(one({{"agency_case_no", "no 2"}}) == ids[2]);
    CHECK(one({{"number", world.read(world.author, ids[0]).text("/number")}}) == ids[0]);
    auto const by_serial = list(world.author, {{"serial", "ab-1234 56"}});
    CHECK(by_serial.count("/items") == 5);
    CHECK(by_serial.audit.detail == "serial ab-1234 56");
    CHECK(list(world.author, {{"serial", "AB999999"}}).count("/items") == 0);
    CHECK(list(world.author, {{"created_from", "2999-01-01T00:00:00Z"}}).count("/items") == 0);
    CHECK(list(world.author, {{"priority", "routine"}}).text("/items/0/agency_case_no") == "no 4");

    // The national contact finds what it approves; a masked requester stays so in lists too.
    TraceWorld other(false);
    auto const open_id = other.create(other.author, request_body(R"({"submit":true})"));
    auto const masked_id =
        other.create(other.author,
                     request_body(R"({"submit":true,"sensitive":true,"agency_case_no":"secret"})"));
    static_cast<void>(other.create(other.author, request_body()));  // a draft is not for approval
    auto const waiting = other.did(other.approver, {.operation = "trace_list"});
    CHECK(waiting.count("/items") == 2);
    CHECK(waiting.text("/items/0/case_id") == masked_id);
    CHECK_FALSE(waiting.has("/items/0/agency_case_no"));
    CHECK(waiting.text("/items/1/case_id") == open_id);
    CHECK(waiting.text("/items/1/agency_case_no") == "2026/117");
    test_support::Asked by_number{.operation = "trace_list"};
    by_number.query = {{"agency_case_no", "secret"}};
    CHECK(other.did(other.approver, by_number).count("/items") == 0);
    CHECK(other.did(other.author, by_number).count("/items") == 1);

    auto const wrong = [&](std::string const& name, std::string const& value) {
        test_support::Asked asked{.operation = "trace_list"};
        asked.query = {{name, value}};
        return world.refused(world.author, asked);
    };
    CHECK(wrong("state", "OPEN") == "validation-failed query:/state not_in_list");
    CHECK(wrong("priority", "high") == "validation-failed query:/priority not_in_list");
    CHECK(wrong("created_to", "today") == "validation-failed query:/created_to format_date_time");
    CHECK(wrong("serial", "--") ==
          "validation-failed query:/serial serial_without_letters_or_digits");
    CHECK(wrong("after", "zzz") == "validation-failed query:/after format_cursor");
    CHECK(wrong("colour", "red") == "validation-failed query:/colour unknown_member");
    auto const auditor = TraceWorld::person(world.police, "auditor", {cases::Role::auditor});
    CHECK(world.refused(auditor, {.operation = "trace_list"}) == "forbidden");
}
