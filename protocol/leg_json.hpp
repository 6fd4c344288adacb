// Messages about legs, the asked side: replies Leg and LegList, and the bodies of the acts on a leg
// or an answer (domain/tracing.md 9.4, T6 to T20, T28 to T30).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/firearm.hpp"
#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/refusal_reasons.hpp"
#include "cases/trace/request.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "common/text.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

// ---------------------------------------------------------------- bodies

struct LegAdd {
    cases::Recipient recipient;  // a country or an agency, not both
    std::string text;
};
[[nodiscard]] Outcome<LegAdd> read_leg_add(std::string_view body);

struct Receipt {
    Instant received_at{};
    std::string message_sha256;  // of what was delivered
    Bytes signature;             // see certs/receipt, by the system's certificate key
};
[[nodiscard]] Outcome<Receipt> read_receipt(std::string_view body);

struct Assignment {
    std::string handler;  // principal of the analyst; empty: the caller
};
[[nodiscard]] Outcome<Assignment> read_assignment(std::string_view body);

struct ClarificationAsk {
    std::vector<std::string> fields;  // what is missing: "firearm.serial_raw", 1 to 20
    std::string question;
};
[[nodiscard]] Outcome<ClarificationAsk> read_clarification_ask(std::string_view body);

struct ClarificationReply {
    std::string text;
    std::optional<cases::FirearmDescription> description;  // becomes a new version
};
// With validate() of the description in stage draft.
[[nodiscard]] Outcome<ClarificationReply> read_clarification_reply(std::string_view body);

// Delay, refusal and restriction: coded reason, review and appeal (3.5).
struct StateDecision {
    cases::RefusalReason reason = cases::RefusalReason::ongoing_investigation;
    std::optional<Date> review_on;
    std::string appeal_to;
    std::string text;
    std::vector<std::string> groups;  // restriction: field groups withheld, at least one
};
// The reason must be one that may be given for the stage; a delay needs its review date.
[[nodiscard]] Outcome<StateDecision> read_delay(std::string_view body);
[[nodiscard]] Outcome<StateDecision> read_refusal(std::string_view body);
[[nodiscard]] Outcome<StateDecision> read_restriction(std::string_view body);

// One transfer of the disposition chain (2.4). Dates are partial: 2011, 2011-03, 2011-03-07.
struct ChainLinkMessage {
    std::string role;
    std::string group;  // G5, G6, G7; replies only, requests derive it from the role
    std::string party_name;
    std::string party_country;
    std::string party_place;
    std::string party_licence;
    std::string received_on;
    std::string disposed_on;
    std::string document;
    std::string source_record;
    std::string confidence;  // documented, stated, inferred
    bool second_hand = false;
    std::vector<std::string> flags;  // replies only
};

struct AnswerGive {
    std::string kind;  // partial, full, no_record
    cases::OutcomeCode outcome = cases::OutcomeCode::withdrawn;
    std::vector<ChainLinkMessage> chain;
    std::string remarks;
    std::string handling_code;  // empty: as the request
    std::string handling_text;
    std::string evaluation;  // "A1" to "X4"
    std::string conditions;
    std::string next_country;  // hint where to ask next
};
[[nodiscard]] Outcome<AnswerGive> read_answer_give(std::string_view body);

struct Forward {
    cases::Recipient recipient;  // empty when declined
    bool decline = false;        // the requester does not want the forward that was offered
    std::string text;
};
[[nodiscard]] Outcome<Forward> read_forward(std::string_view body);

// "CaseDecision": second person's word on an answer, or the decision of an appeal.
struct CaseDecision {
    bool accepted = false;  // member "decision": accepted, rejected
    std::string text;
};
[[nodiscard]] Outcome<CaseDecision> read_case_decision(std::string_view body);

// ---------------------------------------------------------------- replies

struct FirearmSummary {
    std::string serial_raw;
    std::string serial_condition;
    std::string make_text;
    std::string model_text;
    std::string calibre_text;
    std::string type_code;
};
void write_firearm_summary(JsonWriter& json, FirearmSummary const& firearm);  // member "firearm"

struct ClarificationMessage {
    int seq = 1;
    std::vector<std::string> fields;
    std::string question;
    std::string asked_by;
    Instant asked_at{};
    std::string reply;
    std::string replied_by;
    std::optional<Instant> replied_at;
    std::optional<int> reply_description_version;
};

struct LegDecisionMessage {
    int seq = 1;
    std::string stage;  // delay, restrict, refuse, appeal, appeal_decision
    std::string reason_code;
    std::optional<Date> review_on;
    std::string appeal_to;
    std::string text;
    std::optional<bool> upheld;
    std::vector<std::string> groups;
    std::string decided_by;
    std::string decided_agency;
    Instant decided_at{};
};

struct Withheld {
    std::string group;
    std::string reason_code;
};

struct AnswerMessage {
    AnswerId answer_id;
    int seq = 1;
    std::string kind;
    std::string outcome_code;
    int description_version = 1;
    std::string handling_code;
    std::string evaluation;
    std::string remarks;
    std::string conditions;
    std::string next_country;
    std::string approval = "not_needed";  // not_needed, pending, approved, rejected
    std::string given_by;
    std::string given_agency;
    Instant given_at{};
    std::string approved_by;
    std::optional<Instant> approved_at;
    std::optional<AnswerId> supersedes;
    std::optional<AnswerId> superseded_by;
    std::optional<Instant> recalled_at;
    std::string recall_reason;
    std::vector<Withheld> withheld;
    std::string decision_id;
    std::vector<ChainLinkMessage> chain;
};

struct ClockMessage {
    std::string clock;
    std::string stage;
    std::string state;
    Instant due_at{};
};

struct LegMessage {
    LegId leg_id;
    CaseId case_id;
    std::string number;
    std::string asking_agency;
    std::string asking_agency_name;  // only with the leg itself
    std::string asking_country;
    std::string asked_agency;
    std::string asked_agency_name;
    std::string asked_country;
    std::string backup_agency;
    std::string state;
    std::string resume_state;
    std::vector<std::string> flags;
    bool open = true;
    int version = 1;
    std::string priority;
    std::string handling_code;
    std::vector<std::string> path;
    int hop = 0;
    std::optional<LegId> parent_leg_id;
    int description_version = 1;
    std::string handler;
    std::string outcome_code;
    std::string refusal_reason;
    Instant due_at{};
    Instant routed_at{};
    std::optional<Instant> delivered_at;
    std::optional<Instant> acknowledged_at;
    std::optional<Instant> final_at;
    Instant updated_at{};
    std::vector<ClarificationMessage> clarifications;
    std::vector<LegDecisionMessage> decisions;
    std::vector<AnswerMessage> answers;
    std::vector<ClockMessage> clocks;
    std::optional<cases::TraceRequestContent> question;  // what the caller may see of the request
    std::vector<std::string> withheld_groups;
    std::vector<std::string> next_steps;
};
void append_leg(std::string& out, LegMessage const& leg);

struct InboxEntryMessage {
    LegId leg_id;
    CaseId case_id;
    std::string number;
    std::string asking_agency;
    std::string asking_country;
    std::string state;
    std::vector<std::string> flags;
    std::string priority;
    std::string handling_code;
    std::string handler;
    int version = 1;
    Instant due_at{};
    Instant updated_at{};
    FirearmSummary firearm;
};
[[nodiscard]] std::string write_inbox(std::vector<InboxEntryMessage> const& legs,
                                      std::string_view next);

}  // namespace rastro::protocol
