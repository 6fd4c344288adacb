// Agencies and the routes to them.
#include "protocol/header_fields.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::server {

namespace {

using cases::Relation;

Date today(storage::UnitOfWork const& unit) {
    return Date{std::chrono::floor<std::chrono::days>(unit.now())};
}

protocol::AgencyMessage to_message(storage::Agency const& agency) {
    return {.agency = agency.agency,
            .country = agency.country,
            .name = agency.name,
            .kind = agency.kind,
            .national_contact = agency.national_contact,
            .time_zone = agency.time_zone,
            .endpoint_kind = agency.endpoint_kind,
            .backup_agency = agency.backup_agency,
            .auto_acknowledge = agency.auto_acknowledge,
            .contact_email = agency.contact_email,
            .contact_phone = agency.contact_phone,
            .state = agency.state,
            .version = agency.version,
            .outbound_rules = std::nullopt};
}

// How the caller stands to an agency of that country and kind. Agencies that stand over countries
// (they run the instance or oversee it) belong to no country: only the directory relation is left.
std::set<Relation> relations_to(Call const& call, std::string_view country, std::string_view kind) {
    std::set<Relation> relations{Relation::directory};
    bool const over_countries = kind == "administration" || kind == "oversight";
    if (country == call.actor.country && !over_countries) {
        relations.insert(Relation::same_country);
    }
    return relations;
}

std::set<Relation> relations_to(Call const& call, storage::Agency const& agency) {
    auto relations = relations_to(call, agency.country, agency.kind);
    if (agency.agency == call.actor.agency) {
        relations.insert(Relation::own_agency);
    }
    return relations;
}

// Found and decided upon; an agency that the caller may not see does not exist.
Outcome<storage::Agency> find_agency(Call& call,
                                     storage::UnitOfWork& unit,
                                     std::string const& code) {
    auto agency = storage::AgencyRepo(unit).find(code);
    if (!agency) {
        call.about("agency", code.substr(0, 20), std::nullopt, "");
        RASTRO_CHECK(call.authorise(facts_of("agency", {Relation::none})));
        return ProblemCode::not_found;
    }
    call.about(
        "agency", agency->agency, static_cast<std::uint64_t>(agency->version), agency->agency);
    RASTRO_CHECK(call.authorise(facts_of("agency", relations_to(call, *agency))));
    return std::move(*agency);
}

Reply agency_reply(Call const& call, storage::UnitOfWork& unit, storage::Agency const& agency) {
    auto message = to_message(agency);
    if (agency.country == call.actor.country) {
        message.outbound_rules.emplace();
        for (auto& rule : storage::AgencyRepo(unit).outbound_rules(agency.agency, today(unit))) {
            message.outbound_rules->push_back({.priority = std::move(rule.priority),
                                               .auto_approve = rule.auto_approve,
                                               .valid_from = rule.valid_from,
                                               .source = std::move(rule.source)});
        }
    }
    Reply reply;
    protocol::append_agency(reply.body, message);
    reply.etag = protocol::format_etag(agency.version);
    return reply;
}

// ---------------------------------------------------------------- reading

struct AgencyQuery {
    storage::AgencyFilter filter;
    protocol::QueryParameters query;
};

Outcome<AgencyQuery> parse_agency_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "country", "kind"}));
    RASTRO_TRY(page, text_page(arrival, "agency_list"));
    AgencyQuery asked;
    asked.query = arrival.query;
    asked.filter = {.country = query_text(arrival, "country"),
                    .kind = query_text(arrival, "kind"),
                    .after = page.after,
                    .limit = page.limit};
    return asked;
}

Outcome<Reply> run_agency_list(Call& call, AgencyQuery const& asked, storage::UnitOfWork& unit) {
    call.about("agency", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("agency", {Relation::directory})));
    auto filter = asked.filter;
    ++filter.limit;  // one more, to know whether there is a next page
    auto agencies = storage::AgencyRepo(unit).list(filter);
    Reply reply;
    std::string next;
    if (agencies.size() > static_cast<std::size_t>(asked.filter.limit)) {
        agencies.pop_back();
        next = cursor_after("agency_list", agencies.back().agency);
        reply.link = protocol::next_link("/v1/agencies", asked.query, next);
    }
    std::vector<protocol::AgencyMessage> messages;
    for (auto const& agency : agencies) {
        messages.push_back(to_message(agency));
    }
    reply.body = protocol::write_agencies(messages, next);
    return reply;
}

Outcome<std::string> parse_agency_code(Arrival const& arrival) {
    return path_text(arrival, "agency");
}

Outcome<Reply> run_agency_read(Call& call, std::string const& code, storage::UnitOfWork& unit) {
    RASTRO_TRY(agency, find_agency(call, unit, code));
    return agency_reply(call, unit, agency);
}

// ---------------------------------------------------------------- writing

// Rules of one day are never changed: a second one for the same priority and day is a conflict.
Outcome<bool> add_outbound_rules(storage::UnitOfWork& unit,
                                 std::string const& agency,
                                 std::vector<protocol::OutboundRuleMessage> const& rules) {
    try {
        for (auto const& rule : rules) {
            storage::AgencyRepo(unit).add_outbound_rule(
                agency,
                {.priority = rule.priority,
                 .auto_approve = rule.auto_approve,
                 .valid_from = rule.valid_from.value_or(today(unit)),
                 .source = rule.source});
        }
    } catch (storage::StorageError const& error) {
        if (error.fault() == storage::StorageFault::unique_violation) {
            return Problem(ProblemCode::conflict, "There is a rule from that day already");
        }
        throw;
    }
    return true;
}

Outcome<bool> check_backup(storage::UnitOfWork& unit,
                           std::optional<std::string> const& backup,
                           std::string const& pointer) {
    if (backup && !backup->empty() && !storage::AgencyRepo(unit).find(*backup)) {
        return violation(pointer, "unknown_agency");
    }
    return true;
}

storage::RouteRow to_row(protocol::RouteMessage const& route, storage::UnitOfWork const& unit) {
    return {.country = route.country,
            .request_kind = route.request_kind,
            .priority = route.priority,
            .agency = route.agency,
            .backup_agency = route.backup_agency,
            .valid_from = route.valid_from.value_or(today(unit)),
            .source = route.source};
}

Outcome<protocol::AgencyCreate> parse_agency_create(Arrival const& arrival) {
    return protocol::read_agency_create(arrival.body);
}

Outcome<Reply> run_agency_create(Call& call,
                                 protocol::AgencyCreate const& message,
                                 storage::UnitOfWork& unit) {
    auto const& wanted = message.agency;
    call.about("agency", wanted.agency, 1, wanted.agency);
    auto const facts = facts_of("agency", relations_to(call, wanted.country, wanted.kind));
    if (message.route) {
        RASTRO_CHECK(call.authorise_as("route_put", facts));
    }
    RASTRO_CHECK(call.authorise(facts));
    storage::AgencyRepo agencies(unit);
    if (!agencies.country_exists(wanted.country)) {
        return violation("/agency", "unknown_country");
    }
    RASTRO_CHECK(check_backup(unit, wanted.backup_agency, "/backup_agency"));
    storage::Agency row;
    row.agency = wanted.agency;
    row.country = wanted.country;
    row.name = wanted.name;
    row.kind = wanted.kind;
    row.national_contact = wanted.national_contact;
    row.time_zone = wanted.time_zone;
    row.endpoint_kind = wanted.endpoint_kind;
    row.backup_agency = wanted.backup_agency;
    row.auto_acknowledge = wanted.auto_acknowledge;
    row.contact_email = wanted.contact_email;
    row.contact_phone = wanted.contact_phone;
    try {
        agencies.insert(row);
    } catch (storage::StorageError const& error) {
        if (error.fault() == storage::StorageFault::unique_violation) {
            return violation("/agency", "agency_exists");
        }
        throw;
    }
    RASTRO_CHECK(add_outbound_rules(unit, row.agency, message.outbound_rules));
    if (message.route) {
        RASTRO_CHECK(check_backup(unit, message.route->backup_agency, "/route/backup_agency"));
        agencies.put_route(to_row(*message.route, unit));
    }
    auto reply = agency_reply(call, unit, row);
    reply.status = 201;
    reply.location = "/v1/agencies/" + row.agency;
    return reply;
}

struct ChangeAgency {
    std::string code;
    protocol::AgencyChange change;
};

Outcome<ChangeAgency> parse_agency_change(Arrival const& arrival) {
    RASTRO_TRY(change, protocol::read_agency_change(arrival.body));
    return ChangeAgency{.code = path_text(arrival, "agency"), .change = std::move(change)};
}

Outcome<Reply> run_agency_change(Call& call,
                                 ChangeAgency const& command,
                                 storage::UnitOfWork& unit) {
    auto const& change = command.change;
    RASTRO_TRY(agency, find_agency(call, unit, command.code));
    if (change.state || change.national_contact) {
        // An agency's standing is not its own affair: being the own agency gives no right to it.
        auto relations = relations_to(call, agency);
        relations.erase(Relation::own_agency);
        RASTRO_CHECK(call.authorise(facts_of("agency", relations)));
    }
    RASTRO_CHECK(call.check_version(agency.version));
    RASTRO_CHECK(check_backup(unit, change.backup_agency, "/backup_agency"));
    storage::AgencyRepo agencies(unit);
    bool const changed = agencies.change(agency.agency,
                                         agency.version,
                                         {.name = change.name,
                                          .time_zone = change.time_zone,
                                          .endpoint_kind = change.endpoint_kind,
                                          .backup_agency = change.backup_agency,
                                          .auto_acknowledge = change.auto_acknowledge,
                                          .contact_email = change.contact_email,
                                          .contact_phone = change.contact_phone,
                                          .state = change.state,
                                          .national_contact = change.national_contact});
    if (!changed) {
        return ProblemCode::precondition_failed;
    }
    RASTRO_CHECK(add_outbound_rules(unit, agency.agency, change.outbound_rules));
    auto const now = agencies.find(agency.agency);
    return now ? Outcome<Reply>(agency_reply(call, unit, *now))
               : Outcome<Reply>(ProblemCode::not_found);
}

// ---------------------------------------------------------------- routes

protocol::RouteMessage to_message(storage::RouteRow const& row) {
    return {.country = row.country,
            .request_kind = row.request_kind,
            .priority = row.priority,
            .agency = row.agency,
            .backup_agency = row.backup_agency,
            .valid_from = row.valid_from,
            .source = row.source};
}

Outcome<std::string> parse_route_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"country"}));
    return query_text(arrival, "country");
}

Outcome<Reply> run_route_list(Call& call, std::string const& country, storage::UnitOfWork& unit) {
    call.about("route", country.substr(0, 2), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("route", {Relation::directory})));
    std::vector<protocol::RouteMessage> messages;
    for (auto const& row : storage::AgencyRepo(unit).routes(country, today(unit))) {
        messages.push_back(to_message(row));
    }
    Reply reply;
    reply.body = protocol::write_routes(messages);
    return reply;
}

Outcome<protocol::RouteMessage> parse_route_put(Arrival const& arrival) {
    RASTRO_TRY(route, protocol::read_route_change(arrival.body));
    route.country = path_text(arrival, "country");
    return route;
}

Outcome<Reply> run_route_put(Call& call,
                             protocol::RouteMessage const& route,
                             storage::UnitOfWork& unit) {
    call.about("route", route.country.substr(0, 2), std::nullopt, route.agency);
    RASTRO_CHECK(call.authorise(facts_of("route", relations_to(call, route.country, ""))));
    storage::AgencyRepo agencies(unit);
    auto const agency = agencies.find(route.agency);
    if (!agency || agency->country != route.country || agency->state != "active") {
        return violation("/agency", "no_agency_of_the_country");
    }
    RASTRO_CHECK(check_backup(unit, route.backup_agency, "/backup_agency"));
    auto const row = to_row(route, unit);
    agencies.put_route(row);
    Reply reply;
    protocol::append_route(reply.body, to_message(row));
    return reply;
}

}  // namespace

void bind_agencies(Routes& routes) {
    routes.add("agency_list", parse_agency_list, run_agency_list);
    routes.add("agency_read", parse_agency_code, run_agency_read);
    routes.add("agency_create", parse_agency_create, run_agency_create);
    routes.add("agency_change", parse_agency_change, run_agency_change);
}

void bind_routes(Routes& routes) {
    routes.add("route_list", parse_route_list, run_route_list);
    routes.add("route_put", parse_route_put, run_route_put);
}

}  // namespace rastro::server
