#include "cases/linked/money.hpp"

#include <doctest/doctest.h>

#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

Date day(char const* text) {
    return *parse_iso_date(text);
}

std::vector<RateRow> rates() {
    return {{"COP", "USD", day("2025-02-01"), "0.000240", "test"},
            {"COP", "USD", day("2025-06-30"), "0.000250", "test"},
            {"BRL", "USD", day("2025-03-15"), "0.175", "test"},
            {"BRL", "USD", day("2025-06-30"), "0.180", "test"},
            {"CLP", "USD", day("2025-06-30"), "0.001055", "test"}};
}

AssetLine line(
    char const* id, char const* state, char const* amount, char const* currency, char const* on) {
    return {id, state, *parse_money(amount, currency), day(on)};
}

}  // namespace

// domain/linked-cases.md 4.3, worked test.
TEST_CASE("assets are rolled up at their own date and at the report date") {
    std::vector<AssetLine> lines{line("A1", "FROZEN", "1200000000", "COP", "2025-02-01"),
                                 line("A2", "FORFEITED_FINAL", "350000", "USD", "2025-04-10"),
                                 line("A3", "SEIZED", "980000", "BRL", "2025-03-15"),
                                 line("A4", "RETURNED_VICTIM", "42000", "USD", "2025-05-05"),
                                 line("A5", "SEIZED", "85000000", "COP", "2025-02-01"),
                                 line("A6", "RELEASED", "350000", "USD", "2025-04-10")};
    auto sums = roll_up(lines, "USD", day("2025-06-30"), rates());
    CHECK(sums.by_state.at("FROZEN") == AssetSum{288'000'00, 300'000'00, 1});
    CHECK(sums.by_state.at("SEIZED") == AssetSum{191'900'00, 197'650'00, 2});
    CHECK(sums.by_state.at("FORFEITED_FINAL") == AssetSum{350'000'00, 350'000'00, 1});
    CHECK(sums.by_state.at("RETURNED_VICTIM") == AssetSum{42'000'00, 42'000'00, 1});
    CHECK(sums.by_state.at("RELEASED") == AssetSum{350'000'00, 350'000'00, 1});
    CHECK(sums.total == AssetSum{871'900'00, 889'650'00, 5});
    CHECK(sums.unconverted.empty());

    lines.push_back(line("A7", "SEIZED", "100", "MXN", "2025-02-01"));
    lines.push_back(line("A8", "SEIZED", "100", "BRL", "2025-03-16"));  // no rate of that day
    sums = roll_up(lines, "USD", day("2025-06-30"), rates());
    CHECK(sums.unconverted == std::vector<std::string>{"A7", "A8"});
    CHECK(sums.total == AssetSum{871'900'00, 889'650'00, 5});
}

TEST_CASE("halves are rounded away from zero") {
    std::vector<RateRow> const half{{"BRL", "USD", day("2025-01-01"), "0.5", "test"}};
    CHECK(convert({1, "BRL"}, "USD", day("2025-01-01"), half)->minor == 1);
    CHECK(convert({3, "BRL"}, "USD", day("2025-01-01"), half)->minor == 2);
    CHECK(convert({-1, "BRL"}, "USD", day("2025-01-01"), half)->minor == -1);
    // 1000 CLP (no minor unit) = 1.055 USD -> 106 cents
    CHECK(convert({1000, "CLP"}, "USD", day("2025-06-30"), rates())->minor == 106);
    CHECK_FALSE(convert({1, "BRL"}, "EUR", day("2025-01-01"), half).has_value());
    CHECK_FALSE(
        convert(
            {1, "BRL"}, "USD", day("2025-01-01"), {{"BRL", "USD", day("2025-01-01"), "0", "test"}})
            .has_value());
}

TEST_CASE("amounts as text") {
    CHECK(parse_money("5000.5", "USD")->minor == 5000'50);
    CHECK(amount_text(*parse_money("5000.5", "USD")) == "5000.50");
    CHECK(amount_text({5, "USD"}) == "0.05");
    CHECK(amount_text({-123, "USD"}) == "-1.23");
    CHECK(amount_text(*parse_money("500", "CLP")) == "500");
    for (auto const* bad :
         {"", ".", "1.", ".5", "1.234", "-1", "1e3", "1,000", "1234567890123456"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_money(bad, "USD").has_value());
    }
    CHECK_FALSE(parse_money("1.5", "CLP").has_value());
    CHECK_FALSE(parse_money("1", "ZZZ").has_value());
}
