#include "storage/likely_duplicates.hpp"

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

// From the few descriptions of a serial to their requests, whatever the planner believes of the
// size of the tables: "offset 0" keeps it from starting at the requests of the agency.
constexpr Query kDuplicates{
    "likely_duplicates",
    "select q.place, f.case_id, f.number, f.state from unnest(:serials::text[], "
    ":skeletons::text[], :case_numbers::text[], :days::date[], :excepts::uuid[]) "
    "with ordinality as q(serial, skeleton, case_no, day, except_case, place) "
    "cross join lateral (select c.case_id, c.number, c.state from "
    "(select x.case_id, x.version from firearm_description x where x.serial_skeleton = q.skeleton "
    "and x.serial_canon = q.serial offset 0) d "
    "cross join lateral (select y.case_id, y.number, y.state, y.created_at from case_file y "
    "where y.case_id = d.case_id and y.owner_agency = coalesce((select o.owner_agency from "
    "case_file o where o.case_id = q.except_case), actor_agency()) "
    "and (q.except_case is null or y.case_id <> q.except_case) "
    "and y.state not in ('WITHDRAWN', 'DUPLICATE') offset 0) c "
    "join trace_request t on t.case_id = d.case_id and t.description_version = d.version "
    "left join recovery r on r.case_id = d.case_id "
    "where (q.case_no <> '' and t.agency_case_no = q.case_no) or r.recovered_on = q.day "
    "order by c.created_at limit 5) f order by q.place"};

}  // namespace

BoundQuery duplicates_query(std::vector<DuplicateQuestion> const& questions) {
    ArrayText serials, skeletons, case_numbers, days, excepts;
    for (auto const& question : questions) {
        serials.add(question.serial_canon);
        skeletons.add(cases::serial_skeleton_of(question.serial_canon));
        case_numbers.add(question.agency_case_no);
        days.add_maybe(question.recovered_on
                           ? std::optional<std::string>(to_iso_date(*question.recovered_on))
                           : std::nullopt);
        excepts.add_maybe(question.except ? std::optional<std::string>(question.except->to_string())
                                          : std::nullopt);
    }
    return {kDuplicates,
            {{"serials", serials.take()},
             {"skeletons", skeletons.take()},
             {"case_numbers", case_numbers.take()},
             {"days", days.take()},
             {"excepts", excepts.take()}}};
}

std::vector<std::vector<LikelyDuplicate>> read_duplicates(Rows const& rows, std::size_t count) {
    std::vector<std::vector<LikelyDuplicate>> found(count);
    for (auto const row : rows) {
        auto const place = static_cast<std::size_t>(row.integer("place"));
        found.at(place - 1).push_back(
            {row.id<CaseId>("case_id"), row.text("number"), row.text("state")});
    }
    return found;
}

std::vector<LikelyDuplicate> find_likely_duplicates(UnitOfWork& unit,
                                                    DuplicateQuestion const& question) {
    if (question.serial_canon.empty()) {
        return {};
    }
    auto query = duplicates_query({question});
    auto const rows = unit.sql().run(query.query, std::move(query.params));
    return std::move(read_duplicates(rows, 1).front());
}

}  // namespace rastro::storage
