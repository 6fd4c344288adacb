#include "server/handlers/answer_rows.hpp"

#include <algorithm>

#include "cases/trace/disposition_chain.hpp"
#include "server/handlers/parameters.hpp"

namespace rastro::server {

namespace {

std::optional<cases::PartialDate> date_of(std::string const& text) {
    return text.empty() ? std::nullopt : cases::parse_iso_partial_date(text);
}

cases::ChainLink to_link(protocol::ChainLinkMessage const& message) {
    return {.role = cases::chain_role_from(message.role).value_or(cases::ChainRole::manufacturer),
            .party = {message.party_name,
                      message.party_country,
                      message.party_place,
                      message.party_licence},
            .received_on = date_of(message.received_on),
            .disposed_on = date_of(message.disposed_on),
            .document = message.document,
            .source_record = message.source_record,
            .confidence = cases::chain_confidence_from(message.confidence)
                              .value_or(cases::ChainConfidence::stated),
            .second_hand = message.second_hand};
}

storage::ChainLinkRow to_row(protocol::ChainLinkMessage const& message,
                             cases::ChainLink const& link,
                             int seq) {
    storage::ChainLinkRow row{.seq = seq,
                              .field_group = std::string(field_group_of(link.role)),
                              .role = message.role,
                              .party_name = message.party_name,
                              .party_country = message.party_country,
                              .party_place = message.party_place,
                              .party_licence = message.party_licence,
                              .received_on = message.received_on,
                              .disposed_on = message.disposed_on,
                              .document = message.document,
                              .source_record = message.source_record,
                              .confidence = message.confidence,
                              .flags = {}};
    if (message.second_hand) {
        row.flags.emplace_back("second_hand");
    }
    return row;
}

}  // namespace

bool is_pending(storage::AnswerRow const& answer) {
    return answer.approval == "pending";
}

cases::TraceFacts answer_facts(storage::AnswerRow const& answer) {
    cases::TraceFacts facts;
    facts.chain_valid = true;  // no row without: make_answer
    facts.release_decision_stored = !answer.decision_id.empty();
    facts.answer_groups = {answer.groups.begin(), answer.groups.end()};
    facts.answer_author = answer.given_by;
    facts.answer_pending = is_pending(answer);
    facts.answer_superseded = answer.superseded_by || answer.recalled_at;
    return facts;
}

Outcome<storage::AnswerRow> make_answer(Call const& call,
                                        OpenLeg const& open,
                                        protocol::AnswerGive const& given,
                                        Instant now) {
    bool const no_record = given.kind == "no_record";
    auto const group = cases::outcome_info(given.outcome).group;
    if (no_record &&
        (group == cases::OutcomeGroup::success || group == cases::OutcomeGroup::partial)) {
        return violation("/outcome_code", "not_in_list");
    }
    if (no_record && !given.chain.empty()) {
        return violation("/chain", "too_many_items", {"0"});
    }
    std::vector<cases::ChainLink> links;
    for (auto const& link : given.chain) {
        links.push_back(to_link(link));
    }
    auto findings = cases::check_chain(links);
    if (!findings.valid()) {
        return Problem(ProblemCode::validation_failed, std::move(findings.violations));
    }
    storage::AnswerRow answer;
    answer.case_id = open.leg.case_id;
    answer.leg_id = open.leg.leg_id;
    answer.kind = given.kind;
    answer.outcome_code = cases::code_of(given.outcome);
    answer.description_version = open.leg.description_version;
    answer.handling_code =
        given.handling_code.empty() ? open.file.handling_code : given.handling_code;
    answer.evaluation = given.evaluation;
    answer.remarks = given.remarks;
    answer.conditions = given.conditions;
    if (!given.handling_text.empty()) {
        answer.conditions += answer.conditions.empty() ? "" : "\n";
        answer.conditions += given.handling_text;
    }
    answer.next_country = given.next_country;
    answer.groups = cases::groups_of(links);
    answer.given_by = call.actor.principal();
    answer.given_agency = call.actor.agency;
    answer.given_at = now;
    answer.decision_id = call.decision.id;
    for (std::size_t i = 0; i < links.size(); ++i) {
        answer.chain.push_back(to_row(given.chain[i], links[i], static_cast<int>(i) + 1));
    }
    for (auto const& flag : findings.flags) {
        answer.chain[flag.link].flags.push_back(flag.code);
    }
    bool const two_persons = std::ranges::any_of(
        answer.groups, [](std::string const& name) { return name == "G6" || name == "G7"; });
    answer.approval = two_persons ? "pending" : "not_needed";
    return answer;
}

}  // namespace rastro::server
