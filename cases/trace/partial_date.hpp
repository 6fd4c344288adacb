// Dates as people write them, with how much of them is known. A date that may mean two days is not
// guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.hpp"

namespace rastro::cases {

// Codes: year, month, day.
enum class DatePrecision : std::uint8_t { year, month, day };

struct PartialDate {
    std::chrono::year year{};
    std::chrono::month month{1};  // 1 when not known
    std::chrono::day day{1};      // 1 when not known
    DatePrecision precision = DatePrecision::year;

    [[nodiscard]] Date first_day() const noexcept { return Date{year, month, day}; }
    [[nodiscard]] std::string to_string() const;  // 2017, 2017-08, 2017-08-09
    friend bool operator==(PartialDate const&, PartialDate const&) = default;
};

// How a profile says that day and month stand: unknown order makes 3/4/2020 ambiguous, 3/14/2020
// not.
enum class DateOrder : std::uint8_t { unknown, month_first, day_first };

// Codes: empty, not_a_date, ambiguous_order, not_in_calendar, year_out_of_range.
enum class DateFault : std::uint8_t {
    empty,
    not_a_date,
    ambiguous_order,
    not_in_calendar,
    year_out_of_range
};

struct DateReading {
    std::optional<PartialDate> date;
    std::optional<DateFault> fault;  // set exactly when there is no date
    bool annotated =
        false;  // the text said more than the date (a star, "late", "Aug-Dec"): keep it
};

[[nodiscard]] std::string_view code_of(DatePrecision precision) noexcept;
[[nodiscard]] std::optional<DatePrecision> date_precision_from(std::string_view code) noexcept;
[[nodiscard]] std::string_view code_of(DateFault fault) noexcept;

// Total. Forms: 2017-08-09, 2017-08, 2017; 8/9/2017, 8/9/17, 8.9.2017, 8-9-2017 by `order`; "August
// 2017", "9 Aug 2017", "Aug 9, 2017" with English, Spanish, Portuguese and French month names; a
// text with one four-digit year among months, seasons and words of vagueness ("Summer 2010",
// "late-2019", "Aug-Dec 2017") gives the year alone. Years 1800 to `latest_year`. Two digits of
// year: the latest year with these digits that is not after `latest_year` (with 2026: 26 is 2026,
// 27 is 1927).
[[nodiscard]] DateReading parse_partial_date(std::string_view text,
                                             DateOrder order,
                                             int latest_year);
// 2017, 2017-08 or 2017-08-09 only.
[[nodiscard]] std::optional<PartialDate> parse_iso_partial_date(std::string_view text);

}  // namespace rastro::cases
