// A leg found, decided upon, and shown.
#include <algorithm>

#include "protocol/header_fields.hpp"
#include "server/case_types.hpp"
#include "server/handlers/legs.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/trace_view.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

using Groups = std::set<std::string>;
constexpr std::array<std::string_view, 6> kContentGroups{"G0", "G1", "G2", "G3", "G4", "G8"};

// What the owner shares with whom this leg addresses.
std::vector<std::string> shared_with(storage::TraceCase const& file, storage::LegRow const& leg) {
    return leg.parent_leg_id ? onward_groups(file) : file.shared_groups;
}

std::string if_own(Call const& call, std::string const& agency, std::string const& person) {
    return call.actor.agency == agency ? person : std::string();
}

protocol::ChainLinkMessage to_message(storage::ChainLinkRow const& link) {
    return {.role = link.role,
            .group = link.field_group,
            .party_name = link.party_name,
            .party_country = link.party_country,
            .party_place = link.party_place,
            .party_licence = link.party_licence,
            .received_on = link.received_on,
            .disposed_on = link.disposed_on,
            .document = link.document,
            .source_record = link.source_record,
            .confidence = link.confidence,
            .second_hand = std::ranges::find(link.flags, "second_hand") != link.flags.end(),
            .flags = link.flags};
}

std::vector<protocol::Withheld> withheld_of(storage::AnswerRow const& answer) {
    std::vector<protocol::Withheld> withheld;
    for (auto const& entry : answer.withheld) {
        auto const colon = entry.find(':');
        withheld.push_back(
            {entry.substr(0, colon), colon == std::string::npos ? "" : entry.substr(colon + 1)});
    }
    return withheld;
}

protocol::AnswerMessage to_message(Call const& call, storage::AnswerRow const& answer, bool asked) {
    protocol::AnswerMessage message{
        .answer_id = answer.answer_id,
        .seq = answer.seq,
        .kind = answer.kind,
        .outcome_code = answer.outcome_code,
        .description_version = answer.description_version,
        .handling_code = answer.handling_code,
        .evaluation = answer.evaluation,
        .remarks = answer.remarks,
        .conditions = answer.conditions,
        .next_country = answer.next_country,
        .approval = answer.approval,
        .given_by = if_own(call, answer.given_agency, answer.given_by),
        .given_agency = answer.given_agency,
        .given_at = answer.given_at,
        .approved_by = if_own(call, answer.given_agency, answer.approved_by),
        .approved_at = answer.approved_at,
        .supersedes = answer.supersedes,
        .superseded_by = answer.superseded_by,
        .recalled_at = answer.recalled_at,
        .recall_reason = answer.recall_reason,
        .withheld = withheld_of(answer),
        .decision_id = answer.decision_id,
        .chain = {}};
    for (auto const& link : answer.chain) {
        bool const held = std::ranges::any_of(
            message.withheld,
            [&](protocol::Withheld const& withheld) { return withheld.group == link.field_group; });
        if (asked || !held) {
            message.chain.push_back(to_message(link));
        }
    }
    return message;
}

void add_answers(Call& call,
                 storage::UnitOfWork& unit,
                 OpenLeg const& open,
                 Groups& disclosed,
                 protocol::LegMessage& message) {
    bool const asked = open.asked(call);
    Groups groups;
    for (auto const* group : {"G5", "G6", "G7"}) {
        // The asked agency's own records.
        if (asked || call.decision.may_see(group)) {
            groups.insert(group);
        }
    }
    for (auto const& answer : storage::answers_of(unit, open.leg, groups)) {
        bool const released = answer.approval == "not_needed" || answer.approval == "approved";
        if (!asked && !released) {
            continue;
        }
        message.answers.push_back(to_message(call, answer, asked));
        for (auto const& link : message.answers.back().chain) {
            disclosed.insert(link.group);
        }
    }
}

void add_dialogue(Call const& call,
                  storage::UnitOfWork& unit,
                  OpenLeg const& open,
                  protocol::LegMessage& message) {
    auto const& leg = open.leg;
    for (auto const& row : storage::clarifications_of(unit, leg)) {
        message.clarifications.push_back(
            {.seq = row.seq,
             .fields = row.fields,
             .question = row.question,
             .asked_by = if_own(call, leg.asked_agency, row.asked_by),
             .asked_at = row.asked_at,
             .reply = row.reply,
             .replied_by = if_own(call, leg.asking_agency, row.replied_by),
             .replied_at = row.replied_at,
             .reply_description_version = row.reply_description_version});
    }
    for (auto const& row : storage::decisions_of(unit, leg)) {
        message.decisions.push_back({.seq = row.seq,
                                     .stage = row.stage,
                                     .reason_code = row.reason_code,
                                     .review_on = row.review_on,
                                     .appeal_to = row.appeal_to,
                                     .text = row.free_text,
                                     .upheld = row.upheld,
                                     .groups = row.groups,
                                     .decided_by = if_own(call, row.decided_agency, row.decided_by),
                                     .decided_agency = row.decided_agency,
                                     .decided_at = row.decided_at});
    }
    for (auto const& row : storage::deadlines_of(unit, leg.case_id, leg.leg_id)) {
        if (row.state == "running" || row.state == "paused") {
            message.clocks.push_back({row.clock, row.stage, row.state, row.due_at});
        }
    }
}

protocol::LegMessage to_message(Call const& call, OpenLeg const& open) {
    auto const& leg = open.leg;
    protocol::LegMessage message;
    message.leg_id = leg.leg_id;
    message.case_id = leg.case_id;
    message.number = open.file.number;
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
    message.handling_code = open.file.handling_code;
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
    if (open.asked(call)) {
        message.handler = leg.handler;
    } else {
        // An answer that waits for its second person is the asked agency's own affair.
        std::erase(message.flags, "ANSWER_PENDING");
    }
    auto const* type = call.services().case_types.newest("trace_request");
    auto const actor = step_actor(call, open.file, &leg);
    message.next_steps = cases::events_open_to(*type,
                                               "leg",
                                               {.state = leg.state,
                                                .resume_state = leg.resume_state,
                                                .flags = {leg.flags.begin(), leg.flags.end()}},
                                               actor.facts);
    return message;
}

}  // namespace

Outcome<LegId> leg_of(Arrival const& arrival) {
    return path_id<LegId>(arrival, "leg_id");
}
Outcome<LegCommand<NoBody>> parse_leg_only(Arrival const& arrival) {
    RASTRO_TRY(leg_id, leg_of(arrival));
    return LegCommand<NoBody>{leg_id, {}};
}

Outcome<OpenLeg> open_leg(Call& call,
                          storage::UnitOfWork& unit,
                          LegId const& leg_id,
                          storage::Lock lock,
                          std::string const& author) {
    auto leg = storage::find_leg(unit, leg_id, storage::Lock::none);
    auto file = leg ? storage::find_request(unit, leg->case_id, lock) : std::nullopt;
    if (file && lock == storage::Lock::for_update) {
        leg = storage::find_leg(unit, leg_id, lock);
    }
    cases::ObjectFacts facts;
    facts.type = "leg";
    if (!file || !leg) {
        call.about("leg", leg_id.to_string(), std::nullopt, "");
        facts.relations = {cases::Relation::none};
        RASTRO_CHECK(call.authorise(facts));
        return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
    }
    call.about(
        "leg", leg_id.to_string(), static_cast<std::uint64_t>(leg->version), file->owner_agency);
    call.audit.case_reference = file->number;
    facts.relations = file->relations;
    if (leg->asked_agency == call.actor.agency) {
        facts.relations.insert(cases::Relation::addressed);
    } else {
        facts.relations.erase(cases::Relation::addressed);
    }
    if (facts.relations.empty()) {
        facts.relations.insert(cases::Relation::none);
    }
    facts.author = author;
    facts.handling_code = file->handling_code;
    facts.compartments = file->compartments;
    facts.sensitive = file->sensitive;
    facts.shared_groups = shared_with(*file, *leg);
    RASTRO_CHECK(call.authorise(facts));
    RASTRO_CHECK(call.check_version(leg->version));
    return OpenLeg{std::move(*file), std::move(*leg)};
}

Reply show_leg(Call& call, storage::UnitOfWork& unit, OpenLeg const& open, unsigned status) {
    auto message = to_message(call, open);
    if (auto parties = storage::leg_parties(unit, open.leg.leg_id)) {
        message.asking_agency_name = std::move(parties->asking);
        message.asked_agency_name = std::move(parties->asked);
    }
    auto const& decided = call.decision.groups;
    Groups disclosed(decided.begin(), decided.end());
    for (auto const* group : {"G5", "G6", "G7"}) {
        disclosed.erase(group);
    }
    bool const shows_question = std::ranges::any_of(
        kContentGroups, [&](std::string_view group) { return call.decision.may_see(group); });
    if (shows_question) {
        bool const own = open.file.relations.contains(cases::Relation::owner);
        message.question =
            storage::load_content(unit, open.file, decided, own, open.leg.description_version);
        for (auto const group : kContentGroups) {
            if (!call.decision.may_see(group)) {
                message.withheld_groups.emplace_back(group);
            }
        }
    }
    add_dialogue(call, unit, open, message);
    add_answers(call, unit, open, disclosed, message);
    call.audit.object_version = static_cast<std::uint64_t>(open.leg.version);
    call.audit.groups.assign(disclosed.begin(), disclosed.end());
    Reply reply;
    reply.status = status;
    protocol::append_leg(reply.body, message);
    reply.etag = protocol::format_etag(open.leg.version);
    return reply;
}

void store_decision(Call const& call,
                    storage::UnitOfWork& unit,
                    OpenLeg const& open,
                    storage::LegDecisionRow row) {
    row.decided_by = call.actor.principal();
    row.decided_agency = call.actor.agency;
    row.decided_at = unit.now();
    storage::insert_decision(unit, open.leg, row);
}

}  // namespace rastro::server
