// Legs answered, one more asked, closing, withdrawal, duplicate, reopening, handling.
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

constexpr std::string_view kReason = R"({"text":"solved otherwise"})";

// Sent by rule; baltora's leg is assigned.
std::string searching(TraceWorld& world, std::string_view more = "{}") {
    auto const id = world.create(world.author, request_body(more));
    world.act(world.author, "trace_submit", id);
    world.take_up(world.baltora_analyst, world.baltora_supervisor, id);
    return id;
}

void answer_nothing(TraceWorld& world, std::string const& id) {
    world.act_on_leg(world.baltora_analyst,
                     "leg_answer",
                     id,
                     R"({"kind":"no_record","outcome_code":"outside_jurisdiction",)"
                     R"("next_country":"XC"})");
}

constexpr std::string_view kChain =
    R"({"kind":"full","outcome_code":"retailer_only","chain":[)"
    R"({"role":"manufacturer","party_name":"North Arms","party_country":"XC","disposed_on":"2019-03"},)"
    R"({"role":"retailer","party_name":"Port Sports","party_country":"XC","received_on":"2019-04",)"
    R"("disposed_on":"2019-06-02"}]})";

}  // namespace

TEST_CASE(
    "answered by two countries on one path, and closed with outcome and time-to-crime (T24)") {
    TraceWorld world(true);
    auto const id = searching(world);
    answer_nothing(world, id);
    auto const first = world.read(world.author, id);
    CHECK(first.text("/state") == "ANSWERED");
    CHECK(first.text("/outcome_code") == "outside_jurisdiction");
    CHECK(world.clocks(id, "auto_close") == Texts{"running"});

    // The answer points to XC: who asks there goes on from it.
    auto const added =
        world.act(world.author, "trace_add_leg", id, R"({"country":"XC","text":"see XB"})");
    CHECK(added.reply.status == 201);
    CHECK(added.text("/state") == "PARTIALLY_ANSWERED");
    CHECK(added.text("/legs/1/asked_agency") == world.corvania);
    CHECK(added.text("/legs/1/path") == R"(["XB","XC"])");
    CHECK(added.text("/legs/1/hop") == "1");
    CHECK(world.clocks(id, "auto_close") == Texts{"stopped"});
    // Asked by the requester itself, it carries all that is shared.
    auto const leg = world.leg_of(world.corvania_analyst, id);
    auto const question = world.did(world.corvania_analyst, {.operation = "leg_read", .id = leg});
    CHECK(question.text("/question/recovery/country") == "XA");
    CHECK(world.refused(world.author,
                        {.operation = "trace_close",
                         .id = id,
                         .body = R"({"outcome_code":"retailer_only"})",
                         .version = added.version()}) == "transition-not-allowed");

    world.take_up(world.corvania_analyst, world.corvania_analyst, id);
    world.act_on_leg(world.corvania_analyst, "leg_answer", id, std::string(kChain));
    auto const answered = world.read(world.author, id);
    CHECK(answered.text("/state") == "ANSWERED");
    auto const answer = world.did(world.author, {.operation = "leg_read", .id = leg});
    auto const closed =
        world.act(world.author,
                  "trace_close",
                  id,
                  R"({"outcome_code":"retailer_only","text":"to the prosecutor","answer_id":")" +
                      answer.text("/answers/0/answer_id") + "\"}");
    CHECK(closed.text("/state") == "CLOSED");
    CHECK(closed.text("/outcome_code") == "retailer_only");
    CHECK(closed.has("/closed_at"));
    CHECK(closed.text("/time_to_crime/days") == "2538");  // 2019-06-02 to 2026-05-14
    CHECK(world.clocks(id, "auto_close") == Texts{"stopped", "stopped"});
    CHECK(contains(world.messages(world.corvania, id), "request.state_changed"));
    auto const events = world.events(id);
    CHECK(events.back() == "T24a ANSWERED>CLOSED");
    CHECK(contains(events, "X3 ANSWERED>ANSWERED"));
}

TEST_CASE("when nobody answered the requester chooses the outcome, and time-to-crime is settled") {
    TraceWorld world(true);
    auto const id = searching(world);
    world.act_on_leg(world.baltora_supervisor,
                     "leg_refuse",
                     id,
                     R"({"reason_code":"national_security","text":"no"})");
    auto const waiting = world.read(world.author, id);
    CHECK(waiting.text("/state") == "AWAITING_REQUESTER");
    CHECK_FALSE(waiting.has("/time_to_crime"));
    CHECK(world.refused(world.author,
                        {.operation = "trace_close",
                         .id = id,
                         .body = R"({"outcome_code":"refused","answer_id":")" + id + "\"}",
                         .version = waiting.version()}) ==
          "validation-failed /answer_id unknown_answer");
    auto const closed = world.act(world.author, "trace_close", id, R"({"outcome_code":"refused"})");
    CHECK(closed.text("/state") == "CLOSED");
    CHECK(closed.text("/time_to_crime/flags/0") == "TTC_NO_PURCHASE");
}

TEST_CASE("one more authority: not twice at once, not in a circle, not past the national contact") {
    TraceWorld world(true);
    auto const id = searching(world);
    auto const version = world.read(world.author, id).version();
    auto const add = [&](std::string_view body) {
        return world.refused(world.author,
                             {.operation = "trace_add_leg",
                              .id = id,
                              .body = std::string(body),
                              .version = version});
    };
    CHECK(add(R"({"country":"XB"})") == "guard-not-met  guard.not_asked_already");
    CHECK(add(R"({"country":"US"})") == "validation-failed /country no_route");
    CHECK(add(R"({"agency":"XC-NOBODY-0"})").starts_with("validation-failed /agency"));
    CHECK(add(R"({})") == "validation-failed  country_or_agency");
    // XB points to XC, and XC back to XB.
    answer_nothing(world, id);
    world.act(world.author, "trace_add_leg", id, R"({"country":"XC"})");
    world.take_up(world.corvania_analyst, world.corvania_analyst, id);
    world.act_on_leg(world.corvania_analyst,
                     "leg_answer",
                     id,
                     R"({"kind":"no_record","outcome_code":"outside_jurisdiction",)"
                     R"("next_country":"XB"})");
    CHECK(world.refused(world.author,
                        {.operation = "trace_add_leg",
                         .id = id,
                         .body = R"({"country":"XB"})",
                         .version = world.read(world.author, id).version()}) ==
          "guard-not-met  guard.next_country_not_on_path");

    TraceWorld manual(false);
    auto const other = manual.create(manual.author, request_body());
    manual.act(manual.author, "trace_submit", other);
    manual.act(manual.approver, "trace_approve", other);
    CHECK(manual.refused(manual.author,
                         {.operation = "trace_add_leg",
                          .id = other,
                          .body = R"({"country":"XC"})",
                          .version = manual.read(manual.author, other).version()}) ==
          "guard-not-met  guard.national_contact_where_needed");
    auto const added = manual.act(manual.approver, "trace_add_leg", other, R"({"country":"XC"})");
    CHECK(added.count("/legs") == 2);
    CHECK(added.text("/legs/1/hop") == "0");
}

TEST_CASE("the firearm stated anew reaches those who still search, as a new version") {
    TraceWorld world(true);
    auto const id = searching(world);
    auto const described = world.act(
        world.author,
        "trace_describe",
        id,
        R"({"serial_raw":"AB128456","serial_condition":"clear","make_text":"North Arms",)"
        R"("type_code":"pistol","calibre_text":"9x19","model_text":"N17","origin_country":"XB",)"
        R"("change_reason":"read again under light"})");
    CHECK(described.reply.status == 201);
    CHECK(described.text("/description_version") == "2");
    CHECK(described.text("/content/firearm/serial_raw") == "AB128456");
    auto const leg = world.leg_of(world.baltora_analyst, id);
    auto const asked = world.did(world.baltora_analyst, {.operation = "leg_read", .id = leg});
    CHECK(asked.text("/description_version") == "2");
    CHECK(asked.text("/question/firearm/serial_raw") == "AB128456");
    CHECK(contains(world.messages(world.baltora, id), "leg.description_changed"));
    auto const all =
        world.did(world.baltora_analyst, {.operation = "trace_descriptions", .id = id});
    CHECK(all.count("/items") == 2);
    CHECK(all.text("/items/1/change_reason") == "read again under light");
    CHECK(world
              .refused(world.author,
                       {.operation = "trace_describe",
                        .id = id,
                        .body = R"({"make_text":"North Arms"})",
                        .version = described.version()})
              .starts_with("validation-failed /"));
}

TEST_CASE("a request is taken back: by a supervisor while legs are open, and those stop (T25)") {
    TraceWorld world(true);
    auto const id = searching(world);
    CHECK(world.refused(world.author,
                        {.operation = "trace_withdraw",
                         .id = id,
                         .body = std::string(kReason),
                         .version = world.read(world.author, id).version()}) ==
          "guard-not-met  guard.supervisor_for_open_legs");
    auto const withdrawn = world.act(world.supervisor, "trace_withdraw", id, std::string(kReason));
    CHECK(withdrawn.text("/state") == "WITHDRAWN");
    CHECK(withdrawn.text("/legs/0/state") == "STOPPED");
    CHECK(withdrawn.text("/legs/0/open") == "false");
    CHECK(contains(world.messages(world.baltora, id), "leg.stopped"));
    CHECK(world.clocks(id, "answer") == Texts{"stopped", "stopped", "stopped"});
    auto const draft = world.create(world.author, request_body());
    CHECK(world.act(world.author, "trace_withdraw", draft, std::string(kReason)).text("/state") ==
          "WITHDRAWN");
}

TEST_CASE("a duplicate is linked to its lead, which is another live request of the agency (T26)") {
    TraceWorld world(true);
    auto const lead = searching(world);
    auto const id = searching(world, R"({"agency_case_no":"other"})");
    auto const link = [&](std::string const& to) {
        return test_support::Asked{.operation = "trace_mark_duplicate",
                                   .id = id,
                                   .body = R"({"lead_case_id":")" + to + "\"}",
                                   .version = world.read(world.supervisor, id).version()};
    };
    CHECK(world.refused(world.author, link(lead)) == "forbidden");
    CHECK(world.refused(world.supervisor, link(id)) ==
          "guard-not-met  guard.lead_is_another_request");
    CHECK(world.refused(world.supervisor, link(CaseId::generate().to_string())) ==
          "validation-failed /lead_case_id unknown_request");
    auto const linked = world.did(world.supervisor, link(lead));
    CHECK(linked.text("/state") == "DUPLICATE");
    CHECK(linked.text("/lead/case_id") == lead);
    CHECK(linked.text("/lead/number") == world.read(world.author, lead).text("/number"));
    CHECK(linked.text("/legs/0/state") == "STOPPED");
    CHECK(linked.count("/flags") == 0);
    CHECK(contains(world.messages(world.police, id), "request.state_changed"));
    // No circle: the lead cannot become the duplicate of its duplicate.
    CHECK(world.refused(world.supervisor,
                        {.operation = "trace_mark_duplicate",
                         .id = lead,
                         .body = R"({"lead_case_id":")" + id + "\"}",
                         .version = world.read(world.supervisor, lead).version()}) ==
          "validation-failed /lead_case_id lead_not_open");
    auto const reopened =
        world.act(world.author, "trace_reopen", id, R"({"text":"another firearm after all"})");
    CHECK(reopened.text("/state") == "REOPENED");
    CHECK_FALSE(reopened.has("/lead"));
}

TEST_CASE(
    "a closed request is opened again by its owner, or by a receiver with a new record (T27)") {
    TraceWorld world(true);
    auto const id = searching(world);
    answer_nothing(world, id);
    world.act(world.author, "trace_close", id, R"({"outcome_code":"outside_jurisdiction"})");
    auto const reopened =
        world.act(world.author, "trace_reopen", id, R"({"text":"serial restored"})");
    CHECK(reopened.text("/state") == "REOPENED");
    CHECK_FALSE(reopened.has("/closed_at"));
    CHECK_FALSE(reopened.has("/outcome_code"));
    CHECK(contains(world.messages(world.baltora, id), "request.state_changed"));
    // A new round with the same authority; the old answer stays.
    auto const again =
        world.act(world.author, "trace_add_leg", id, R"({"agency":")" + world.baltora + "\"}");
    CHECK(again.text("/state") == "REOPENED");
    CHECK(again.count("/legs") == 2);
    CHECK(again.text("/legs/0/state") == "NO_RECORD");
    world.act(world.supervisor, "trace_withdraw", id, std::string(kReason));

    auto const by_receiver =
        world.act(world.baltora_analyst, "trace_reopen", id, R"({"text":"record found"})");
    CHECK(by_receiver.text("/state") == "REOPENED");
    CHECK(world.events(id).back() == "T27b WITHDRAWN>REOPENED");
    auto const timeline = world.did(world.author, {.operation = "trace_timeline", .id = id});
    auto const last = "/items/" + std::to_string(timeline.count("/items") - 1);
    CHECK(timeline.text(last + "/text") == "record found");
    CHECK(timeline.text(last + "/agency") == world.baltora);
    CHECK(world.refused(world.stranger,
                        {.operation = "trace_reopen",
                         .id = id,
                         .body = R"({"text":"x"})",
                         .version = by_receiver.version()}) == "not-found");
}

TEST_CASE("handling is only tightened, and receivers are told (T29)") {
    TraceWorld world(true);
    auto const id = searching(world);
    auto const wanted = [&](std::string_view body) {
        return test_support::Asked{.operation = "trace_handling",
                                   .id = id,
                                   .body = std::string(body),
                                   .version = world.read(world.author, id).version()};
    };
    CHECK(world.refused(world.author, wanted(R"({"handling_code":"H0"})")) ==
          "guard-not-met  guard.handling_tightened");
    CHECK(world.refused(world.author, wanted(R"({"handling_code":"H3"})")) ==
          "validation-failed /handling_text handling_text_required");
    auto const tightened = world.did(
        world.author, wanted(R"({"handling_code":"H3","handling_text":"not before the trial"})"));
    CHECK(tightened.text("/content/handling_code") == "H3");
    CHECK(tightened.text("/content/handling_text") == "not before the trial");
    CHECK(contains(world.messages(world.baltora, id), "request.change_handling"));
    auto const leg = world.leg_of(world.baltora_analyst, id);
    CHECK(world.did(world.baltora_analyst, {.operation = "leg_read", .id = leg})
              .text("/handling_code") == "H3");
    // The receiver is not the originator of the request.
    CHECK(world.refused(world.baltora_supervisor,
                        wanted(R"({"handling_code":"H3","handling_text":"x"})")) == "forbidden");
}
