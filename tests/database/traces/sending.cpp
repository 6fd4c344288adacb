// From draft to the first legs: change, submission, return, approval, endorsement, rule.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/database/traces/trace_world.hpp"

using namespace rastro;
using test_support::request_body;
using test_support::TraceWorld;

namespace {

using Texts = std::vector<std::string>;

bool contains(Texts const& texts, std::string_view text) {
    return std::ranges::find(texts, text) != texts.end();
}

constexpr std::string_view kReason = R"({"text":"the calibre does not fit"})";

}  // namespace

TEST_CASE("a draft is written, sent, approved by the national contact, and routed (T1, T4, T5)") {
    TraceWorld world(false);
    auto const id = world.create(world.author, request_body());
    CHECK(world.read(world.author, id).text("/state") == "DRAFT");
    // Nobody outside the agency knows of a draft.
    CHECK(world.refused(world.approver, {.operation = "trace_read", .id = id}) == "not-found");

    auto const sent = world.act(world.author, "trace_submit", id);
    CHECK(sent.text("/state") == "NATIONAL_REVIEW");
    CHECK(sent.count("/legs") == 0);
    CHECK(sent.reply.etag == "\"2\"");
    CHECK(world.messages(world.contact, id) == Texts{"request.for_approval"});

    auto const before = world.read(world.approver, id);
    CHECK(before.text("/content/recipients/0/country") == "XB");
    CHECK(before.text("/content/firearm/serial_raw") == "AB123456");
    CHECK_FALSE(before.has("/content/recovery/place"));  // the exact place is the owner's
    // Next steps are those that the caller has the right to, not only the side and the role.
    CHECK(before.text("/next_steps") == R"(["approve","return"])");
    CHECK(sent.text("/next_steps") == R"(["change_handling","withdraw"])");
    auto const approved = world.act(world.approver, "trace_approve", id);
    CHECK(approved.text("/state") == "IN_PROGRESS");
    CHECK(approved.text("/next_steps") == R"(["add_leg"])");
    CHECK(approved.count("/legs") == 1);
    CHECK(approved.text("/legs/0/asked_agency") == world.baltora);
    CHECK(approved.text("/legs/0/state") == "ROUTED");
    CHECK(approved.text("/approver") == world.approver.id);
    CHECK(approved.audit.object_owner == world.police);
    CHECK(approved.audit.legal_basis == "Code art. 12");

    CHECK(world.events(id) == Texts{"T0 >DRAFT",
                                    "T1 DRAFT>NATIONAL_REVIEW",
                                    "T4a NATIONAL_REVIEW>SUBMITTED",
                                    "T4d >ROUTED",
                                    "T5 SUBMITTED>IN_PROGRESS"});
    CHECK(world.messages(world.baltora, id) == Texts{"leg.routed"});
    CHECK(world.clocks(id, "delivery") == Texts{"running"});
    CHECK(world.read(world.baltora_analyst, id).text("/content/firearm/serial_raw") == "AB123456");
}

TEST_CASE("what is missing is told at once, with the place of each fault, and nothing changes") {
    TraceWorld world(false);
    auto const id =
        world.create(world.author, R"({"firearm":{"serial_raw":"AB1"},"purpose":"investigation"})");
    auto const told =
        world.refused(world.author, {.operation = "trace_submit", .id = id, .version = 1});
    for (auto const* pointer :
         {"/legal_basis", "/intended_use", "/recipients", "/illicit_ground"}) {
        CHECK(told.find(std::string(pointer) + " required") != std::string::npos);
    }
    CHECK(world.read(world.author, id).version() == 1);
    auto const nowhere = world.create(
        world.author, request_body(R"({"recipients":[{"country":"XB"},{"country":"US"}]})"));
    CHECK(world.refused(world.author, {.operation = "trace_submit", .id = nowhere, .version = 1}) ==
          "validation-failed /recipients/1 no_route");
}

TEST_CASE("a change is a merge patch: what is null goes, what is absent stays") {
    TraceWorld world(false);
    auto const id = world.create(world.author, request_body());
    auto const first = world.read(world.author, id);
    CHECK(first.text("/content/firearm/calibre_id") != "");
    auto const changed = world.act(
        world.author,
        "trace_change",
        id,
        R"({"firearm":{"calibre_text":".22 LR","model_text":null},"possessor":{"family_name":"Doe"},)"
        R"("priority":"urgent","urgent_ground":"terrorism"})");
    CHECK(changed.version() == 2);
    CHECK(changed.text("/description_version") == "2");
    CHECK_FALSE(changed.has("/content/firearm/model_text"));
    CHECK(changed.text("/content/firearm/serial_raw") == "AB123456");
    // The entry of the catalogue follows the text.
    CHECK(changed.text("/content/firearm/calibre_id") != first.text("/content/firearm/calibre_id"));
    CHECK(changed.text("/content/possessor/family_name") == "Doe");
    CHECK(changed.text("/content/legal_basis") == "Code art. 12");

    auto const without = world.act(world.author, "trace_change", id, R"({"possessor":null})");
    CHECK_FALSE(without.has("/content/possessor"));
    CHECK(without.text("/description_version") == "2");
    auto const same = world.act(world.author, "trace_change", id, R"({"priority":"urgent"})");
    CHECK(same.version() == without.version());

    CHECK(world.refused(world.author,
                        {.operation = "trace_change",
                         .id = id,
                         .body = R"({"urgent_ground":null})",
                         .version = 3}) == "validation-failed /urgent_ground required");
    CHECK(world.refused(
              world.author,
              {.operation = "trace_change", .id = id, .body = R"({"unit":"x"})", .version = 1}) ==
          "precondition-failed");
    auto const all = world.did(world.author, {.operation = "trace_descriptions", .id = id});
    CHECK(all.count("/items") == 2);
    CHECK(all.text("/items/0/firearm/model_text") == "N17");
}

TEST_CASE("what comes back has its reason, and goes out again only when changed (T2, T3)") {
    TraceWorld world(false);
    auto const id = world.create(world.author, request_body());
    world.act(world.author, "trace_submit", id);
    // The rights to return are those of a national contact.
    CHECK(
        world.refused(
            world.supervisor,
            {.operation = "trace_return", .id = id, .body = std::string(kReason), .version = 2}) ==
        "forbidden");
    auto const returned = world.act(world.approver, "trace_return", id, std::string(kReason));
    CHECK(returned.text("/state") == "RETURNED");
    auto const timeline = world.did(world.author, {.operation = "trace_timeline", .id = id});
    CHECK(timeline.text("/items/2/event") == "return");
    CHECK(timeline.text("/items/2/text") == "the calibre does not fit");
    CHECK(timeline.text("/items/2/agency") == world.contact);
    CHECK_FALSE(timeline.has("/items/2/actor"));  // a person of another agency
    CHECK(timeline.text("/items/1/actor") == world.author.id);
    CHECK(contains(world.messages(world.police, id), "request.state_changed"));

    CHECK(world.refused(world.author, {.operation = "trace_submit", .id = id, .version = 3}) ==
          "guard-not-met  guard.changed_since_return");
    world.act(world.author, "trace_change", id, R"({"firearm":{"calibre_text":"7.62x39"}})");
    auto const again = world.act(world.author, "trace_submit", id);
    CHECK(again.text("/state") == "NATIONAL_REVIEW");
    CHECK(again.text("/description_version") == "2");
    auto const events = world.events(id);
    CHECK(events.back() == "T3 RETURNED>NATIONAL_REVIEW");
    CHECK(world.messages(world.contact, id).back() == "request.for_approval");
    // A change before the last return does not count for the next one.
    world.act(world.approver, "trace_return", id, std::string(kReason));
    CHECK(world.refused(world.author, {.operation = "trace_submit", .id = id, .version = 6}) ==
          "guard-not-met  guard.changed_since_return");
}

TEST_CASE("an urgent request needs a supervisor beside the national contact (T4)") {
    TraceWorld world(true);  // a rule for routine requests covers no urgent one
    auto const id =
        world.create(world.author, request_body(R"({"priority":"urgent","urgent_ground":"terrorism",
                         "urgent_justification":"suspect in custody"})"));
    auto const sent = world.act(world.author, "trace_submit", id);
    CHECK(sent.text("/state") == "NATIONAL_REVIEW");
    CHECK(world.read(world.approver, id).text("/content/urgent_justification") ==
          "suspect in custody");
    CHECK(world.refused(world.approver, {.operation = "trace_approve", .id = id, .version = 2}) ==
          "guard-not-met  guard.urgent_needs_supervisor");
    CHECK(world.refused(world.author, {.operation = "trace_approve", .id = id, .version = 2}) ==
          "forbidden");
    auto const endorsed = world.act(world.supervisor, "trace_approve", id);
    CHECK(endorsed.text("/state") == "NATIONAL_REVIEW");
    CHECK(endorsed.text("/flags/0") == "SUPERVISOR_ENDORSED");
    CHECK(world.refused(world.supervisor, {.operation = "trace_approve", .id = id, .version = 3}) ==
          "guard-not-met  guard.national_contact_where_needed");
    auto const approved = world.act(world.approver, "trace_approve", id);
    CHECK(approved.text("/state") == "IN_PROGRESS");
    CHECK(approved.text("/legs/0/priority") == "urgent");

    // What comes back needs the agreement anew.
    auto const other =
        world.create(world.author, request_body(R"({"priority":"urgent","urgent_ground":"terrorism",
                         "urgent_justification":"x","agency_case_no":"2026/118"})"));
    world.act(world.author, "trace_submit", other);
    world.act(world.supervisor, "trace_approve", other);
    CHECK(world.act(world.approver, "trace_return", other, std::string(kReason)).count("/flags") ==
          0);
}

TEST_CASE("a rule of the agency approves at once, but nothing that asks for purchasers (T4)") {
    TraceWorld world(true);
    auto const id = world.create(world.author, request_body());
    auto const sent = world.act(world.author, "trace_submit", id);
    CHECK(sent.text("/state") == "IN_PROGRESS");
    CHECK(sent.count("/legs") == 1);
    CHECK_FALSE(sent.has("/approver"));
    CHECK(world.events(id) == Texts{"T0 >DRAFT",
                                    "T1 DRAFT>NATIONAL_REVIEW",
                                    "T4b NATIONAL_REVIEW>SUBMITTED",
                                    "T4d >ROUTED",
                                    "T5 SUBMITTED>IN_PROGRESS"});
    CHECK(world.messages(world.contact, id).empty());
    auto const protected_id = world.create(
        world.author, request_body(R"({"requested_groups":["G6"],"agency_case_no":"2"})"));
    CHECK(world.act(world.author, "trace_submit", protected_id).text("/state") ==
          "NATIONAL_REVIEW");

    // The same recovery sent again is marked, for a person to decide.
    auto const twice = world.create(world.colleague, request_body());
    auto const marked = world.act(world.colleague, "trace_submit", twice);
    CHECK(marked.text("/flags/0") == "DUPLICATE_SUGGESTED");
    CHECK(marked.text("/likely_duplicates/0/case_id") == id);
    CHECK(contains(world.events(twice), "T26a SUBMITTED>SUBMITTED"));
}

TEST_CASE("a step out of place says what is possible") {
    TraceWorld world(true);
    auto const id = world.create(world.author, request_body());
    world.act(world.author, "trace_submit", id);
    CHECK(world.refused(world.author, {.operation = "trace_submit", .id = id, .version = 2}) ==
          "transition-not-allowed");
    CHECK(world.refused(
              world.author,
              {.operation = "trace_change", .id = id, .body = R"({"unit":"x"})", .version = 2}) ==
          "transition-not-allowed");
    CHECK(world.refused(world.supervisor, {.operation = "trace_approve", .id = id, .version = 2}) ==
          "transition-not-allowed");
}
