#include "tests/support/handler_calls.hpp"

#include <stdexcept>

#include "protocol/case_type_json.hpp"
#include "server/audit_trail.hpp"

namespace rastro::test_support {

namespace {

std::string filled(std::string_view pattern, Parameters const& path) {
    std::string text(pattern);
    for (auto const& [name, value] : path) {
        auto const placeholder = "{" + name + "}";
        if (auto const at = text.find(placeholder); at != std::string::npos) {
            text.replace(at, placeholder.size(), value);
        }
    }
    return text;
}

}  // namespace

cases::Actor person_of(std::string const& agency, cases::Role role) {
    cases::Actor actor;
    actor.kind = cases::ActorKind::person;
    actor.id = Uuid::generate_v7().to_string();
    actor.agency = agency;
    actor.country = agency.substr(0, 2);
    actor.roles = {role};
    actor.authentication_event = "test";
    actor.authenticated_at = SystemClock().now();
    return actor;
}

HandlerCalls::HandlerCalls(storage::ConnectionSettings const& database)
    : settings_(config::built_in_settings()),
      case_types_(protocol::built_in_case_types()),
      hashing_(settings_.password),
      services_{.settings = settings_,
                .clock = clock_,
                .permissions = cases::PermissionTable::built_in(),
                .case_types = case_types_,
                .password_hashing = hashing_,
                .report_signer = nullptr,
                .blind_key = blind_key_,
                .rules = rules_},
      connection_(database) {}

Outcome<server::Reply> HandlerCalls::run(cases::Actor const& actor,
                                         std::string_view operation,
                                         Parameters path,
                                         std::string body,
                                         Parameters query) {
    auto const* endpoint = protocol::find_endpoint(operation);
    if (endpoint == nullptr) {
        throw std::logic_error("no such operation");
    }
    auto const target = filled(endpoint->path, path);
    auto const match = routes_.find(endpoint->method, target);
    if (match.stage == nullptr) {
        throw std::logic_error("nothing is bound to the operation");
    }
    server::HttpRequest request;
    request.method = std::string(endpoint->method);
    request.path = target;
    request.body = std::move(body);
    request.connection = std::make_shared<server::ConnectionInfo const>();
    auto prepared = (*match.stage)(server::Arrival{.endpoint = *endpoint,
                                                   .path = match.path,
                                                   .query = std::move(query),
                                                   .body = request.body,
                                                   .if_match = {}});
    if (!prepared) {
        return prepared.error();
    }
    server::AuditTrail const trail(
        services_, *endpoint, request, RequestId::generate(), std::chrono::steady_clock::now());
    server::Call call(services_, *endpoint, request, clock_.now());
    auto const access = to_text(services_.permissions.access_of(operation));
    return storage::run_unit_of_work(
        connection_, clock_, [&](storage::UnitOfWork& unit) -> Outcome<server::Reply> {
            call.audit = {};
            call.actor = actor;
            unit.act_as(server::acting_as(actor, access));
            auto reply = prepared->run(call, {}, unit);
            if (reply && endpoint->audit_action.empty()) {
                unit.touches_no_records();
            } else if (reply) {
                unit.audit(trail.entry(call, cases::AuditOutcome::ok, "", reply->body.size()));
            }
            return reply;
        });
}

}  // namespace rastro::test_support
