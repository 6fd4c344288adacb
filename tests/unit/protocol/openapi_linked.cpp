#include "tests/unit/protocol/openapi_linked.hpp"

#include "cases/registry.hpp"
#include "common/time_text.hpp"
#include "protocol/break_glass_json.hpp"
#include "protocol/case_type_json.hpp"
#include "protocol/figures_json.hpp"
#include "protocol/linked_case_json.hpp"
#include "protocol/randot_json.hpp"
#include "protocol/randot_snapshot_json.hpp"
#include "protocol/tracker_json.hpp"
#include "protocol/type_version_json.hpp"
#include "tests/unit/protocol/openapi_samples.hpp"

namespace rastro::test {

using namespace rastro::protocol;

namespace {

std::string const kId = "0190c3a2-7f00-7000-8000-000000000001";

LinkedCaseMessage bare_case() {
    LinkedCaseMessage message;
    message.case_id = CaseId::generate();
    message.number = kNumber;
    message.type = "judgment";
    message.state = "OPEN";
    message.owner_agency = kAsking;
    message.owner_country = "XA";
    message.handling_code = "H1";
    message.created_at = sample_time();
    message.updated_at = sample_time();
    message.groups = {"S0"};
    message.objects = {{.object_id = kId,
                        .object = "case",
                        .state = "OPEN",
                        .open = true,
                        .created_at = sample_time(),
                        .fields = {},
                        .events = {},
                        .clocks = {}}};
    return message;
}

LinkedCaseMessage full_case() {
    auto message = bare_case();
    auto& object = message.objects.front();
    object.fields = {{"court", "S1", "x", 2}};
    object.events = {"complete"};
    object.clocks = {{"coop.ack", sample_time(), "source"}};
    message.new_objects = {"finding"};
    message.parties = {{kAsked, "addressed", {"S0"}, {"investigation"}, "no", sample_time()},
                       {kAsked, "copied", {}, {}, "no", std::nullopt}};
    message.members = {{UserId::generate(), "named"}};
    message.pending = {{kId, "close", "x", sample_time()}};
    message.signals.resize(2);
    for (auto& signal : message.signals) {
        signal.rule = "judg.no_sentence";
        signal.severity = "low";
        signal.explain = "x";
    }
    auto& disposed = message.signals.front();
    disposed.object_id = kId;
    disposed.evidence = {{"verdict_on", "2025-01-01"}};
    disposed.state = "confirmed";
    disposed.note = "x";
    disposed.decided_agency = kAsking;
    disposed.decided_at = sample_time();
    return message;
}

LinkedSummaryMessage summary(bool full) {
    LinkedSummaryMessage message{.case_id = CaseId::generate(),
                                 .number = kNumber,
                                 .type = "judgment",
                                 .state = "OPEN",
                                 .owner_agency = kAsking,
                                 .handling_code = "H1",
                                 .version = 1,
                                 .updated_at = sample_time(),
                                 .heading = {}};
    if (full) {
        message.heading = {{"court", "x"}};
    }
    return message;
}

LinkedEventMessage event(bool full) {
    LinkedEventMessage message{.event_id = EventId::generate(),
                               .object_id = {},
                               .object = "case",
                               .event = "open",
                               .transition = {},
                               .from_state = {},
                               .to_state = {},
                               .actor = {},
                               .agency = kAsking,
                               .country = "XA",
                               .occurred_at = sample_time(),
                               .clock = {},
                               .text = {}};
    if (full) {
        message.object_id = kId;
        for (auto* text : {&message.transition,
                           &message.from_state,
                           &message.to_state,
                           &message.actor,
                           &message.clock,
                           &message.text}) {
            *text = "x";
        }
    }
    return message;
}

SealGrantMessage grant(bool full) {
    SealGrantMessage message{.grant_id = kId,
                             .case_id = CaseId::generate(),
                             .user_id = UserId::generate(),
                             .reason = "x",
                             .proposed_by = UserId::generate(),
                             .decided_by = std::nullopt,
                             .decision = {},
                             .valid_until = std::nullopt};
    if (full) {
        message.decided_by = UserId::generate();
        message.decision = "accepted";
        message.valid_until = sample_time();
    }
    return message;
}

LinkedLinkMessage link() {
    return {.link_id = kId,
            .from_case = CaseId::generate(),
            .from_number = kNumber,
            .from_type = "judgment",
            .to_case = CaseId::generate(),
            .to_number = kNumber,
            .to_type = "trace_request",
            .kind = "resulted_in",
            .basis = "document",
            .confidence = 4,
            .state = "proposed",
            .asserted_agency = kAsking,
            .created_at = sample_time(),
            .trace_result = {}};
}

cases::TrackerReport tracker() {
    cases::ProgressEntry entry{.country = "XA",
                               .case_id = kId,
                               .number = kNumber,
                               .state = "SUBMITTED",
                               .meeting = "RANDOT V",
                               .measure = "M2",
                               .status = "partly",
                               .values = {{"narrative_en", "x"},
                                          {"narrative_es", "x"},
                                          {"narrative_pt", "x"},
                                          {"narrative_fr", "x"},
                                          {"indicator_values", "x"},
                                          {"obstacles", "x"},
                                          {"assistance_needed", "x"},
                                          {"next_steps", "x"},
                                          {"lowering_reason", "x"},
                                          {"secretariat_note", "x"}},
                               .evidence = {{"law", "Law 1"}}};
    auto earlier = entry;
    earlier.meeting = "RANDOT IV";
    earlier.status = "started";
    return cases::tracker_report("RANDOT V", "RANDOT IV", "XA", {earlier, entry});
}

LinkedLinkMessage link_to_trace() {
    auto message = link();
    message.trace_result =
        TraceResultMessage{.state = "CLOSED",
                           .outcome_code = "O01",
                           .legs = {{"XB", "CLOSED", "O01"}, {"XC", "SENT", ""}}};
    return message;
}

std::string randot(bool full) {
    cases::RandotFacts facts;
    if (full) {
        auto const id = [] { return CaseId::generate().to_string(); };
        facts.cooperation = {{.case_id = id(),
                              .requesting = "XA",
                              .requested = "XB",
                              .transmitted_on = sample_date(),
                              .bases = {{"UNTOC", "18", cases::Reliance::sole}}},
                             {.case_id = id(), .requesting = "XB", .requested = "XC"}};
        facts.convictions = {{.case_id = id(),
                              .country = "XA",
                              .person = "p",
                              .provisions = {{"UNTOC", "5"}},
                              .verdict_on = sample_date(),
                              .sentences = {{cases::SentenceKind::custodial, 12, std::nullopt}}}};
        facts.legal_persons = {{.case_id = id(),
                                .country = "XA",
                                .entity = "e",
                                .decision_on = sample_date(),
                                .provisions = {{"UNTOC", "6"}},
                                .sanctions = {{"fine", cases::parse_money("5", "USD")}}}};
    }
    cases::RandotQuestion const question{
        full ? "XA" : "", static_cast<int>(sample_date().year()), sample_date(), false};
    auto const report = cases::randot_report(question, facts, cases::TreatyTable::built_in());
    std::vector<cases::QualityFault> quality;
    if (full) {
        quality.push_back({CaseId::generate().to_string(), "provision_missing"});
    }
    return write_randot(report, quality, true);
}

SnapshotMessage snapshot(bool full) {
    SnapshotMessage message{.snapshot_id = kId,
                            .country = {},
                            .year = 2025,
                            .version = 1,
                            .as_of = sample_date(),
                            .amended = full,
                            .faults = 0,
                            .sha256 = std::string(64, 'a'),
                            .prepared_by = "x",
                            .prepared_agency = kAsking,
                            .prepared_at = sample_time(),
                            .verified_by = {},
                            .verified_at = std::nullopt,
                            .cleared_by = {},
                            .cleared_at = std::nullopt,
                            .changes = {},
                            .report = {}};
    if (full) {
        message.country = "XA";
        message.verified_by = "y";
        message.verified_at = sample_time();
        message.cleared_by = "z";
        message.cleared_at = sample_time();
        message.signature = "x";
        message.changes = write_changes({{"B", "TIP 5", CaseId::generate().to_string(), true}});
        message.report = randot(true);
    }
    return message;
}

std::string victims(bool full) {
    VictimTableMessage message{.country = "XA", .year = 2025, .table = {}};
    if (full) {
        message.purposes = {"forced_labour", "servitude"};
        message.age_bands = {"age_18_24", "age_25_34"};
        message.table = cases::suppress({{3, 20}, {12, 0}});
    }
    return write_victim_table(message);
}

std::string rules(bool full) {
    SignalRuleMessage message{.rule = "coop.silent",
                              .version = 1,
                              .severity = "low",
                              .explain = "x",
                              .told_to = {"npc"},
                              .precision = std::nullopt};
    if (full) {
        message.confirmed = 3;
        message.explained = 1;
        message.precision = 0.75;
    }
    return write_signal_rules({message});
}

// A type with nothing that may be absent.
cases::CaseTypeDefinition plain_type() {
    cases::CaseTypeDefinition type;
    cases::Label const label{"a", "b", "c", "d"};
    type.id = "plain";
    type.version = 1;
    type.sha256 = std::string(64, 'a');
    type.title = label;
    cases::ObjectDefinition root;
    root.name = "case";
    root.label = label;
    root.initial = "OPEN";
    root.states = {{.name = "OPEN", .label = label, .open = true}};
    root.fields = {{.name = "note", .type = "text", .group = "S0", .label = label}};
    type.objects = {root};
    cases::TransitionDefinition row;
    row.id = "T1";
    row.object = "case";
    row.event = "open";
    row.to = "OPEN";
    type.transitions = {row};
    type.links = {{"same_subject", label}};
    return type;
}

BreakGlassMessage opening(bool full) {
    BreakGlassMessage message;
    message.grant_id = kId;
    message.case_id = CaseId::generate();
    message.number = kNumber;
    message.user_id = UserId::generate();
    message.agency = kAsking;
    message.reason = "the girl is held in the house now";
    message.opened_at = sample_time();
    message.valid_until = sample_time();
    message.review_due = sample_time();
    if (full) {
        message.finding = "justified";
        message.reviewed_by = UserId::generate();
        message.reviewed_at = sample_time();
        message.review_note = "she was found";
    }
    return message;
}

TypeVersionMessage version(bool full) {
    TypeVersionMessage message;
    message.type = "judgment";
    message.version = full ? 1001 : 1;
    message.state = full ? "accepted" : "built_in";
    message.sha256 = std::string(64, 'a');
    if (full) {
        message.agency = kAsking;
        message.note = "our courts";
        message.proposed_by = "0190c3a2-7f00-7000-8000-000000000001";
        message.proposed_at = sample_time();
        message.decided_by = "0190c3a2-7f00-7000-8000-000000000002";
        message.decided_at = sample_time();
    }
    return message;
}

template <class T>
auto reading(Outcome<T> (*read)(std::string_view)) {
    return [read](std::string_view body) -> std::optional<Problem> {
        auto const outcome = read(body);
        return outcome ? std::nullopt : std::optional<Problem>(outcome.error());
    };
}

}  // namespace

std::vector<LinkedReply> linked_replies() {
    static cases::CaseTypeRegistry const registry = built_in_case_types();
    auto const types = write_case_types(registry.all());
    return {
        {"CaseTypeList", types, types},
        {"CaseType",
         write_case_type(*registry.newest("asset_case")),
         write_case_type(plain_type())},
        {"BreakGlass", write_break_glass(opening(true)), write_break_glass(opening(false))},
        {"BreakGlassList",
         write_break_glass_list({opening(true)}),
         write_break_glass_list({opening(false)})},
        {"CaseTypeVersion", write_type_version(version(true)), write_type_version(version(false))},
        {"CaseTypeVersionList",
         write_type_versions({version(true)}),
         write_type_versions({version(false)})},
        {"Case", write_linked_case(full_case()), write_linked_case(bare_case())},
        {"CaseList",
         write_linked_cases({summary(true)}, "abc"),
         write_linked_cases({summary(false)}, "")},
        {"CaseTimeline", write_linked_events({event(true)}), write_linked_events({event(false)})},
        {"SealGrant", write_seal_grant(grant(true)), write_seal_grant(grant(false))},
        {"CaseLink", write_linked_link(link_to_trace()), write_linked_link(link())},
        {"TrackerReport", write_tracker(tracker()), write_tracker({.meeting = "RANDOT V"})},
        {"CaseLinkList",
         write_linked_links(
             {{link_to_trace()}, true, {{"match", kAsked, "x", "x@example.org", "1"}}}),
         write_linked_links({})},
        {"RandotReport", randot(true), randot(false)},
        {"RandotSnapshot", write_snapshot(snapshot(true)), write_snapshot(snapshot(false))},
        {"RandotSnapshotList",
         write_snapshots({snapshot(true)}, "abc"),
         write_snapshots({snapshot(false)}, "")},
        {"VictimTable", victims(true), victims(false)},
        {"SignalRuleList", rules(true), rules(false)}};
}

std::vector<LinkedBody> linked_bodies() {
    return {
        {"CaseCreate",
         reading(read_linked_create),
         R"({"type":"judgment","handling_code":"H1","fields":[{"field":"court","value":"First"}]})",
         R"({"type":"judgment","handling_code":"H0"})"},
        {"CaseAct",
         reading(read_linked_act),
         R"({"object":"finding","object_id":"0190c3a2-7f00-7000-8000-000000000001","event":"sentence","fields":[{"field":"sentence_kind","value":"life"}],"reason":"a reason","document":"J 12"})",
         R"({"event":"complete"})"},
        {"BreakGlassOpen",
         reading(read_break_glass),
         R"({"reason":"the girl is held in the house now"})",
         R"({"reason":"the girl is held in the house now"})"},
        {"BreakGlassReview",
         reading(read_break_glass_review),
         R"({"finding":"justified","note":"she was found"})",
         R"({"finding":"unjustified","note":"x"})"},
        {"CaseTypeVersionPropose",
         reading(read_type_version_propose),
         R"({"definition":{"id":"judgment"},"note":"our courts"})",
         R"({"definition":{},"note":"x"})"},
        {"CaseTypeVersionDecision",
         reading(read_type_version_decision),
         R"({"decision":"accepted"})",
         R"({"decision":"retired"})"},
        {"CaseMove",
         reading(read_case_move),
         R"({"to_version":1002,"states":[{"object":"case","from":"TRIAGED","to":"OPEN"}],"fields":[{"object":"case","from":"court_room","to":"room"}]})",
         R"({"to_version":1})"},
        {"CaseShareSet",
         reading(read_linked_share),
         R"({"agency":"XB-TRACE-5","relation":"addressed","groups":["S0","S1"],"purposes":["investigation"],"onward":"no","valid_until":"2027-01-01"})",
         R"({"agency":"XB-TRACE-5","relation":"copied","groups":["S0"],"onward":"with_consent"})"},
        {"CaseMemberSet",
         reading(read_linked_member),
         R"({"user_id":"0190c3a2-7f00-7000-8000-000000000001","kind":"named"})",
         R"({"user_id":"0190c3a2-7f00-7000-8000-000000000001","kind":"team"})"},
        {"SealPropose",
         reading(read_seal_propose),
         R"({"user_id":"0190c3a2-7f00-7000-8000-000000000001","reason":"hearing"})",
         R"({"user_id":"0190c3a2-7f00-7000-8000-000000000001","reason":"x"})"},
        {"CaseLinkAdd",
         reading(read_linked_link),
         R"({"to_case":"0190c3a2-7f00-7000-8000-000000000001","kind":"resulted_in","basis":"document","confidence":5})",
         R"({"to_case":"0190c3a2-7f00-7000-8000-000000000001","kind":"resulted_in","basis":"match","confidence":1})"},
        {"CaseLinkDecision",
         reading(read_link_decision),
         R"({"state":"confirmed"})",
         R"({"state":"rejected"})"},
        {"DeconflictionSet",
         reading(read_deconfliction),
         R"({"agreed":true})",
         R"({"agreed":false})"},
        {"CaseSpawn",
         reading(read_linked_spawn),
         R"({"type":"asset_case","seizure_id":"0190c3a2-7f00-7000-8000-000000000001","fields":[{"field":"event_on","value":"2025-01-01"}]})",
         R"({"type":"tip_case"})"},
        {"SignalDisposition",
         reading(read_signal_disposition),
         R"({"rule":"asset.conflict","object_id":"0190c3a2-7f00-7000-8000-000000000001","state":"explained","note":"same thing"})",
         R"({"rule":"coop.silent","state":"under_review"})"},
        {"RandotSnapshotCreate",
         reading(read_snapshot_create),
         R"({"country":"XA","year":2025,"as_of":"2026-02-15","amended":true})",
         R"({"year":2025})"},
    };
}

}  // namespace rastro::test
