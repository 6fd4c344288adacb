#include "storage/break_glass_repo.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_BREAK_GLASS_COLUMNS \
    "select b.grant_id, b.case_id, b.case_number, b.user_id, b.agency, b.reason, " RASTRO_US_AS(  \
        "b.opened_at", "opened_at") ", " RASTRO_US_AS("b.valid_until", "valid_until") ", "        \
    RASTRO_US_AS("b.review_due", "review_due") ", b.reviewed_by, " RASTRO_US_AS(                  \
        "b.reviewed_at", "reviewed_at") ", b.finding, b.review_note, (select count(*) from "      \
    "break_glass o where o.user_id = b.user_id and o.opened_at <= b.opened_at and o.opened_at > " \
    "b.opened_at - interval '30 days') as of_person from break_glass b "

constexpr Query kInsert{
    "break_glass_insert",
    "insert into break_glass (grant_id, case_id, case_number, user_id, agency, reason, opened_at, "
    "valid_until, review_due) values (:id::uuid, :case_id::uuid, :number, :user_id::uuid, :agency, "
    ":reason, :opened_at::timestamptz, :valid_until::timestamptz, :review_due::timestamptz)"};
constexpr Query kFind{"break_glass_find",
                      RASTRO_BREAK_GLASS_COLUMNS "where b.grant_id = :id::uuid"};
constexpr Query kList{
    "break_glass_list",
    RASTRO_BREAK_GLASS_COLUMNS
    "order by b.finding is not null, case when b.finding is null then b.review_due end, "
    "b.opened_at desc limit :limit::integer"};
constexpr Query kReview{
    "break_glass_review",
    "update break_glass set reviewed_by = :by::uuid, reviewed_at = :at::timestamptz, finding = "
    ":finding, review_note = :note where grant_id = :id::uuid and finding is null"};

BreakGlass to_opening(Row const& row) {
    BreakGlass opening;
    opening.grant_id = row.id<GrantId>("grant_id");
    opening.case_id = row.id<CaseId>("case_id");
    opening.case_number = row.text("case_number");
    opening.user_id = row.id<UserId>("user_id");
    opening.agency = row.text("agency");
    opening.reason = row.text("reason");
    opening.opened_at = row.instant("opened_at");
    opening.valid_until = row.instant("valid_until");
    opening.review_due = row.instant("review_due");
    if (auto const by = row.maybe_uuid("reviewed_by")) {
        opening.reviewed_by = UserId{*by};
    }
    opening.reviewed_at = row.maybe_instant("reviewed_at");
    opening.finding = row.text("finding");
    opening.review_note = row.text("review_note");
    opening.of_person = static_cast<int>(row.integer("of_person"));
    return opening;
}

}  // namespace

void insert_break_glass(UnitOfWork& unit, BreakGlass const& opening) {
    unit.sql().run(kInsert,
                   {{"id", opening.grant_id},
                    {"case_id", opening.case_id},
                    {"number", opening.case_number},
                    {"user_id", opening.user_id},
                    {"agency", opening.agency},
                    {"reason", opening.reason},
                    {"opened_at", opening.opened_at},
                    {"valid_until", opening.valid_until},
                    {"review_due", opening.review_due}});
}

std::optional<BreakGlass> find_break_glass(UnitOfWork& unit, GrantId const& id) {
    auto const rows = unit.sql().run(kFind, {{"id", id}});
    return rows.empty() ? std::nullopt : std::optional(to_opening(rows.front()));
}

std::vector<BreakGlass> list_break_glass(UnitOfWork& unit, int limit) {
    std::vector<BreakGlass> openings;
    auto const rows = unit.sql().run(kList, {{"limit", limit}});
    for (auto const row : rows) {
        openings.push_back(to_opening(row));
    }
    return openings;
}

bool review_break_glass(UnitOfWork& unit, BreakGlass const& opening) {
    return unit.sql()
               .run(kReview,
                    {{"by", opening.reviewed_by},
                     {"at", opening.reviewed_at},
                     {"finding", opening.finding},
                     {"note", opening.review_note},
                     {"id", opening.grant_id}})
               .affected() == 1;
}

}  // namespace rastro::storage
