// What jobs take up: deadlines that have come, legs that wait for delivery. Candidates are listed
// without locks; whoever acts locks the case, then the row, and looks again, in the order in which
// every act locks. System access only.
#pragma once

#include <optional>
#include <vector>

#include "storage/db/unit_of_work.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {

// Running and due; those that failed before come last.
[[nodiscard]] std::vector<DeadlineRow> due_deadlines(UnitOfWork& unit, Instant now, int limit);
// Locked; nullopt if it is no longer running and due, as when another server has fired it.
[[nodiscard]] std::optional<DeadlineRow> claim_deadline(UnitOfWork& unit,
                                                        DeadlineRow const& deadline,
                                                        Instant now);
// Notes a failed attempt and returns how many there were.
int count_failed_attempt(UnitOfWork& unit, DeadlineRow const& deadline);

struct WaitingLeg {
    CaseId case_id;
    LegId leg_id;
};
// Legs in ROUTED whose agency has its endpoint here, oldest first.
[[nodiscard]] std::vector<WaitingLeg> legs_to_deliver(UnitOfWork& unit, int limit);

}  // namespace rastro::storage
