#include "storage/trace_status.hpp"

namespace rastro::storage {

namespace {

constexpr Query kRequests{
    "trace_status_requests",
    "select c.case_id, c.number, c.state, c.owner_agency, c.handling_code, c.compartments, "
    "c.version, " RASTRO_US_AS("c.updated_at", "updated_at") ", t.legal_basis, t.sensitive, t.shared_groups, t.outcome_code, "
    "c.owner_agency = actor_agency() as owned, "
    "(select coalesce(array_agg(p.relation), '{}') from case_party p where p.case_id = c.case_id "
    "and p.agency = actor_agency() and (p.valid_until is null or p.valid_until > now())) as relations "
    "from case_file c join trace_request t on t.case_id = c.case_id "
    "where c.case_id = any(:cases::uuid[])"};
constexpr Query kLegs{
    "trace_status_legs",
    "select case_id, leg_id, asked_agency, asked_country, state, flags, open, version, outcome_code, "
    RASTRO_US("due_at") ", " RASTRO_US("updated_at") " from leg where case_id = any(:cases::uuid[]) "
    "order by routed_at, leg_id"};

RequestStatus to_status(Row const& row) {
    RequestStatus status;
    status.number = row.text("number");
    status.state = row.text("state");
    status.owner_agency = row.text("owner_agency");
    status.handling_code = row.text("handling_code");
    status.compartments = row.texts("compartments");
    status.version = static_cast<int>(row.integer("version"));
    status.updated_at = row.instant("updated_at");
    status.legal_basis = row.text("legal_basis");
    status.sensitive = row.boolean("sensitive");
    status.shared_groups = row.texts("shared_groups");
    status.outcome_code = row.text("outcome_code");
    if (row.boolean("owned")) {
        status.relations.insert(cases::Relation::owner);
    }
    for (auto const& name : row.texts("relations")) {
        if (auto const relation = cases::parse_relation(name)) {
            status.relations.insert(*relation);
        }
    }
    return status;
}

LegStatus to_leg(Row const& row) {
    LegStatus leg;
    leg.leg_id = row.id<LegId>("leg_id");
    leg.asked_agency = row.text("asked_agency");
    leg.asked_country = row.text("asked_country");
    leg.state = row.text("state");
    leg.flags = row.texts("flags");
    leg.open = row.boolean("open");
    leg.version = static_cast<int>(row.integer("version"));
    leg.outcome_code = row.text("outcome_code");
    leg.due_at = row.instant("due_at");
    leg.updated_at = row.instant("updated_at");
    return leg;
}

}  // namespace

std::vector<BoundQuery> status_queries(std::set<CaseId> const& cases) {
    ArrayText ids;
    for (auto const& id : cases) {
        ids.add(id.to_string());
    }
    auto const listed = ids.take();
    return {{kRequests, {{"cases", listed}}}, {kLegs, {{"cases", listed}}}};
}

std::map<CaseId, RequestStatus> read_status(std::span<Rows const> results) {
    std::map<CaseId, RequestStatus> found;
    for (auto const row : results[0]) {
        found.emplace(row.id<CaseId>("case_id"), to_status(row));
    }
    for (auto const row : results[1]) {
        auto const request = found.find(row.id<CaseId>("case_id"));
        if (request != found.end()) {
            request->second.legs.push_back(to_leg(row));
        }
    }
    return found;
}

}  // namespace rastro::storage
