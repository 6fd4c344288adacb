// A request on its way out: changed, sent, returned, approved (domain/tracing.md 9.4: T1 to T5).
#include <algorithm>

#include "cases/trace/present_fields.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/trace_content_json.hpp"
#include "server/handlers/first_steps.hpp"
#include "server/handlers/traces.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

using storage::UnitOfWork;

std::string written(cases::TraceRequestContent const& content) {
    std::string text;
    protocol::JsonWriter json(text);
    json.begin_object();
    protocol::write_content_members(json, content);
    json.end_object();
    return text;
}

std::string written(cases::FirearmDescription const& firearm) {
    cases::TraceRequestContent content;
    content.firearm = firearm;
    return written(content);
}

// ---------------------------------------------------------------- changing

Outcome<Reply> run_change(Call& call,
                          CaseCommand<protocol::TraceRequestChange> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    auto const stored = whole_content(unit, file);
    RASTRO_TRY(content, protocol::apply_change(stored, command.body));
    forget_stale_entries(stored.firearm, content.firearm);
    auto const routing = storage::load_routing(unit, routing_question({&content}, unit.now()));
    auto const calibre_group = complete_description(content.firearm, routing);
    StepAct act;
    act.event = "change";
    act.inputs = cases::present_fields(content);
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    // A patch that changes nothing leaves no trace, so that a returned request stays unchanged; it
    // is refused all the same where a change would be.
    bool const redescribed = written(content.firearm) != written(stored.firearm);
    if (redescribed) {
        act.data =
            R"({"description_version":)" + std::to_string(file.description_version + 1) + "}";
    }
    RASTRO_CHECK(step.on_request(act));
    if (written(content) == written(stored)) {
        return show_request(call, unit, file, 200);
    }
    if (redescribed) {
        ++file.description_version;
    }
    take_over_content(file, content);
    storage::replace_content(unit, file, content, redescribed, calibre_group);
    step.finish();
    return show_request(call, unit, file, 200);
}

// ---------------------------------------------------------------- sending

bool changed_since_return(UnitOfWork& unit, storage::TraceCase const& file) {
    auto const events = storage::load_timeline(unit, file.case_id);
    auto const returned = std::find_if(
        events.rbegin(), events.rend(), [](auto const& event) { return event.event == "return"; });
    return std::any_of(events.rbegin(), returned, [](storage::CaseEvent const& event) {
        return event.event == "change";
    });
}

Outcome<Reply> run_submit(Call& call, CaseCommand<NothingMore> const& command, UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    bool const again = file.state == "RETURNED";
    StepAct act;
    act.event = again ? "resubmit" : "submit";
    if (!again && file.state != "DRAFT") {
        return apply_to_request(call, unit, file, act);
    }
    auto const content = whole_content(unit, file);
    if (auto faults = cases::check_for_submission(content); !faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    RASTRO_TRY(way, way_out(unit, file, content));
    act.inputs = cases::present_fields(content);
    act.facts = content_facts(content, file, call.actor, way.outbound);
    act.facts.changed_since_return = again && changed_since_return(unit, file);
    if (!way.outbound.auto_rule_allows) {
        storage::add_parties(
            unit, file, "approver", approvers_of(call.actor, file.priority, way.routing));
    }
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    if (way.outbound.auto_rule_allows) {
        StepAct by_rule;
        by_rule.event = "auto_approve";
        by_rule.facts.auto_rule_allows = true;
        RASTRO_CHECK(step.on_request_as_system(by_rule));
        route_to(step, way.receivers);
        RASTRO_CHECK(suggest_duplicate(unit, step, file, content));
    }
    step.finish();
    return show_request(call, unit, file, 200);
}

// ---------------------------------------------------------------- approval

Outcome<Reply> run_return(Call& call,
                          CaseCommand<protocol::Reason> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    StepAct act;
    act.event = "return";
    act.inputs = {"reason"};
    act.reason_code = command.body.reason_code;
    act.text = command.body.text;
    return apply_to_request(call, unit, file, act);
}

// A supervisor endorses where the national contact still has to approve, and approves where not.
Outcome<Reply> run_approve(Call& call, CaseCommand<NothingMore> const& command, UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    StepAct act;
    act.event = "approve";
    if (file.state != "NATIONAL_REVIEW") {
        return apply_to_request(call, unit, file, act);
    }
    auto const content = whole_content(unit, file);
    RASTRO_TRY(way, way_out(unit, file, content));
    bool const endorsed = std::ranges::find(file.flags, "SUPERVISOR_ENDORSED") != file.flags.end();
    auto const event = cases::approval_event(way.outbound,
                                             call.actor.has(cases::Role::agency_supervisor),
                                             call.actor.has(cases::Role::national_contact),
                                             endorsed);
    if (!event.empty()) {
        act.event = event;
    }
    act.facts.national_contact_needed = way.outbound.national_contact_needed;
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    if (act.event == "approve") {
        file.approver = call.actor.principal();
        route_to(step, way.receivers);
        RASTRO_CHECK(suggest_duplicate(unit, step, file, content));
    }
    step.finish();
    return show_request(call, unit, file, 200);
}

}  // namespace

void bind_trace_sending(Routes& routes) {
    routes.add("trace_change", parse_case_body<protocol::read_trace_request_change>, run_change);
    routes.add("trace_submit", parse_case_only, run_submit);
    routes.add("trace_return", parse_case_body<protocol::read_reason>, run_return);
    routes.add("trace_approve", parse_case_only, run_approve);
}

}  // namespace rastro::server
