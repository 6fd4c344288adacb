// What the two sides of a leg do on the way to an answer: receipt, acknowledgement, assignment,
// clarification, delay's end, forwarding (domain/tracing.md 9.4: T6 to T10, T13, T20).
#include "cases/trace/leg.hpp"
#include "certs/receipt.hpp"
#include "common/time_text.hpp"
#include "server/handlers/legs.hpp"
#include "server/handlers/new_request.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/receivers.hpp"
#include "server/services.hpp"
#include "storage/agency_repo.hpp"
#include "storage/people_repo.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

Outcome<Reply> apply_and_show(
    Call& call, UnitOfWork& unit, OpenLeg& open, StepAct const& act, unsigned status) {
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    step.finish();
    return show_leg(call, unit, open, status);
}

// ---------------------------------------------------------------- receipt and acknowledgement

Outcome<Reply> run_receipt(Call& call,
                           LegCommand<protocol::Receipt> const& command,
                           UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    storage::AgencyRepo agencies(unit);
    auto const id = storage::CertificateId::parse(call.actor.id);
    auto const certificate = id ? agencies.find_certificate(*id) : std::nullopt;
    auto const text = certs::receipt_text(command.leg_id.to_string(),
                                          command.body.message_sha256,
                                          to_rfc3339(command.body.received_at));
    StepAct act;
    act.event = "receipt";
    act.data = R"({"message_sha256":")" + command.body.message_sha256 + "\"}";
    act.facts.receipt_signature_valid =
        certificate && certificate->agency == open.leg.asked_agency && !certificate->revoked_at &&
        certs::verify_signature(certificate->public_key_pem, text, command.body.signature);
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    auto const agency = agencies.find(open.leg.asked_agency);
    if (agency && agency->auto_acknowledge) {
        StepAct acknowledge;
        acknowledge.event = "acknowledge";
        acknowledge.facts.auto_acknowledge = true;
        RASTRO_CHECK(step.on_leg_as_system(open.leg, acknowledge));
    }
    step.finish();
    return show_leg(call, unit, open, 200);
}

Outcome<Reply> run_acknowledge(Call& call, LegCommand<NoBody> const& command, UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    StepAct act;
    act.event = "acknowledge";
    return apply_and_show(call, unit, open, act, 200);
}

// ---------------------------------------------------------------- assignment

// A handler is an active analyst of the asked agency, or a person in its own system
// ("AGENCY/person").
bool is_handler(UnitOfWork& unit, std::string const& agency, std::string const& handler) {
    auto const prefix = agency + "/";
    if (handler.size() > prefix.size() && handler.starts_with(prefix)) {
        return true;
    }
    auto const id = UserId::parse(handler);
    auto const user = id ? storage::PeopleRepo(unit).find(*id) : std::nullopt;
    return user && user->agency == agency && user->state == "active" &&
           std::ranges::find(user->roles, "tracing_analyst") != user->roles.end();
}

Outcome<Reply> run_assign(Call& call,
                          LegCommand<protocol::Assignment> const& command,
                          UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    auto const& named = command.body.handler;
    if (!named.empty() && !is_handler(unit, open.leg.asked_agency, named)) {
        return violation("/handler", "not_in_list");
    }
    auto const handler = named.empty() ? call.actor.principal() : named;
    StepAct act;
    act.event = "assign";
    act.inputs = {"handler"};
    act.facts.handler = handler;
    open.leg.handler = handler;
    return apply_and_show(call, unit, open, act, 200);
}

// ---------------------------------------------------------------- clarification

Outcome<Reply> run_ask(Call& call,
                       LegCommand<protocol::ClarificationAsk> const& command,
                       UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    StepAct act;
    act.event = "ask";
    act.inputs = {"fields", "question"};
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    storage::ClarificationRow row;
    row.fields = command.body.fields;
    row.question = command.body.question;
    row.asked_by = call.actor.principal();
    row.asked_at = unit.now();
    storage::insert_clarification(unit, open.leg, row);
    step.finish();
    return show_leg(call, unit, open, 201);
}

Outcome<Reply> run_reply(Call& call,
                         LegCommand<protocol::ClarificationReply> const& command,
                         UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    StepAct act;
    act.event = "reply";
    act.inputs = {"reply"};
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    auto questions = storage::clarifications_of(unit, open.leg);
    if (questions.empty() || questions.back().replied_at) {
        return Problem(ProblemCode::conflict, "no question of this leg waits for a reply");
    }
    auto& question = questions.back();
    question.reply = command.body.text;
    question.replied_by = call.actor.principal();
    question.replied_at = unit.now();
    if (command.body.description) {
        cases::TraceRequestContent stated;
        stated.firearm = *command.body.description;
        auto const routing = storage::load_routing(unit, routing_question({&stated}, unit.now()));
        auto const calibre_group = complete_description(stated.firearm, routing);
        storage::add_description(
            unit, open.file, stated.firearm, calibre_group, call.actor.agency, "clarification");
        open.leg.description_version = open.file.description_version;
        question.reply_description_version = open.file.description_version;
        step.request_changed();
    }
    storage::store_reply(unit, open.leg, question);
    step.finish();
    return show_leg(call, unit, open, 200);
}

// Ends a delay, or takes up what was escalated.
Outcome<Reply> run_resume(Call& call, LegCommand<NoBody> const& command, UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    StepAct act;
    act.event = open.leg.state == "ESCALATED" ? "take_up" : "resume";
    return apply_and_show(call, unit, open, act, 200);
}

// ---------------------------------------------------------------- forwarding

Outcome<Reply> run_decline(Call& call, UnitOfWork& unit, OpenLeg& open, std::string text) {
    StepAct act;
    act.event = "decline_forward";
    act.text = std::move(text);
    return apply_and_show(call, unit, open, act, 200);
}

Outcome<Reply> run_forward(Call& call,
                           LegCommand<protocol::Forward> const& command,
                           UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, Lock::for_update));
    if (command.body.decline) {
        return run_decline(call, unit, open, command.body.text);
    }
    RASTRO_TRY(found, find_receiver(unit, command.body.recipient, open.leg.priority));
    LegTarget target{.agency = found.receiver.agency,
                     .country = found.receiver.country,
                     .backup_agency = found.receiver.backup_agency,
                     .path = {},
                     .hop = 0,
                     .parent = open.leg.leg_id};
    bool const offers = open.asked(call) && !open.file.forward_consent;
    StepAct act;
    act.event = offers ? "offer_forward" : "forward";
    act.inputs = {"next_country"};
    act.text = command.body.text;
    act.facts.next_country = target.country;
    act.facts.next_agency = target.agency;
    // Under H3 the giver's own restriction is in words, which no rule can weigh (8.3, onward).
    act.facts.onward_policy_allows = open.file.handling_code != "H3" || !open.asked(call);
    act.data =
        R"({"next_country":")" + target.country + R"(","next_agency":")" + target.agency + "\"}";
    TraceStep step(call.services(), unit, open.file, step_actor(call, open.file, &open.leg));
    RASTRO_CHECK(step.on_leg(open.leg, act));
    if (!offers) {
        RASTRO_TRY(next, cases::next_hop(open.leg.path, open.leg.hop, target.country));
        target.path = next.path;
        target.hop = next.hop;
        open.leg.outcome_code = "exported_to_country";
        step.route(target);
    }
    step.finish();
    return show_leg(call, unit, open, 200);
}

}  // namespace

void bind_leg_acts(Routes& routes) {
    routes.add("leg_receipt", parse_leg_body<protocol::read_receipt>, run_receipt);
    routes.add("leg_acknowledge", parse_leg_only, run_acknowledge);
    routes.add("leg_assign", parse_leg_body<protocol::read_assignment>, run_assign);
    routes.add("leg_ask", parse_leg_body<protocol::read_clarification_ask>, run_ask);
    routes.add("leg_reply", parse_leg_body<protocol::read_clarification_reply>, run_reply);
    routes.add("leg_resume", parse_leg_only, run_resume);
    routes.add("leg_forward", parse_leg_body<protocol::read_forward>, run_forward);
}

}  // namespace rastro::server
