#include "tests/unit/protocol/openapi_samples.hpp"

#include "common/time_text.hpp"

namespace rastro::test {

using namespace rastro::protocol;

namespace {

cases::FirearmDescription full_firearm() {
    cases::FirearmDescription firearm;
    firearm.serial_raw = "AB12345";
    firearm.serial_condition = cases::SerialCondition::obliterated;
    for (auto* text : {&firearm.make_text,
                       &firearm.make_id,
                       &firearm.type_text,
                       &firearm.calibre_text,
                       &firearm.calibre_id,
                       &firearm.model_text,
                       &firearm.importer_text,
                       &firearm.importer_id,
                       &firearm.import_country_text,
                       &firearm.remarks}) {
        *text = "x";
    }
    firearm.type_code = cases::TypeCode::pistol;
    firearm.origin_country = "XB";
    firearm.import_country = "XC";
    firearm.importer_mark_absent = true;
    firearm.marks = {
        {cases::MarkKind::serial, cases::MarkPlace::slide, cases::MarkState::worn, "AB", "left"},
        {}};
    firearm.obliteration = cases::Obliteration{
        cases::ObliterationMethod::filing, "AB?", cases::LabResult::restored, "L 7", "AB12345"};
    return firearm;
}

cases::PersonOfInterest full_person(cases::PersonRole role) {
    cases::PersonOfInterest person;
    person.role = role;
    for (auto* text : {&person.family_name,
                       &person.given_names,
                       &person.alias,
                       &person.birth_place,
                       &person.id_kind,
                       &person.id_number,
                       &person.address,
                       &person.remarks}) {
        *text = "x";
    }
    person.sex = "f";
    person.birth_date = sample_date();
    person.nationality = "XA";
    if (role == cases::PersonRole::associate) {
        person.relation = "driver";
    }
    return person;
}

FirearmSummary full_firearm_summary() {
    return {"AB12345", "clear", "Glock", "19", "9x19", "pistol"};
}

ChainLinkMessage full_link() {
    ChainLinkMessage link;
    link.role = "purchaser";
    link.group = "G6";
    link.party_country = "XB";
    for (auto* text : {&link.party_name,
                       &link.party_place,
                       &link.party_licence,
                       &link.document,
                       &link.source_record}) {
        *text = "x";
    }
    link.received_on = "2019-06";
    link.disposed_on = "2020";
    link.confidence = "stated";
    link.second_hand = true;
    link.flags = {"date_imprecise"};
    return link;
}

AnswerMessage bare_answer() {
    AnswerMessage answer;
    answer.answer_id = AnswerId::generate();
    answer.kind = "full";
    answer.outcome_code = "purchaser_identified";
    answer.handling_code = "H1";
    answer.given_agency = kAsked;
    answer.given_at = sample_time();
    answer.chain.emplace_back();
    answer.chain.back().role = "retailer";
    return answer;
}

AnswerMessage full_answer() {
    auto answer = bare_answer();
    answer.evaluation = "B2";
    answer.remarks = "x";
    answer.conditions = "x";
    answer.next_country = "XC";
    answer.given_by = "x";
    answer.approved_by = "y";
    answer.approved_at = sample_time();
    answer.supersedes = AnswerId::generate();
    answer.superseded_by = AnswerId::generate();
    answer.recalled_at = sample_time();
    answer.recall_reason = "x";
    answer.withheld = {{"G7", "data_protection"}, {"G6", ""}};
    answer.decision_id = AnswerId::generate().to_string();
    answer.chain = {full_link()};
    return answer;
}

void add_dialogue(LegMessage& leg) {
    ClarificationMessage clarification;
    clarification.fields = {"firearm.serial_raw"};
    clarification.question = "B or 8?";
    clarification.asked_at = sample_time();
    leg.clarifications = {clarification};
    clarification.asked_by = "x";
    clarification.reply = "a B";
    clarification.replied_by = "y";
    clarification.replied_at = sample_time();
    clarification.reply_description_version = 2;
    leg.clarifications.push_back(clarification);

    LegDecisionMessage decision;
    decision.stage = "refuse";
    decision.decided_agency = kAsked;
    decision.decided_at = sample_time();
    leg.decisions = {decision};
    decision.reason_code = "no_legal_basis";
    decision.review_on = sample_date();
    decision.appeal_to = "court";
    decision.text = "x";
    decision.upheld = true;
    decision.groups = {"G6"};
    decision.decided_by = "x";
    leg.decisions.push_back(decision);
}

}  // namespace

Instant sample_time() {
    return parse_rfc3339("2026-05-14T09:12:00.123456Z").value();
}

Date sample_date() {
    return parse_iso_date("2026-05-14").value();
}

cases::TraceRequestContent full_content() {
    cases::TraceRequestContent content;
    content.firearm = full_firearm();
    content.recovery = {.recovered_on = sample_date(),
                        .date_precision = cases::RecoveryPrecision::day,
                        .country = "XA",
                        .area = "Norte",
                        .place = "Calle 5",
                        .latitude = -33.5,
                        .longitude = -70.0,
                        .circumstances = "x",
                        .crime_gun = true,
                        .context = {"border_seizure"},
                        .seizure_ref = "S 1",
                        .custody_ref = "C 1"};
    content.persons = {full_person(cases::PersonRole::possessor),
                       full_person(cases::PersonRole::associate)};
    content.vehicle = cases::Vehicle{"AB 123", "XA", "1HG", "van"};
    content.priority = cases::Priority::urgent;
    content.urgent_ground = cases::UrgentGround::terrorism;
    content.illicit_ground = cases::IllicitGround::unmarked;
    for (auto* text : {&content.urgent_justification,
                       &content.legal_basis,
                       &content.agreement,
                       &content.offence_code,
                       &content.project_code,
                       &content.special_instructions,
                       &content.intended_use,
                       &content.restrictions_asked,
                       &content.handling_text,
                       &content.agency_case_no,
                       &content.unit,
                       &content.requester_name,
                       &content.badge_no,
                       &content.contact}) {
        *text = "x";
    }
    content.requested_groups = {"G5"};
    content.recipients = {{"XB", ""}, {"", kAsked}};
    return content;
}

LegMessage bare_leg() {
    LegMessage leg;
    leg.leg_id = LegId::generate();
    leg.case_id = CaseId::generate();
    leg.number = kNumber;
    leg.asking_agency = kAsking;
    leg.asking_country = "XA";
    leg.asked_agency = kAsked;
    leg.asked_country = "XB";
    leg.state = "ROUTED";
    leg.priority = "routine";
    return leg;
}

LegMessage full_leg() {
    auto leg = bare_leg();
    leg.asking_agency_name = "Police of the capital";
    leg.asked_agency_name = "Tracing centre";
    leg.backup_agency = kAsked;
    leg.state = "ESCALATED";
    leg.resume_state = "SEARCHING";
    leg.flags = {"RESTRICTED"};
    leg.handling_code = "H2";
    leg.path = {"XA", "XB"};
    leg.parent_leg_id = LegId::generate();
    leg.handler = "XB-TRACE-H/analyst-3";
    leg.outcome_code = "too_old";
    leg.refusal_reason = "no_legal_basis";
    for (auto* time : {&leg.delivered_at, &leg.acknowledged_at, &leg.final_at}) {
        *time = sample_time();
    }
    add_dialogue(leg);
    leg.answers = {bare_answer(), full_answer()};
    leg.clocks = {{"answer", "due", "running", sample_time()}};
    leg.question = full_content();
    leg.withheld_groups = {"G3"};
    leg.next_steps = {"acknowledge"};
    return leg;
}

InboxEntryMessage bare_inbox_entry() {
    InboxEntryMessage entry;
    entry.leg_id = LegId::generate();
    entry.case_id = CaseId::generate();
    entry.number = kNumber;
    entry.asking_agency = kAsking;
    entry.asking_country = "XA";
    entry.state = "ROUTED";
    entry.priority = "routine";
    entry.handling_code = "H1";
    return entry;
}

InboxEntryMessage full_inbox_entry() {
    auto entry = bare_inbox_entry();
    entry.flags = {"APPEALED"};
    entry.handler = "x";
    entry.firearm = full_firearm_summary();
    return entry;
}

TraceRequestMessage bare_request() {
    TraceRequestMessage request;
    request.case_id = CaseId::generate();
    request.number = kNumber;
    request.state = "DRAFT";
    request.owner_agency = kAsking;
    request.owner_country = "XA";
    request.content.handling_code.clear();
    return request;
}

TraceRequestMessage full_request() {
    auto request = bare_request();
    request.flags = {"SUPERVISOR_ENDORSED"};
    request.author = "x";
    request.approver = "y";
    request.submitted_at = sample_time();
    request.closed_at = sample_time();
    request.lead = RelatedCase{CaseId::generate(), kNumber, "ANSWERED"};
    request.outcome_code = "too_old";
    request.time_to_crime = TimeToCrimeMessage{400, "1_to_2_years", {"TTC_RESTORED_SERIAL"}};
    request.content = full_content();
    request.content.source_cells =
        R"({"row":"7","purchase":{"date":"2019-06","country":"XB","area":"Sur"},"cells":{"docket":"7"}})";
    request.withheld_groups = {"G3"};
    request.legs = {full_leg(), bare_leg()};
    request.next_steps = {"submit"};
    request.hints = {"SEND_TO_LAB"};
    request.warnings = {std::string(code_of(cases::SerialWarning{}))};
    request.likely_duplicates = {{CaseId::generate(), kNumber, "CLOSED"}};
    return request;
}

TraceStatusMessage bare_status() {
    TraceStatusMessage status;
    status.case_id = CaseId::generate();
    status.number = kNumber;
    status.state = "IN_PROGRESS";
    TraceStatusLeg leg;
    leg.leg_id = LegId::generate();
    leg.asked_agency = kAsked;
    leg.asked_country = "XB";
    leg.state = "ROUTED";
    status.legs = {leg};
    return status;
}

TraceStatusMessage full_status() {
    auto status = bare_status();
    status.outcome_code = "too_old";
    status.legs.front().flags = {"RESTRICTED"};
    status.legs.front().outcome_code = "too_old";
    return status;
}

TraceSummary bare_summary() {
    TraceSummary summary;
    summary.case_id = CaseId::generate();
    summary.number = kNumber;
    summary.state = "DRAFT";
    summary.priority = "routine";
    summary.handling_code = "H1";
    return summary;
}

TraceSummary full_summary() {
    auto summary = bare_summary();
    summary.agency_case_no = "2026/1";
    summary.firearm = full_firearm_summary();
    summary.outcome_code = "too_old";
    summary.asked_countries = {"XB"};
    summary.next_due = sample_time();
    return summary;
}

TimelineEntry bare_entry() {
    TimelineEntry entry;
    entry.event_id = EventId::generate();
    entry.object = "request";
    entry.event = "create";
    entry.actor_kind = "person";
    entry.agency = kAsking;
    entry.country = "XA";
    return entry;
}

TimelineEntry full_entry() {
    auto entry = bare_entry();
    entry.leg_id = LegId::generate();
    entry.transition = "T1";
    entry.from_state = "DRAFT";
    entry.to_state = "SUBMITTED";
    entry.actor = "x";
    entry.purpose = "investigation";
    entry.reason_code = "new_record";
    entry.text = "x";
    entry.data = R"({"version":2})";
    return entry;
}

}  // namespace rastro::test
