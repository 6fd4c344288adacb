// How a request ends and begins anew, and the tightening of its handling (domain/tracing.md 9.4:
// T24 to T27, T29).
#include <algorithm>

#include "cases/handling.hpp"
#include "server/handlers/trace_outcome.hpp"
#include "server/handlers/traces.hpp"
#include "server/services.hpp"
#include "storage/leg_repo.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

StepAct act_with_reason(std::string event, protocol::Reason const& reason) {
    StepAct act;
    act.event = std::move(event);
    act.inputs = {"reason"};
    act.reason_code = reason.reason_code;
    act.text = reason.text;
    return act;
}

// ---------------------------------------------------------------- closing

// An answer that decides the outcome is one of this case that was given and stands.
bool can_decide(UnitOfWork& unit, storage::TraceCase const& file, AnswerId const& id) {
    auto const answer = storage::find_answer(unit, id, Lock::none);
    return answer && answer->case_id == file.case_id &&
           (answer->approval == "not_needed" || answer->approval == "approved") &&
           !answer->recalled_at && !answer->superseded_by;
}

Outcome<Reply> run_close(Call& call,
                         CaseCommand<protocol::Closure> const& command,
                         UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    auto const& body = command.body;
    if (body.answer && !can_decide(unit, file, *body.answer)) {
        return violation("/answer_id", "unknown_answer");
    }
    auto const outcome = std::string(cases::code_of(body.outcome));
    StepAct act;
    act.inputs = {"outcome_code"};
    act.data = R"({"outcome_code":")" + outcome + "\"" +
               (body.answer ? R"(,"answer_id":")" + body.answer->to_string() + "\"" : "") + "}";
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    bool const choosable = file.state == "ANSWERED" || file.state == "AWAITING_REQUESTER";
    if (choosable && (file.outcome_code != outcome || file.state != "ANSWERED")) {
        file.outcome_code = outcome;
        act.event = "choose_outcome";
        RASTRO_CHECK(step.on_request(act));
    }
    settle_without_purchase(file);
    act.event = "close";
    act.text = body.text;
    RASTRO_CHECK(step.on_request(act));
    step.finish();
    return show_request(call, unit, file, 200);
}

// ---------------------------------------------------------------- withdrawing and reopening

Outcome<Reply> run_withdraw(Call& call,
                            CaseCommand<protocol::Reason> const& command,
                            UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    return apply_to_request(call, unit, file, act_with_reason("withdraw", command.body));
}

// By the owner, or by a receiver that has found a new record.
Outcome<Reply> run_reopen(Call& call,
                          CaseCommand<protocol::Reason> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    file.lead_case_id.reset();
    return apply_to_request(call, unit, file, act_with_reason("reopen", command.body));
}

// ---------------------------------------------------------------- duplicates

// A lead is a request of the same agency that goes its own way.
Outcome<CaseId> lead_of(UnitOfWork& unit, storage::TraceCase const& file, CaseId const& wanted) {
    if (wanted == file.case_id) {
        return wanted;  // the guard says what is wrong with it
    }
    auto const lead = storage::find_request(unit, wanted, Lock::none);
    if (!lead || lead->owner_agency != file.owner_agency) {
        return violation("/lead_case_id", "unknown_request");
    }
    if (lead->state == "DUPLICATE" || lead->state == "WITHDRAWN") {
        return violation("/lead_case_id", "lead_not_open", {lead->number});
    }
    return wanted;
}

Outcome<Reply> run_duplicate(Call& call,
                             CaseCommand<protocol::DuplicateOf> const& command,
                             UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    RASTRO_TRY(lead, lead_of(unit, file, command.body.lead));
    auto const id = lead.to_string();
    StepAct act;
    act.event = "mark_duplicate";
    act.inputs = {"lead_case_id"};
    act.facts.lead_case = id;
    act.data = R"({"lead_case_id":")" + id + "\"}";
    act.text = command.body.text;
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    file.lead_case_id = lead.uuid;
    step.finish();
    return show_request(call, unit, file, 200);
}

// ---------------------------------------------------------------- handling

Outcome<Reply> run_handling(Call& call,
                            CaseCommand<protocol::HandlingChange> const& command,
                            UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    auto const& body = command.body;
    auto const now = cases::parse_handling_code(file.handling_code);
    auto const wanted = cases::parse_handling_code(body.handling_code);
    StepAct act;
    act.event = "change_handling";
    act.inputs = {"handling_code"};
    act.facts.handling_now = now.value_or(cases::HandlingCode::H3);
    act.facts.handling_wanted = wanted.value_or(cases::HandlingCode::H0);
    act.data = R"({"from":")" + file.handling_code + R"(","to":")" + body.handling_code + "\"}";
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    file.handling_code = body.handling_code;
    storage::store_handling_text(unit, file, body.handling_text);
    step.finish();
    return show_request(call, unit, file, 200);
}

}  // namespace

void bind_trace_ending(Routes& routes) {
    routes.add("trace_close", parse_case_body<protocol::read_closure>, run_close);
    routes.add("trace_withdraw", parse_case_body<protocol::read_reason>, run_withdraw);
    routes.add("trace_mark_duplicate", parse_case_body<protocol::read_duplicate_of>, run_duplicate);
    routes.add("trace_reopen", parse_case_body<protocol::read_reason>, run_reopen);
    routes.add("trace_handling", parse_case_body<protocol::read_handling_change>, run_handling);
}

}  // namespace rastro::server
