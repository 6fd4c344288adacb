#include "storage/audit/read_counts.hpp"

#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

// A leaf is canonical JSON of 4 KiB at most; the purpose stands only there.
constexpr Query kCounts{
    "audit_read_counts",
    "select l.actor_id, coalesce(convert_from(l.leaf, 'UTF8')::jsonb->>'purpose', '') as purpose, "
    "count(*) as reads, count(*) filter (where extract(hour from l.occurred_at at time zone "
    "z.zone) not between 6 and 21) as outside from (select coalesce((select a.time_zone from "
    "agency a where a.agency = :agency), 'UTC') as zone) z join audit_leaf l on l.actor_agency = "
    ":agency and l.occurred_at >= :day::date::timestamp at time zone z.zone and l.occurred_at < "
    "(:day::date + 1)::timestamp at time zone z.zone where l.outcome = 'ok' and l.object_type in "
    "('trace_request', 'leg', 'answer', 'case', 'record', 'serial') and (l.action like '%read%' or "
    "l.action like '%search%') and l.actor_id is not null and "
    "convert_from(l.leaf, 'UTF8')::jsonb->>'actor_kind' = 'person' group by 1, 2 order by 1, 2"};

}  // namespace

std::vector<cases::ReadCount> read_counts_of_day(UnitOfWork& unit,
                                                 std::string_view agency,
                                                 Date day) {
    std::vector<cases::ReadCount> counts;
    auto const rows = unit.sql().run(kCounts, {{"agency", agency}, {"day", to_iso_date(day)}});
    for (auto const row : rows) {
        counts.push_back({.actor = row.text("actor_id"),
                          .purpose = row.text("purpose"),
                          .reads = static_cast<int>(row.integer("reads")),
                          .outside_hours = static_cast<int>(row.integer("outside"))});
    }
    return counts;
}

}  // namespace rastro::storage
