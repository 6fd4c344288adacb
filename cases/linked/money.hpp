// Amounts of money with their currency, conversion at the rate of a day, and the roll-up of an
// asset case. Amounts are whole minor units (cents), never floating point; a rate is a decimal with
// up to 12 fractional digits. Source: domain/linked-cases.md 4.3 (value roll-up, worked test).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

// ISO 4217 code and the number of its minor digits (config/reference/currencies.csv).
struct Currency {
    std::string code;
    int minor_digits = 2;
};
[[nodiscard]] Currency const* find_currency(std::string_view code);

struct Money {
    std::int64_t minor = 0;  // 12.34 USD = 1234; 500 CLP = 500
    std::string currency;

    friend bool operator==(Money const&, Money const&) = default;
};
// "1200000000", "5000.50": digits, at most as many fractional digits as the currency has; nothing
// for another form, an unknown currency or more than 15 digits.
[[nodiscard]] std::optional<Money> parse_money(std::string_view amount, std::string_view currency);
[[nodiscard]] std::string amount_text(Money const& money);  // "288000.00"

// One unit of `currency` in `base`, as read on `day`. Rates are compared as exact decimals.
struct RateRow {
    std::string currency;
    std::string base;
    Date day{};
    std::string rate;  // decimal text, "0.000240"
    std::string source;
};
// Columns currency,base,day,rate,source. validation_failed with pointers "/ROW/COLUMN" (row 0 is
// the first after the heading).
[[nodiscard]] Outcome<std::vector<RateRow>> parse_exchange_rates(std::string_view csv);
// Rates of config/reference/exchange_rates.csv.
[[nodiscard]] std::vector<RateRow> const& exchange_rates();
// Half away from zero to the minor unit of the base. The rate has to be of that very day: an absent
// rate yields nothing, never 0 or 1. Same currency: unchanged.
[[nodiscard]] std::optional<Money> convert(Money const& money,
                                           std::string_view base,
                                           Date day,
                                           std::vector<RateRow> const& rates);

// One asset as it stands, with its last valid valuation.
struct AssetLine {
    std::string id;
    std::string state;  // of the asset's own life: "FROZEN"
    Money value;
    Date value_date{};
};
struct AssetSum {
    std::int64_t at_value_date = 0;  // minor units of the base
    std::int64_t restated = 0;
    int lines = 0;
    friend bool operator==(AssetSum const&, AssetSum const&) = default;
};
struct AssetRollUp {
    std::map<std::string, AssetSum, std::less<>> by_state;
    AssetSum total;                        // without released and lost
    std::vector<std::string> unconverted;  // ids of lines without a rate at either date; in no sum
};
// Each line is converted at its own valuation date and restated at the report date, rounded, then
// added. Released and lost lines are shown apart and are not in the total.
[[nodiscard]] AssetRollUp roll_up(std::vector<AssetLine> const& lines,
                                  std::string_view base,
                                  Date report_date,
                                  std::vector<RateRow> const& rates);

}  // namespace rastro::cases
