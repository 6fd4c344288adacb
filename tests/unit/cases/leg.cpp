#include "cases/trace/leg.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "cases/trace/guards.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

// "SEARCHING", "SEARCHING+offered", "NO_RECORD+earlier"
std::vector<LegFacts> legs_of(std::string_view text) {
    std::vector<LegFacts> legs;
    std::istringstream in{std::string(text)};
    for (std::string word; in >> word;) {
        LegFacts leg;
        leg.forward_offered = word.ends_with("+offered");
        leg.earlier_round = word.ends_with("+earlier");
        leg.state = word.substr(0, word.find('+'));
        legs.push_back(leg);
    }
    return legs;
}

}  // namespace

TEST_CASE("the request's state follows from its legs as 9.2 says") {
    struct Row {
        char const* legs;
        bool reopened;
        bool outcome_chosen;
        char const* state;
    };
    for (auto const& row : {
             Row{"", false, false, "SUBMITTED"},
             Row{"ROUTED", false, false, "IN_PROGRESS"},
             Row{"DELIVERED REFUSED", false, false, "IN_PROGRESS"},
             Row{"ESCALATED EXPIRED", false, false, "IN_PROGRESS"},
             Row{"DELAYED", false, false, "IN_PROGRESS"},
             Row{"FORWARDED ROUTED", false, false, "IN_PROGRESS"},
             Row{"CLARIFICATION_REQUESTED", false, false, "AWAITING_REQUESTER"},
             Row{"CLARIFICATION_REQUESTED SEARCHING+offered", false, false, "AWAITING_REQUESTER"},
             Row{"CLARIFICATION_REQUESTED SEARCHING", false, false, "IN_PROGRESS"},
             Row{"NO_RECORD CLARIFICATION_REQUESTED", false, false, "AWAITING_REQUESTER"},
             Row{"ANSWERED_PARTIAL", false, false, "PARTIALLY_ANSWERED"},
             Row{"ANSWERED_FULL ROUTED", false, true, "PARTIALLY_ANSWERED"},
             Row{"NO_RECORD SEARCHING", false, false, "PARTIALLY_ANSWERED"},
             Row{"ANSWERED_FULL SEARCHING CLARIFICATION_REQUESTED",
                 false,
                 false,
                 "PARTIALLY_ANSWERED"},
             Row{"ANSWERED_FULL", false, true, "ANSWERED"},
             Row{"ANSWERED_FULL NO_RECORD REFUSED FORWARDED EXPIRED STOPPED",
                 false,
                 true,
                 "ANSWERED"},
             Row{"REFUSED", false, true, "ANSWERED"},
             Row{"ANSWERED_FULL", false, false, "AWAITING_REQUESTER"},
             Row{"", true, false, "REOPENED"},
             Row{"NO_RECORD+earlier", true, true, "REOPENED"},
             Row{"NO_RECORD+earlier ROUTED", true, true, "REOPENED"},
             Row{"ANSWERED_FULL+earlier ROUTED ANSWERED_PARTIAL", true, true, "PARTIALLY_ANSWERED"},
             Row{"NO_RECORD+earlier ANSWERED_FULL", true, true, "ANSWERED"},
             Row{"SEARCHING+earlier", true, false, "REOPENED"},
         }) {
        CAPTURE(row.legs);
        CHECK(derive_request_state(
                  legs_of(row.legs),
                  {.reopened = row.reopened, .outcome_chosen = row.outcome_chosen}) == row.state);
    }
    CHECK_THROWS_AS(static_cast<void>(leg_is_open("LOST")), std::logic_error);
}

TEST_CASE("a path neither loops nor goes beyond eight hops") {
    std::vector<std::string> const path{"XA", "XB"};
    auto const next = next_hop(path, 1, "XC").value();
    CHECK(next.path == std::vector<std::string>{"XA", "XB", "XC"});
    CHECK(next.hop == 2);
    CHECK(next_hop(path, 7, "XC").value().hop == kHopLimit);
    auto const far = next_hop(path, 8, "XC");
    REQUIRE(far.has_error());
    CHECK(far.error().violations()[0].code == "guard.hops_below_limit");
    auto const loop = next_hop(path, 1, "XA");
    REQUIRE(loop.has_error());
    CHECK(loop.error().violations()[0].code == "guard.next_country_not_on_path");
    CHECK(next_hop(path, 8, "").error().violations().size() == 2);
}

TEST_CASE("the next steps are suggested in the order of 9.4") {
    HintFacts facts;
    facts.outcome = OutcomeCode::outside_jurisdiction;
    facts.import_country = "XB";
    facts.origin_country = "XC";
    CHECK(next_step_hints(facts) ==
          std::vector<std::string>{"ASK_IMPORT_COUNTRY", "CHECK_ILLICIT_RECORDS"});
    facts.asked_countries = {"XB"};
    facts.illicit_records_checked = true;
    CHECK(next_step_hints(facts) == std::vector<std::string>{"ASK_MANUFACTURE_COUNTRY"});
    facts.asked_countries = {"XB", "XC"};
    CHECK(next_step_hints(facts).empty());
    facts.asked_countries.clear();
    facts.outcome = OutcomeCode::purchaser_identified;
    CHECK(next_step_hints(facts).empty());
    facts.serial_obliterated = true;
    facts.refusal_reason = "requires_mla";
    facts.terrorism = true;
    CHECK(next_step_hints(facts) ==
          std::vector<std::string>{"BALLISTICS_SUGGESTED", "SEND_TO_LAB", "OPEN_MLA"});
    facts.lab_done = true;
    facts.refusal_reason = "national_security";
    CHECK(next_step_hints(facts) == std::vector<std::string>{"BALLISTICS_SUGGESTED"});
    for (auto const& hint : next_step_hints(facts)) {
        CHECK(trace_known_names().hints.contains(hint));
    }
}

TEST_CASE("any one of the six criteria suggests sharing ballistic images") {
    CHECK(!ballistics_sharing_suggested(HintFacts{}));
    auto const with = [](auto set) {
        HintFacts facts;
        set(facts);
        return ballistics_sharing_suggested(facts);
    };
    CHECK(with([](HintFacts& f) { f.border_distance_km = 80.0; }));
    CHECK(!with([](HintFacts& f) { f.border_distance_km = 80.1; }));
    CHECK(with([](HintFacts& f) { f.recovered_by_customs = true; }));
    CHECK(with([](HintFacts& f) { f.from_suspected_traffickers = true; }));
    CHECK(with([](HintFacts& f) { f.firearms_in_seizure = 3; }));
    CHECK(!with([](HintFacts& f) { f.firearms_in_seizure = 2; }));
    CHECK(with([](HintFacts& f) { f.terrorism = true; }));
    CHECK(with([](HintFacts& f) { f.possessor_of_other_country = true; }));
}
