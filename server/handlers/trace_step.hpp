// The one way to apply an act of the lifecycle to a trace request and its legs inside a unit of
// work, whoever acts: a person, an agency's system or the server itself. The caller loads and locks
// (the case first, then the leg), stores what belongs to the act (answers, clarifications,
// decisions), and gives the facts of the act; here are decided and brought about: state, marks and
// moments, clocks, the chained events, the request's state as it follows from its legs, the legs
// that a withdrawal stops, and the messages to those concerned. Source: domain/tracing.md 9.4.
//
// Which events the two sides may see: everything about a leg is shared with its other side, except
// how an answer waits for its second person (hold_answer, reject_answer): CaseEvent::shared.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/case_type.hpp"
#include "cases/lifecycle.hpp"
#include "cases/trace/guards.hpp"
#include "server/call.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::server {

// Who acts, for the decision and for the events. `agency` is the acting agency also when the server
// acts in somebody's name: events of a unit of work belong to the agency that it acts for.
struct StepActor {
    cases::ActorFacts facts;
    std::string kind;  // person, gateway, system
    std::string id;    // principal or the job's name
    std::string agency;
    std::string country;
    std::string purpose;
    std::string decision_id;
};
// Sides from the relations: owner, approver and national contact stand on the requester's side, the
// addressed agency on the receiver's (of `leg`: only if that leg is addressed to it). The owner is
// the originator of the request, the asked agency that of what its leg gives. To be called after
// Call::authorise, whose decision the events name. `leg` null: an act upon the request.
[[nodiscard]] StepActor step_actor(Call const& call,
                                   storage::TraceCase const& file,
                                   storage::LegRow const* leg);
// A job that acts on behalf of an agency (owner or asked agency, as fits the act).
[[nodiscard]] StepActor system_actor(std::string job, std::string agency, std::string country);

// What is done, with what the guards have to know beyond the rows. Of `facts` the step itself fills
// in: who acts, today, the request's priority, groups, author, consent, endorsement, outcome and
// time-to-crime, the legs that are open, path and hop of the leg, reason_given (from inputs).
struct StepAct {
    std::string event;
    std::set<std::string, std::less<>> inputs;  // members given: "reason", "outcome_code", ...
    std::string reason_code;
    std::string first_person;  // who prepared what this completes
    std::string data = "{}";   // JSON for the event: codes, ids, versions; no names, no serials
    std::string text;          // what the actor says with it; kept beside the event
    std::optional<Date> review_on;
    cases::TraceFacts facts;
};

// A new leg with all that its birth brings (T4d): for requests that are written for the first time,
// and for route().
struct RoutedLeg {
    storage::LegRow leg;
    storage::CaseEvent event;
    std::vector<storage::DeadlineRow> deadlines;
};
struct LegTarget {
    std::string agency;
    std::string country;
    std::string backup_agency;      // may be empty
    std::vector<std::string> path;  // countries asked, this one last; empty: only this one
    int hop = 0;
    std::optional<LegId> parent;
};
[[nodiscard]] RoutedLeg make_routed_leg(storage::TraceCase const& file,
                                        LegTarget const& target,
                                        StepActor const& actor,
                                        Instant now);

// Kind of the message that tells of an event on a leg: "leg.routed", "answer.given".
[[nodiscard]] std::string leg_message_kind(std::string_view event, std::string_view to_state);

class TraceStep {
 public:
    // All references must outlive the step. `file` is locked for update, or not stored yet.
    TraceStep(Services const& services,
              storage::UnitOfWork& unit,
              storage::TraceCase& file,
              StepActor actor);

    // Decides and applies. `leg` is locked for update, must outlive the step, and is stored by
    // finish(): the caller may set handler, outcome and description version before that. Problems
    // are those of cases::decide; then nothing has been written by the step.
    [[nodiscard]] Outcome<cases::Transition> on_leg(storage::LegRow& leg, StepAct const& act);
    // For choose_outcome set file.outcome_code first; for add_leg call route() after it.
    [[nodiscard]] Outcome<cases::Transition> on_request(StepAct const& act);
    // The same as the server's own act in the course of this one (stop, receipt, auto_approve).
    [[nodiscard]] Outcome<cases::Transition> on_leg_as_system(storage::LegRow& leg,
                                                              StepAct const& act);
    [[nodiscard]] Outcome<cases::Transition> on_request_as_system(StepAct const& act);
    // One leg more; its agency becomes a party of the case. The returned row lives with the step.
    storage::LegRow& route(LegTarget const& target);

    // The request's own row changed (outcome, approver, handling, description): store it and raise
    // its version.
    void request_changed() noexcept { request_changed_ = true; }
    // One more message than the transitions ask for, about the request or (leg not null) a leg.
    void tell(std::string agency, std::string kind, storage::LegRow const* leg);

    // Stores legs, derives the request's state (T5, T23), stores events and request, and queues the
    // messages. Once, at the end.
    void finish();

 private:
    struct Told {
        std::string agency;
        std::string kind;
        storage::LegRow const* leg;
        friend auto operator<=>(Told const&, Told const&) = default;
    };
    Outcome<cases::Transition> leg_act(storage::LegRow& leg,
                                       StepAct const& act,
                                       StepActor const& actor);
    Outcome<cases::Transition> request_act(StepAct const& act, StepActor const& actor);
    [[nodiscard]] cases::TraceFacts facts_for(StepAct const& act,
                                              StepActor const& actor,
                                              storage::LegRow const* leg);
    [[nodiscard]] std::string derived_state(bool one_leg_more);
    void record(cases::Transition const& transition,
                StepAct const& act,
                StepActor const& actor,
                storage::LegRow const* leg);
    void tell_of(cases::Transition const& transition, storage::LegRow const* leg);
    void stop_open_legs();
    void derive();
    void take_over_outcome();

    Services const& services_;
    storage::UnitOfWork& unit_;
    storage::TraceCase& file_;
    StepActor actor_;
    StepActor system_;
    cases::CaseTypeDefinition const& type_;
    std::map<storage::LegRow*, bool> changed_legs_;  // leg, whether its clocks changed
    std::deque<storage::LegRow> own_legs_;           // stopped ones, new ones
    std::vector<storage::LegRow*> new_legs_;
    std::vector<storage::DeadlineRow> new_deadlines_;
    std::vector<storage::CaseEvent> events_;
    std::vector<Told> told_;
    bool derive_ = false;
    bool request_changed_ = false;
};

}  // namespace rastro::server
