// Working days of one country or agency. Values only: weekend, holidays and the offset of its time
// zone are handed in, so that rules stay free of files and of the tz database.
#pragma once

#include <bitset>
#include <chrono>
#include <functional>
#include <set>

#include "common/clock.hpp"

namespace rastro::cases {

// Offset from UTC that holds in the zone at an instant (east positive).
using UtcOffset = std::function<std::chrono::seconds(Instant)>;
[[nodiscard]] UtcOffset fixed_offset(std::chrono::seconds east);

class Calendar {
 public:
    // Bit 0 is Sunday, as std::chrono::weekday::c_encoding(). An empty offset means UTC.
    // Throws std::invalid_argument if every day of the week is a weekend day.
    Calendar(std::bitset<7> weekend, std::set<Date> holidays, UtcOffset offset);
    // Saturday and Sunday, no holidays, UTC.
    Calendar();

    [[nodiscard]] bool is_working_day(Date day) const;
    [[nodiscard]] Date local_date(Instant instant) const;
    // First instant of a local day. At a change of offset the one that holds at that midnight.
    [[nodiscard]] Instant start_of(Date day) const;

    // `count` working days later: the day of `from` does not count; the result is the end of the
    // last counted day (local midnight after it). With count 0: `from` itself.
    [[nodiscard]] Instant add_working_days(Instant from, int count) const;
    // Calendar days: end of the day `count` days after the local date of `from`.
    [[nodiscard]] Instant add_calendar_days(Instant from, int count) const;

 private:
    std::bitset<7> weekend_;
    std::set<Date> holidays_;
    UtcOffset offset_;
};

}  // namespace rastro::cases
