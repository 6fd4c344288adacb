// Legs and what hangs on them: answers with their chains, clarifications, coded decisions,
// deadlines. Load and store, no rules; under the caller's unit of work and its row-level security.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/db/unit_of_work.hpp"
#include "storage/trace_repo.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {

[[nodiscard]] std::optional<LegRow> find_leg(UnitOfWork& unit, LegId const& leg_id, Lock lock);
// All legs of a case that the actor may see, oldest first.
[[nodiscard]] std::vector<LegRow> legs_of(UnitOfWork& unit,
                                          CaseId const& case_id,
                                          Lock lock = Lock::none);
// States of all legs of a case, seen or not: what the state of the request is derived from.
[[nodiscard]] std::vector<std::string> leg_states(UnitOfWork& unit, CaseId const& case_id);
// Names of its two agencies, whether the directory lists them for the actor or not; none if the
// actor has no part in the case.
struct LegParties {
    std::string asking;
    std::string asked;
};
[[nodiscard]] std::optional<LegParties> leg_parties(UnitOfWork& unit, LegId const& leg_id);
void insert_legs(UnitOfWork& unit, std::vector<LegRow> const& legs);
// Stores everything that can change and raises the version by one; StorageError(retry) if the row
// moved on meanwhile.
void store_leg(UnitOfWork& unit, LegRow& leg);

// Inbox of an agency: open legs, soonest due first; keyset on (due_at, leg_id).
struct InboxKey {
    Instant due_at{};
    LegId leg_id;
};
struct InboxFilter {
    std::optional<std::string> state;
    std::optional<std::string> priority;
    std::string handler;  // empty: any
    std::string number;   // of one request; empty: any
};
struct InboxEntry {
    LegRow leg;
    std::string number;
    std::string handling_code;
    std::string make_text;
    std::string model_text;
    std::string calibre_text;
    std::string type_code;
    std::string serial_condition;
};
[[nodiscard]] std::vector<InboxEntry> read_inbox(UnitOfWork& unit,
                                                 std::string const& agency,
                                                 InboxFilter const& filter,
                                                 std::optional<InboxKey> const& after,
                                                 int limit);

struct ClarificationRow {
    int seq = 0;  // 0: to be numbered by insert_clarification
    std::vector<std::string> fields;
    std::string question;
    std::string asked_by;
    Instant asked_at{};
    std::string reply;
    std::string replied_by;
    std::optional<Instant> replied_at;
    std::optional<int> reply_description_version;
};
[[nodiscard]] std::vector<ClarificationRow> clarifications_of(UnitOfWork& unit, LegRow const& leg);
void insert_clarification(UnitOfWork& unit, LegRow const& leg, ClarificationRow& clarification);
void store_reply(UnitOfWork& unit, LegRow const& leg, ClarificationRow const& clarification);

struct LegDecisionRow {
    int seq = 0;
    std::string stage;  // delay, restrict, refuse, appeal, appeal_decision
    std::string reason_code;
    std::optional<Date> review_on;
    std::string appeal_to;
    std::string free_text;
    std::optional<bool> upheld;
    std::vector<std::string> groups;
    std::string decided_by;
    std::string decided_agency;
    Instant decided_at{};
};
[[nodiscard]] std::vector<LegDecisionRow> decisions_of(UnitOfWork& unit, LegRow const& leg);
void insert_decision(UnitOfWork& unit, LegRow const& leg, LegDecisionRow& decision);

struct ChainLinkRow {
    int seq = 0;
    std::string field_group;  // G5 business, G6 purchaser or last owner, G7 state stock
    std::string role;
    std::string party_name;
    std::string party_country;
    std::string party_place;
    std::string party_licence;
    std::string received_on;  // partial date as text: 2011, 2011-03, 2011-03-07
    std::string disposed_on;
    std::string document;
    std::string source_record;
    std::string confidence;
    std::vector<std::string> flags;
};
struct AnswerRow {
    AnswerId answer_id = AnswerId::generate();
    CaseId case_id;
    LegId leg_id;
    int seq = 0;
    std::string kind;  // partial, full, no_record
    std::string outcome_code;
    int description_version = 1;
    std::string handling_code;
    std::string evaluation;
    std::string remarks;
    std::string conditions;
    std::string next_country;
    std::vector<std::string> groups;  // groups that its links and fields belong to
    std::string approval = "not_needed";
    std::string given_by;
    std::string given_agency;
    Instant given_at{};
    std::string approved_by;
    std::optional<Instant> approved_at;
    std::optional<AnswerId> supersedes;
    std::optional<AnswerId> superseded_by;
    std::optional<Instant> recalled_at;
    std::string recall_reason;
    std::vector<std::string> withheld;  // "G6:data_protection"
    std::string decision_id;
    std::vector<ChainLinkRow> chain;
};
[[nodiscard]] std::optional<AnswerRow> find_answer(UnitOfWork& unit,
                                                   AnswerId const& answer_id,
                                                   Lock lock);
// Answers of a leg with the links whose field group is in `groups`; the rest is not fetched.
[[nodiscard]] std::vector<AnswerRow> answers_of(UnitOfWork& unit,
                                                LegRow const& leg,
                                                std::set<std::string> const& groups);
void insert_answer(UnitOfWork& unit, AnswerRow& answer);
void store_answer_state(UnitOfWork& unit, AnswerRow const& answer);

// Deadlines
void insert_deadlines(UnitOfWork& unit, std::vector<DeadlineRow> const& deadlines);
[[nodiscard]] std::vector<DeadlineRow> deadlines_of(UnitOfWork& unit,
                                                    CaseId const& case_id,
                                                    std::optional<LegId> const& leg_id);
// Running rows of one clock of a leg (nullopt: of the request): stopped, paused, or resumed with
// the time that was left.
void stop_clock(UnitOfWork& unit,
                CaseId const& case_id,
                std::optional<LegId> const& leg_id,
                std::string_view clock);
void pause_clock(UnitOfWork& unit,
                 CaseId const& case_id,
                 std::optional<LegId> const& leg_id,
                 std::string_view clock);
void resume_clock(UnitOfWork& unit,
                  CaseId const& case_id,
                  std::optional<LegId> const& leg_id,
                  std::string_view clock);
// Highest cycle used by that clock so far; 0 if none.
[[nodiscard]] int last_cycle(UnitOfWork& unit,
                             CaseId const& case_id,
                             std::optional<LegId> const& leg_id,
                             std::string_view clock);
// Takes due rows for firing: locked, skipping rows another server works on (system access only).
[[nodiscard]] std::vector<DeadlineRow> take_due_deadlines(UnitOfWork& unit, Instant now, int limit);
void mark_fired(UnitOfWork& unit, DeadlineRow const& deadline);
// Legs in state ROUTED of hosted endpoints, locked like due deadlines (system access only).
[[nodiscard]] std::vector<LegRow> take_undelivered_legs(UnitOfWork& unit, int limit);

}  // namespace rastro::storage
