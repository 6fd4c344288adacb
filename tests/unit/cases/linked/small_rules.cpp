// The small rules of linked cases: firsts and spikes, acknowledgement, unit values, suppression,
// the conflict wall, exchange settlement, treaty terms, notices.
#include <doctest/doctest.h>

#include <random>

#include "cases/linked/acknowledgement.hpp"
#include "cases/linked/conflict_wall.hpp"
#include "cases/linked/first_detection.hpp"
#include "cases/linked/fx_settlement.hpp"
#include "cases/linked/notice_patterns.hpp"
#include "cases/linked/suppression.hpp"
#include "cases/linked/treaty_clock.hpp"
#include "cases/linked/unit_value.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;
using namespace std::chrono_literals;

namespace {

Date day(char const* text) {
    return *parse_iso_date(text);
}

}  // namespace

// domain/linked-cases.md 4.4: sample of XA collected 03-01, confirmed 03-20; of XB collected 02-25,
// confirmed 04-02.
TEST_CASE("a late report that predates the known first corrects it and makes no second first") {
    using enum FirstChange;
    Detection const in_a{"D1", "KEY", "XA", day("2025-03-01")};
    auto const early = first_detection(in_a, std::nullopt, std::nullopt);
    CHECK(early.country == first);
    CHECK(early.region == first);
    FirstDetection const known_a{"KEY", "XA", "XA", "D1", in_a.collected_on};
    FirstDetection const known_region{"KEY", "region", "XA", "D1", in_a.collected_on};
    Detection const in_b{"D2", "KEY", "XB", day("2025-02-25")};
    auto const late = first_detection(in_b, std::nullopt, known_region);
    CHECK(late.country == first);
    CHECK(late.region == correction);
    auto const again =
        first_detection({"D3", "KEY", "XA", day("2025-03-01")}, known_a, known_region);
    CHECK(again.country == none);
    CHECK(again.region == none);
    CHECK(first_detection({"D4", "KEY", "XA", day("2025-02-01")}, known_a, known_region).country ==
          correction);
}

TEST_CASE("a spike is above the own high and beyond chance, both") {
    std::vector<int> const quiet(30, 1);
    CHECK(spike(6, quiet).fires);
    CHECK(spike(6, quiet).own_high == 1);
    CHECK(spike(6, quiet).p == doctest::Approx(0.000594).epsilon(0.01));
    CHECK_FALSE(spike(2, quiet).fires);  // above the high, but chance
    std::vector<int> burst(30, 1);
    burst[3] = 7;
    CHECK_FALSE(spike(7, burst).fires);  // not above the high
    CHECK_FALSE(spike(50, {}).fires);
    CHECK(legal_gap_days(day("2025-01-01"), std::nullopt, day("2025-04-01")) == 90);
    CHECK(legal_gap_days(day("2025-01-01"), day("2024-06-01"), day("2025-04-01")) == 0);
}

TEST_CASE("who hears of an alert, and who hears when nobody acknowledges") {
    std::vector<Subscription> const wishes{{"XB-HEALTH-1", "", "", 1},
                                           {"XB-HEALTH-1", "XA", "", 2},
                                           {"XC-LAB-2", "", "nitazene", 1},
                                           {"XC-POLICE-3", "", "", 4},
                                           {"XA-HEALTH-9", "", "", 1}};
    CHECK(fan_out({"XA", "fentanyl_related", 3}, "XA-HEALTH-9", wishes) ==
          std::vector<std::string>{"XB-HEALTH-1"});
    CHECK(fan_out({"XA", "nitazene", 4}, "XA-HEALTH-9", wishes).size() == 3);
    auto const due = Instant{} + 100h;
    CHECK(ladder_step(due, 24h, due - 1us) == LadderStep::none);
    CHECK(ladder_step(due, 24h, due) == LadderStep::deputy);
    CHECK(ladder_step(due, 24h, due + 24h) == LadderStep::national_contact);
    CHECK(ladder_step(due, 24h, due + 48h) == LadderStep::secretariat);
    auto const rows = acknowledgement_matrix(
        {{"XB", "ACKNOWLEDGED"}, {"XB", "DELIVERED"}, {"XC", "NOT_APPLICABLE"}});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].recipients == 2);
    CHECK(rows[0].acknowledged == 1);
    CHECK(rows[1].not_applicable == 1);
}

// domain/linked-cases.md 4.6: 28 values.
TEST_CASE("unit values against their reference") {
    std::vector<double> const set{10.2, 10.5, 10.8, 11.0, 11.1, 11.3, 11.4, 11.6, 11.9, 12.0,
                                  12.1, 12.3, 12.4, 12.6, 12.8, 13.0, 13.1, 13.3, 13.6, 13.9,
                                  14.2, 14.4, 14.8, 15.1, 15.5, 16.0, 16.4, 17.0};
    auto const reference = unit_value_reference(set);
    CHECK(reference.q1 == doctest::Approx(11.55));
    CHECK(reference.median == doctest::Approx(12.70));
    CHECK(reference.q3 == doctest::Approx(14.25));
    CHECK(reference.low_fence == doctest::Approx(7.50));
    CHECK(reference.high_fence == doctest::Approx(18.30));
    CHECK(reference.mad == doctest::Approx(1.35));
    struct Row {
        double value;
        UnitValueLevel level;
        double z;
        bool strong;
    };
    for (auto const& row : {Row{12.5, UnitValueLevel::none, -0.10, false},
                            Row{9.0, UnitValueLevel::note, -1.85, false},
                            Row{21.0, UnitValueLevel::signal, 4.15, true},
                            Row{48.0, UnitValueLevel::signal, 17.64, true},
                            Row{4.4, UnitValueLevel::signal, -4.15, true}}) {
        CAPTURE(row.value);
        auto const verdict = judge_unit_value(row.value, reference);
        CHECK(verdict.level == row.level);
        CHECK(verdict.robust_z == doctest::Approx(row.z).epsilon(0.005));
        CHECK(verdict.strong == row.strong);
    }
    CHECK(value_moved(4.4, 10'000, reference) == doctest::Approx(71'500));
    CHECK(value_flow(false, 4.4, reference) == ValueFlow::out);  // export under-invoiced
    CHECK(value_flow(true, 48.0, reference) == ValueFlow::out);  // import over-invoiced
    CHECK(value_flow(true, 4.4, reference) == ValueFlow::in);
    CHECK(value_flow(false, 48.0, reference) == ValueFlow::in);
    CHECK(value_flow(true, 12.5, reference) == ValueFlow::none);
    auto few = set;
    few.resize(26);
    CHECK(judge_unit_value(48.0, unit_value_reference(few)).level ==
          UnitValueLevel::insufficient_reference);
}

TEST_CASE("no small cell is shown, nor can it be subtracted") {
    auto const table = suppress({{25, 3, 40}, {12, 30, 18}});
    CHECK_FALSE(table.cells[0][1].has_value());
    CHECK_FALSE(can_be_subtracted(table));
    CHECK(table.total == 128);
    auto const plain = suppress({{25, 0, 40}, {12, 30, 18}});
    CHECK(plain.cells[0][1] == 0);
    CHECK(plain.row_totals[0] == 65);
    // What primary suppression alone would leave open.
    SuppressedTable naive{{{25, std::nullopt, 40}}, {68}, {25, 3, 40}, 68};
    CHECK(can_be_subtracted(naive));

    std::mt19937 random(7);
    std::uniform_int_distribution<int> count(0, 40);
    for (int round = 0; round < 500; ++round) {
        CountTable counts(1 + static_cast<std::size_t>(round % 5),
                          std::vector<int>(1 + static_cast<std::size_t>(round % 4)));
        for (auto& row : counts) {
            for (auto& cell : row) {
                cell = count(random);
            }
        }
        auto const safe = suppress(counts);
        CHECK_FALSE(can_be_subtracted(safe));
        for (std::size_t r = 0; r < counts.size(); ++r) {
            for (std::size_t c = 0; c < counts[r].size(); ++c) {
                bool const small = counts[r][c] > 0 && counts[r][c] < kDefaultK;
                CHECK_FALSE((small && safe.cells[r][c].has_value()));
                CHECK((!safe.cells[r][c] || *safe.cells[r][c] == counts[r][c]));
            }
        }
    }
}

TEST_CASE("whoever of the staff is meant, or related, is behind the wall") {
    std::vector<StaffMember> const staff{{"u1", "Ana López García", "", {}},
                                         {"u2", "Pedro Ruiz", "12.345.678", {}},
                                         {"u3", "Luis Peralta", "", {"Marta Hernández Soto"}},
                                         {"u4", "Ana Pérez", "", {}}};
    auto const hits = conflict_wall(
        {{"Lopes Garsia, Ana María", ""}, {"P. R.", "12345678"}, {"Ernandes Soto Marta", ""}},
        staff);
    REQUIRE(hits.size() == 3);
    CHECK(hits[0].user_id == "u1");
    CHECK(hits[0].ground == WallGround::name);
    CHECK(hits[1].user_id == "u2");
    CHECK(hits[1].ground == WallGround::document);
    CHECK(hits[2].user_id == "u3");
    CHECK(hits[2].ground == WallGround::relative);
    CHECK(conflict_wall({{"Ana", ""}}, staff).empty());
}

TEST_CASE("exchange operations settle the oldest declarations first, within one per cent") {
    std::vector<ExportDeclaration> const declarations{
        {"E2", "t", *parse_money("500", "USD"), day("2025-03-01")},
        {"E1", "t", *parse_money("1000", "USD"), day("2025-02-01")},
        {"E3", "t", *parse_money("100", "USD"), day("2025-04-01")}};
    auto const result =
        match_settlements(declarations,
                          {{"o2", "t", "", *parse_money("600", "USD"), day("2025-02-20")},
                           {"o1", "t", "", *parse_money("900", "USD"), day("2025-01-20")},
                           {"o3", "t", "E3", *parse_money("99", "USD"), day("2025-04-06")},
                           {"o4", "t", "", *parse_money("50", "BRL"), day("2025-01-01")}},
                          day("2025-05-01"));
    CHECK(result.declarations[1].complete);
    CHECK(result.declarations[1].days_late == 19);
    CHECK(result.declarations[0].complete);
    CHECK(result.declarations[0].days_late == 0);
    CHECK(result.declarations[0].operations == std::vector<std::string>{"o2"});
    CHECK(result.declarations[2].complete);  // 99 of 100
    CHECK(result.declarations[2].days_late == 5);
    CHECK(result.unmatched == std::vector<std::string>{"o4"});
    auto const open = match_settlements(declarations, {}, day("2025-02-11"));
    CHECK(open.declarations[1].days_late == 10);
    CHECK(open.declarations[0].days_late == 0);

    std::vector<FxTerm> const terms{
        {"XA", "days_60", 60, day("2019-09-01"), day("2020-12-31"), "t"},
        {"XA", "days_60", 30, day("2021-01-01"), std::nullopt, "t"}};
    CHECK(fx_due_on(terms, "XA", "days_60", day("2020-12-31")) == day("2021-03-01"));
    CHECK(fx_due_on(terms, "XA", "days_60", day("2021-01-01")) == day("2021-01-31"));
    CHECK_FALSE(fx_due_on(terms, "XA", "days_60", day("2019-08-31")).has_value());
}

TEST_CASE("terms of treaties: two months are not sixty days") {
    std::vector<TreatyTerm> const terms{{"extr.provisional_arrest",
                                         "",
                                         "",
                                         "",
                                         60,
                                         TermUnit::days,
                                         false,
                                         day("2000-01-01"),
                                         "DEFAULT"},
                                        {"extr.provisional_arrest",
                                         "Montevideo 1933",
                                         "",
                                         "",
                                         2,
                                         TermUnit::months,
                                         false,
                                         day("1935-01-01"),
                                         "t"},
                                        {"extr.provisional_arrest",
                                         "",
                                         "XA",
                                         "XB",
                                         18,
                                         TermUnit::days,
                                         true,
                                         day("2010-01-01"),
                                         "t"}};
    auto const* any =
        find_treaty_term(terms, "extr.provisional_arrest", "", "XA", "XC", day("2025-01-01"));
    REQUIRE(any != nullptr);
    CHECK(term_end(*any, day("2025-01-31"), Calendar()) == day("2025-04-01"));
    auto const* montevideo = find_treaty_term(
        terms, "extr.provisional_arrest", "Montevideo 1933", "XA", "XC", day("2025-01-01"));
    CHECK(term_end(*montevideo, day("2025-01-31"), Calendar()) == day("2025-03-31"));
    CHECK(term_end(*montevideo, day("2024-12-31"), Calendar()) == day("2025-02-28"));
    CHECK(term_end(*montevideo, day("2023-12-30"), Calendar()) == day("2024-02-29"));
    auto const* pair = find_treaty_term(
        terms, "extr.provisional_arrest", "Montevideo 1933", "XB", "XA", day("2025-01-01"));
    CHECK(pair->amount == 18);
    // 18 days after Tue 2025-07-01 is Sat 2025-07-19; it moves to Monday.
    CHECK(term_end(*pair, day("2025-07-01"), Calendar()) == day("2025-07-21"));
    TreatyTerm const working{
        "x", "", "", "", 5, TermUnit::working_days, false, day("2000-01-01"), "t"};
    CHECK(term_end(working, day("2025-07-04"), Calendar()) == day("2025-07-11"));
    CHECK(find_treaty_term(terms, "extr.surrender", "", "XA", "XB", day("2025-01-01")) == nullptr);
}

TEST_CASE("notices that show something only together") {
    std::vector<NoticeFact> const all{
        {"N1", "e1", "c", "s", day("2025-03-02"), 32'000, 100'000, false},
        {"N2", "e1", "c", "s", day("2025-03-12"), 32'000, 100'000, false},
        {"N3", "e1", "c", "s", day("2025-03-22"), 32'000, 100'000, false},
        {"N4", "e1", "c", "s", day("2025-04-22"), 96'000, 100'000, false},
        {"N5", "e1", "d", "s", day("2025-01-01"), 1, 0, true},
        {"N6", "e2", "d", "s", day("2025-02-01"), 1, 0, false},
        {"N7", "e1", "d", "s", day("2025-02-01"), 1, 0, false}};
    auto const groups = split_notices(all);
    REQUIRE(groups.size() == 1);
    CHECK(groups[0] == std::vector<std::string>{"N1", "N2", "N3"});
    CHECK(rerouted_notices(all) == std::vector<std::string>{"N6"});
}
