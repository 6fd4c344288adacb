// Clocks of declared cases that somebody is told of now: some days before they are due, and when
// they are (migration clock_notices). For the server's own work: system access. Load and store
// only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct ClockNotice {
    CaseId case_id;
    Uuid object_id;
    std::string clock;
    int cycle = 1;
    Instant due_at{};
};
// Running clocks with a notice at or before now, the longest waiting first.
[[nodiscard]] std::vector<ClockNotice> clock_notices(UnitOfWork& unit, int limit);
// The clock under the lock of this unit of work, without the notices until now; nothing if another
// server has told of it or it runs no more.
[[nodiscard]] std::optional<ClockNotice> claim_clock_notice(UnitOfWork& unit,
                                                            ClockNotice const& notice);
// One that failed is tried again an hour later.
void put_off_clock_notice(UnitOfWork& unit, ClockNotice const& notice);

}  // namespace rastro::storage
