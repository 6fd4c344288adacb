#include "storage/clock_notices.hpp"

#include "common/text.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_CLOCK "case_id, object_id, clock, cycle, " RASTRO_US("due_at")
#define RASTRO_THIS_CLOCK                                                                      \
    " where case_id = :case_id::uuid and object_id = :object_id::uuid and clock = :clock and " \
    "cycle = :cycle::smallint and state = 'running'"

constexpr Query kWaiting{"clock_notices",
                         "select " RASTRO_CLOCK
                         " from case_clock where state = 'running' and notices <> '{}' and "
                         "notices[1] <= :now::timestamptz order by notices[1] limit "
                         ":limit::integer"};
constexpr Query kClaim{
    "clock_notice_claim",
    "with mine as (select case_id, object_id, clock, cycle from case_clock" RASTRO_THIS_CLOCK
    " and notices[1] <= :now::timestamptz for update skip locked) "
    "update case_clock k set notices = array(select n from unnest(k.notices) n where n > "
    ":now::timestamptz order by n) from mine where k.case_id = mine.case_id and k.object_id = "
    "mine.object_id and k.clock = mine.clock and k.cycle = mine.cycle returning k.case_id, "
    "k.object_id, k.clock, k.cycle, " RASTRO_US("due_at")};
constexpr Query kPutOff{"clock_notice_put_off",
                        "update case_clock set notices[1] = :now::timestamptz + interval '1 "
                        "hour'" RASTRO_THIS_CLOCK " and notices <> '{}'"};

ClockNotice to_notice(Row const& row) {
    return {.case_id = row.id<CaseId>("case_id"),
            .object_id = row.uuid("object_id"),
            .clock = row.text("clock"),
            .cycle = static_cast<int>(row.integer("cycle")),
            .due_at = row.instant("due_at")};
}

std::vector<Param> key_of(UnitOfWork const& unit, ClockNotice const& notice) {
    return {{"case_id", notice.case_id},
            {"object_id", notice.object_id},
            {"clock", notice.clock},
            {"cycle", notice.cycle},
            {"now", unit.now()}};
}

}  // namespace

std::vector<ClockNotice> clock_notices(UnitOfWork& unit, int limit) {
    std::vector<ClockNotice> notices;
    for (auto const row : unit.sql().run(kWaiting, {{"now", unit.now()}, {"limit", limit}})) {
        notices.push_back(to_notice(row));
    }
    return notices;
}

std::optional<ClockNotice> claim_clock_notice(UnitOfWork& unit, ClockNotice const& notice) {
    auto const rows = unit.sql().run(kClaim, key_of(unit, notice));
    return rows.empty() ? std::nullopt : std::optional(to_notice(rows.front()));
}

void put_off_clock_notice(UnitOfWork& unit, ClockNotice const& notice) {
    unit.sql().run(kPutOff, key_of(unit, notice));
}

}  // namespace rastro::storage
