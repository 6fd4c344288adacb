#include "storage/role_repo.hpp"

namespace rastro::storage {

namespace {

constexpr Query kRoles{"user_role_list", "select role from user_role where user_id = :user::uuid"};
constexpr Query kGive{
    "user_role_give",
    "insert into user_role (user_id, agency, role, granted_by, approved_by, granted_at) values "
    "(:user::uuid, :agency, :role, :granted_by::uuid, :approved_by::uuid, :now::timestamptz) "
    "on conflict (user_id, role) do nothing"};
constexpr Query kTake{"user_role_take",
                      "delete from user_role where user_id = :user::uuid and role = :role"};
constexpr Query kCountHolders{
    "user_role_count",
    "select count(*) as holders from user_role r join app_user u on u.user_id = r.user_id "
    "where r.agency = :agency and r.role = :role and u.state <> 'disabled'"};

#define RASTRO_GRANT_COLUMNS                                                                     \
    "select g.grant_id, g.agency, g.user_id, u.login, g.role, g.kind, g.proposed_by, "           \
    "g.decided_by, g.decision, " RASTRO_US_AS("g.proposed_at", "proposed_at") ", " RASTRO_US_AS( \
        "g.decided_at",                                                                          \
        "decided_at") " from role_grant g join app_user u on u.user_id = g.user_id "

constexpr Query kPropose{
    "role_grant_insert",
    "insert into role_grant (grant_id, agency, user_id, role, kind, proposed_by, proposed_at) "
    "values (:id::uuid, :agency, :user::uuid, :role, :kind, :proposed_by::uuid, "
    ":proposed_at::timestamptz)"};
constexpr Query kFindGrant{"role_grant_find", RASTRO_GRANT_COLUMNS "where g.grant_id = :id::uuid"};
constexpr Query kLockGrant{"role_grant_lock",
                           RASTRO_GRANT_COLUMNS "where g.grant_id = :id::uuid for update of g"};
constexpr Query kHasOpen{"role_grant_has_open",
                         "select exists (select 1 from role_grant where user_id = :user::uuid and "
                         "role = :role and decision is null) as there"};
constexpr Query kListGrants{
    "role_grant_list",
    RASTRO_GRANT_COLUMNS
    "where g.agency = actor_agency() and (not :open_only::boolean or "
    "g.decision is null) order by g.proposed_at desc, g.grant_id limit 200"};
constexpr Query kDecide{
    "role_grant_decide",
    "update role_grant set decided_by = :by::uuid, decided_at = :now::timestamptz, "
    "decision = :decision where grant_id = :id::uuid and decision is null"};

RoleGrant read_grant(Row const& row) {
    RoleGrant grant;
    grant.id = row.id<RoleGrantId>("grant_id");
    grant.agency = row.text("agency");
    grant.user = row.id<UserId>("user_id");
    grant.user_login = row.text("login");
    grant.role = row.text("role");
    grant.kind = row.text("kind");
    grant.proposed_by = row.id<UserId>("proposed_by");
    grant.proposed_at = row.instant("proposed_at");
    if (!row.is_null("decided_by")) {
        grant.decided_by = row.id<UserId>("decided_by");
    }
    grant.decided_at = row.maybe_instant("decided_at");
    grant.decision = row.text("decision");
    return grant;
}

std::optional<RoleGrant> first_grant(Rows const& rows) {
    return rows.empty() ? std::nullopt : std::optional<RoleGrant>(read_grant(rows.front()));
}

}  // namespace

std::set<cases::Role> RoleRepo::roles_of(UserId user) {
    std::set<cases::Role> roles;
    auto const rows = unit_.sql().run(kRoles, {{"user", user}});
    for (auto const row : rows) {
        if (auto const role = cases::parse_role(row.view("role"))) {
            roles.insert(*role);
        }
    }
    return roles;
}

void RoleRepo::give(UserId user,
                    std::string_view agency,
                    cases::Role role,
                    std::optional<UserId> granted_by,
                    std::optional<UserId> approved_by) {
    unit_.sql().run(kGive,
                    {{"user", user},
                     {"agency", agency},
                     {"role", cases::to_text(role)},
                     {"granted_by", granted_by},
                     {"approved_by", approved_by},
                     {"now", unit_.now()}});
}

bool RoleRepo::take(UserId user, cases::Role role) {
    return unit_.sql().run(kTake, {{"user", user}, {"role", cases::to_text(role)}}).affected() == 1;
}

std::int64_t RoleRepo::count_holders(std::string_view agency, cases::Role role) {
    return unit_.sql()
        .run(kCountHolders, {{"agency", agency}, {"role", cases::to_text(role)}})
        .front()
        .integer("holders");
}

void RoleRepo::propose(RoleGrant const& grant) {
    unit_.sql().run(kPropose,
                    {{"id", grant.id},
                     {"agency", grant.agency},
                     {"user", grant.user},
                     {"role", grant.role},
                     {"kind", grant.kind},
                     {"proposed_by", grant.proposed_by},
                     {"proposed_at", grant.proposed_at}});
}

std::optional<RoleGrant> RoleRepo::find_grant(RoleGrantId id) {
    return first_grant(unit_.sql().run(kFindGrant, {{"id", id}}));
}

std::optional<RoleGrant> RoleRepo::lock_grant(RoleGrantId id) {
    return first_grant(unit_.sql().run(kLockGrant, {{"id", id}}));
}

bool RoleRepo::has_open_grant(UserId user, std::string_view role) {
    return unit_.sql().run(kHasOpen, {{"user", user}, {"role", role}}).front().boolean("there");
}

std::vector<RoleGrant> RoleRepo::list_grants(bool open_only) {
    std::vector<RoleGrant> grants;
    auto const rows = unit_.sql().run(kListGrants, {{"open_only", open_only}});
    for (auto const row : rows) {
        grants.push_back(read_grant(row));
    }
    return grants;
}

void RoleRepo::decide(RoleGrantId id, UserId by, bool accepted) {
    unit_.sql().run(kDecide,
                    {{"by", by},
                     {"now", unit_.now()},
                     {"decision", accepted ? "accepted" : "rejected"},
                     {"id", id}});
}

}  // namespace rastro::storage
