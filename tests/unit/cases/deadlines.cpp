#include "cases/deadlines.hpp"

#include <doctest/doctest.h>

#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;
using namespace std::chrono_literals;

namespace {

Instant at(std::string_view text) {
    auto const parsed = parse_rfc3339(text);
    REQUIRE(parsed.has_value());
    return *parsed;
}

Date day(std::string_view text) {
    return *parse_iso_date(text);
}

DeadlineRule const& rule(std::string_view clock,
                         std::string_view priority,
                         std::string_view asking = "XA",
                         std::string_view asked = "XB") {
    auto const* found = find_deadline_rule(default_deadline_rules(),
                                           {.clock = clock,
                                            .priority = priority,
                                            .asking_country = asking,
                                            .asked_country = asked,
                                            .on = day("2026-05-14")});
    REQUIRE(found != nullptr);
    return *found;
}

std::bitset<7> friday_and_saturday() {
    return std::bitset<7>(0b1100000);
}

}  // namespace

TEST_CASE("the built-in rules are those of 3.6") {
    struct Row {
        char const* clock;
        char const* priority;
        char const* asked;
        int amount;
        DeadlineUnit unit;
    };
    for (auto const& want : {
             Row{"delivery", "urgent", "XB", 15, DeadlineUnit::minutes},
             Row{"delivery", "routine", "XB", 15, DeadlineUnit::minutes},
             Row{"acknowledge", "urgent", "XB", 4, DeadlineUnit::hours},
             Row{"acknowledge", "routine", "XB", 3, DeadlineUnit::working_days},
             Row{"answer", "urgent", "XB", 24, DeadlineUnit::hours},
             Row{"answer", "routine", "XA", 10, DeadlineUnit::calendar_days},
             Row{"answer", "routine", "XB", 30, DeadlineUnit::calendar_days},
             Row{"clarification", "urgent", "XB", 24, DeadlineUnit::hours},
             Row{"clarification", "routine", "XB", 15, DeadlineUnit::calendar_days},
             Row{"holder_answer", "urgent", "XA", 24, DeadlineUnit::hours},
             Row{"holder_answer", "routine", "XA", 24, DeadlineUnit::hours},
             Row{"delay_review", "urgent", "XB", 48, DeadlineUnit::hours},
             Row{"delay_review", "routine", "XB", 30, DeadlineUnit::calendar_days},
             Row{"auto_close", "routine", "XB", 30, DeadlineUnit::calendar_days},
         }) {
        CAPTURE(want.clock);
        CAPTURE(want.priority);
        auto const& found = rule(want.clock, want.priority, "XA", want.asked);
        CHECK(found.amount == want.amount);
        CHECK(found.unit == want.unit);
        CHECK(!found.source.empty());
    }
    CHECK(find_deadline_rule(default_deadline_rules(),
                             {.clock = "answer",
                              .priority = "urgent",
                              .asking_country = "XA",
                              .asked_country = "XB",
                              .on = day("2019-12-31")}) == nullptr);
}

TEST_CASE("the most specific rule wins, then the latest in force") {
    constexpr std::string_view heading =
        "clock,priority,scope,asking_country,asked_country,amount,unit,escalate_after_percent,"
        "expire_after_factor,valid_from,source\n";
    auto const rules = read_deadline_rules(std::string(heading) +
                                           "answer,,any,,,1,hours,,,2020-01-01,s\n"
                                           "answer,routine,any,,,2,hours,,,2020-01-01,s\n"
                                           "answer,,international,,,3,hours,,,2020-01-01,s\n"
                                           "answer,,any,XA,,4,hours,,,2020-01-01,s\n"
                                           "answer,,any,,XB,5,hours,,,2020-01-01,s\n"
                                           "answer,,any,XA,XB,6,hours,,,2020-01-01,s\n"
                                           "answer,,any,XA,XB,7,hours,,,2026-06-01,s\n")
                           .value();
    auto const amount = [&](std::string_view priority,
                            std::string_view asking,
                            std::string_view asked,
                            std::string_view on) {
        auto const* found = find_deadline_rule(rules,
                                               {.clock = "answer",
                                                .priority = priority,
                                                .asking_country = asking,
                                                .asked_country = asked,
                                                .on = day(on)});
        return found == nullptr ? 0 : found->amount;
    };
    CHECK(amount("urgent", "XC", "XC", "2026-05-01") == 1);
    CHECK(amount("routine", "XC", "XC", "2026-05-01") == 2);
    CHECK(amount("routine", "XC", "XD", "2026-05-01") == 3);
    CHECK(amount("routine", "XA", "XC", "2026-05-01") == 4);
    CHECK(amount("routine", "XC", "XB", "2026-05-01") == 5);
    CHECK(amount("routine", "XA", "XB", "2026-05-31") == 6);
    CHECK(amount("routine", "XA", "XB", "2026-06-01") == 7);
    CHECK(amount("routine", "XA", "XB", "2019-06-01") == 0);
}

TEST_CASE("faulty rule rows are all told, with row and column") {
    auto const read = read_deadline_rules(
        "clock,priority,scope,asking_country,asked_country,amount,unit,escalate_after_percent,"
        "expire_after_factor,valid_from,source\n"
        ",slow,near,Xa,XBX,0,weeks,x,1,2026-02-30,\n"
        "answer,,any,,,,hours,,,2026-02-01,s\n");
    REQUIRE(read.has_error());
    CHECK(read.error().violations().size() == 12);
    CHECK(read.error().violations()[0].pointer == "/0/clock");
    CHECK(read.error().violations().back().pointer == "/1/amount");
}

TEST_CASE("urgent clocks run absolutely, through nights and holidays") {
    Calendar const receiver(friday_and_saturday(), {day("2026-05-17")}, fixed_offset(-5h));
    auto const times =
        deadline_times(rule("acknowledge", "urgent"), at("2026-05-15T22:00:00Z"), receiver);
    CHECK(times.due == at("2026-05-16T02:00:00Z"));
    CHECK(*times.escalate == at("2026-05-16T04:00:00Z"));
    CHECK(*times.expire == at("2026-05-16T10:00:00Z"));
}

TEST_CASE("working days are those of the receiver") {
    struct Row {
        char const* what;
        Calendar calendar;
        char const* due;
        char const* escalate;
        char const* expire;
    };
    // Thursday 14 May 2026, 15:00 UTC; routine acknowledgement: 3, 5 and 9 working days.
    for (auto const& row : {
             Row{"weekend Saturday and Sunday, UTC",
                 Calendar(),
                 "2026-05-20T00:00:00Z",
                 "2026-05-22T00:00:00Z",
                 "2026-05-28T00:00:00Z"},
             Row{"Monday is a holiday",
                 Calendar(std::bitset<7>(0b1000001), {day("2026-05-18")}, {}),
                 "2026-05-21T00:00:00Z",
                 "2026-05-23T00:00:00Z",
                 "2026-05-29T00:00:00Z"},
             Row{"weekend Friday and Saturday, five hours west",
                 Calendar(friday_and_saturday(), {}, fixed_offset(-5h)),
                 "2026-05-20T05:00:00Z",
                 "2026-05-22T05:00:00Z",
                 "2026-05-28T05:00:00Z"},
             Row{"ten hours east it is Friday already",
                 Calendar(std::bitset<7>(0b1000001), {}, fixed_offset(10h)),
                 "2026-05-20T14:00:00Z",
                 "2026-05-22T14:00:00Z",
                 "2026-05-28T14:00:00Z"},
         }) {
        CAPTURE(row.what);
        auto const times = deadline_times(
            rule("acknowledge", "routine"), at("2026-05-14T15:00:00Z"), row.calendar);
        CHECK(to_rfc3339(times.due) == to_rfc3339(at(row.due)));
        CHECK(to_rfc3339(*times.escalate) == to_rfc3339(at(row.escalate)));
        CHECK(to_rfc3339(*times.expire) == to_rfc3339(at(row.expire)));
    }
}

TEST_CASE("calendar days end with the receiver's day, also when its offset changes in between") {
    // Two hours east until 25 October 2026, 01:00 UTC, one hour east from then on.
    auto const change = at("2026-10-25T01:00:00Z");
    Calendar const receiver(std::bitset<7>(0b1000001), {}, [change](Instant when) {
        return std::chrono::seconds(when < change ? 2h : 1h);
    });
    CHECK(receiver.add_calendar_days(at("2026-10-10T12:00:00Z"), 10) == at("2026-10-20T22:00:00Z"));
    CHECK(receiver.add_calendar_days(at("2026-10-20T12:00:00Z"), 10) == at("2026-10-30T23:00:00Z"));
    CHECK(receiver.local_date(at("2026-10-24T22:30:00Z")) == day("2026-10-25"));
    CHECK(receiver.start_of(day("2026-10-25")) == at("2026-10-24T22:00:00Z"));
    CHECK(receiver.start_of(day("2026-10-26")) == at("2026-10-25T23:00:00Z"));
}

TEST_CASE("a calendar always comes to an end") {
    CHECK_THROWS_AS(Calendar(std::bitset<7>().set(), {}, {}), std::invalid_argument);
    std::set<Date> years;
    for (auto d = std::chrono::sys_days(day("2026-01-01"));
         d < std::chrono::sys_days(day("2029-01-01"));
         d += std::chrono::days{1}) {
        years.insert(Date(d));
    }
    Calendar const closed(std::bitset<7>(0b1000001), years, {});
    CHECK(closed.add_working_days(at("2026-01-01T00:00:00Z"), 3) < at("2027-02-01T00:00:00Z"));
    CHECK(Calendar().add_working_days(at("2026-05-16T09:00:00Z"), 0) == at("2026-05-16T09:00:00Z"));
    CHECK(Calendar().add_working_days(at("2026-05-16T09:00:00Z"), 1) == at("2026-05-19T00:00:00Z"));
}

TEST_CASE("a pause keeps what was left of each stage") {
    auto const start = at("2026-05-14T00:00:00Z");
    DeadlineTimes const times{.due = start + 24h, .escalate = start + 36h, .expire = start + 72h};
    auto const early = resume_after_pause(times, start + 10h, start + 100h);
    CHECK(early.due == start + 114h);
    CHECK(*early.escalate == start + 126h);
    CHECK(*early.expire == start + 162h);
    auto const late = resume_after_pause(times, start + 30h, start + 40h);
    CHECK(late.due == times.due);
    CHECK(*late.escalate == start + 46h);
    CHECK(resume_after_pause(times, start + 10h, start + 10h) == times);
    CHECK(resume_after_pause(times, start + 10h, start + 5h) == times);
    auto const twice = resume_after_pause(early, start + 110h, start + 120h);
    CHECK(twice.due - (start + 120h) == 4h);
}

TEST_CASE("stages are reached in order, at the very instant") {
    auto const start = at("2026-05-14T00:00:00Z");
    DeadlineTimes const times{.due = start + 24h, .escalate = start + 36h, .expire = start + 72h};
    for (auto const& [hours, stage] : {std::pair{0h, DeadlineStage::running},
                                       std::pair{23h, DeadlineStage::running},
                                       std::pair{24h, DeadlineStage::due},
                                       std::pair{36h, DeadlineStage::escalate},
                                       std::pair{71h, DeadlineStage::escalate},
                                       std::pair{72h, DeadlineStage::expire}}) {
        CHECK(stage_at(times, start + hours) == stage);
    }
    CHECK(stage_at({.due = start, .escalate = {}, .expire = {}}, start + 900h) ==
          DeadlineStage::due);
}
