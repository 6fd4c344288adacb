// What the asking side adds to a request that is under way: one more authority to ask, and the
// firearm stated anew (domain/tracing.md 9.4: T20 by the requester; 4.1: nothing is overwritten).
#include <algorithm>

#include "cases/trace/leg.hpp"
#include "protocol/firearm_json.hpp"
#include "server/handlers/receivers.hpp"
#include "server/handlers/traces.hpp"
#include "server/services.hpp"
#include "storage/leg_repo.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

// ---------------------------------------------------------------- one more authority

bool stands(storage::AnswerRow const& answer) {
    bool const released = answer.approval == "not_needed" || answer.approval == "approved";
    return released && !answer.superseded_by && !answer.recalled_at;
}

// The newest leg whose answer points to that country: who asks there goes on from it, and the path
// with its loop and hop limit (3.1 rule 5) is kept. Unlike a leg that was forwarded, the new one is
// asked by the requester and carries all that the requester shares.
std::optional<storage::LegRow> pointing_leg(UnitOfWork& unit,
                                            storage::TraceCase const& file,
                                            std::string const& country) {
    auto legs = storage::legs_of(unit, file.case_id);
    for (auto leg = legs.rbegin(); leg != legs.rend(); ++leg) {
        auto const answers = storage::answers_of(unit, *leg, {});
        bool const points = std::ranges::any_of(answers, [&](storage::AnswerRow const& answer) {
            return stands(answer) && answer.next_country == country;
        });
        if (points) {
            return std::move(*leg);
        }
    }
    return std::nullopt;
}

Outcome<Reply> run_add_leg(Call& call,
                           CaseCommand<protocol::LegAdd> const& command,
                           UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    RASTRO_TRY(found, find_receiver(unit, command.body.recipient, file.priority));
    auto const& receiver = found.receiver;
    auto const content = whole_content(unit, file);
    auto const outbound = outbound_decision(file.owner_country, content, {receiver}, found.routing);
    auto const from = pointing_leg(unit, file, receiver.country);
    StepAct act;
    act.event = "add_leg";
    act.inputs = {"asked_agency"};
    act.text = command.body.text;
    act.facts.next_country = receiver.country;
    act.facts.next_agency = receiver.agency;
    act.facts.national_contact_needed =
        outbound.national_contact_needed && !outbound.auto_rule_allows;
    LegTarget target{.agency = receiver.agency,
                     .country = receiver.country,
                     .backup_agency = receiver.backup_agency,
                     .path = {receiver.country},
                     .hop = 0,
                     .parent = std::nullopt};
    if (from) {
        act.facts.path = from->path;
        act.facts.hop = from->hop;
    }
    act.data = R"({"asked_agency":")" + receiver.agency + R"(","asked_country":")" +
               receiver.country + "\"}";
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    if (from) {
        RASTRO_TRY(next, cases::next_hop(from->path, from->hop, receiver.country));
        target.path = std::move(next.path);
        target.hop = next.hop;
    }
    step.route(target);
    step.finish();
    return show_request(call, unit, file, 201);
}

// ---------------------------------------------------------------- the firearm anew

// Open legs go on with the new version; answers keep the one they answered.
std::vector<storage::LegRow> renew_questions(UnitOfWork& unit, storage::TraceCase const& file) {
    auto legs = storage::legs_of(unit, file.case_id, Lock::for_update);
    std::erase_if(legs, [](storage::LegRow const& leg) { return !leg.open; });
    for (auto& leg : legs) {
        leg.description_version = file.description_version;
        storage::store_leg(unit, leg);
    }
    return legs;
}

Outcome<Reply> run_describe(Call& call,
                            CaseCommand<protocol::FirearmDescriptionMessage> const& command,
                            UnitOfWork& unit) {
    RASTRO_TRY(file, open_for_act(call, unit, command.case_id));
    auto content = whole_content(unit, file);
    auto firearm = command.body.firearm;
    forget_stale_entries(content.firearm, firearm);
    content.firearm = std::move(firearm);
    StepAct act;
    act.event = "describe";
    act.text = command.body.change_reason;
    act.data = R"({"description_version":)" + std::to_string(file.description_version + 1) + "}";
    std::vector<storage::LegRow> legs;  // outlive the step
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    // It is sent already: what a submission needs must still be there.
    auto faults = cases::validate(content.firearm, cases::DescriptionStage::submit);
    if (!faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    auto const routing = storage::load_routing(unit, routing_question({&content}, unit.now()));
    auto const calibre_group = complete_description(content.firearm, routing);
    storage::add_description(
        unit, file, content.firearm, calibre_group, call.actor.agency, command.body.change_reason);
    RASTRO_CHECK(suggest_duplicate(unit, step, file, content));
    legs = renew_questions(unit, file);
    for (auto const& leg : legs) {
        step.tell(leg.asked_agency, "leg.description_changed", &leg);
    }
    step.finish();
    return show_request(call, unit, file, 201);
}

}  // namespace

void bind_trace_adding(Routes& routes) {
    routes.add("trace_add_leg", parse_case_body<protocol::read_leg_add>, run_add_leg);
    routes.add("trace_describe", parse_case_body<protocol::read_firearm_description>, run_describe);
}

}  // namespace rastro::server
