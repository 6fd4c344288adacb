// The rows of a trace request as values, between repositories and rules. Texts that may be NULL are
// optional; codes stay codes.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/permission_table.hpp"
#include "cases/trace/request.hpp"
#include "common/clock.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"

namespace rastro::storage {

// case_file: what a case of every type has.
struct CaseFile {
    CaseId case_id;
    std::string number;
    std::string state;
    std::vector<std::string> flags;
    std::string owner_agency;
    std::string owner_country;
    std::string handling_code;
    std::vector<std::string> compartments;
    int version = 1;
    Instant created_at{};
    Instant updated_at{};
    std::optional<Instant> submitted_at;
    std::optional<Instant> closed_at;
    std::optional<Uuid> lead_case_id;
    std::optional<Digest> last_event_hash;
    std::string priority;                 // which deadline rules hold; empty: those of any priority
    std::set<cases::Relation> relations;  // of the acting agency
};

// case_file and trace_request without persons, requester and free texts: what every decision needs.
struct TraceCase : CaseFile {
    std::string purpose;
    std::string legal_basis;
    bool sensitive = false;
    bool forward_consent = false;
    std::vector<std::string> requested_groups;
    std::vector<std::string> shared_groups;
    std::string author;
    std::string approver;
    int description_version = 1;
    std::string outcome_code;
    std::optional<int> time_to_crime_days;
    std::string ttc_bucket;
    std::vector<std::string> ttc_flags;
};

// One row of case_event (migration 0003): what happened, who did it. `data` is JSON text of codes,
// ids and versions.
struct CaseEvent {
    CaseId case_id;
    EventId event_id = EventId::generate();
    std::optional<LegId> leg_id;
    std::string object;  // request, leg, answer, record
    std::string event;
    std::string transition;
    std::string from_state;
    std::string to_state;
    std::string actor_kind;
    std::string actor_id;
    std::string agency;
    std::string country;
    Instant occurred_at{};
    std::string purpose;
    std::string decision_id;
    std::string reason_code;
    std::string data = "{}";
    bool shared = false;
    std::string text;  // what the actor says with it; stored apart, no part of the chain
    std::optional<Digest> previous_hash;
    Digest event_hash{};
};

// Links `event` to the one before and computes its hash over a canonical form of its members;
// returns the hash.
Digest chain_event(CaseEvent& event, std::optional<Digest> const& previous);

struct LegRow {
    CaseId case_id;
    LegId leg_id;
    std::string asking_agency;
    std::string asking_country;
    std::string asked_agency;
    std::string asked_country;
    std::string backup_agency;
    std::string state;
    std::string resume_state;
    std::vector<std::string> flags;
    bool open = true;
    int version = 1;
    std::string priority;
    std::vector<std::string> path;  // countries asked, in order, this one last
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
};

struct DeadlineRow {
    CaseId case_id;
    Uuid deadline_id = Uuid::generate_v7();
    std::optional<LegId> leg_id;
    std::string clock;  // as the case type calls it: delivery, acknowledge, record_validation
    std::string stage;  // due, escalate, expire
    int cycle = 1;
    std::string state = "running";
    Instant started_at{};
    Instant due_at{};
    std::optional<Instant> paused_at;
};

// A request to be written for the first time, with everything that its submission already decided.
struct NewTraceRequest {
    TraceCase file;
    cases::TraceRequestContent content;
    std::string calibre_group;
    std::vector<std::string> addressed;  // agencies of the legs
    std::vector<std::string> approvers;  // national contacts that approve for the owner
    std::vector<LegRow> legs;
    std::vector<CaseEvent> events;
    std::vector<DeadlineRow> deadlines;
};

}  // namespace rastro::storage
