// Parts of a step that need no database: who acts, a new leg, and how messages are called.
#include <array>

#include "server/handlers/trace_clocks.hpp"
#include "server/handlers/trace_step.hpp"

namespace rastro::server {

namespace {

struct MessageKind {
    std::string_view event;
    std::string_view kind;
};
constexpr std::array kLegMessages{
    MessageKind{"route", "leg.routed"},
    MessageKind{"delivery_late", "leg.delivery_late"},
    MessageKind{"receipt", "leg.delivered"},
    MessageKind{"acknowledge", "leg.acknowledged"},
    MessageKind{"assign", "leg.assigned"},
    MessageKind{"ask", "leg.clarification_requested"},
    MessageKind{"reply", "leg.clarification_answered"},
    MessageKind{"no_reply", "leg.clarification_expired"},
    MessageKind{"delay", "leg.delayed"},
    MessageKind{"resume", "leg.resumed"},
    MessageKind{"review_due", "leg.review_due"},
    MessageKind{"refuse", "leg.refused"},
    MessageKind{"answer_part", "answer.given"},
    MessageKind{"release_part", "answer.given"},
    MessageKind{"answer", "answer.given"},
    MessageKind{"release", "answer.given"},
    MessageKind{"no_record", "answer.given"},
    MessageKind{"hold_answer", "answer.held"},
    MessageKind{"reject_answer", "answer.rejected"},
    MessageKind{"restrict", "answer.restricted"},
    MessageKind{"correct_answer", "answer.corrected"},
    MessageKind{"recall_answer", "answer.recalled"},
    MessageKind{"appeal", "leg.appealed"},
    MessageKind{"uphold_appeal", "leg.appeal_upheld"},
    MessageKind{"dismiss_appeal", "leg.appeal_dismissed"},
    MessageKind{"forward", "leg.forwarded"},
    MessageKind{"offer_forward", "leg.forward_offered"},
    MessageKind{"decline_forward", "leg.forward_declined"},
    MessageKind{"escalate", "leg.escalated"},
    MessageKind{"take_up", "leg.taken_up"},
    MessageKind{"stop", "leg.stopped"},
    MessageKind{"change_handling", "leg.handling_changed"},
};

}  // namespace

std::string leg_message_kind(std::string_view event, std::string_view to_state) {
    if (event == "expire") {
        return to_state == "EXPIRED" ? "leg.expired" : "leg.escalated";
    }
    for (auto const& row : kLegMessages) {
        if (row.event == event) {
            return std::string(row.kind);
        }
    }
    return "leg.changed";
}

StepActor step_actor(Call const& call, storage::TraceCase const& file, storage::LegRow const* leg) {
    using cases::Relation;
    using cases::Side;
    auto const& relations = file.relations;
    std::set<Side> sides;
    if (relations.contains(Relation::owner) || relations.contains(Relation::approver) ||
        relations.contains(Relation::national_contact)) {
        sides.insert(Side::requester);
    }
    bool const asked = leg == nullptr ? relations.contains(Relation::addressed)
                                      : leg->asked_agency == call.actor.agency;
    if (asked) {
        sides.insert(Side::receiver);
    }
    if (leg == nullptr ? relations.contains(Relation::owner) : asked) {
        sides.insert(Side::originator);
    }
    return {.facts = cases::actor_facts(call.actor, std::move(sides), call.now()),
            .kind = std::string(to_text(call.actor.kind)),
            .id = call.actor.principal(),
            .agency = call.actor.agency,
            .country = call.actor.country,
            .purpose = call.actor.purpose,
            .decision_id = call.decision.id};
}

StepActor system_actor(std::string job, std::string agency, std::string country) {
    cases::ActorFacts facts;
    facts.principal = job;
    facts.is_system = true;
    return {.facts = std::move(facts),
            .kind = "system",
            .id = std::move(job),
            .agency = std::move(agency),
            .country = std::move(country),
            .purpose = {},
            .decision_id = {}};
}

RoutedLeg make_routed_leg(storage::TraceCase const& file,
                          LegTarget const& target,
                          StepActor const& actor,
                          Instant now) {
    RoutedLeg made;
    auto& leg = made.leg;
    leg.case_id = file.case_id;
    leg.leg_id = LegId::generate();
    leg.asking_agency = file.owner_agency;
    leg.asking_country = file.owner_country;
    leg.asked_agency = target.agency;
    leg.asked_country = target.country;
    leg.backup_agency = target.backup_agency;
    leg.state = "ROUTED";
    leg.priority = file.priority;
    leg.path = target.path.empty() ? std::vector<std::string>{target.country} : target.path;
    leg.hop = target.hop;
    leg.parent_leg_id = target.parent;
    leg.description_version = file.description_version;
    leg.routed_at = now;
    leg.updated_at = now;
    made.deadlines = deadline_rows("delivery", 1, file, &leg, now, cases::Calendar());
    leg.due_at = made.deadlines.front().due_at;
    made.event = {.case_id = file.case_id,
                  .leg_id = leg.leg_id,
                  .object = "leg",
                  .event = "route",
                  .transition = "T4d",
                  .from_state = {},
                  .to_state = "ROUTED",
                  .actor_kind = "system",
                  .actor_id = "rastro",
                  .agency = actor.agency,
                  .country = actor.country,
                  .occurred_at = now,
                  .purpose = actor.purpose,
                  .decision_id = actor.decision_id,
                  .reason_code = {},
                  .data = "{}",
                  .shared = true,
                  .previous_hash = {}};
    return made;
}

}  // namespace rastro::server
