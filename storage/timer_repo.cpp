#include "storage/timer_repo.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_TIMER_COLUMNS                                                       \
    "select case_id, deadline_id, leg_id, clock, stage, cycle, state, " RASTRO_US( \
        "started_at") ", " RASTRO_US("due_at") ", " RASTRO_US("paused_at") " from deadline "

constexpr Query kDue{"deadlines_due",
                     RASTRO_TIMER_COLUMNS
                     "where state = 'running' and due_at <= :now::timestamptz "
                     "order by attempts, due_at, deadline_id limit :limit::integer"};
constexpr Query kClaim{"deadline_claim",
                       RASTRO_TIMER_COLUMNS
                       "where case_id = :case_id::uuid and deadline_id = :deadline_id::uuid and "
                       "state = 'running' and due_at <= :now::timestamptz for update"};
constexpr Query kFailed{"deadline_failed",
                        "update deadline set attempts = least(attempts + 1, 32000) where case_id "
                        "= :case_id::uuid and deadline_id = :deadline_id::uuid returning attempts"};
constexpr Query kToDeliver{
    "legs_to_deliver",
    "select l.case_id, l.leg_id from leg l join agency a on a.agency = l.asked_agency where "
    "l.state = 'ROUTED' and a.endpoint_kind = 'hosted' order by l.routed_at limit "
    ":limit::integer"};

DeadlineRow to_deadline(Row const& row) {
    DeadlineRow deadline;
    deadline.case_id = row.id<CaseId>("case_id");
    deadline.deadline_id = row.uuid("deadline_id");
    if (auto const leg = row.maybe_uuid("leg_id")) {
        deadline.leg_id = LegId{*leg};
    }
    deadline.clock = row.text("clock");
    deadline.stage = row.text("stage");
    deadline.cycle = static_cast<int>(row.integer("cycle"));
    deadline.state = row.text("state");
    deadline.started_at = row.instant("started_at");
    deadline.due_at = row.instant("due_at");
    deadline.paused_at = row.maybe_instant("paused_at");
    return deadline;
}

}  // namespace

std::vector<DeadlineRow> due_deadlines(UnitOfWork& unit, Instant now, int limit) {
    std::vector<DeadlineRow> found;
    auto const rows = unit.sql().run(kDue, {{"now", now}, {"limit", limit}});
    for (auto const row : rows) {
        found.push_back(to_deadline(row));
    }
    return found;
}

std::optional<DeadlineRow> claim_deadline(UnitOfWork& unit,
                                          DeadlineRow const& deadline,
                                          Instant now) {
    auto const rows = unit.sql().run(
        kClaim,
        {{"case_id", deadline.case_id}, {"deadline_id", deadline.deadline_id}, {"now", now}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return to_deadline(rows.front());
}

int count_failed_attempt(UnitOfWork& unit, DeadlineRow const& deadline) {
    auto const rows = unit.sql().run(
        kFailed, {{"case_id", deadline.case_id}, {"deadline_id", deadline.deadline_id}});
    return rows.empty() ? 0 : static_cast<int>(rows.front().integer("attempts"));
}

std::vector<WaitingLeg> legs_to_deliver(UnitOfWork& unit, int limit) {
    std::vector<WaitingLeg> found;
    auto const rows = unit.sql().run(kToDeliver, {{"limit", limit}});
    for (auto const row : rows) {
        found.push_back({row.id<CaseId>("case_id"), row.id<LegId>("leg_id")});
    }
    return found;
}

}  // namespace rastro::storage
