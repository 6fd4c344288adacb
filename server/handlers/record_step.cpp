// A step of a record's lifecycle, whoever takes it: its owner or a clock (cases/types/
// illicit_record.json).
#include <algorithm>
#include <stdexcept>

#include "protocol/header_fields.hpp"
#include "server/case_types.hpp"
#include "server/handlers/new_request.hpp"
#include "server/handlers/records.hpp"
#include "server/handlers/trace_clocks.hpp"
#include "server/services.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

namespace {

cases::CaseTypeDefinition const& record_type(Services const& services) {
    auto const* type = services.case_types.newest("illicit_record");
    if (type == nullptr) {
        throw std::logic_error("the case type illicit_record is not loaded");
    }
    return *type;
}

storage::CaseEvent event_of(cases::Transition const& step,
                            CaseId const& case_id,
                            StepActor const& actor,
                            RecordAct const& act,
                            Instant now) {
    storage::CaseEvent event;
    event.case_id = case_id;
    event.object = step.object;
    event.event = step.event;
    event.transition = step.id;
    event.from_state = step.from;
    event.to_state = step.to.state;
    event.actor_kind = actor.kind;
    event.actor_id = actor.id;
    event.agency = actor.agency;
    event.country = actor.country;
    event.occurred_at = now;
    event.purpose = actor.purpose;
    event.decision_id = actor.decision_id;
    event.reason_code = act.reason_code;
    event.text = act.text;
    return event;
}

Date day_after(Date day) {
    return Date{std::chrono::sys_days{day} + std::chrono::days{1}};
}

// Members of an entry that the definition may ask for; check_record has seen to what is in them.
std::set<std::string, std::less<>> members_of(cases::CaseTypeDefinition const& type) {
    std::set<std::string, std::less<>> names;
    for (auto const& field : type.objects.front().fields) {
        names.insert(field.name);
    }
    return names;
}

std::vector<storage::DeadlineRow> first_clocks(cases::Transition const& step,
                                               storage::CaseFile const& file,
                                               cases::IllicitRecord const& record,
                                               cases::Calendar const& calendar,
                                               Instant now) {
    std::vector<storage::DeadlineRow> rows;
    for (auto const& clock : step.starts) {
        auto more = deadline_rows(clock, 1, file, nullptr, now, calendar);
        if (clock == "record_validity" && record.valid_until) {
            more.front().due_at =
                std::min(more.front().due_at, calendar.start_of(day_after(*record.valid_until)));
        }
        std::ranges::move(more, std::back_inserter(rows));
    }
    return rows;
}

}  // namespace

StepActor record_actor(Call const& call) {
    return {.facts = cases::actor_facts(call.actor, {cases::Side::originator}, call.now()),
            .kind = std::string(to_text(call.actor.kind)),
            .id = call.actor.principal(),
            .agency = call.actor.agency,
            .country = call.actor.country,
            .purpose = call.actor.purpose,
            .decision_id = call.decision.id};
}

Outcome<storage::NewRecord> make_record(Services const& services,
                                        StepActor const& actor,
                                        cases::IllicitRecord record,
                                        std::string make_key,
                                        std::string calibre_group,
                                        cases::Calendar const& calendar,
                                        Instant now) {
    auto const& type = record_type(services);
    cases::RecordFacts const facts{.kind = record.kind, .deadline_reached = false};
    cases::Act act;
    act.object = "record";
    act.event = "enter";
    act.inputs = members_of(type);
    RASTRO_TRY(step, cases::decide(type, {}, act, actor.facts, cases::record_environment(facts)));
    storage::NewRecord made;
    auto& file = made.row.file;
    file.case_id = CaseId::generate();
    file.number = new_case_number(actor.country, now);
    file.state = step.to.state;
    file.owner_agency = actor.agency;
    file.owner_country = actor.country;
    file.handling_code = record.handling_code;
    file.created_at = now;
    file.updated_at = now;
    file.relations = {cases::Relation::owner};
    made.deadlines = first_clocks(step, file, record, calendar, now);
    for (auto const& deadline : made.deadlines) {
        made.row.due_at =
            made.row.due_at ? std::min(*made.row.due_at, deadline.due_at) : deadline.due_at;
    }
    made.row.record = std::move(record);
    made.row.make_key = std::move(make_key);
    made.row.calibre_group = std::move(calibre_group);
    made.row.author = actor.id;
    auto event = event_of(step, file.case_id, actor, {}, now);
    event.purpose = code_of(made.row.record.purpose);
    file.last_event_hash = storage::chain_event(event, std::nullopt);
    made.events.push_back(std::move(event));
    return made;
}

Outcome<cases::Transition> apply_to_record(Services const& services,
                                           storage::UnitOfWork& unit,
                                           storage::RecordRow& row,
                                           StepActor const& actor,
                                           RecordAct const& act) {
    cases::RecordFacts const facts{.kind = row.record.kind,
                                   .deadline_reached = act.deadline_reached};
    auto environment = cases::record_environment(facts);
    environment.step_up_age = services.settings.session.step_up;
    cases::Act wanted;
    wanted.object = "record";
    wanted.event = act.event;
    wanted.reason_code = act.reason_code;
    RASTRO_TRY(step,
               cases::decide(record_type(services),
                             {.state = row.file.state, .resume_state = {}, .flags = {}},
                             wanted,
                             actor.facts,
                             environment));
    std::optional<Date> over_on;
    if (row.record.valid_until) {
        over_on = day_after(*row.record.valid_until);
    }
    apply_clocks(unit, row.file, nullptr, step, over_on);
    row.file.state = step.to.state;
    if (act.event == "confirm") {
        row.confirmed_by = actor.id;
        row.confirmed_at = unit.now();
    } else if (act.event == "clear") {
        row.clear_reason = act.reason_code;
        row.cleared_at = unit.now();
    }
    storage::append_events(
        unit, row.file, {event_of(step, row.file.case_id, actor, act, unit.now())});
    storage::store_record(unit, row);
    if (std::ranges::find(step.effects, "notify_owner") != step.effects.end()) {
        unit.publish({.agency = row.file.owner_agency,
                      .kind = act.event == "expire" ? "record.expired" : "record.validation_due",
                      .case_id = row.file.case_id,
                      .object_type = "record",
                      .object_id = row.file.case_id.to_string(),
                      .object_version = row.file.version});
    }
    return step;
}

Outcome<storage::RecordRow> open_record(Call& call,
                                        storage::UnitOfWork& unit,
                                        CaseId const& record_id,
                                        storage::RecordLock lock) {
    auto row = storage::find_record(unit, record_id, lock);
    cases::ObjectFacts facts;
    facts.type = "record";
    if (!row || !row->file.relations.contains(cases::Relation::owner)) {
        call.about("record", record_id.to_string(), std::nullopt, "");
        facts.relations = {cases::Relation::none};
        RASTRO_CHECK(call.authorise(facts));
        return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
    }
    call.about("record",
               record_id.to_string(),
               static_cast<std::uint64_t>(row->file.version),
               row->file.owner_agency);
    call.audit.case_reference = row->file.number;
    call.audit.legal_basis = row->record.legal_basis;
    facts.relations = {cases::Relation::owner};
    facts.author = row->author;
    facts.handling_code = row->file.handling_code;
    facts.compartments = row->file.compartments;
    RASTRO_CHECK(call.authorise(facts));
    return std::move(*row);
}

protocol::RecordMessage record_message(Call const& call, storage::RecordRow const& row) {
    protocol::RecordMessage message;
    message.record_id = row.file.case_id;
    message.number = row.file.number;
    message.state = row.file.state;
    message.owner_agency = row.file.owner_agency;
    message.version = row.file.version;
    message.record = row.record;
    message.entered_at = row.file.created_at;
    message.entered_by = row.author;
    message.updated_at = row.file.updated_at;
    message.confirmed_by = row.confirmed_by;
    message.confirmed_at = row.confirmed_at;
    message.due_at = row.due_at;
    message.clear_reason = row.clear_reason;
    message.cleared_at = row.cleared_at;
    for (auto& event :
         cases::events_open_to(record_type(call.services()),
                               "record",
                               {.state = row.file.state, .resume_state = {}, .flags = {}},
                               record_actor(call).facts)) {
        bool const possible = event != "confirm" || (cases::needs_validation(row.record.kind) &&
                                                     call.actor.kind == cases::ActorKind::person);
        if (possible) {
            message.next_steps.push_back(std::move(event));
        }
    }
    return message;
}

Reply record_reply(Call& call, storage::RecordRow const& row, unsigned status) {
    auto const message = record_message(call, row);
    call.audit.object_version = static_cast<std::uint64_t>(message.version);
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    call.audit.case_reference = message.number;
    Reply reply;
    reply.status = status;
    protocol::append_record(reply.body, message);
    reply.etag = protocol::format_etag(message.version);
    if (status == 201) {
        reply.location = "/v1/records/" + message.record_id.to_string();
    }
    return reply;
}

}  // namespace rastro::server
