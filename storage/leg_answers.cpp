// Answers of legs with their disposition chains, read by field group.
#include "common/time_text.hpp"
#include "storage/leg_repo.hpp"
#include "storage/trace_parts.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_ANSWER_COLUMNS \
    "a.answer_id, a.case_id, a.leg_id, a.seq, a.kind, a.outcome_code, a.description_version, " \
    "a.handling_code, "    \
    "a.evaluation, a.remarks, a.conditions, a.next_country, a.groups, a.approval, a.given_by, a.given_agency, "    \
    RASTRO_US_AS("a.given_at", "given_at") ", a.approved_by, " RASTRO_US_AS("a.approved_at", "approved_at")        \
    ", a.supersedes, a.superseded_by, " RASTRO_US_AS("a.recalled_at", "recalled_at") ", a.recall_reason, "         \
    "a.withheld, a.decision_id from answer a "

constexpr Query kFind{"answer_find",
                      "select " RASTRO_ANSWER_COLUMNS "where a.answer_id = :answer_id::uuid"};
constexpr Query kFindForUpdate{"answer_find_for_update",
                               "select " RASTRO_ANSWER_COLUMNS
                               "where a.answer_id = :answer_id::uuid for update"};
constexpr Query kOfLeg{
    "answers_of_leg",
    "select " RASTRO_ANSWER_COLUMNS
    "where a.case_id = :case_id::uuid and a.leg_id = :leg_id::uuid order by a.seq"};
constexpr Query kChain{"answer_chain",
                       "select k.answer_id, k.seq, k.field_group, k.role, k.party_name, "
                       "k.party_country, k.party_place, k.party_licence, "
                       "k.received_on, k.disposed_on, k.document, k.source_record, k.confidence, "
                       "k.flags from chain_link k "
                       "join answer a on a.case_id = k.case_id and a.answer_id = k.answer_id "
                       "where k.case_id = :case_id::uuid and a.leg_id = :leg_id::uuid and "
                       "k.field_group = any(:groups::text[]) "
                       "order by k.answer_id, k.seq"};
constexpr Query kInsert{
    "answer_insert",
    "insert into answer (case_id, leg_id, answer_id, seq, kind, outcome_code, description_version, "
    "handling_code, evaluation, "
    "remarks, conditions, next_country, groups, approval, given_by, given_agency, given_at, "
    "supersedes, withheld, decision_id) "
    "select :case_id::uuid, :leg_id::uuid, :answer_id::uuid, coalesce(max(x.seq), 0) + 1, :kind, "
    ":outcome_code, "
    ":description_version::integer, :handling_code, :evaluation, :remarks, :conditions, "
    ":next_country, :groups::text[], "
    ":approval, :given_by, :given_agency, :given_at::timestamptz, :supersedes::uuid, "
    ":withheld::text[], :decision_id::uuid "
    "from answer x where x.case_id = :case_id::uuid and x.leg_id = :leg_id::uuid returning seq"};
constexpr Query kStore{
    "answer_store",
    "update answer set approval = :approval, approved_by = :approved_by, approved_at = "
    ":approved_at::timestamptz, "
    "superseded_by = :superseded_by::uuid, recalled_at = :recalled_at::timestamptz, recall_reason "
    "= :recall_reason, "
    "withheld = :withheld::text[] where case_id = :case_id::uuid and answer_id = :answer_id::uuid"};

InsertShape const kChainShape("chain_link",
                              {"case_id",
                               "answer_id",
                               "seq",
                               "field_group",
                               "role",
                               "party_name",
                               "party_country",
                               "party_place",
                               "party_licence",
                               "received_on",
                               "disposed_on",
                               "document",
                               "source_record",
                               "confidence",
                               "flags"});

AnswerRow to_answer(Row const& row) {
    AnswerRow answer;
    answer.answer_id = row.id<AnswerId>("answer_id");
    answer.case_id = row.id<CaseId>("case_id");
    answer.leg_id = row.id<LegId>("leg_id");
    answer.seq = static_cast<int>(row.integer("seq"));
    answer.kind = row.text("kind");
    answer.outcome_code = row.text("outcome_code");
    answer.description_version = static_cast<int>(row.integer("description_version"));
    answer.handling_code = row.text("handling_code");
    answer.evaluation = row.text("evaluation");
    answer.remarks = row.text("remarks");
    answer.conditions = row.text("conditions");
    answer.next_country = row.text("next_country");
    answer.groups = row.texts("groups");
    answer.approval = row.text("approval");
    answer.given_by = row.text("given_by");
    answer.given_agency = row.text("given_agency");
    answer.given_at = row.instant("given_at");
    answer.approved_by = row.text("approved_by");
    answer.approved_at = row.maybe_instant("approved_at");
    if (auto const id = row.maybe_uuid("supersedes")) {
        answer.supersedes = AnswerId{*id};
    }
    if (auto const id = row.maybe_uuid("superseded_by")) {
        answer.superseded_by = AnswerId{*id};
    }
    answer.recalled_at = row.maybe_instant("recalled_at");
    answer.recall_reason = row.text("recall_reason");
    answer.withheld = row.texts("withheld");
    answer.decision_id = row.text("decision_id");
    return answer;
}

ChainLinkRow to_link(Row const& row) {
    return {.seq = static_cast<int>(row.integer("seq")),
            .field_group = row.text("field_group"),
            .role = row.text("role"),
            .party_name = row.text("party_name"),
            .party_country = row.text("party_country"),
            .party_place = row.text("party_place"),
            .party_licence = row.text("party_licence"),
            .received_on = row.text("received_on"),
            .disposed_on = row.text("disposed_on"),
            .document = row.text("document"),
            .source_record = row.text("source_record"),
            .confidence = row.text("confidence"),
            .flags = row.texts("flags")};
}

}  // namespace

std::optional<AnswerRow> find_answer(UnitOfWork& unit, AnswerId const& answer_id, Lock lock) {
    auto const rows = unit.sql().run(lock == Lock::for_update ? kFindForUpdate : kFind,
                                     {{"answer_id", answer_id}});
    if (rows.empty()) {
        return std::nullopt;
    }
    return to_answer(rows.front());
}

std::vector<AnswerRow> answers_of(UnitOfWork& unit,
                                  LegRow const& leg,
                                  std::set<std::string> const& groups) {
    std::vector<AnswerRow> answers;
    auto const rows = unit.sql().run(kOfLeg, {{"case_id", leg.case_id}, {"leg_id", leg.leg_id}});
    for (auto const row : rows) {
        answers.push_back(to_answer(row));
    }
    auto const links =
        unit.sql().run(kChain,
                       {{"case_id", leg.case_id},
                        {"leg_id", leg.leg_id},
                        {"groups", std::vector<std::string>(groups.begin(), groups.end())}});
    for (auto const row : links) {
        for (auto& answer : answers) {
            if (answer.answer_id.uuid == row.uuid("answer_id")) {
                answer.chain.push_back(to_link(row));
            }
        }
    }
    return answers;
}

void insert_answer(UnitOfWork& unit, AnswerRow& answer) {
    auto const rows = unit.sql().run(kInsert,
                                     {{"case_id", answer.case_id},
                                      {"leg_id", answer.leg_id},
                                      {"answer_id", answer.answer_id},
                                      {"kind", answer.kind},
                                      {"outcome_code", answer.outcome_code},
                                      {"description_version", answer.description_version},
                                      {"handling_code", answer.handling_code},
                                      {"evaluation", text_or_null(answer.evaluation)},
                                      {"remarks", text_or_null(answer.remarks)},
                                      {"conditions", text_or_null(answer.conditions)},
                                      {"next_country", text_or_null(answer.next_country)},
                                      {"groups", answer.groups},
                                      {"approval", answer.approval},
                                      {"given_by", answer.given_by},
                                      {"given_agency", answer.given_agency},
                                      {"given_at", answer.given_at},
                                      {"supersedes", answer.supersedes},
                                      {"withheld", answer.withheld},
                                      {"decision_id", text_or_null(answer.decision_id)}});
    answer.seq = static_cast<int>(rows.front().integer("seq"));
    InsertBatch batch(kChainShape);
    for (auto const& link : answer.chain) {
        batch.row({answer.case_id,
                   answer.answer_id,
                   link.seq,
                   link.field_group,
                   link.role,
                   Cell::said(link.party_name),
                   Cell::said(link.party_country),
                   Cell::said(link.party_place),
                   Cell::said(link.party_licence),
                   Cell::said(link.received_on),
                   Cell::said(link.disposed_on),
                   Cell::said(link.document),
                   Cell::said(link.source_record),
                   Cell::said(link.confidence),
                   link.flags});
    }
    if (!batch.empty()) {
        auto bound = batch.take();
        unit.sql().run(bound.query, std::move(bound.params));
    }
}

void store_answer_state(UnitOfWork& unit, AnswerRow const& answer) {
    unit.sql().run(kStore,
                   {{"approval", answer.approval},
                    {"approved_by", text_or_null(answer.approved_by)},
                    {"approved_at", answer.approved_at},
                    {"superseded_by", answer.superseded_by},
                    {"recalled_at", answer.recalled_at},
                    {"recall_reason", text_or_null(answer.recall_reason)},
                    {"withheld", answer.withheld},
                    {"case_id", answer.case_id},
                    {"answer_id", answer.answer_id}});
}

}  // namespace rastro::storage
