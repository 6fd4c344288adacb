// Terms that treaties set in days or months ("two months" is not sixty days): dated rows by treaty
// and pair of countries. The most specific row in force wins: pair, then country, then the treaty.
// Source: domain/linked-cases.md 3.4 and 4.7 (clocks are treaty rows); a term that ends on a day
// without work ends on the next working day where the row says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/calendar.hpp"

namespace rastro::cases {

enum class TermUnit : std::uint8_t { days, working_days, months };

struct TreatyTerm {
    std::string clock;      // "extr.provisional_arrest"
    std::string treaty;     // empty: any
    std::string country_a;  // empty: any; the pair has no order
    std::string country_b;
    int amount = 0;
    TermUnit unit = TermUnit::days;
    bool moves_to_working_day = false;
    Date valid_from{};
    std::string source;
};

[[nodiscard]] TreatyTerm const* find_treaty_term(std::vector<TreatyTerm> const& terms,
                                                 std::string_view clock,
                                                 std::string_view treaty,
                                                 std::string_view country_a,
                                                 std::string_view country_b,
                                                 Date on);

// Last day of a term that begins on `start` (which does not count). Months end on the day of the
// same number, or on the last of a shorter month (31 Jan + 1 month = 28 or 29 Feb).
[[nodiscard]] Date term_end(TreatyTerm const& term, Date start, Calendar const& calendar);

}  // namespace rastro::cases
