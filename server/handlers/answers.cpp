// Answers: given, released by a second person, corrected, recalled, restricted (domain/tracing.md
// 9.4: T14 to T18, T30). Nothing is overwritten: what is superseded or recalled stays readable as
// such.
#include <algorithm>

#include "protocol/trace_json.hpp"
#include "server/handlers/answer_rows.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/trace_outcome.hpp"

namespace rastro::server {

namespace {

using storage::AnswerRow;
using storage::Lock;
using storage::UnitOfWork;

template <class Body>
struct AnswerCommand {
    AnswerId answer_id;
    Body body;
};

template <auto read>
auto parse_answer_body(Arrival const& arrival)
    -> Outcome<AnswerCommand<typename decltype(read(std::string_view{}))::value_type>> {
    RASTRO_TRY(answer_id, path_id<AnswerId>(arrival, "answer_id"));
    RASTRO_TRY(body, read(arrival.body));
    return AnswerCommand<typename decltype(read(std::string_view{}))::value_type>{answer_id,
                                                                                  std::move(body)};
}

struct OpenAnswer {
    AnswerRow answer;
    OpenLeg open;
};

// The case and the leg are locked before the answer, as in every act. `second_person`: the act
// completes the author's work.
Outcome<OpenAnswer> open_answer(Call& call,
                                UnitOfWork& unit,
                                AnswerId const& answer_id,
                                bool second_person) {
    auto const seen = storage::find_answer(unit, answer_id, Lock::none);
    if (!seen) {
        call.about("answer", answer_id.to_string(), std::nullopt, "");
        cases::ObjectFacts stranger;
        stranger.type = "answer";
        stranger.relations = {cases::Relation::none};
        RASTRO_CHECK(call.authorise(stranger));
        return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
    }
    RASTRO_TRY(open,
               open_leg(call,
                        unit,
                        seen->leg_id,
                        Lock::for_update,
                        second_person ? seen->given_by : std::string()));
    auto answer = storage::find_answer(unit, answer_id, Lock::for_update);
    if (!answer) {
        return Problem(ProblemCode::not_found);
    }
    return OpenAnswer{std::move(*answer), std::move(open)};
}

std::string data_of(AnswerRow const& answer) {
    return R"({"answer_id":")" + answer.answer_id.to_string() + R"(","kind":")" + answer.kind +
           R"(","outcome_code":")" + answer.outcome_code + "\"}";
}

StepAct act_about(AnswerRow const& answer, std::string event) {
    StepAct act;
    act.event = std::move(event);
    act.inputs = {"answer_id", "outcome_code"};
    act.data = data_of(answer);
    act.facts = answer_facts(answer);
    return act;
}

// The answer now counts: outcome of the leg, time-to-crime of the request.
void take_effect(UnitOfWork& unit, TraceStep& step, OpenLeg& open, AnswerRow const& answer) {
    open.leg.outcome_code = answer.outcome_code;
    if (settle_time_to_crime(unit, open.file, answer.chain)) {
        step.request_changed();
    }
}

std::string release_event(AnswerRow const& answer, bool second_person) {
    if (answer.kind == "no_record") {
        return "no_record";
    }
    bool const part = answer.kind == "partial";
    if (second_person) {
        return part ? "release_part" : "release";
    }
    return part ? "answer_part" : "answer";
}

std::vector<storage::ChainLinkRow> whole_chain(UnitOfWork& unit,
                                               storage::LegRow const& leg,
                                               AnswerId const& id) {
    for (auto& answer : storage::answers_of(unit, leg, {"G5", "G6", "G7"})) {
        if (answer.answer_id == id) {
            return std::move(answer.chain);
        }
    }
    return {};
}

// ---------------------------------------------------------------- giving

Outcome<Reply> run_answer(Call& call,
                          LegCommand<protocol::AnswerGive> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    auto const& flags = open.leg.flags;
    if (std::ranges::find(flags, "ANSWER_PENDING") != flags.end()) {
        return Problem(ProblemCode::conflict,
                       "an answer of this leg waits for its second person already");
    }
    RASTRO_TRY(answer, make_answer(call, open, command.body, unit.now()));
    bool const held = is_pending(answer);
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(
        open.leg, act_about(answer, held ? "hold_answer" : release_event(answer, false))));
    storage::insert_answer(unit, answer);
    if (!held) {
        take_effect(unit, step, open, answer);
    }
    step.finish();
    return show_leg(call, unit, open, 201);
}

// ---------------------------------------------------------------- second person

void supersede(UnitOfWork& unit, AnswerId const& old_id, AnswerId const& by) {
    if (auto old = storage::find_answer(unit, old_id, Lock::for_update)) {
        old->superseded_by = by;
        storage::store_answer_state(unit, *old);
    }
}

Outcome<Reply> run_approve(Call& call,
                           AnswerCommand<protocol::CaseDecision> const& command,
                           UnitOfWork& unit) {
    RASTRO_TRY(found, open_answer(call, unit, command.answer_id, true));
    auto& [answer, open] = found;
    if (!is_pending(answer)) {
        return Problem(ProblemCode::conflict, "this answer waits for nobody");
    }
    if (answer.given_by == call.actor.principal()) {
        return ProblemCode::two_persons_required;
    }
    bool const accepted = command.body.accepted;
    if (!accepted && command.body.text.empty()) {
        return violation("/text", "required");
    }
    bool const correction = answer.supersedes.has_value();
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    if (accepted || !correction) {
        auto act = act_about(answer,
                             !accepted    ? "reject_answer"
                             : correction ? "correct_answer"
                                          : release_event(answer, true));
        act.first_person = answer.given_by;
        if (correction) {
            auto const old = storage::find_answer(unit, *answer.supersedes, Lock::for_update);
            act.facts.answer_superseded = !old || old->superseded_by || old->recalled_at;
        }
        if (!command.body.text.empty()) {
            act.inputs.insert("reason");
        }
        RASTRO_CHECK(step.on_leg(open.leg, act));
    } else {
        step.tell(open.leg.asked_agency, "answer.rejected", &open.leg);
    }
    answer.approval = accepted ? "approved" : "rejected";
    answer.approved_by = call.actor.principal();
    answer.approved_at = unit.now();
    storage::store_answer_state(unit, answer);
    if (accepted) {
        if (correction) {
            supersede(unit, *answer.supersedes, answer.answer_id);
        }
        answer.chain = whole_chain(unit, open.leg, answer.answer_id);
        take_effect(unit, step, open, answer);
    }
    step.finish();
    return show_leg(call, unit, open, 200);
}

// ---------------------------------------------------------------- afterwards

Outcome<Reply> run_correct(Call& call,
                           AnswerCommand<protocol::AnswerGive> const& command,
                           UnitOfWork& unit) {
    RASTRO_TRY(found, open_answer(call, unit, command.answer_id, false));
    auto& [old, open] = found;
    RASTRO_TRY(answer, make_answer(call, open, command.body, unit.now()));
    answer.supersedes = old.answer_id;
    auto act = act_about(answer, "correct_answer");
    act.facts.answer_superseded = old.superseded_by || old.recalled_at;
    if (act.facts.answer_superseded || is_pending(old)) {
        return Problem(ProblemCode::conflict, "this answer is not the one that stands");
    }
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    if (is_pending(answer)) {
        storage::insert_answer(unit, answer);
        step.tell(open.leg.asked_agency, "answer.held", &open.leg);
    } else {
        RASTRO_CHECK(step.on_leg(open.leg, act));
        storage::insert_answer(unit, answer);
        supersede(unit, old.answer_id, answer.answer_id);
        take_effect(unit, step, open, answer);
    }
    step.finish();
    return show_leg(call, unit, open, 201);
}

Outcome<Reply> run_recall(Call& call,
                          AnswerCommand<protocol::Reason> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(found, open_answer(call, unit, command.answer_id, false));
    auto& [answer, open] = found;
    if (is_pending(answer)) {
        return Problem(ProblemCode::conflict, "this answer was not given yet");
    }
    auto act = act_about(answer, "recall_answer");
    act.inputs.insert("reason");
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    answer.recalled_at = unit.now();
    answer.recall_reason = command.body.text;
    storage::store_answer_state(unit, answer);
    step.finish();
    return show_leg(call, unit, open, 200);
}

Outcome<Reply> run_restrict(Call& call,
                            AnswerCommand<protocol::StateDecision> const& command,
                            UnitOfWork& unit) {
    RASTRO_TRY(found, open_answer(call, unit, command.answer_id, false));
    auto& [answer, open] = found;
    auto const& body = command.body;
    auto act = act_about(answer, "restrict");
    act.reason_code = cases::code_of(body.reason);
    act.inputs.insert("groups");
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    for (auto const& group : body.groups) {
        std::erase_if(answer.withheld,
                      [&](std::string const& entry) { return entry.starts_with(group + ":"); });
        answer.withheld.push_back(group + ":" + act.reason_code);
    }
    storage::store_answer_state(unit, answer);
    storage::LegDecisionRow row;
    row.stage = "restrict";
    row.reason_code = act.reason_code;
    row.review_on = body.review_on;
    row.appeal_to = body.appeal_to;
    row.free_text = body.text;
    row.groups = body.groups;
    store_decision(call, unit, open, std::move(row));
    step.finish();
    return show_leg(call, unit, open, 200);
}

}  // namespace

void bind_answers(Routes& routes) {
    routes.add("leg_answer", parse_leg_body<protocol::read_answer_give>, run_answer);
    routes.add("answer_approve", parse_answer_body<protocol::read_case_decision>, run_approve);
    routes.add("answer_correct", parse_answer_body<protocol::read_answer_give>, run_correct);
    routes.add("answer_recall", parse_answer_body<protocol::read_reason>, run_recall);
    routes.add("answer_restrict", parse_answer_body<protocol::read_restriction>, run_restrict);
}

}  // namespace rastro::server
