#include "server/handlers/trace_view.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/lifecycle.hpp"
#include "cases/trace/leg.hpp"
#include "protocol/header_fields.hpp"
#include "server/case_types.hpp"
#include "server/handlers/first_steps.hpp"
#include "server/services.hpp"
#include "storage/likely_duplicates.hpp"

namespace rastro::server {

namespace {

// Groups that a request's own content belongs to (domain/tracing.md 8.2).
constexpr std::array<std::string_view, 6> kContentGroups{"G0", "G1", "G2", "G3", "G4", "G8"};

std::vector<std::string> hints_for(protocol::TraceRequestMessage const& message) {
    cases::HintFacts facts;
    for (auto const& leg : message.legs) {
        facts.asked_countries.push_back(leg.asked_country);
        if (leg.open) {
            continue;
        }
        if (auto const outcome = cases::outcome_from(leg.outcome_code)) {
            facts.outcome = outcome;
        }
        if (!leg.refusal_reason.empty()) {
            facts.refusal_reason = leg.refusal_reason;
        }
    }
    if (!facts.outcome && facts.refusal_reason.empty()) {
        return {};
    }
    auto const& firearm = message.content.firearm;
    facts.origin_country = firearm.origin_country;
    facts.import_country = firearm.import_country;
    facts.serial_obliterated = firearm.serial_condition == cases::SerialCondition::obliterated;
    facts.lab_done = firearm.obliteration &&
                     firearm.obliteration->lab_result != cases::LabResult::not_sent &&
                     firearm.obliteration->lab_result != cases::LabResult::pending;
    return cases::next_step_hints(facts);
}

struct EventOperation {
    std::string_view event;
    std::string_view operation;
};
// By which operation a person brings an event about.
constexpr std::array kOperations{EventOperation{"change", "trace_change"},
                                 EventOperation{"submit", "trace_submit"},
                                 EventOperation{"resubmit", "trace_submit"},
                                 EventOperation{"return", "trace_return"},
                                 EventOperation{"approve", "trace_approve"},
                                 EventOperation{"endorse", "trace_approve"},
                                 EventOperation{"add_leg", "trace_add_leg"},
                                 EventOperation{"choose_outcome", "trace_close"},
                                 EventOperation{"describe", "trace_describe"},
                                 EventOperation{"close", "trace_close"},
                                 EventOperation{"withdraw", "trace_withdraw"},
                                 EventOperation{"mark_duplicate", "trace_mark_duplicate"},
                                 EventOperation{"reopen", "trace_reopen"},
                                 EventOperation{"change_handling", "trace_handling"}};

// What the lifecycle has for the caller's side and role, as far as the caller has the right to it.
std::vector<std::string> next_steps(Call const& call, storage::TraceCase const& file) {
    auto steps =
        cases::events_open_to(trace_type(call),
                              "request",
                              standing_of(file),
                              cases::actor_facts(call.actor, sides_of(file.relations), call.now()));
    auto const object = request_facts(file);
    auto const& services = call.services();
    cases::AccessTime const time{.now = call.now(),
                                 .step_up_age = services.settings.session.step_up};
    std::erase_if(steps, [&](std::string const& event) {
        auto const* row = std::ranges::find(kOperations, event, &EventOperation::event);
        if (row == kOperations.end()) {
            return true;
        }
        auto const decision =
            cases::decide(services.permissions, call.actor, row->operation, object, time);
        return !decision.allowed && !decision.step_up_needed;
    });
    return steps;
}

// Every leg by which the caller's agency was asked came by a forward.
bool only_forwarded_to(Call const& call,
                       storage::UnitOfWork& unit,
                       storage::TraceCase const& file) {
    auto const& relations = file.relations;
    if (!relations.contains(cases::Relation::addressed) ||
        relations.contains(cases::Relation::owner)) {
        return false;
    }
    auto const legs = storage::legs_of(unit, file.case_id);
    return std::ranges::none_of(legs, [&](storage::LegRow const& leg) {
        return leg.asked_agency == call.actor.agency && !leg.parent_leg_id;
    });
}

}  // namespace

cases::ObjectFacts request_facts(storage::TraceCase const& file) {
    cases::ObjectFacts facts;
    facts.type = "trace_request";
    facts.relations = file.relations;
    if (facts.relations.empty()) {
        facts.relations.insert(cases::Relation::none);
    }
    facts.author = file.author;
    facts.handling_code = file.handling_code;
    facts.compartments = file.compartments;
    facts.sensitive = file.sensitive;
    facts.shared_groups = file.shared_groups;
    return facts;
}

cases::CaseTypeDefinition const& trace_type(Call const& call) {
    auto const* type = call.services().case_types.newest("trace_request");
    if (type == nullptr) {
        throw std::logic_error("the case type trace_request is not loaded");
    }
    return *type;
}

std::vector<std::string> onward_groups(storage::TraceCase const& file) {
    if (file.handling_code == "H0") {
        return file.shared_groups;
    }
    std::vector<std::string> onward;
    for (auto const& group : file.shared_groups) {
        if (group == "G0" || group == "G1" || group == "G9") {
            onward.push_back(group);
        }
    }
    return onward;
}

std::set<cases::Side> sides_of(std::set<cases::Relation> const& relations) {
    using cases::Relation;
    std::set<cases::Side> sides;
    // The national contact that approves acts for the asking side (9.4 T2, T4).
    if (relations.contains(Relation::owner) || relations.contains(Relation::approver) ||
        relations.contains(Relation::national_contact)) {
        sides.insert(cases::Side::requester);
    }
    if (relations.contains(Relation::owner)) {
        sides.insert(cases::Side::originator);
    }
    if (relations.contains(Relation::addressed)) {
        sides.insert(cases::Side::receiver);
    }
    return sides;
}

protocol::LegMessage leg_summary(storage::LegRow const& leg, storage::TraceCase const& file) {
    protocol::LegMessage message;
    message.leg_id = leg.leg_id;
    message.case_id = leg.case_id;
    message.number = file.number;
    message.asking_agency = leg.asking_agency;
    message.asking_country = leg.asking_country;
    message.asked_agency = leg.asked_agency;
    message.asked_country = leg.asked_country;
    message.backup_agency = leg.backup_agency;
    message.state = leg.state;
    message.resume_state = leg.resume_state;
    message.flags = leg.flags;
    message.open = leg.open;
    message.version = leg.version;
    message.priority = leg.priority;
    message.handling_code = file.handling_code;
    message.path = leg.path;
    message.hop = leg.hop;
    message.parent_leg_id = leg.parent_leg_id;
    message.description_version = leg.description_version;
    message.outcome_code = leg.outcome_code;
    message.refusal_reason = leg.refusal_reason;
    message.due_at = leg.due_at;
    message.routed_at = leg.routed_at;
    message.delivered_at = leg.delivered_at;
    message.acknowledged_at = leg.acknowledged_at;
    message.final_at = leg.final_at;
    message.updated_at = leg.updated_at;
    return message;
}

protocol::TraceRequestMessage request_message(Call const& call,
                                              storage::TraceCase const& file,
                                              std::vector<storage::LegRow> const& legs) {
    auto const& decision = call.decision;
    bool const own = file.relations.contains(cases::Relation::owner);
    protocol::TraceRequestMessage message;
    message.case_id = file.case_id;
    message.number = file.number;
    message.state = file.state;
    message.flags = file.flags;
    message.version = file.version;
    message.owner_agency = file.owner_agency;
    message.owner_country = file.owner_country;
    if (decision.may_see("G8") && (own || !file.sensitive)) {
        message.author = file.author;
        message.approver = file.approver;
    }
    message.created_at = file.created_at;
    message.updated_at = file.updated_at;
    message.submitted_at = file.submitted_at;
    message.closed_at = file.closed_at;
    if (file.lead_case_id) {
        message.lead = protocol::RelatedCase{CaseId{*file.lead_case_id}, "", ""};
    }
    message.description_version = file.description_version;
    message.outcome_code = file.outcome_code;
    if (decision.may_see("G10") &&
        (file.time_to_crime_days || !file.ttc_bucket.empty() || !file.ttc_flags.empty())) {
        message.time_to_crime =
            protocol::TimeToCrimeMessage{file.time_to_crime_days, file.ttc_bucket, file.ttc_flags};
    }
    for (auto const group : kContentGroups) {
        if (!decision.may_see(group)) {
            message.withheld_groups.emplace_back(group);
        }
    }
    message.legs.reserve(legs.size());
    for (auto const& leg : legs) {
        message.legs.push_back(leg_summary(leg, file));
    }
    message.next_steps = next_steps(call, file);
    return message;
}

Reply request_reply(Call& call, protocol::TraceRequestMessage const& message, unsigned status) {
    call.audit.object_version = static_cast<std::uint64_t>(message.version);
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    call.audit.case_reference = message.number;
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_trace_request(message);
    reply.etag = protocol::format_etag(message.version);
    if (status == 201) {
        reply.location = "/v1/trace-requests/" + message.case_id.to_string();
    }
    return reply;
}

Outcome<storage::TraceCase> open_request(Call& call,
                                         storage::UnitOfWork& unit,
                                         CaseId const& case_id,
                                         storage::Lock lock) {
    auto file = storage::find_request(unit, case_id, lock);
    if (!file) {
        call.about("trace_request", case_id.to_string(), std::nullopt, "");
        cases::ObjectFacts stranger;
        stranger.type = "trace_request";
        stranger.relations = {cases::Relation::none};
        RASTRO_CHECK(call.authorise(stranger));
        return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
    }
    call.about("trace_request",
               case_id.to_string(),
               static_cast<std::uint64_t>(file->version),
               file->owner_agency);
    call.audit.case_reference = file->number;
    call.audit.legal_basis = file->legal_basis;
    auto facts = request_facts(*file);
    if (only_forwarded_to(call, unit, *file)) {
        facts.shared_groups = onward_groups(*file);
    }
    RASTRO_CHECK(call.authorise(facts));
    return std::move(*file);
}

Reply show_request(Call& call,
                   storage::UnitOfWork& unit,
                   storage::TraceCase const& file,
                   unsigned status) {
    bool const own = file.relations.contains(cases::Relation::owner);
    auto const legs = storage::legs_of(unit, file.case_id);
    auto message = request_message(call, file, legs);
    message.content =
        storage::load_content(unit, file, call.decision.groups, own, file.description_version);
    message.hints = hints_for(message);
    if (own && message.lead) {
        if (auto const lead =
                storage::find_request(unit, message.lead->case_id, storage::Lock::none)) {
            message.lead->number = lead->number;
            message.lead->state = lead->state;
        }
    }
    if (own && call.decision.may_see("G1")) {
        storage::DuplicateQuestion const question{
            .serial_canon = comparable_serial(message.content.firearm),
            .agency_case_no = message.content.agency_case_no,
            .recovered_on = message.content.recovery.recovered_on,
            .except = file.case_id};
        for (auto const& other : storage::find_likely_duplicates(unit, question)) {
            message.likely_duplicates.push_back({other.case_id, other.number, other.state});
        }
    }
    return request_reply(call, message, status);
}

}  // namespace rastro::server
