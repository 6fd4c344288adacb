#include "tests/database/traces/trace_world.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include "cases/agency_code.hpp"
#include "config/settings.hpp"
#include "protocol/case_type_json.hpp"
#include "protocol/trace_content_json.hpp"
#include "server/audit_trail.hpp"
#include "server/case_types.hpp"
#include "server/dated_rules.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/new_request.hpp"
#include "server/handlers/traces.hpp"
#include "server/jobs/timers.hpp"
#include "server/password_hashing.hpp"
#include "server/services.hpp"
#include "storage/agency_repo.hpp"
#include "storage/bootstrap.hpp"
#include "storage/routing.hpp"
#include "tests/support/test_database.hpp"

namespace rastro::test_support {

namespace json = boost::json;
using storage::UnitOfWork;

namespace {

json::value const* find(json::value const& document, std::string_view pointer) {
    boost::system::error_code fault;
    return document.find_pointer(pointer, fault);
}

std::string code_of(std::string_view country, std::string_view name) {
    return cases::agency_code_of(country, name).value();
}

constexpr storage::Query kMessages{
    "test_trace_messages",
    "select kind from outbox where agency = :agency and case_id = :case_id::uuid "
    "order by message_id"};
constexpr storage::Query kEvents{
    "test_trace_events",
    "select transition, coalesce(from_state, '') as before, to_state from case_event "
    "where case_id = :case_id::uuid order by event_id"};
constexpr storage::Query kClocks{
    "test_trace_clocks",
    "select state from deadline where case_id = :case_id::uuid and clock = :clock "
    "order by cycle, stage, deadline_id"};

storage::Agency agency(std::string const& code, std::string_view kind, bool contact) {
    storage::Agency row;
    row.agency = code;
    row.country = code.substr(0, 2);
    row.name = code;
    row.kind = std::string(kind);
    row.national_contact = contact;
    return row;
}

}  // namespace

std::string Seen::text(std::string_view pointer) const {
    auto const* found = find(document, pointer);
    if (found == nullptr) {
        return "";
    }
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}
std::size_t Seen::count(std::string_view pointer) const {
    auto const* found = find(document, pointer);
    return found == nullptr || !found->is_array() ? 0 : found->get_array().size();
}
bool Seen::has(std::string_view pointer) const {
    return find(document, pointer) != nullptr;
}
int Seen::version() const {
    return static_cast<int>(document.at("version").as_int64());
}

struct TraceWorld::Parts {
    TestDatabase database;
    SystemClock clock;
    config::Settings settings = config::built_in_settings();
    server::CaseTypes case_types{protocol::built_in_case_types()};
    server::PasswordHashing hashing{settings.password};
    Bytes blind_key = Bytes(32, 7);
    server::DatedRules rules;
    server::Services services{settings,
                              clock,
                              cases::PermissionTable::built_in(),
                              case_types,
                              hashing,
                              nullptr,
                              blind_key,
                              rules};
    server::Routes routes;
    storage::Connection owner{database.owner()};
    storage::Connection app{database.app()};
};

TraceWorld::TraceWorld(bool automatic)
    : police(code_of("XA", "POLICE")),
      contact(code_of("XA", "CENTRE")),
      baltora(code_of("XB", "TRACES")),
      corvania(code_of("XC", "TRACES")),
      stranger_in(code_of("XB", "POLICE")),
      parts_(std::make_unique<Parts>()) {
    using enum cases::Role;
    author = person(police, "author", {agency_user});
    colleague = person(police, "colleague", {agency_user});
    supervisor = person(police, "supervisor", {agency_supervisor});
    approver = person(contact, "approver", {national_contact});
    approver.agency_is_national_contact = true;
    baltora_analyst = person(baltora, "analyst", {tracing_analyst});
    baltora_supervisor = person(baltora, "head", {agency_supervisor});
    corvania_analyst = person(corvania, "analyst", {tracing_analyst, agency_supervisor});
    stranger = person(stranger_in, "stranger", {agency_user, agency_supervisor, tracing_analyst});

    auto& p = *parts_;
    REQUIRE(storage::load_reference_data(p.owner, p.clock).has_value());
    in_unit(p.app, p.clock, storage::ActingAs::system(), [&](UnitOfWork& unit) {
        storage::AgencyRepo agencies(unit);
        agencies.insert(agency(police, "police", false));
        agencies.insert(agency(contact, "national_contact", true));
        agencies.insert(agency(baltora, "tracing_centre", true));
        agencies.insert(agency(corvania, "tracing_centre", true));
        agencies.insert(agency(stranger_in, "police", false));
        Date const day{std::chrono::year{2020} / 1 / 1};
        for (auto const& receiver : {contact, baltora, corvania}) {
            storage::RouteRow route;
            route.country = receiver.substr(0, 2);
            route.agency = receiver;
            route.valid_from = day;
            route.source = "exercise";
            agencies.put_route(route);
        }
        if (automatic) {
            agencies.add_outbound_rule(police,
                                       {.priority = "routine",
                                        .auto_approve = true,
                                        .valid_from = day,
                                        .source = "exercise"});
        }
    });
    server::bind_trace_read(p.routes);
    server::bind_trace_lists(p.routes);
    server::bind_trace_sending(p.routes);
    server::bind_trace_adding(p.routes);
    server::bind_trace_ending(p.routes);
    server::bind_legs(p.routes);
    server::bind_serials(p.routes);
}

TraceWorld::~TraceWorld() = default;

cases::Actor TraceWorld::person(std::string const& agency,
                                std::string_view name,
                                std::set<cases::Role> roles) {
    static_cast<void>(name);
    cases::Actor actor;
    actor.id = UserId::generate().to_string();
    actor.agency = agency;
    actor.country = agency.substr(0, 2);
    actor.roles = std::move(roles);
    return actor;
}

Outcome<Seen> TraceWorld::call(cases::Actor const& actor, Asked const& asked) {
    auto& p = *parts_;
    auto const* endpoint = protocol::find_endpoint(asked.operation);
    REQUIRE(endpoint != nullptr);
    auto path = std::string(endpoint->path);
    if (auto const open = path.find('{'); open != std::string::npos) {
        path.replace(open, path.find('}') - open + 1, asked.id);
    }
    auto const match = p.routes.find(endpoint->method, path);
    REQUIRE(match.stage != nullptr);
    server::Arrival const arrival{.endpoint = *endpoint,
                                  .path = match.path,
                                  .query = asked.query,
                                  .body = asked.body,
                                  .if_match = asked.version};
    auto prepared = (*match.stage)(arrival);
    if (!prepared) {
        return prepared.error();
    }
    server::HttpRequest request;
    server::Call call(p.services, *endpoint, request, p.clock.now());
    call.actor = actor;
    call.actor.authenticated_at = p.clock.now();
    call.set_if_match(asked.version);
    p.app.begin();
    try {
        UnitOfWork unit(p.app, p.clock);
        unit.touches_no_records();
        unit.act_as(server::acting_as(call.actor,
                                      to_text(p.services.permissions.access_of(asked.operation))));
        auto reply = prepared.value().run(call, {}, unit);
        if (!reply) {
            p.app.rollback();
            return reply.error();
        }
        unit.finish();
        Seen seen{.document = json::parse(reply.value().body),
                  .reply = std::move(reply).value(),
                  .audit = call.audit};
        return seen;
    } catch (...) {
        p.app.rollback();
        throw;
    }
}

Seen TraceWorld::did(cases::Actor const& actor, Asked const& asked) {
    auto seen = call(actor, asked);
    if (!seen) {
        auto const& problem = seen.error();
        FAIL(asked.operation,
             ": ",
             problem.info().slug,
             " ",
             problem.detail(),
             " ",
             problem.violations().empty()
                 ? ""
                 : problem.violations().front().pointer + " " + problem.violations().front().code);
    }
    return std::move(seen).value();
}

std::string TraceWorld::refused(cases::Actor const& actor, Asked const& asked) {
    auto const seen = call(actor, asked);
    if (seen) {
        return "done: " + seen.value().reply.body;
    }
    auto const problem = seen.error();
    std::string text(problem.info().slug);
    for (auto const& violation : problem.violations()) {
        text += " " + violation.pointer + " " + violation.code;
    }
    return text;
}

std::string TraceWorld::create(cases::Actor const& actor, std::string_view body) {
    auto& p = *parts_;
    auto const command = protocol::read_trace_request_create(body);
    REQUIRE(command.has_value());
    std::string case_id;
    in_unit(p.app, p.clock, server::acting_as(actor, "content"), [&](UnitOfWork& unit) {
        auto const& content = command.value().content;
        auto const routing =
            storage::load_routing(unit, server::routing_question({&content}, unit.now()));
        auto const decision_id = Uuid::generate_v7().to_string();
        server::AskingSide const side{.type = *p.case_types.newest("trace_request"),
                                      .actor = actor,
                                      .decision_id = decision_id,
                                      .routing = routing,
                                      .now = unit.now()};
        auto made = server::make_new_request(side, content, command.value().submit, {});
        REQUIRE(made.has_value());
        case_id = made.value().row.file.case_id.to_string();
        auto query = storage::file_requests_query({&made.value().row, 1});
        unit.sql().run(query.query, std::move(query.params));
        for (auto& message : made.value().messages) {
            unit.publish(std::move(message));
        }
    });
    return case_id;
}

Seen TraceWorld::read(cases::Actor const& actor, std::string const& case_id) {
    return did(actor, {.operation = "trace_read", .id = case_id});
}

Seen TraceWorld::act(cases::Actor const& actor,
                     std::string_view operation,
                     std::string const& case_id,
                     std::string body) {
    auto const version = read(actor, case_id).version();
    return did(actor,
               {.operation = std::string(operation),
                .id = case_id,
                .body = std::move(body),
                .version = version});
}

std::string TraceWorld::leg_of(cases::Actor const& actor, std::string const& case_id) {
    auto const seen = read(actor, case_id);
    std::string found;
    for (auto const& leg : seen.document.at("legs").as_array()) {
        if (leg.at("asked_agency").as_string() == actor.agency) {
            found = std::string(leg.at("leg_id").as_string());
        }
    }
    REQUIRE_FALSE(found.empty());
    return found;
}

Seen TraceWorld::act_on_leg(cases::Actor const& actor,
                            std::string_view operation,
                            std::string const& case_id,
                            std::string body) {
    auto const id = leg_of(actor, case_id);
    auto const version = did(actor, {.operation = "leg_read", .id = id}).version();
    return did(actor,
               {.operation = std::string(operation),
                .id = id,
                .body = std::move(body),
                .version = version});
}

void TraceWorld::deliver() {
    auto const round = server::run_timers(parts_->app, parts_->services, 100);
    CHECK(round.failed == 0);
}

void TraceWorld::take_up(cases::Actor const& analyst,
                         cases::Actor const& head,
                         std::string const& case_id) {
    deliver();
    act_on_leg(analyst, "leg_acknowledge", case_id);
    act_on_leg(head, "leg_assign", case_id, R"({"handler":")" + head.agency + R"(/desk"})");
}

std::vector<std::string> TraceWorld::messages(std::string const& agency,
                                              std::string const& case_id) {
    std::vector<std::string> kinds;
    in_unit(parts_->app, parts_->clock, storage::ActingAs::system(), [&](UnitOfWork& unit) {
        auto const rows = unit.sql().run(kMessages, {{"agency", agency}, {"case_id", case_id}});
        for (auto const row : rows) {
            kinds.push_back(row.text("kind"));
        }
    });
    return kinds;
}

std::vector<std::string> TraceWorld::events(std::string const& case_id) {
    std::vector<std::string> found;
    in_unit(parts_->app, parts_->clock, storage::ActingAs::system(), [&](UnitOfWork& unit) {
        auto const rows = unit.sql().run(kEvents, {{"case_id", case_id}});
        for (auto const row : rows) {
            found.push_back(row.text("transition") + " " + row.text("before") + ">" +
                            row.text("to_state"));
        }
    });
    return found;
}

std::vector<std::string> TraceWorld::clocks(std::string const& case_id, std::string_view clock) {
    std::vector<std::string> found;
    in_unit(parts_->app, parts_->clock, storage::ActingAs::system(), [&](UnitOfWork& unit) {
        auto const rows = unit.sql().run(kClocks, {{"case_id", case_id}, {"clock", clock}});
        for (auto const row : rows) {
            found.push_back(row.text("state"));
        }
    });
    return found;
}

std::string request_body(std::string_view more) {
    auto body = json::parse(R"({
        "firearm": {"serial_raw": "AB123456", "serial_condition": "clear", "make_text": "North Arms",
                    "type_code": "pistol", "calibre_text": "9x19", "model_text": "N17",
                    "origin_country": "XB"},
        "recovery": {"recovered_on": "2026-05-14", "country": "XA", "area": "North", "place": "Quay 4"},
        "purpose": "investigation", "legal_basis": "Code art. 12", "offence_code": "homicide",
        "illicit_ground": "unauthorised_transfer", "intended_use": "investigation file",
        "agency_case_no": "2026/117", "handling_code": "H1",
        "recipients": [{"country": "XB"}]})")
                    .as_object();
    auto const over = json::parse(more);
    for (auto const& member : over.as_object()) {
        body[member.key()] = member.value();
    }
    return json::serialize(body);
}

}  // namespace rastro::test_support
