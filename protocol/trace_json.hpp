// Messages about trace requests, asking side: replies TraceRequest, TraceRequestList, TraceStatus,
// Timeline, and the bodies of the acts on a request. Who may see what is decided before: writers
// write what they are given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/request.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "protocol/leg_json.hpp"

namespace rastro::protocol {

// ---------------------------------------------------------------- bodies

// "Reason": why a request is sent back, withdrawn or reopened, why an appeal is made or an answer
// recalled.
struct Reason {
    std::string text;
    std::string reason_code;  // of the list that the act names; may be empty
};
[[nodiscard]] Outcome<Reason> read_reason(std::string_view body);

struct Closure {
    cases::OutcomeCode outcome = cases::OutcomeCode::withdrawn;
    std::optional<AnswerId> answer;  // the answer that decided it
    std::string text;
};
[[nodiscard]] Outcome<Closure> read_closure(std::string_view body);

struct DuplicateOf {
    CaseId lead;
    std::string text;
};
[[nodiscard]] Outcome<DuplicateOf> read_duplicate_of(std::string_view body);

struct HandlingChange {
    std::string handling_code;  // H0 to H3
    std::string handling_text;  // needed for H3
};
[[nodiscard]] Outcome<HandlingChange> read_handling_change(std::string_view body);

// ---------------------------------------------------------------- replies

struct RelatedCase {
    CaseId case_id;
    std::string number;
    std::string state;
};

struct TimeToCrimeMessage {
    std::optional<int> days;
    std::string bucket;
    std::vector<std::string> flags;
};

struct TraceRequestMessage {
    CaseId case_id;
    std::string number;
    std::string state;
    std::vector<std::string> flags;
    int version = 1;
    std::string owner_agency;
    std::string owner_country;
    std::string author;
    std::string approver;
    Instant created_at{};
    Instant updated_at{};
    std::optional<Instant> submitted_at;
    std::optional<Instant> closed_at;
    std::optional<RelatedCase> lead;  // of a duplicate
    int description_version = 1;
    std::string outcome_code;
    std::optional<TimeToCrimeMessage> time_to_crime;
    cases::TraceRequestContent content;
    std::vector<std::string> withheld_groups;  // field groups that the caller may not see
    std::vector<LegMessage> legs;
    std::vector<std::string> next_steps;  // events that the caller may bring about now
    std::vector<std::string> hints;       // domain/tracing.md 9.4
    std::vector<std::string> warnings;    // codes of cases/trace/serial
    std::vector<RelatedCase> likely_duplicates;
};
[[nodiscard]] std::string write_trace_request(TraceRequestMessage const& request);

struct TraceStatusLeg {
    LegId leg_id;
    std::string asked_agency;
    std::string asked_country;
    std::string state;
    std::vector<std::string> flags;
    bool open = true;
    int version = 1;
    std::string outcome_code;
    Instant due_at{};
    Instant updated_at{};
};
struct TraceStatusMessage {
    CaseId case_id;
    std::string number;
    std::string state;
    int version = 1;
    Instant updated_at{};
    std::string outcome_code;
    std::vector<TraceStatusLeg> legs;
};
// Hot path: a few microseconds for a handful of legs.
[[nodiscard]] std::string write_trace_status(TraceStatusMessage const& status);

struct TraceSummary {
    CaseId case_id;
    std::string number;
    std::string state;
    std::string priority;
    std::string handling_code;
    int version = 1;
    Instant created_at{};
    Instant updated_at{};
    std::string agency_case_no;
    FirearmSummary firearm;
    std::string outcome_code;
    std::vector<std::string> asked_countries;
    std::optional<Instant> next_due;
};
[[nodiscard]] std::string write_trace_list(std::vector<TraceSummary> const& requests,
                                           std::string_view next);

struct TimelineEntry {
    EventId event_id;
    std::optional<LegId> leg_id;
    std::string object;
    std::string event;
    std::string transition;
    std::string from_state;
    std::string to_state;
    std::string actor_kind;
    std::string actor;  // left out for other agencies' persons
    std::string agency;
    std::string country;
    Instant occurred_at{};
    std::string purpose;
    std::string reason_code;
    std::string text;         // what the actor said
    std::string data = "{}";  // a JSON object
};
[[nodiscard]] std::string write_timeline(std::vector<TimelineEntry> const& entries,
                                         std::string_view next);

}  // namespace rastro::protocol
