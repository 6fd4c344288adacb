#include "storage/linked_case_parts.hpp"

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kShares{
    "case_shares",
    "select p.agency, p.relation, coalesce(s.groups, '{}') as groups, coalesce(s.purposes, '{}') as "
    "purposes, coalesce(s.onward, 'no') as onward, " RASTRO_US_AS(
        "s.valid_until",
        "valid_until") " from case_party p left join case_share s on s.case_id = p.case_id and "
                       "s.agency = p.agency and s.revoked_at is null where p.case_id = "
                       ":case_id::uuid and p.relation in ('addressed', 'copied') order by "
                       "p.agency"};
constexpr Query kAddParty{
    "linked_party_add",
    "insert into case_party (case_id, agency, relation, owner_agency, granted_at) values "
    "(:case_id::uuid, :agency, :relation, :owner, :now::timestamptz) on conflict do nothing"};
constexpr Query kPutShare{
    "case_share_put",
    "insert into case_share (case_id, agency, groups, purposes, onward, shared_by, shared_at, "
    "valid_until) values (:case_id::uuid, :agency, :groups::text[], :purposes::text[], :onward, "
    ":by, :now::timestamptz, :until::timestamptz) on conflict (case_id, agency) do update set "
    "groups = excluded.groups, purposes = excluded.purposes, onward = excluded.onward, valid_until "
    "= excluded.valid_until, revoked_at = null"};
constexpr Query kRecall{"case_shares_recall",
                        "update case_share set revoked_at = :now::timestamptz where case_id = "
                        ":case_id::uuid and revoked_at is null returning agency"};
constexpr Query kAgency{"agency_exists",
                        "select 1 as one from agency where agency = :agency and state = 'active'"};
constexpr Query kMembers{
    "case_members",
    "select user_id, kind from case_member where case_id = :case_id::uuid and ended_at is null "
    "order by added_at, user_id"};
constexpr Query kPutMember{
    "case_member_put",
    "insert into case_member (case_id, user_id, kind, added_by, added_at) values (:case_id::uuid, "
    ":user_id::uuid, :kind, :by, :now::timestamptz) on conflict (case_id, user_id) do update set "
    "kind = excluded.kind, ended_at = null"};
constexpr Query kProposeSeal{
    "seal_propose",
    "insert into seal_grant (grant_id, case_id, user_id, reason, proposed_by, proposed_at) values "
    "(:grant_id::uuid, :case_id::uuid, :user_id::uuid, :reason, :by::uuid, :now::timestamptz)"};
constexpr Query kFindSeal{
    "seal_find",
    "select grant_id, case_id, user_id, reason, proposed_by, decided_by, decision, " RASTRO_US(
        "valid_until") " from seal_grant where grant_id = :grant_id::uuid for update"};
constexpr Query kDecideSeal{
    "seal_decide",
    "update seal_grant set decided_by = :by::uuid, decided_at = :now::timestamptz, decision = "
    ":decision, valid_until = :until::timestamptz where grant_id = :grant_id::uuid"};
constexpr Query kProposals{
    "case_proposals",
    "select proposal_id, object_id, event, proposed_by, roles, " RASTRO_US(
        "proposed_at") " from case_proposal where case_id = :case_id::uuid and completed_by is "
                       "null order by proposed_at"};
constexpr Query kAddProposal{
    "case_proposal_add",
    "insert into case_proposal (case_id, proposal_id, object_id, event, agency, proposed_by, "
    "roles, "
    "proposed_at) values (:case_id::uuid, :proposal_id::uuid, :object_id::uuid, :event, :agency, "
    ":by, :roles::text[], :now::timestamptz) on conflict do nothing"};
constexpr Query kCompleteProposal{
    "case_proposal_complete",
    "update case_proposal set completed_by = :by, completed_at = :now::timestamptz where case_id = "
    ":case_id::uuid and proposal_id = :proposal_id::uuid"};
#define RASTRO_LINK_COLUMNS \
    "select l.link_id, l.from_case, l.to_case, l.kind, l.basis, l.confidence, l.state, "     \
    "l.asserted_by, l.asserted_agency, coalesce(l.decided_by, '') as decided_by, "           \
    "f.number as from_number, f.case_type as from_type, t.number as to_number, "             \
    "t.case_type as to_type, "                                                               \
    RASTRO_US_AS("l.created_at", "created_at")                                               \
    " from case_link l join case_file f on f.case_id = l.from_case join case_file t on "     \
    "t.case_id = l.to_case "
constexpr Query kLinks{"case_links",
                       RASTRO_LINK_COLUMNS
                       "where l.from_case = :case_id::uuid or l.to_case = :case_id::uuid order by "
                       "l.created_at, l.link_id"};
constexpr Query kLink{"case_link_find", RASTRO_LINK_COLUMNS "where l.link_id = :link_id::uuid"};
constexpr Query kVisible{"case_is_visible",
                         "select 1 as one from case_file where case_id = :case_id::uuid"};
constexpr Query kInsertLink{
    "case_link_insert",
    "insert into case_link (link_id, from_case, to_case, kind, asserted_by, asserted_agency, "
    "basis, confidence, state, decided_by, created_at) values (:link_id::uuid, :from::uuid, "
    ":to::uuid, :kind, :by, :agency, :basis, :confidence::smallint, :state, :decided, "
    ":now::timestamptz)"};
constexpr Query kDecideLink{
    "case_link_decide",
    "update case_link set state = :state, decided_by = :by where link_id = :link_id::uuid"};
constexpr Query kStaff{"staff_names", "select user_id, name from staff_names() order by user_id"};
constexpr Query kWall{"case_wall_raise",
                      "insert into case_wall (case_id, user_id, ground, raised_at) values "
                      "(:case_id::uuid, :user_id::uuid, :ground, :now::timestamptz) on conflict "
                      "do nothing"};
constexpr Query kCourses{"valid_courses",
                         "select course from valid_courses(:person, :on::date) as course"};
constexpr Query kFirst{
    "first_detection_put",
    "select coalesce(record_first_detection(:substance, :scope, :country, :case_id::uuid, "
    ":on::date, :now::timestamptz), '') as became"};

Value maybe_time(std::optional<Instant> const& time) {
    return time ? Value(*time) : Value(std::nullopt);
}

CaseLink to_link(Row const& row) {
    return {.link_id = row.id<LinkId>("link_id"),
            .from_case = row.id<CaseId>("from_case"),
            .to_case = row.id<CaseId>("to_case"),
            .kind = row.text("kind"),
            .basis = row.text("basis"),
            .confidence = static_cast<int>(row.integer("confidence")),
            .state = row.text("state"),
            .asserted_by = row.text("asserted_by"),
            .asserted_agency = row.text("asserted_agency"),
            .decided_by = row.text("decided_by"),
            .from_number = row.text("from_number"),
            .from_type = row.text("from_type"),
            .to_number = row.text("to_number"),
            .to_type = row.text("to_type"),
            .created_at = row.instant("created_at")};
}

}  // namespace

std::vector<CaseShare> shares_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<CaseShare> shares;
    auto const rows = unit.sql().run(kShares, {{"case_id", case_id}});
    for (auto const row : rows) {
        shares.push_back({.agency = row.text("agency"),
                          .relation = row.text("relation"),
                          .groups = row.texts("groups"),
                          .purposes = row.texts("purposes"),
                          .onward = row.text("onward"),
                          .valid_until = row.maybe_instant("valid_until")});
    }
    return shares;
}

void put_share(UnitOfWork& unit,
               CaseId const& case_id,
               std::string_view owner_agency,
               CaseShare const& share,
               std::string_view by) {
    unit.sql().run(kAddParty,
                   {{"case_id", case_id},
                    {"agency", share.agency},
                    {"relation", share.relation},
                    {"owner", owner_agency},
                    {"now", unit.now()}});
    unit.sql().run(kPutShare,
                   {{"case_id", case_id},
                    {"agency", share.agency},
                    {"groups", share.groups},
                    {"purposes", share.purposes},
                    {"onward", share.onward},
                    {"by", by},
                    {"now", unit.now()},
                    {"until", maybe_time(share.valid_until)}});
}

std::vector<std::string> recall_shares(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<std::string> agencies;
    auto const rows = unit.sql().run(kRecall, {{"now", unit.now()}, {"case_id", case_id}});
    for (auto const row : rows) {
        agencies.push_back(row.text("agency"));
    }
    return agencies;
}

bool agency_exists(UnitOfWork& unit, std::string_view agency) {
    return !unit.sql().run(kAgency, {{"agency", agency}}).empty();
}

std::vector<CaseMember> members_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<CaseMember> members;
    auto const rows = unit.sql().run(kMembers, {{"case_id", case_id}});
    for (auto const row : rows) {
        members.push_back({row.id<UserId>("user_id"), row.text("kind")});
    }
    return members;
}

void put_member(UnitOfWork& unit,
                CaseId const& case_id,
                CaseMember const& member,
                std::string_view by) {
    unit.sql().run(kPutMember,
                   {{"case_id", case_id},
                    {"user_id", member.user_id},
                    {"kind", member.kind},
                    {"by", by},
                    {"now", unit.now()}});
}

void propose_seal(UnitOfWork& unit, SealGrant const& grant) {
    unit.sql().run(kProposeSeal,
                   {{"grant_id", grant.grant_id},
                    {"case_id", grant.case_id},
                    {"user_id", grant.user_id},
                    {"reason", grant.reason},
                    {"by", grant.proposed_by},
                    {"now", unit.now()}});
}

std::optional<SealGrant> find_seal(UnitOfWork& unit, GrantId const& grant_id) {
    auto const rows = unit.sql().run(kFindSeal, {{"grant_id", grant_id}});
    if (rows.empty()) {
        return std::nullopt;
    }
    auto const row = rows.front();
    SealGrant grant{.grant_id = grant_id,
                    .case_id = row.id<CaseId>("case_id"),
                    .user_id = row.id<UserId>("user_id"),
                    .reason = row.text("reason"),
                    .proposed_by = row.id<UserId>("proposed_by"),
                    .decided_by = std::nullopt,
                    .decision = row.text("decision"),
                    .valid_until = row.maybe_instant("valid_until")};
    if (auto const by = row.maybe_uuid("decided_by")) {
        grant.decided_by = UserId{*by};
    }
    return grant;
}

void decide_seal(UnitOfWork& unit, SealGrant const& grant) {
    unit.sql().run(kDecideSeal,
                   {{"by", *grant.decided_by},
                    {"now", unit.now()},
                    {"decision", grant.decision},
                    {"until", maybe_time(grant.valid_until)},
                    {"grant_id", grant.grant_id}});
}

std::vector<Proposal> open_proposals(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<Proposal> proposals;
    auto const rows = unit.sql().run(kProposals, {{"case_id", case_id}});
    for (auto const row : rows) {
        proposals.push_back({.proposal_id = row.uuid("proposal_id"),
                             .object_id = row.uuid("object_id"),
                             .event = row.text("event"),
                             .proposed_by = row.text("proposed_by"),
                             .roles = row.texts("roles"),
                             .proposed_at = row.instant("proposed_at")});
    }
    return proposals;
}

void add_proposal(UnitOfWork& unit,
                  CaseId const& case_id,
                  std::string_view agency,
                  Proposal const& proposal) {
    unit.sql().run(kAddProposal,
                   {{"case_id", case_id},
                    {"proposal_id", proposal.proposal_id},
                    {"object_id", proposal.object_id},
                    {"event", proposal.event},
                    {"agency", agency},
                    {"by", proposal.proposed_by},
                    {"roles", proposal.roles},
                    {"now", unit.now()}});
}

void complete_proposal(UnitOfWork& unit,
                       CaseId const& case_id,
                       Uuid const& proposal_id,
                       std::string_view by) {
    unit.sql().run(
        kCompleteProposal,
        {{"by", by}, {"now", unit.now()}, {"case_id", case_id}, {"proposal_id", proposal_id}});
}

std::vector<CaseLink> links_of(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<CaseLink> links;
    auto const rows = unit.sql().run(kLinks, {{"case_id", case_id}});
    for (auto const row : rows) {
        links.push_back(to_link(row));
    }
    return links;
}

std::optional<CaseLink> find_link(UnitOfWork& unit, LinkId const& link_id) {
    auto const rows = unit.sql().run(kLink, {{"link_id", link_id}});
    return rows.empty() ? std::nullopt : std::optional(to_link(rows.front()));
}

bool case_is_visible(UnitOfWork& unit, CaseId const& case_id) {
    return !unit.sql().run(kVisible, {{"case_id", case_id}}).empty();
}

void insert_link(UnitOfWork& unit, CaseLink const& link) {
    unit.sql().run(
        kInsertLink,
        {{"link_id", link.link_id},
         {"from", link.from_case},
         {"to", link.to_case},
         {"kind", link.kind},
         {"by", link.asserted_by},
         {"agency", link.asserted_agency},
         {"basis", link.basis},
         {"confidence", link.confidence},
         {"state", link.state},
         {"decided", link.decided_by.empty() ? Value(std::nullopt) : Value(link.decided_by)},
         {"now", unit.now()}});
}

void decide_link(UnitOfWork& unit,
                 LinkId const& link_id,
                 std::string_view state,
                 std::string_view by) {
    unit.sql().run(kDecideLink, {{"state", state}, {"by", by}, {"link_id", link_id}});
}

std::vector<StaffName> staff_names(UnitOfWork& unit) {
    std::vector<StaffName> names;
    auto const rows = unit.sql().run(kStaff);
    for (auto const row : rows) {
        names.push_back({row.id<UserId>("user_id"), row.text("name")});
    }
    return names;
}

void raise_wall(UnitOfWork& unit,
                CaseId const& case_id,
                UserId const& user_id,
                std::string_view ground) {
    unit.sql().run(
        kWall,
        {{"case_id", case_id}, {"user_id", user_id}, {"ground", ground}, {"now", unit.now()}});
}

std::vector<std::string> valid_courses(UnitOfWork& unit, std::string_view person, Date on) {
    std::vector<std::string> courses;
    auto const rows = unit.sql().run(kCourses, {{"person", person}, {"on", to_iso_date(on)}});
    for (auto const row : rows) {
        courses.push_back(row.text("course"));
    }
    return courses;
}

std::string record_first_detection(UnitOfWork& unit,
                                   std::string_view substance,
                                   std::string_view scope,
                                   std::string_view country,
                                   CaseId const& case_id,
                                   Date collected_on) {
    auto const rows = unit.sql().run(kFirst,
                                     {{"substance", substance},
                                      {"scope", scope},
                                      {"country", country},
                                      {"case_id", case_id},
                                      {"on", to_iso_date(collected_on)},
                                      {"now", unit.now()}});
    return rows.front().text("became");
}

}  // namespace rastro::storage
