// Clocks of a case and its legs as deadline rows: which rule holds, when each stage comes
// in the calendar of the receiver, and the starting, stopping, pausing and resuming that a
// transition names. Source: domain/tracing.md 3.6 and 9.4; rules: cases/deadlines.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cases/calendar.hpp"
#include "cases/lifecycle.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {
class UnitOfWork;
}

namespace rastro::server {

// Working days of a receiver: weekend and holidays of its country, offset of its time zone (tz
// database; UTC for a zone that is not known).
[[nodiscard]] cases::Calendar load_calendar(storage::UnitOfWork& unit,
                                            std::string_view agency,
                                            std::string_view country,
                                            Instant now);

// One row for each stage of a clock that starts at `start`; `leg` null: a clock of the request.
// Throws std::logic_error for a clock without a rule: the case type has been checked for that.
[[nodiscard]] std::vector<storage::DeadlineRow> deadline_rows(std::string_view clock,
                                                              int cycle,
                                                              storage::CaseFile const& file,
                                                              storage::LegRow const* leg,
                                                              Instant start,
                                                              cases::Calendar const& receiver);

// Does what the transition says about clocks, those named and those that come with the states. A
// clock that starts again begins its next cycle. `review_on`: the day at whose beginning a delay is
// to be looked at again or a record ends; the clock of the rule is the latest. Returns whether
// anything was to do.
bool apply_clocks(storage::UnitOfWork& unit,
                  storage::CaseFile const& file,
                  storage::LegRow const* leg,
                  cases::Transition const& transition,
                  std::optional<Date> review_on);

// By when the leg's next duty is due: the earliest `due` of a clock that still runs or is paused;
// what it was if none does.
[[nodiscard]] Instant next_due(storage::UnitOfWork& unit, storage::LegRow const& leg);

}  // namespace rastro::server
