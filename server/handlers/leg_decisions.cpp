// Coded decisions of the asked state about a leg, and the appeal against them (domain/tracing.md
// 3.5 and 9.4: T12, T13, T17, T19, T28).
#include "protocol/trace_json.hpp"
#include "server/handlers/legs.hpp"
#include "server/handlers/parameters.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;
using DecisionCommand = LegCommand<protocol::StateDecision>;

// Delay and refusal differ in the event and in what is written.
Outcome<Reply> decide_leg(Call& call,
                          DecisionCommand const& command,
                          UnitOfWork& unit,
                          std::string event,
                          std::string stage) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    auto const& body = command.body;
    StepAct act;
    act.event = std::move(event);
    act.reason_code = cases::code_of(body.reason);
    act.review_on = body.review_on;
    if (body.review_on) {
        act.inputs.insert("review_on");
    }
    if (body.reason == cases::RefusalReason::requires_mla && stage == "refuse") {
        act.data = R"({"link":"requires_mla"})";
    }
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    storage::LegDecisionRow row;
    row.stage = std::move(stage);
    row.reason_code = act.reason_code;
    row.review_on = body.review_on;
    row.appeal_to = body.appeal_to;
    row.free_text = body.text;
    store_decision(call, unit, open, std::move(row));
    step.finish();
    return show_leg(call, unit, open, 200);
}

Outcome<Reply> run_delay(Call& call, DecisionCommand const& command, UnitOfWork& unit) {
    return decide_leg(call, command, unit, "delay", "delay");
}
Outcome<Reply> run_refuse(Call& call, DecisionCommand const& command, UnitOfWork& unit) {
    return decide_leg(call, command, unit, "refuse", "refuse");
}

Outcome<Reply> run_appeal(Call& call,
                          LegCommand<protocol::Reason> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    StepAct act;
    act.event = "appeal";
    act.inputs = {"reason"};
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    storage::LegDecisionRow row;
    row.stage = "appeal";
    row.free_text = command.body.text;
    store_decision(call, unit, open, std::move(row));
    step.finish();
    return show_leg(call, unit, open, 201);
}

// A restriction that an appeal has lifted: every group of the leg's answers is shown again.
void lift_restrictions(UnitOfWork& unit, storage::LegRow const& leg) {
    for (auto& answer : storage::answers_of(unit, leg, {})) {
        if (!answer.withheld.empty()) {
            answer.withheld.clear();
            storage::store_answer_state(unit, answer);
        }
    }
}

Outcome<Reply> run_appeal_decide(Call& call,
                                 LegCommand<protocol::CaseDecision> const& command,
                                 UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    if (!command.body.accepted && command.body.text.empty()) {
        return violation("/text", "required");
    }
    bool const restricted = open.leg.state != "REFUSED";
    StepAct act;
    act.event = command.body.accepted ? "uphold_appeal" : "dismiss_appeal";
    if (!command.body.text.empty()) {
        act.inputs = {"reason"};
    }
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    if (command.body.accepted && restricted) {
        lift_restrictions(unit, open.leg);
    }
    storage::LegDecisionRow row;
    row.stage = "appeal_decision";
    row.free_text = command.body.text;
    row.upheld = command.body.accepted;
    store_decision(call, unit, open, std::move(row));
    step.finish();
    return show_leg(call, unit, open, 200);
}

}  // namespace

void bind_leg_decisions(Routes& routes) {
    routes.add("leg_delay", parse_leg_body<protocol::read_delay>, run_delay);
    routes.add("leg_refuse", parse_leg_body<protocol::read_refusal>, run_refuse);
    routes.add("leg_appeal", parse_leg_body<protocol::read_reason>, run_appeal);
    routes.add(
        "leg_appeal_decide", parse_leg_body<protocol::read_case_decision>, run_appeal_decide);
}

}  // namespace rastro::server
