#include "server/handlers/trace_step.hpp"

#include <algorithm>
#include <stdexcept>

#include "cases/trace/leg.hpp"
#include "server/case_types.hpp"
#include "server/handlers/trace_clocks.hpp"
#include "server/services.hpp"
#include "storage/case_standing.hpp"
#include "storage/leg_repo.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

namespace {

bool contains(std::vector<std::string> const& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

bool is_internal(std::string_view event) {
    return event == "hold_answer" || event == "reject_answer";
}

cases::Standing standing_of(std::string const& state,
                            std::string const& resume_state,
                            std::vector<std::string> const& flags) {
    return {.state = state, .resume_state = resume_state, .flags = {flags.begin(), flags.end()}};
}

cases::Act act_on(std::string object, StepAct const& act) {
    return {.object = std::move(object),
            .event = act.event,
            .inputs = act.inputs,
            .reason_code = act.reason_code,
            .derived_state = {},
            .first_person = act.first_person};
}

cases::CaseTypeDefinition const& newest_type(Services const& services) {
    auto const* type = services.case_types.newest("trace_request");
    if (type == nullptr) {
        throw std::logic_error("the case type trace_request is not loaded");
    }
    return *type;
}

// States of a request that follow from its legs.
bool follows_legs(std::string_view state) {
    return state == "SUBMITTED" || state == "IN_PROGRESS" || state == "AWAITING_REQUESTER" ||
           state == "PARTIALLY_ANSWERED" || state == "ANSWERED" || state == "REOPENED";
}

// Which outcome of several legs speaks for the request: the further the chain came, the better.
int rank_of(cases::OutcomeGroup group) {
    using enum cases::OutcomeGroup;
    switch (group) {
        case success:
            return 0;
        case success_or_partial:
            return 1;
        case alert:
            return 2;
        case partial:
            return 3;
        case closed:
            return 4;
        case fail:
            return 5;
        case ask:
            return 6;
        case forward:
            return 7;
        case state_decision:
            return 8;
    }
    return 9;
}

}  // namespace

TraceStep::TraceStep(Services const& services,
                     storage::UnitOfWork& unit,
                     storage::TraceCase& file,
                     StepActor actor)
    : services_(services),
      unit_(unit),
      file_(file),
      actor_(std::move(actor)),
      system_(system_actor("rastro", actor_.agency, actor_.country)),
      type_(newest_type(services)) {
    system_.purpose = actor_.purpose;
    system_.decision_id = actor_.decision_id;
}

Outcome<cases::Transition> TraceStep::on_leg(storage::LegRow& leg, StepAct const& act) {
    return leg_act(leg, act, actor_);
}
Outcome<cases::Transition> TraceStep::on_request(StepAct const& act) {
    return request_act(act, actor_);
}
Outcome<cases::Transition> TraceStep::on_leg_as_system(storage::LegRow& leg, StepAct const& act) {
    return leg_act(leg, act, system_);
}
Outcome<cases::Transition> TraceStep::on_request_as_system(StepAct const& act) {
    return request_act(act, system_);
}

cases::TraceFacts TraceStep::facts_for(StepAct const& act,
                                       StepActor const& actor,
                                       storage::LegRow const* leg) {
    auto facts = act.facts;
    facts.urgent = file_.priority == "urgent";
    facts.asked_groups = {file_.requested_groups.begin(), file_.requested_groups.end()};
    facts.author = file_.author;
    facts.supervisor_endorsed = contains(file_.flags, "SUPERVISOR_ENDORSED");
    facts.own_case = file_.case_id.to_string();
    facts.outcome_chosen = !file_.outcome_code.empty();
    facts.time_to_crime_settled =
        facts.time_to_crime_settled || !file_.ttc_bucket.empty() || !file_.ttc_flags.empty();
    facts.forward_consent = file_.forward_consent;
    facts.reason_given = act.inputs.contains("reason");
    facts.today = Date{std::chrono::floor<std::chrono::days>(unit_.now())};
    if (act.review_on) {
        facts.review_on = *act.review_on;
    }
    facts.actor = actor.facts.principal;
    facts.actor_is_supervisor = actor.facts.roles.contains("agency_supervisor");
    facts.actor_is_national_contact = actor.facts.roles.contains("national_contact");
    if (leg != nullptr) {
        facts.path = leg->path;
        facts.hop = leg->hop;
    } else if (act.event == "withdraw" || act.event == "add_leg") {
        for (auto const& row : storage::legs_of(unit_, file_.case_id)) {
            if (row.open) {
                facts.open_leg_agencies.insert(row.asked_agency);
            }
        }
    }
    return facts;
}

Outcome<cases::Transition> TraceStep::leg_act(storage::LegRow& leg,
                                              StepAct const& act,
                                              StepActor const& actor) {
    auto const facts = facts_for(act, actor, &leg);
    auto environment = cases::trace_environment(facts);
    environment.step_up_age = services_.settings.session.step_up;
    RASTRO_TRY(transition,
               cases::decide(type_,
                             standing_of(leg.state, leg.resume_state, leg.flags),
                             act_on("leg", act),
                             actor.facts,
                             environment));
    bool const was_open = leg.open;
    leg.state = transition.to.state;
    leg.resume_state = transition.to.resume_state;
    leg.flags.assign(transition.to.flags.begin(), transition.to.flags.end());
    leg.open = cases::leg_is_open(leg.state);
    if (transition.changes_state()) {
        if (leg.state == "DELIVERED" && act.event == "receipt") {
            leg.delivered_at = unit_.now();
        } else if (leg.state == "ACKNOWLEDGED" && act.event == "acknowledge") {
            leg.acknowledged_at = unit_.now();
        }
    }
    if (was_open != leg.open) {
        leg.final_at = leg.open ? std::nullopt : std::optional<Instant>(unit_.now());
    }
    if (act.event == "refuse") {
        leg.refusal_reason = act.reason_code;
        leg.outcome_code = "refused";
    } else if (act.event == "uphold_appeal" && leg.open) {
        leg.refusal_reason.clear();
        leg.outcome_code.clear();
    }
    if (contains(transition.effects, "set_outcome_insufficient_identifiers")) {
        leg.outcome_code = "insufficient_identifiers";
    }
    bool const clocks = apply_clocks(unit_, file_, &leg, transition, act.review_on);
    auto& changed = changed_legs_[&leg];
    changed = changed || clocks;
    derive_ = derive_ || contains(transition.effects, "derive_request");
    record(transition, act, actor, &leg);
    return transition;
}

Outcome<cases::Transition> TraceStep::request_act(StepAct const& act, StepActor const& actor) {
    auto const facts = facts_for(act, actor, nullptr);
    auto environment = cases::trace_environment(facts);
    environment.step_up_age = services_.settings.session.step_up;
    auto wanted = act_on("request", act);
    if (act.event == "add_leg" || act.event == "choose_outcome" || act.event == "derive") {
        wanted.derived_state = derived_state(act.event == "add_leg");
    }
    RASTRO_TRY(
        transition,
        cases::decide(
            type_, standing_of(file_.state, "", file_.flags), wanted, actor.facts, environment));
    file_.state = transition.to.state;
    file_.flags.assign(transition.to.flags.begin(), transition.to.flags.end());
    if (transition.changes_state()) {
        auto const* state = type_.find_object("request")->find_state(file_.state);
        if (file_.state == "SUBMITTED" && !file_.submitted_at) {
            file_.submitted_at = unit_.now();
        }
        file_.closed_at = state->final ? std::optional<Instant>(unit_.now()) : std::nullopt;
    }
    if (contains(transition.effects, "begin_new_round")) {
        file_.outcome_code.clear();
    }
    apply_clocks(unit_, file_, nullptr, transition, std::nullopt);
    request_changed_ = true;
    record(transition, act, actor, nullptr);
    if (contains(transition.effects, "stop_open_legs")) {
        stop_open_legs();
    }
    return transition;
}

void TraceStep::record(cases::Transition const& transition,
                       StepAct const& act,
                       StepActor const& actor,
                       storage::LegRow const* leg) {
    storage::CaseEvent event;
    event.case_id = file_.case_id;
    if (leg != nullptr) {
        event.leg_id = leg->leg_id;
    }
    event.object = transition.object;
    event.event = transition.event;
    event.transition = transition.id;
    event.from_state = transition.from;
    event.to_state = transition.to.state;
    event.actor_kind = actor.kind;
    event.actor_id = actor.id;
    event.agency = actor.agency;
    event.country = actor.country;
    event.occurred_at = unit_.now();
    event.purpose = actor.purpose;
    event.decision_id = actor.decision_id;
    event.reason_code = act.reason_code;
    event.data = act.data;
    event.text = act.text;
    event.shared = leg != nullptr && !is_internal(transition.event);
    events_.push_back(std::move(event));
    tell_of(transition, leg);
}

void TraceStep::tell(std::string agency, std::string kind, storage::LegRow const* leg) {
    Told told{std::move(agency), std::move(kind), leg};
    if (!told.agency.empty() && std::ranges::find(told_, told) == told_.end()) {
        told_.push_back(std::move(told));
    }
}

void TraceStep::tell_of(cases::Transition const& transition, storage::LegRow const* leg) {
    auto const& effects = transition.effects;
    auto const kind = leg != nullptr ? leg_message_kind(transition.event, transition.to.state)
                      : transition.changes_state() ? std::string("request.state_changed")
                                                   : "request." + transition.event;
    if (leg != nullptr) {
        tell(leg->asked_agency, kind, leg);
        if (!is_internal(transition.event)) {
            tell(file_.owner_agency, kind, leg);
        }
    } else {
        tell(file_.owner_agency, kind, nullptr);
    }
    auto const tell_all = [&](std::vector<std::string> const& agencies) {
        for (auto const& agency : agencies) {
            tell(agency, kind, leg);
        }
    };
    if (contains(effects, "notify_approver") || contains(effects, "notify_readers")) {
        bool const arrives = transition.changes_state() && transition.to.state == "NATIONAL_REVIEW";
        for (auto const& agency : storage::parties_of(unit_, file_.case_id, "approver")) {
            tell(agency, arrives ? "request.for_approval" : kind, leg);
        }
    }
    if (contains(effects, "notify_national_contacts") && leg != nullptr) {
        tell_all(storage::national_contacts_of(unit_, {leg->asking_country, leg->asked_country}));
    }
    if (contains(effects, "notify_receivers")) {
        tell_all(storage::parties_of(unit_, file_.case_id, "addressed"));
    }
}

storage::LegRow& TraceStep::route(LegTarget const& target) {
    auto made = make_routed_leg(file_, target, actor_, unit_.now());
    auto& leg = own_legs_.emplace_back(std::move(made.leg));
    new_legs_.push_back(&leg);
    events_.push_back(std::move(made.event));
    std::ranges::move(made.deadlines, std::back_inserter(new_deadlines_));
    tell(leg.asked_agency, "leg.routed", &leg);
    tell(file_.owner_agency, "leg.routed", &leg);
    derive_ = true;
    return leg;
}

void TraceStep::stop_open_legs() {
    for (auto& row : storage::legs_of(unit_, file_.case_id, storage::Lock::for_update)) {
        bool const in_hand = std::ranges::any_of(
            changed_legs_, [&](auto const& other) { return other.first->leg_id == row.leg_id; });
        if (!row.open || in_hand) {
            continue;
        }
        auto& leg = own_legs_.emplace_back(std::move(row));
        StepAct act;
        act.event = "stop";
        if (auto stopped = leg_act(leg, act, system_); !stopped) {
            throw std::logic_error("an open leg cannot be stopped: " + stopped.error().detail());
        }
    }
}

std::string TraceStep::derived_state(bool one_leg_more) {
    auto const standing = storage::case_standing(unit_, file_.case_id);
    std::vector<cases::LegFacts> legs;
    for (auto const& leg : standing.legs) {
        legs.push_back({.state = leg.state,
                        .resume_state = leg.resume_state,
                        .forward_offered = contains(leg.flags, "FORWARD_OFFERED"),
                        .earlier_round = leg.earlier_round});
    }
    if (one_leg_more) {
        legs.push_back({.state = "ROUTED", .resume_state = {}});
    }
    return cases::derive_request_state(
        legs, {.reopened = standing.reopened, .outcome_chosen = !file_.outcome_code.empty()});
}

// When the last leg has ended and the requester has chosen no outcome, the best that the legs
// brought is taken over; refusals and expiries bring none.
void TraceStep::take_over_outcome() {
    if (!file_.outcome_code.empty()) {
        return;
    }
    std::optional<cases::OutcomeCode> best;
    bool any = false;
    for (auto const& leg : storage::case_standing(unit_, file_.case_id).legs) {
        if (leg.earlier_round && !cases::leg_is_open(leg.state)) {
            continue;
        }
        if (cases::leg_is_open(leg.state)) {
            return;
        }
        any = true;
        auto const outcome = cases::outcome_from(leg.outcome_code);
        bool const answered = leg.state == "ANSWERED_FULL" || leg.state == "NO_RECORD";
        if (answered && outcome &&
            (!best || rank_of(cases::outcome_info(*outcome).group) <
                          rank_of(cases::outcome_info(*best).group))) {
            best = outcome;
        }
    }
    if (any && best) {
        file_.outcome_code = cases::code_of(*best);
        request_changed_ = true;
    }
}

void TraceStep::derive() {
    if (!follows_legs(file_.state)) {
        return;
    }
    take_over_outcome();
    StepAct act;
    if (file_.state == "SUBMITTED") {
        if (storage::case_standing(unit_, file_.case_id).legs.empty()) {
            return;
        }
        act.event = "leg_routed";
        if (auto routed = request_act(act, system_); !routed) {
            throw std::logic_error("leg_routed: " + routed.error().detail());
        }
    }
    auto const state = derived_state(false);
    if (state == file_.state || state == "SUBMITTED") {
        return;
    }
    act.event = "derive";
    if (auto derived = request_act(act, system_); !derived) {
        throw std::logic_error("derive: " + derived.error().detail());
    }
}

void TraceStep::finish() {
    for (auto const& [leg, clocks_changed] : changed_legs_) {
        if (clocks_changed) {
            leg->due_at = next_due(unit_, *leg);
        }
        storage::store_leg(unit_, *leg);
    }
    if (!new_legs_.empty()) {
        std::vector<storage::LegRow> rows;
        std::vector<std::string> agencies;
        for (auto const* leg : new_legs_) {
            rows.push_back(*leg);
            agencies.push_back(leg->asked_agency);
        }
        storage::add_parties(unit_, file_, "addressed", agencies);
        storage::insert_legs(unit_, rows);
        storage::insert_deadlines(unit_, new_deadlines_);
    }
    if (derive_) {
        derive();
    }
    storage::append_events(unit_, file_, std::move(events_));
    if (request_changed_) {
        storage::store_request_state(unit_, file_);
    } else {
        storage::touch_last_event(unit_, file_);
    }
    for (auto const& told : told_) {
        bool const of_leg = told.leg != nullptr;
        unit_.publish(
            {.agency = told.agency,
             .kind = told.kind,
             .case_id = file_.case_id,
             .object_type = of_leg ? "leg" : "trace_request",
             .object_id = of_leg ? told.leg->leg_id.to_string() : file_.case_id.to_string(),
             .object_version = of_leg ? told.leg->version : file_.version});
    }
}

}  // namespace rastro::server
