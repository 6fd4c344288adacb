#include "storage/routing.hpp"

#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr Query kRoutes{
    "routing_countries",
    "select r.country, r.priority, coalesce(a.agency, b.agency) as agency, "
    "coalesce(a.country, b.country) as agency_country, "
    "case when a.agency is null then null else coalesce(b.agency, a.backup_agency) end as backup "
    "from (select distinct on (country, priority) country, priority, agency, backup_agency "
    "from route where request_kind = 'trace_request' and valid_from <= :day::date "
    "and (country = any(:countries::text[]) or country = actor_country()) "
    "order by country, priority, valid_from desc) r "
    "left join agency a on a.agency = r.agency and a.state = 'active' "
    "left join agency b on b.agency = r.backup_agency and b.state = 'active' "
    "where a.agency is not null or b.agency is not null"};
constexpr Query kAgencies{"routing_agencies",
                          "select agency, country, backup_agency from agency "
                          "where agency = any(:agencies::text[]) and state = 'active'"};
constexpr Query kRules{"routing_outbound_rules",
                       "select distinct on (priority) priority, auto_approve from outbound_rule "
                       "where agency = actor_agency() and valid_from <= :day::date "
                       "order by priority, valid_from desc"};
// A key that several makes of the lowest rank answer to decides nothing. Looked up key by key: each
// has one or two makes, and a join of the whole lists costs more than all of them.
constexpr Query kMakes{
    "routing_makes",
    "select k.key as alias_key, x.make_id from unnest(:keys::text[]) as k(key) "
    "cross join lateral (select min(y.make_id) as make_id from (select a.make_id, "
    "rank() over (order by m.list_rank) as place from make_alias a "
    "cross join lateral (select list_rank from make where make_id = a.make_id offset 0) m "
    "where a.alias_key = k.key offset 0) y "
    "where y.place = 1 having count(distinct y.make_id) = 1) x"};

std::vector<std::string> listed(std::set<std::string> const& items) {
    return {items.begin(), items.end()};
}

}  // namespace

std::vector<BoundQuery> routing_queries(RoutingQuestion const& question) {
    auto const day = to_iso_date(question.day);
    std::vector<BoundQuery> queries;
    queries.push_back({kRoutes, {{"day", day}, {"countries", listed(question.countries)}}});
    queries.push_back({kAgencies, {{"agencies", listed(question.agencies)}}});
    queries.push_back({kRules, {{"day", day}}});
    queries.push_back({kMakes, {{"keys", listed(question.make_keys)}}});
    return queries;
}

RoutingTables RoutingTables::read(std::span<Rows const> results) {
    RoutingTables tables;
    for (auto const row : results[0]) {
        tables.by_country_[{row.text("country"), row.text("priority")}] = {
            .agency = row.text("agency"),
            .country = row.text("agency_country"),
            .backup_agency = row.text("backup")};
    }
    for (auto const row : results[1]) {
        tables.agencies_[row.text("agency")] = {.agency = row.text("agency"),
                                                .country = row.text("country"),
                                                .backup_agency = row.text("backup_agency")};
    }
    for (auto const row : results[2]) {
        if (row.boolean("auto_approve")) {
            tables.automatic_.insert(row.text("priority"));
        }
    }
    for (auto const row : results[3]) {
        tables.makes_[row.text("alias_key")] = row.text("make_id");
    }
    return tables;
}

Receiver const* RoutingTables::for_country(std::string_view country,
                                           std::string_view priority) const {
    for (auto const wanted : {priority, std::string_view("any")}) {
        auto const found = by_country_.find(std::pair{std::string(country), std::string(wanted)});
        if (found != by_country_.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

Receiver const* RoutingTables::agency(std::string_view code) const {
    auto const found = agencies_.find(code);
    return found == agencies_.end() ? nullptr : &found->second;
}

bool RoutingTables::approves_automatically(std::string_view priority) const {
    return automatic_.contains(priority);
}

std::string RoutingTables::make_of(std::string const& key) const {
    auto const found = makes_.find(key);
    return found == makes_.end() ? std::string() : found->second;
}

RoutingTables load_routing(UnitOfWork& unit, RoutingQuestion const& question) {
    auto queries = routing_queries(question);
    auto const results = unit.sql().run_together(queries);
    return RoutingTables::read(results);
}

}  // namespace rastro::storage
