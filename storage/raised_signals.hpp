// Signals that a job raised by looking across cases, and which case it looks at next (migration
// signals). Load and store only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/linked/field_value.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct RaisedSignal {
    std::string rule;
    Uuid object_id;  // of the case itself: its id
    int rule_version = 1;
    std::string severity;
    std::string group;  // field group that one has to see
    cases::FieldValues numbers;
    friend bool operator==(RaisedSignal const&, RaisedSignal const&) = default;
};
// Those that hold now, as far as the caller sees the groups they rest on.
[[nodiscard]] std::vector<RaisedSignal> raised_signals(UnitOfWork& unit, CaseId const& case_id);
void raise_signal(UnitOfWork& unit, CaseId const& case_id, RaisedSignal const& signal);
void end_signal(UnitOfWork& unit, CaseId const& case_id, RaisedSignal const& signal);

// The case is looked at anew, soon. By whoever changed it.
void queue_signals(UnitOfWork& unit, CaseId const& case_id);

// The rest: system access.
[[nodiscard]] std::vector<CaseId> waiting_signal_tasks(UnitOfWork& unit, int limit);
// False if another server has it, or if it is not due any more. Holds it for this unit of work.
[[nodiscard]] bool claim_signal_task(UnitOfWork& unit, CaseId const& case_id);
// When it is looked at next; nothing: never, unless somebody changes it.
void settle_signal_task(UnitOfWork& unit,
                        CaseId const& case_id,
                        std::optional<Instant> const& next);
// Cases that a new signal of another one concerns too.
void queue_signals_of(UnitOfWork& unit, std::vector<CaseId> const& cases);
// Notes a failed attempt, which is tried again later each time.
void put_off_signal_task(UnitOfWork& unit, CaseId const& case_id);

}  // namespace rastro::storage
