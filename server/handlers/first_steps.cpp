#include "server/handlers/first_steps.hpp"

#include <algorithm>

#include "cases/deadlines.hpp"
#include "cases/trace/present_fields.hpp"

namespace rastro::server {

namespace {

cases::ActorFacts system_facts() {
    cases::ActorFacts facts;
    facts.principal = "rule";
    facts.is_system = true;
    return facts;
}

}  // namespace

cases::TraceFacts content_facts(cases::TraceRequestContent const& content,
                                storage::TraceCase const& file,
                                cases::Actor const& actor,
                                cases::OutboundDecision const& outbound) {
    cases::TraceFacts facts;
    facts.urgent = content.priority == cases::Priority::urgent;
    facts.asked_groups = {content.requested_groups.begin(), content.requested_groups.end()};
    facts.serial_given = !content.firearm.serial_raw.empty();
    facts.condition_given = content.firearm.serial_condition.has_value();
    facts.author = file.author;
    facts.own_case = file.case_id.to_string();
    facts.auto_rule_allows = outbound.auto_rule_allows;
    facts.national_contact_needed = outbound.national_contact_needed;
    facts.supervisor_endorsed =
        std::ranges::find(file.flags, "SUPERVISOR_ENDORSED") != file.flags.end();
    facts.actor = actor.principal();
    facts.actor_is_supervisor = actor.has(cases::Role::agency_supervisor);
    facts.actor_is_national_contact = actor.has(cases::Role::national_contact);
    return facts;
}

cases::Standing standing_of(storage::TraceCase const& file) {
    return {
        .state = file.state, .resume_state = {}, .flags = {file.flags.begin(), file.flags.end()}};
}

Outcome<cases::Transition> FirstSteps::create(cases::TraceRequestContent const& content) {
    cases::TraceFacts const facts;
    cases::Act act;
    act.object = "request";
    act.event = "create";
    act.inputs = cases::present_fields(content);
    return cases::decide(side_.type,
                         {},
                         act,
                         cases::actor_facts(side_.actor, {cases::Side::requester}, side_.now),
                         cases::trace_environment(facts));
}

Outcome<cases::Transition> FirstSteps::submit(cases::TraceRequestContent const& content,
                                              storage::TraceCase const& file,
                                              cases::OutboundDecision const& outbound) {
    auto const facts = content_facts(content, file, side_.actor, outbound);
    cases::Act act;
    act.object = "request";
    act.event = "submit";
    act.inputs = cases::present_fields(content);
    return cases::decide(side_.type,
                         standing_of(file),
                         act,
                         cases::actor_facts(side_.actor, {cases::Side::requester}, side_.now),
                         cases::trace_environment(facts));
}

Outcome<cases::Transition> FirstSteps::by_system(storage::TraceCase const& file,
                                                 std::string event,
                                                 cases::TraceFacts const& facts) {
    cases::Act act;
    act.object = "request";
    act.event = std::move(event);
    return cases::decide(
        side_.type, standing_of(file), act, system_facts(), cases::trace_environment(facts));
}

Outcome<cases::Transition> FirstSteps::approve_by_rule(storage::TraceCase const& file,
                                                       cases::OutboundDecision const& outbound) {
    cases::TraceFacts facts;
    facts.auto_rule_allows = outbound.auto_rule_allows;
    return by_system(file, "auto_approve", facts);
}

Outcome<cases::Transition> FirstSteps::first_leg_routed(storage::TraceCase const& file) {
    return by_system(file, "leg_routed", {});
}

Outcome<cases::Transition> FirstSteps::suggest_duplicate(storage::TraceCase const& file,
                                                         CaseId const& lead) {
    cases::TraceFacts facts;
    facts.lead_case = lead.to_string();
    facts.own_case = file.case_id.to_string();
    return by_system(file, "suggest_duplicate", facts);
}

cases::Transition FirstSteps::route_leg() {
    cases::TraceFacts const facts;
    cases::Act act;
    act.object = "leg";
    act.event = "route";
    return cases::decide(side_.type, {}, act, system_facts(), cases::trace_environment(facts))
        .value();
}

std::vector<storage::DeadlineRow> deadlines_for(storage::LegRow const& leg,
                                                std::string const& clock,
                                                Instant now) {
    std::vector<storage::DeadlineRow> rows;
    auto const* rule =
        cases::find_deadline_rule(cases::default_deadline_rules(),
                                  {.clock = clock,
                                   .priority = leg.priority,
                                   .asking_country = leg.asking_country,
                                   .asked_country = leg.asked_country,
                                   .on = Date{std::chrono::floor<std::chrono::days>(now)}});
    if (rule == nullptr) {
        return rows;
    }
    static cases::Calendar const calendar;
    auto const times = cases::deadline_times(*rule, now, calendar);
    auto const add = [&](std::string_view stage, Instant due) {
        storage::DeadlineRow row;
        row.case_id = leg.case_id;
        row.leg_id = leg.leg_id;
        row.clock = clock;
        row.stage = std::string(stage);
        row.started_at = now;
        row.due_at = due;
        rows.push_back(std::move(row));
    };
    add("due", times.due);
    if (times.escalate) {
        add("escalate", *times.escalate);
    }
    if (times.expire) {
        add("expire", *times.expire);
    }
    return rows;
}

}  // namespace rastro::server
