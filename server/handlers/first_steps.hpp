// The first steps of a trace request through its lifecycle (domain/tracing.md 9.4: T0, T1, T3, T4b,
// T4d, T5, T26a), each decided by the engine over the case type's definition, and the deadlines
// that a routed leg starts with.
#pragma once

#include "server/handlers/new_request.hpp"

namespace rastro::server {

class FirstSteps {
 public:
    explicit FirstSteps(AskingSide const& side) : side_(side) {}

    [[nodiscard]] Outcome<cases::Transition> create(cases::TraceRequestContent const& content);
    // T1 from DRAFT.
    [[nodiscard]] Outcome<cases::Transition> submit(cases::TraceRequestContent const& content,
                                                    storage::TraceCase const& file,
                                                    cases::OutboundDecision const& outbound);
    [[nodiscard]] Outcome<cases::Transition> approve_by_rule(
        storage::TraceCase const& file, cases::OutboundDecision const& outbound);
    [[nodiscard]] Outcome<cases::Transition> first_leg_routed(storage::TraceCase const& file);
    [[nodiscard]] Outcome<cases::Transition> suggest_duplicate(storage::TraceCase const& file,
                                                               CaseId const& lead);
    // Always possible: a leg begins so.
    [[nodiscard]] cases::Transition route_leg();

 private:
    [[nodiscard]] Outcome<cases::Transition> by_system(storage::TraceCase const& file,
                                                       std::string event,
                                                       cases::TraceFacts const& facts);
    AskingSide const& side_;
};

// Facts about a content that the guards of the asking side look at.
[[nodiscard]] cases::TraceFacts content_facts(cases::TraceRequestContent const& content,
                                              storage::TraceCase const& file,
                                              cases::Actor const& actor,
                                              cases::OutboundDecision const& outbound);
[[nodiscard]] cases::Standing standing_of(storage::TraceCase const& file);

// Rows of one clock that starts for a leg now; empty if no rule is in force. Only for clocks whose
// rules count minutes or hours: days need the receiver's calendar.
[[nodiscard]] std::vector<storage::DeadlineRow> deadlines_for(storage::LegRow const& leg,
                                                              std::string const& clock,
                                                              Instant now);

}  // namespace rastro::server
