// Clarifications, coded decisions and deadlines of legs.
#include "common/time_text.hpp"
#include "storage/leg_repo.hpp"
#include "storage/trace_parts.hpp"

namespace rastro::storage {

namespace {

constexpr Query kClarifications{
    "clarifications_of_leg",
    "select seq, fields, question, asked_by, " RASTRO_US("asked_at") ", reply, replied_by, " RASTRO_US("replied_at")
    ", reply_description_version from clarification where case_id = :case_id::uuid and leg_id = :leg_id::uuid order by seq"};
constexpr Query kAsk{
    "clarification_insert",
    "insert into clarification (case_id, leg_id, seq, fields, question, asked_by, asked_at) "
    "select :case_id::uuid, :leg_id::uuid, coalesce(max(x.seq), 0) + 1, :fields::text[], "
    ":question, :asked_by, "
    ":asked_at::timestamptz from clarification x where x.case_id = :case_id::uuid and x.leg_id = "
    ":leg_id::uuid returning seq"};
constexpr Query kReply{"clarification_reply",
                       "update clarification set reply = :reply, replied_by = :replied_by, "
                       "replied_at = :replied_at::timestamptz, "
                       "reply_description_version = :version::integer where case_id = "
                       ":case_id::uuid and leg_id = :leg_id::uuid "
                       "and seq = :seq::smallint"};
constexpr Query kDecisions{
    "leg_decisions",
    "select seq, stage, reason_code, review_on, appeal_to, free_text, upheld, groups, decided_by, decided_agency, "
    RASTRO_US("decided_at") " from leg_decision where case_id = :case_id::uuid and leg_id = :leg_id::uuid order by seq"};
constexpr Query kDecide{"leg_decision_insert",
                        "insert into leg_decision (case_id, leg_id, seq, stage, reason_code, "
                        "review_on, appeal_to, free_text, upheld, groups, "
                        "decided_by, decided_agency, decided_at) select :case_id::uuid, "
                        ":leg_id::uuid, coalesce(max(x.seq), 0) + 1, :stage, "
                        ":reason_code, :review_on::date, :appeal_to, :free_text, :upheld::boolean, "
                        ":groups::text[], :decided_by, :decided_agency, "
                        ":decided_at::timestamptz from leg_decision x where x.case_id = "
                        ":case_id::uuid and x.leg_id = :leg_id::uuid returning seq"};

#define RASTRO_DEADLINE_COLUMNS                                                    \
    "select case_id, deadline_id, leg_id, clock, stage, cycle, state, " RASTRO_US( \
        "started_at") ", " RASTRO_US("due_at") ", " RASTRO_US("paused_at") " from deadline "

constexpr Query kDeadlines{
    "deadlines_of_leg",
    RASTRO_DEADLINE_COLUMNS
    "where case_id = :case_id::uuid and leg_id is not distinct from :leg_id::uuid order by due_at"};
constexpr Query kStop{"deadline_stop",
                      "update deadline set state = 'stopped' where case_id = :case_id::uuid "
                      "and leg_id is not distinct from :leg_id::uuid and clock = :clock and state "
                      "in ('running', 'paused')"};
constexpr Query kPause{
    "deadline_pause",
    "update deadline set state = 'paused', paused_at = :now::timestamptz where case_id = "
    ":case_id::uuid "
    "and leg_id is not distinct from :leg_id::uuid and clock = :clock and state = 'running'"};
constexpr Query kResume{"deadline_resume",
                        "update deadline set state = 'running', due_at = due_at + "
                        "(:now::timestamptz - paused_at), paused_at = null "
                        "where case_id = :case_id::uuid and leg_id is not distinct from "
                        ":leg_id::uuid and clock = :clock and state = 'paused'"};
constexpr Query kLastCycle{
    "deadline_last_cycle",
    "select coalesce(max(cycle), 0) as cycle from deadline where case_id = :case_id::uuid "
    "and leg_id is not distinct from :leg_id::uuid and clock = :clock"};
constexpr Query kTakeDue{"deadlines_take_due",
                         RASTRO_DEADLINE_COLUMNS
                         "where state = 'running' and due_at <= :now::timestamptz order by due_at "
                         "limit :limit::integer for update skip locked"};
constexpr Query kFired{
    "deadline_fired",
    "update deadline set state = 'fired', fired_at = :now::timestamptz, attempts = attempts + 1 "
    "where case_id = :case_id::uuid and deadline_id = :deadline_id::uuid and state = 'running'"};

std::optional<Date> maybe_date(Row const& row, std::string_view column) {
    return row.is_null(column) ? std::nullopt : parse_iso_date(row.view(column));
}

std::vector<DeadlineRow> to_deadlines(Rows const& rows) {
    std::vector<DeadlineRow> deadlines;
    for (auto const row : rows) {
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
        deadlines.push_back(std::move(deadline));
    }
    return deadlines;
}

std::vector<Param> clock_params(CaseId const& case_id,
                                std::optional<LegId> const& leg_id,
                                std::string_view clock) {
    return {{"case_id", case_id}, {"leg_id", leg_id}, {"clock", clock}};
}

}  // namespace

std::vector<ClarificationRow> clarifications_of(UnitOfWork& unit, LegRow const& leg) {
    std::vector<ClarificationRow> found;
    auto const rows =
        unit.sql().run(kClarifications, {{"case_id", leg.case_id}, {"leg_id", leg.leg_id}});
    for (auto const row : rows) {
        ClarificationRow clarification;
        clarification.seq = static_cast<int>(row.integer("seq"));
        clarification.fields = row.texts("fields");
        clarification.question = row.text("question");
        clarification.asked_by = row.text("asked_by");
        clarification.asked_at = row.instant("asked_at");
        clarification.reply = row.text("reply");
        clarification.replied_by = row.text("replied_by");
        clarification.replied_at = row.maybe_instant("replied_at");
        if (auto const version = row.maybe_integer("reply_description_version")) {
            clarification.reply_description_version = static_cast<int>(*version);
        }
        found.push_back(std::move(clarification));
    }
    return found;
}

void insert_clarification(UnitOfWork& unit, LegRow const& leg, ClarificationRow& clarification) {
    auto const rows = unit.sql().run(kAsk,
                                     {{"case_id", leg.case_id},
                                      {"leg_id", leg.leg_id},
                                      {"fields", clarification.fields},
                                      {"question", clarification.question},
                                      {"asked_by", clarification.asked_by},
                                      {"asked_at", clarification.asked_at}});
    clarification.seq = static_cast<int>(rows.front().integer("seq"));
}

void store_reply(UnitOfWork& unit, LegRow const& leg, ClarificationRow const& clarification) {
    unit.sql().run(kReply,
                   {{"reply", clarification.reply},
                    {"replied_by", clarification.replied_by},
                    {"replied_at", clarification.replied_at},
                    {"version", clarification.reply_description_version},
                    {"case_id", leg.case_id},
                    {"leg_id", leg.leg_id},
                    {"seq", clarification.seq}});
}

std::vector<LegDecisionRow> decisions_of(UnitOfWork& unit, LegRow const& leg) {
    std::vector<LegDecisionRow> found;
    auto const rows =
        unit.sql().run(kDecisions, {{"case_id", leg.case_id}, {"leg_id", leg.leg_id}});
    for (auto const row : rows) {
        LegDecisionRow decision;
        decision.seq = static_cast<int>(row.integer("seq"));
        decision.stage = row.text("stage");
        decision.reason_code = row.text("reason_code");
        decision.review_on = maybe_date(row, "review_on");
        decision.appeal_to = row.text("appeal_to");
        decision.free_text = row.text("free_text");
        if (!row.is_null("upheld")) {
            decision.upheld = row.boolean("upheld");
        }
        decision.groups = row.texts("groups");
        decision.decided_by = row.text("decided_by");
        decision.decided_agency = row.text("decided_agency");
        decision.decided_at = row.instant("decided_at");
        found.push_back(std::move(decision));
    }
    return found;
}

void insert_decision(UnitOfWork& unit, LegRow const& leg, LegDecisionRow& decision) {
    auto const rows = unit.sql().run(kDecide,
                                     {{"case_id", leg.case_id},
                                      {"leg_id", leg.leg_id},
                                      {"stage", decision.stage},
                                      {"reason_code", text_or_null(decision.reason_code)},
                                      {"review_on", date_or_null(decision.review_on)},
                                      {"appeal_to", text_or_null(decision.appeal_to)},
                                      {"free_text", text_or_null(decision.free_text)},
                                      {"upheld", decision.upheld},
                                      {"groups", decision.groups},
                                      {"decided_by", decision.decided_by},
                                      {"decided_agency", decision.decided_agency},
                                      {"decided_at", decision.decided_at}});
    decision.seq = static_cast<int>(rows.front().integer("seq"));
}

void insert_deadlines(UnitOfWork& unit, std::vector<DeadlineRow> const& deadlines) {
    InsertBatch batch(deadline_shape());
    for (auto const& deadline : deadlines) {
        add_deadline_row(batch, deadline);
    }
    if (!batch.empty()) {
        auto bound = batch.take();
        unit.sql().run(bound.query, std::move(bound.params));
    }
}

std::vector<DeadlineRow> deadlines_of(UnitOfWork& unit,
                                      CaseId const& case_id,
                                      std::optional<LegId> const& leg_id) {
    return to_deadlines(unit.sql().run(kDeadlines, {{"case_id", case_id}, {"leg_id", leg_id}}));
}

void stop_clock(UnitOfWork& unit,
                CaseId const& case_id,
                std::optional<LegId> const& leg_id,
                std::string_view clock) {
    unit.sql().run(kStop, clock_params(case_id, leg_id, clock));
}

void pause_clock(UnitOfWork& unit,
                 CaseId const& case_id,
                 std::optional<LegId> const& leg_id,
                 std::string_view clock) {
    unit.sql().run(
        kPause, {{"now", unit.now()}, {"case_id", case_id}, {"leg_id", leg_id}, {"clock", clock}});
}

void resume_clock(UnitOfWork& unit,
                  CaseId const& case_id,
                  std::optional<LegId> const& leg_id,
                  std::string_view clock) {
    unit.sql().run(
        kResume, {{"now", unit.now()}, {"case_id", case_id}, {"leg_id", leg_id}, {"clock", clock}});
}

int last_cycle(UnitOfWork& unit,
               CaseId const& case_id,
               std::optional<LegId> const& leg_id,
               std::string_view clock) {
    return static_cast<int>(
        unit.sql().run(kLastCycle, clock_params(case_id, leg_id, clock)).front().integer("cycle"));
}

std::vector<DeadlineRow> take_due_deadlines(UnitOfWork& unit, Instant now, int limit) {
    return to_deadlines(unit.sql().run(kTakeDue, {{"now", now}, {"limit", limit}}));
}

void mark_fired(UnitOfWork& unit, DeadlineRow const& deadline) {
    unit.sql().run(kFired,
                   {{"now", unit.now()},
                    {"case_id", deadline.case_id},
                    {"deadline_id", deadline.deadline_id}});
}

}  // namespace rastro::storage
