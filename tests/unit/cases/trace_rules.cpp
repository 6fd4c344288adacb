// Guards, outbound approval, trace numbers and handling codes.
#include <doctest/doctest.h>

#include <set>

#include "cases/handling.hpp"
#include "cases/trace/guards.hpp"
#include "cases/trace/outbound.hpp"
#include "cases/trace/trace_number.hpp"

using namespace rastro;
using namespace rastro::cases;

TEST_CASE("no guard opens anything on empty facts") {
    // Those that only limit urgent, protected, onward or open cases are met when nothing is so.
    std::set<std::string_view> const met_by_default{"urgent_needs_supervisor",
                                                    "author_differs_from_approver",
                                                    "national_contact_where_needed",
                                                    "hops_below_limit",
                                                    "answer_not_superseded",
                                                    "supervisor_for_open_legs"};
    for (auto const& guard : trace_guards()) {
        CAPTURE(guard.name);
        CHECK(guard.met(TraceFacts{}) == met_by_default.contains(guard.name));
        CHECK(!guard.explain.empty());
    }
    CHECK(find_trace_guard("no_such_guard") == nullptr);
    TraceFacts const facts;
    CHECK_THROWS_AS(trace_guard_environment(facts)("no_such_guard"), std::logic_error);
    CHECK(!trace_guard_environment(facts)("chain_valid").met);
}

TEST_CASE("each guard turns on what it is about") {
    struct Row {
        char const* guard;
        bool met;
        void (*set)(TraceFacts&);
    };
    using namespace std::chrono;
    for (auto const& row : {
             Row{"serial_or_condition", true, [](TraceFacts& f) { f.serial_given = true; }},
             Row{"serial_or_condition", true, [](TraceFacts& f) { f.condition_given = true; }},
             Row{"urgent_needs_supervisor", false, [](TraceFacts& f) { f.urgent = true; }},
             Row{"urgent_needs_supervisor",
                 true,
                 [](TraceFacts& f) { f.urgent = f.actor_is_supervisor = true; }},
             Row{"urgent_needs_supervisor",
                 true,
                 [](TraceFacts& f) { f.urgent = f.supervisor_endorsed = true; }},
             Row{"author_differs_from_approver",
                 true,
                 [](TraceFacts& f) { f.author = f.actor = "u1"; }},
             Row{"author_differs_from_approver",
                 false,
                 [](TraceFacts& f) {
                     f.urgent = true;
                     f.author = f.actor = "u1";
                 }},
             Row{"author_differs_from_approver",
                 false,
                 [](TraceFacts& f) {
                     f.asked_groups = {"G6"};
                     f.author = f.actor = "u1";
                 }},
             Row{"author_differs_from_approver",
                 true,
                 [](TraceFacts& f) {
                     f.asked_groups = {"G7"};
                     f.author = "u1";
                     f.actor = "u2";
                 }},
             Row{"author_differs_from_approver", false, [](TraceFacts& f) { f.urgent = true; }},
             Row{"author_differs_from_endorser",
                 false,
                 [](TraceFacts& f) { f.author = f.actor = "u1"; }},
             Row{"national_contact_where_needed",
                 false,
                 [](TraceFacts& f) { f.national_contact_needed = true; }},
             Row{"national_contact_where_needed",
                 true,
                 [](TraceFacts& f) {
                     f.national_contact_needed = f.actor_is_national_contact = true;
                 }},
             Row{"forward_consent_given", true, [](TraceFacts& f) { f.forward_consent = true; }},
             Row{"next_country_not_on_path",
                 true,
                 [](TraceFacts& f) {
                     f.path = {"XA"};
                     f.next_country = "XB";
                 }},
             Row{"next_country_not_on_path",
                 false,
                 [](TraceFacts& f) {
                     f.path = {"XA", "XB"};
                     f.next_country = "XB";
                 }},
             Row{"hops_below_limit", true, [](TraceFacts& f) { f.hop = 7; }},
             Row{"hops_below_limit", false, [](TraceFacts& f) { f.hop = 8; }},
             Row{"not_asked_already",
                 false,
                 [](TraceFacts& f) {
                     f.next_agency = "XB-POLNAC-8";
                     f.open_leg_agencies = {"XB-POLNAC-8"};
                 }},
             Row{"not_asked_already", true, [](TraceFacts& f) { f.next_agency = "XB-POLNAC-8"; }},
             Row{"discloses_purchaser_or_stock",
                 true,
                 [](TraceFacts& f) { f.answer_groups = {"G6"}; }},
             Row{"discloses_purchaser_or_stock",
                 true,
                 [](TraceFacts& f) { f.answer_groups = {"G7"}; }},
             Row{"discloses_purchaser_or_stock",
                 false,
                 [](TraceFacts& f) { f.answer_groups = {"G5"}; }},
             Row{"releaser_differs_from_author",
                 false,
                 [](TraceFacts& f) { f.answer_author = f.actor = "u1"; }},
             Row{"supervisor_for_open_legs",
                 false,
                 [](TraceFacts& f) { f.open_leg_agencies = {"XB-POLNAC-8"}; }},
             Row{"supervisor_for_open_legs",
                 true,
                 [](TraceFacts& f) {
                     f.open_leg_agencies = {"XB-POLNAC-8"};
                     f.actor_is_supervisor = true;
                 }},
             Row{"lead_is_another_request",
                 false,
                 [](TraceFacts& f) { f.lead_case = f.own_case = "c1"; }},
             Row{"review_date_in_future",
                 false,
                 [](TraceFacts& f) {
                     f.today = f.review_on = Date{2026y, May, 14d};
                 }},
             Row{"review_date_in_future",
                 true,
                 [](TraceFacts& f) {
                     f.today = Date{2026y, May, 14d};
                     f.review_on = Date{2026y, May, 15d};
                 }},
             Row{"handling_tightened",
                 true,
                 [](TraceFacts& f) { f.handling_wanted = HandlingCode::H2; }},
             Row{"handling_tightened",
                 false,
                 [](TraceFacts& f) { f.handling_now = HandlingCode::H2; }},
         }) {
        CAPTURE(row.guard);
        TraceFacts facts;
        row.set(facts);
        REQUIRE(find_trace_guard(row.guard) != nullptr);
        CHECK(find_trace_guard(row.guard)->met(facts) == row.met);
    }
}

TEST_CASE("reasons are taken only at the stage at which they may be given") {
    TraceFacts const facts;
    auto const environment = trace_environment(facts);
    CHECK(environment.in_list("refusal_reason", "national_security"));
    CHECK(environment.in_list("restriction_reason", "national_security"));
    CHECK(environment.in_list("delay_reason", "national_security"));
    CHECK(environment.in_list("delay_reason", "cost_or_resources"));
    CHECK(!environment.in_list("refusal_reason", "cost_or_resources"));
    CHECK(!environment.in_list("restriction_reason", "cost_or_resources"));
    CHECK(!environment.in_list("refusal_reason", "no_such_reason"));
    CHECK(!environment.in_list("make", "national_security"));
}

TEST_CASE("who must agree before a request leaves its agency") {
    struct Row {
        char const* what;
        OutboundRule rule;
        bool urgent;
        bool protected_groups;
        std::vector<std::string> asked;
        bool automatic;
        bool national_contact;
        bool second_person;
    };
    OutboundRule const strict;
    OutboundRule const any{.national_contact_abroad = false, .auto_approve_routine = true};
    OutboundRule const home{.auto_approve_routine = true};
    OutboundRule const listed{.auto_approve_routine = true, .auto_countries = {"XB"}};
    OutboundRule const central{.national_contact_at_home = true, .auto_approve_routine = true};
    for (auto const& row : {
             Row{"default, abroad", strict, false, false, {"XB"}, false, true, false},
             Row{"default, at home", strict, false, false, {"XA"}, false, false, false},
             Row{"any country by rule", any, false, false, {"XB"}, true, false, false},
             Row{"urgent is never automatic", any, true, false, {"XB"}, false, false, true},
             Row{"protected data never is", any, false, true, {"XB"}, false, false, true},
             Row{"at home by rule", home, false, false, {"XA"}, true, false, false},
             Row{"abroad not by that rule", home, false, false, {"XB"}, false, true, false},
             Row{"listed country", listed, false, false, {"XB"}, true, true, false},
             Row{"one not listed", listed, false, false, {"XB", "XC"}, false, true, false},
             Row{"national centre at home too", central, false, false, {"XA"}, false, true, false},
             Row{"nobody asked", any, false, false, {}, false, false, false},
         }) {
        CAPTURE(row.what);
        auto const decision = decide_outbound(row.rule,
                                              {.asking_country = "XA",
                                               .asked_countries = row.asked,
                                               .urgent = row.urgent,
                                               .asks_protected_groups = row.protected_groups});
        CHECK(decision.auto_rule_allows == row.automatic);
        CHECK(decision.national_contact_needed == row.national_contact);
        CHECK(decision.second_person_needed == row.second_person);
        CHECK(decision.supervisor_needed == row.urgent);
    }
}

TEST_CASE("a supervisor endorses where the national contact still has to approve") {
    OutboundDecision const both{.national_contact_needed = true, .supervisor_needed = true};
    OutboundDecision const contact{.national_contact_needed = true};
    OutboundDecision const supervisor{.supervisor_needed = true};
    CHECK(approval_event(both, true, false, false) == "endorse");
    CHECK(approval_event(both, true, false, true).empty());
    CHECK(approval_event(both, false, true, false).empty());
    CHECK(approval_event(both, false, true, true) == "approve");
    CHECK(approval_event(both, true, true, false) == "approve");
    CHECK(approval_event(contact, true, false, false).empty());
    CHECK(approval_event(contact, false, true, false) == "approve");
    CHECK(approval_event(supervisor, true, false, false) == "approve");
    CHECK(approval_event(OutboundDecision{}, false, false, false).empty());
}

TEST_CASE("trace numbers say country and year, and nothing of how many there are") {
    auto const number = make_trace_number("XA", 2026, 0x0123456789ABCDEFULL);
    CHECK(number.size() == 17);
    auto const read = parse_trace_number(number);
    REQUIRE(read.has_value());
    CHECK(read->country == "XA");
    CHECK(read->year == 2026);
    CHECK(read->to_string() == number);
    CHECK(make_trace_number("XA", 2026, 0) == TraceNumber{"XA", 2026, "2222222"}.to_string());
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        seen.insert(make_trace_number("XA", 2026, i * 0x9E3779B97F4A7C15ULL));
    }
    CHECK(seen.size() == 2000);
    CHECK_THROWS_AS(static_cast<void>(make_trace_number("xa", 2026, 1)), std::invalid_argument);
    CHECK_THROWS_AS(static_cast<void>(make_trace_number("XA", 26, 1)), std::invalid_argument);
}

TEST_CASE("a trace number with one wrong character or two swapped neighbours is not read") {
    auto const number = make_trace_number("XA", 2026, 0xFEDCBA9876543210ULL);
    for (std::size_t i = 0; i < number.size(); ++i) {
        for (char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-x ")) {
            auto wrong = number;
            wrong[i] = c;
            CHECK(parse_trace_number(wrong).has_value() == (c == number[i]));
        }
        if (i + 1 < number.size() && number[i] != number[i + 1]) {
            auto swapped = number;
            std::swap(swapped[i], swapped[i + 1]);
            CHECK(!parse_trace_number(swapped));
        }
    }
    for (auto const* text : {"", "XA-2026-2222222", "XA-2026-2222222-", "XA-1999-2222222-0"}) {
        CHECK(!parse_trace_number(text));
    }
}

TEST_CASE("handling codes are only ever tightened; evaluations are read as two characters") {
    for (auto const* code : {"H0", "H1", "H2", "H3"}) {
        CHECK(to_text(parse_handling_code(code).value()) == code);
    }
    CHECK(!parse_handling_code("H4"));
    CHECK(!parse_handling_code("h1"));
    for (auto now : {HandlingCode::H0, HandlingCode::H1, HandlingCode::H2, HandlingCode::H3}) {
        for (auto wanted :
             {HandlingCode::H0, HandlingCode::H1, HandlingCode::H2, HandlingCode::H3}) {
            CHECK(tightens(now, wanted) == (static_cast<int>(wanted) > static_cast<int>(now)));
            CHECK(stricter(now, wanted) == std::max(now, wanted));
        }
    }
    CHECK(needs_handling_text(HandlingCode::H3));
    CHECK(!needs_handling_text(HandlingCode::H2));
    for (char source : std::string_view("ABCX")) {
        for (char information : std::string_view("1234")) {
            std::string const text{source, information};
            CHECK(to_text(parse_evaluation(text).value()) == text);
        }
    }
    for (auto const* wrong : {"", "A", "D1", "A0", "A5", "a1", "A11"}) {
        CHECK(!parse_evaluation(wrong));
    }
}
