#include "cases/calendar.hpp"

#include <stdexcept>
#include <utility>

namespace rastro::cases {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

std::bitset<7> saturday_and_sunday() {
    std::bitset<7> weekend;
    weekend.set(0);
    weekend.set(6);
    return weekend;
}

}  // namespace

UtcOffset fixed_offset(std::chrono::seconds east) {
    return [east](Instant) { return east; };
}

Calendar::Calendar(std::bitset<7> weekend, std::set<Date> holidays, UtcOffset offset)
    : weekend_(weekend),
      holidays_(std::move(holidays)),
      offset_(offset ? std::move(offset) : fixed_offset(std::chrono::seconds{0})) {
    if (weekend_.all()) {
        throw std::invalid_argument("a calendar without working days");
    }
}

Calendar::Calendar() : Calendar(saturday_and_sunday(), {}, {}) {}

bool Calendar::is_working_day(Date day) const {
    auto const weekday = std::chrono::weekday(sys_days(day)).c_encoding();
    return !weekend_.test(weekday) && !holidays_.contains(day);
}

Date Calendar::local_date(Instant instant) const {
    return Date(std::chrono::floor<days>(instant + offset_(instant)));
}

Instant Calendar::start_of(Date day) const {
    Instant const as_if_utc = sys_days(day);
    auto const guess = as_if_utc - offset_(as_if_utc);
    return as_if_utc - offset_(guess);
}

Instant Calendar::add_working_days(Instant from, int count) const {
    if (count <= 0) {
        return from;
    }
    auto day = sys_days(local_date(from));
    // A year without one working day is a faulty holiday list; it must not hold up the server.
    constexpr int longest_break = 366;
    for (int idle = 0; count > 0 && idle <= longest_break;) {
        day += days{1};
        if (is_working_day(Date(day))) {
            --count;
            idle = 0;
        } else {
            ++idle;
        }
    }
    return start_of(Date(day + days{1}));
}

Instant Calendar::add_calendar_days(Instant from, int count) const {
    if (count <= 0) {
        return from;
    }
    return start_of(Date(sys_days(local_date(from)) + days{count + 1}));
}

}  // namespace rastro::cases
