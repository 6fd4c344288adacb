// The list of an agency's own requests, with those that it approves if asked: one keyset page,
// newest first.
#include "common/time_text.hpp"
#include "storage/trace_parts.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::storage {

namespace {

// clang-format off
// A masked requester stays so for who only approves.
#define RASTRO_CASE_NO "case when t.sensitive and c.owner_agency <> :agency then null else t.agency_case_no end"
#define RASTRO_LIST_OF(whose) \
    "select c.case_id, c.number, c.state, c.handling_code, c.version, " RASTRO_US_AS("c.created_at", "created_at") ", " \
    RASTRO_US_AS("c.updated_at", "updated_at") ", t.priority, " RASTRO_CASE_NO " as agency_case_no, t.outcome_code, " \
    "d.make_text, d.model_text, " \
    "d.calibre_text, d.type_code, d.serial_raw, d.serial_condition, " \
    "(select coalesce(array_agg(distinct l.asked_country), '{}') from leg l where l.case_id = c.case_id) as asked_countries, " \
    "(select " "(extract(epoch from min(l.due_at))*1000000)::bigint" " from leg l where l.case_id = c.case_id and l.open) " \
    "as next_due " \
    "from case_file c join trace_request t on t.case_id = c.case_id " \
    "left join firearm_description d on d.case_id = c.case_id and d.version = t.description_version " \
    "where " whose " and c.case_type = 'trace_request' " \
    "and (c.created_at, c.case_id) < (:after_time::timestamptz, :after_case::uuid) " \
    "and (:state::text is null or c.state = :state) and (:priority::text is null or t.priority = :priority) " \
    "and (:created_from::timestamptz is null or c.created_at >= :created_from::timestamptz) " \
    "and (:created_to::timestamptz is null or c.created_at < :created_to::timestamptz) " \
    "and (:agency_case_no = '' or " RASTRO_CASE_NO " = :agency_case_no) " \
    "and (:number = '' or c.number = :number) " \
    "and (:serial_skeleton = '' or d.serial_skeleton = :serial_skeleton) " \
    "and (:asked_country::text is null or exists (select 1 from leg l where l.case_id = c.case_id " \
    "and l.asked_country = :asked_country)) " \
    "order by c.created_at desc, c.case_id desc limit :limit::integer"
// clang-format on

constexpr Query kList{"trace_list", RASTRO_LIST_OF("c.owner_agency = :agency")};
// Two statements, so that the common one keeps to the index of the owner.
constexpr Query kListApproving{
    "trace_list_approving",
    RASTRO_LIST_OF(
        "(c.owner_agency = :agency or exists (select 1 from case_party p where p.case_id = "
        "c.case_id and p.agency = :agency and p.relation = 'approver'))")};

}  // namespace

std::vector<RequestSummary> list_requests(UnitOfWork& unit,
                                          std::string const& agency,
                                          RequestFilter const& filter,
                                          std::optional<RequestKey> const& after,
                                          int limit) {
    std::vector<RequestSummary> found;
    auto const rows = unit.sql().run(
        filter.approving ? kListApproving : kList,
        {{"agency", agency},
         {"after_time", after ? Value(after->created_at) : Value("infinity")},
         {"after_case",
          after ? Value(after->case_id) : Value("ffffffff-ffff-ffff-ffff-ffffffffffff")},
         {"state", filter.state},
         {"priority", filter.priority},
         {"created_from", filter.created_from},
         {"created_to", filter.created_to},
         {"agency_case_no", filter.agency_case_no},
         {"number", filter.number},
         {"serial_skeleton", filter.serial_skeleton},
         {"asked_country", filter.asked_country},
         {"limit", limit}});
    for (auto const row : rows) {
        RequestSummary summary;
        summary.case_id = row.id<CaseId>("case_id");
        summary.number = row.text("number");
        summary.state = row.text("state");
        summary.priority = row.text("priority");
        summary.handling_code = row.text("handling_code");
        summary.version = static_cast<int>(row.integer("version"));
        summary.created_at = row.instant("created_at");
        summary.updated_at = row.instant("updated_at");
        summary.agency_case_no = row.text("agency_case_no");
        summary.make_text = row.text("make_text");
        summary.model_text = row.text("model_text");
        summary.calibre_text = row.text("calibre_text");
        summary.type_code = row.text("type_code");
        summary.serial_raw = row.text("serial_raw");
        summary.serial_condition = row.text("serial_condition");
        summary.outcome_code = row.text("outcome_code");
        summary.asked_countries = row.texts("asked_countries");
        summary.next_due = row.maybe_instant("next_due");
        found.push_back(std::move(summary));
    }
    return found;
}

}  // namespace rastro::storage
