#include "protocol/openapi_operation.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <string>
#include <string_view>

#include "cases/actor.hpp"
#include "cases/permission_table.hpp"
#include "protocol/openapi_object.hpp"
#include "protocol/openapi_problems.hpp"
#include "protocol/problem_json.hpp"
#include "protocol/query_parameters.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

json::object reference(std::string_view kind, std::string_view name) {
    return object_of({{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}});
}

json::object schema_reference(std::string_view name) {
    return reference("schemas", name);
}

json::value parsed(std::string_view text) {
    return json::parse({text.data(), text.size()});
}

struct Words {
    std::string_view key;
    std::string_view word;
};

// First segment of the address (behind /v1) -> tag.
constexpr std::array kTags{Words{"sessions", "account"},
                           Words{"me", "account"},
                           Words{"use-banner", "account"},
                           Words{"agencies", "agencies"},
                           Words{"routes", "agencies"},
                           Words{"users", "people"},
                           Words{"role-grants", "people"},
                           Words{"code-lists", "code lists"},
                           Words{"catalogue", "code lists"},
                           Words{"trace-requests", "trace requests"},
                           Words{"inbox", "legs"},
                           Words{"legs", "legs"},
                           Words{"answers", "legs"},
                           Words{"imports", "imports"},
                           Words{"serial-search", "serial numbers"},
                           Words{"matches", "serial numbers"},
                           Words{"records", "register"},
                           Words{"events", "events"},
                           Words{"stream", "events"},
                           Words{"audit", "audit"}};

// Path parameters that are no UUID, and their schemas.
constexpr std::array kPathSchemas{
    Words{"agency", R"({"$ref":"#/components/schemas/AgencyCode"})"},
    Words{"country", R"({"$ref":"#/components/schemas/Country"})"},
    Words{"list", R"({"$ref":"#/components/schemas/Code"})"},
    Words{"slug", R"({"$ref":"#/components/schemas/ProblemCode"})"},
    Words{"session_id", R"({"anyOf":[{"$ref":"#/components/schemas/Uuid"},{"const":"current"}]})"},
    Words{
        "tile_path",
        R"({"type":"string","description":"Level and index as tlog-tiles writes them; has slashes in it"})"}};

// Messages that are not JSON.
constexpr std::array kMediaTypes{Words{"Metrics", "text/plain"},
                                 Words{"TlogProof", "text/plain"},
                                 Words{"Checkpoint", "text/plain"},
                                 Words{"AuditExport", "application/x-ndjson"},
                                 Words{"Tile", "application/octet-stream"},
                                 Words{"PdfDocument", "application/pdf"},
                                 Words{"Workbook",
                                       "application/vnd.openxmlformats-officedocument."
                                       "spreadsheetml.sheet"}};

// Replies that say of which version they are.
constexpr std::array<std::string_view, 8> kVersioned{
    "Agency", "User", "UserCreated", "TraceRequest", "TraceStatus", "Leg", "Record", "Case"};
// Operations whose reply says where what they made can be read.
constexpr std::array<std::string_view, 12> kLocating{"session_create",
                                                     "agency_create",
                                                     "certificate_enrol",
                                                     "user_create",
                                                     "trace_create",
                                                     "trace_add_leg",
                                                     "trace_describe",
                                                     "import_start",
                                                     "register_add",
                                                     "case_create",
                                                     "case_spawn",
                                                     "randot_snapshot"};
constexpr std::array<std::string_view, 3> kSettingCookie{
    "session_create", "session_step_up", "session_end"};

template <std::size_t Count>
std::string_view word_of(std::array<Words, Count> const& words,
                         std::string_view key,
                         std::string_view otherwise) {
    auto const found = std::ranges::find(words, key, &Words::key);
    return found == words.end() ? otherwise : found->word;
}

template <std::size_t Count>
bool is_one_of(std::array<std::string_view, Count> const& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_paged(std::string_view operation) {
    auto const parameters = query_parameter_table(operation);
    return std::ranges::any_of(parameters, [](auto const& p) { return p.name == "limit"; });
}

std::string_view tag_of(Endpoint const& endpoint) {
    auto rest = endpoint.path.substr(1);
    if (rest.starts_with("v1/")) {
        rest.remove_prefix(3);
    }
    return word_of(kTags, rest.substr(0, rest.find('/')), "server");
}

// ---------------------------------------------------------------- what comes in

json::array parameters_of(Endpoint const& endpoint) {
    json::array parameters;
    auto rest = endpoint.path;
    for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
        rest.remove_prefix(open + 1);
        auto const name = rest.substr(0, rest.find('}'));
        parameters.push_back(json::object{
            {"name", name},
            {"in", "path"},
            {"required", true},
            {"schema",
             parsed(word_of(kPathSchemas, name, R"({"$ref":"#/components/schemas/Uuid"})"))}});
    }
    for (auto const& parameter : query_parameter_table(endpoint.operation)) {
        parameters.push_back(object_of({{"name", parameter.name},
                                        {"in", "query"},
                                        {"description", parameter.description},
                                        {"schema", parsed(parameter.schema)}}));
    }
    auto const header = [&](std::string_view name) {
        parameters.push_back(reference("parameters", name));
    };
    if (endpoint.idempotency == Idempotency::key) {
        header("Idempotency-Key");
    }
    if (endpoint.precondition == Precondition::if_match) {
        header("If-Match");
    }
    if (endpoint.credential != Credential::none) {
        header("Rastro-Purpose");
    }
    if (endpoint.credential == Credential::any) {
        header("Rastro-Acting-For");
    }
    if (endpoint.method != "GET" &&
        (endpoint.credential == Credential::any || endpoint.credential == Credential::session)) {
        header("Rastro-CSRF");
    }
    header("Accept-Language");
    header("traceparent");
    return parameters;
}

json::array security_of(Endpoint const& endpoint) {
    json::array schemes;
    auto const add = [&](std::string_view name) {
        schemes.push_back(object_of({{name, json::array()}}));
    };
    if (endpoint.credential == Credential::any || endpoint.credential == Credential::session) {
        add("session");
        add("cookie");
    }
    if (endpoint.credential == Credential::any || endpoint.credential == Credential::gateway) {
        add("certificate");
    }
    return schemes;
}

json::object request_body_of(Endpoint const& endpoint) {
    json::object const media = object_of({{"schema", schema_reference(endpoint.request_body)}});
    json::object content = object_of({{"application/json", media}});
    if (endpoint.method == "PATCH") {
        content["application/merge-patch+json"] = media;
    }
    return object_of({{"required", true}, {"content", std::move(content)}});
}

// ---------------------------------------------------------------- what goes out

json::object success_headers(Endpoint const& endpoint) {
    json::object headers = object_of({{"X-Request-Id", reference("headers", "X-Request-Id")},
                                      {"Cache-Control", reference("headers", "Cache-Control")}});
    auto const add_if = [&](bool applies, std::string_view name) {
        if (applies) {
            headers[name] = reference("headers", name);
        }
    };
    add_if(!endpoint.audit_action.empty(), "Rastro-Audit-Event");
    add_if(is_one_of(kVersioned, endpoint.response_body), "ETag");
    add_if(is_one_of(kLocating, endpoint.operation), "Location");
    add_if(is_paged(endpoint.operation), "Link");
    add_if(is_one_of(kSettingCookie, endpoint.operation), "Set-Cookie");
    return headers;
}

json::object content_of(std::string_view message) {
    auto const type = word_of(kMediaTypes, message, "application/json");
    return object_of({{type, object_of({{"schema", schema_reference(message)}})}});
}

json::object success_of(Endpoint const& endpoint) {
    json::object response = object_of({{"description", endpoint.summary}});
    // An upgraded connection has left HTTP behind.
    if (endpoint.success_status != 101) {
        response["headers"] = success_headers(endpoint);
    }
    if (!endpoint.response_body.empty()) {
        response["content"] = content_of(endpoint.response_body);
    }
    return response;
}

// Problems differ by their code (x-rastro-problems), not in form, so that a few responses serve
// all.
std::string_view problem_response(unsigned status) {
    switch (status) {
        case 401:
            return "NotSignedIn";
        case 409:
        case 429:
        case 503:
            return "TryLater";
        default:
            return "Refused";
    }
}

json::object problem_of(std::string_view description,
                        std::initializer_list<std::string_view> more) {
    json::object headers;
    for (std::string_view name : {"X-Request-Id", "Cache-Control", "Content-Language"}) {
        headers[name] = reference("headers", name);
    }
    headers["Rastro-Audit-Event"] = reference("headers", "Rastro-Audit-Event-Refused");
    for (auto name : more) {
        headers[name] = reference("headers", name);
    }
    return object_of(
        {{"description", description},
         {"headers", std::move(headers)},
         {"content",
          object_of({{kProblemMediaType, object_of({{"schema", schema_reference("Problem")}})}})}});
}

json::object responses_of(Endpoint const& endpoint) {
    json::object responses;
    responses[std::to_string(endpoint.success_status)] = success_of(endpoint);
    for (auto const& entry : problems_of(endpoint)) {
        responses[std::to_string(entry.first)] =
            reference("responses", problem_response(entry.first));
    }
    if (endpoint.operation == "readyz") {
        auto not_ready = problem_of("Not ready, or too busy to say", {"Retry-After"});
        not_ready.at("headers").as_object().erase("Content-Language");
        not_ready.at("content").as_object()["application/json"] =
            object_of({{"schema", schema_reference("Readiness")}});
        responses["503"] = std::move(not_ready);
    }
    return responses;
}

// ---------------------------------------------------------------- extensions

json::array texts(auto const& values) {
    json::array listed;
    for (auto const& value : values) {
        listed.emplace_back(json::string(value));
    }
    return listed;
}

template <class Values>
json::array names_of(Values const& values, bool any) {
    json::array listed;
    if (any) {
        listed.emplace_back("*");
    }
    for (auto const& value : values) {
        listed.emplace_back(json::string(to_text(value)));
    }
    return listed;
}

json::object permission_of(Endpoint const& endpoint) {
    if (endpoint.credential == Credential::none) {
        return object_of({{"access", "public"}, {"rules", json::array()}});
    }
    auto const& table = cases::PermissionTable::built_in();
    json::array rules;
    for (auto const* rule : table.for_operation(endpoint.operation)) {
        rules.push_back(object_of({{"rule", rule->id},
                                   {"effect", rule->permit ? "permit" : "forbid"},
                                   {"roles", names_of(rule->roles, rule->any_role)},
                                   {"relations", names_of(rule->relations, rule->any_relation)},
                                   {"conditions", texts(rule->conditions)},
                                   {"groups", texts(rule->groups)}}));
    }
    return object_of(
        {{"access", to_text(table.access_of(endpoint.operation))}, {"rules", std::move(rules)}});
}

std::string_view idempotency_of(Endpoint const& endpoint) {
    switch (endpoint.idempotency) {
        case Idempotency::safe:
            return "safe";
        case Idempotency::key:
            return "key";
        case Idempotency::natural:
            break;
    }
    return "natural";
}

json::object problem_codes_of(Endpoint const& endpoint) {
    json::object by_status;
    for (auto const& [status, problems] : problems_of(endpoint)) {
        json::array slugs;
        for (auto problem : problems) {
            slugs.emplace_back(json::string(problem_info(problem).slug));
        }
        by_status[std::to_string(status)] = std::move(slugs);
    }
    return by_status;
}

}  // namespace

json::object openapi_operation(Endpoint const& endpoint) {
    json::object operation = object_of({{"operationId", endpoint.operation},
                                        {"summary", endpoint.summary},
                                        {"tags", json::array({json::string(tag_of(endpoint))})},
                                        {"security", security_of(endpoint)},
                                        {"parameters", parameters_of(endpoint)}});
    if (!endpoint.request_body.empty()) {
        operation["requestBody"] = request_body_of(endpoint);
    }
    operation["responses"] = responses_of(endpoint);
    operation["x-rastro-permission"] = permission_of(endpoint);
    operation["x-rastro-audit"] =
        endpoint.audit_action.empty() ? std::string_view("none") : endpoint.audit_action;
    operation["x-rastro-idempotency"] = idempotency_of(endpoint);
    operation["x-rastro-problems"] = problem_codes_of(endpoint);
    if (endpoint.success_status == 101) {
        operation["x-rastro-messages"] = object_of({{"schema", schema_reference("Event")}});
    }
    return operation;
}

json::object openapi_responses() {
    return object_of(
        {{"Refused", problem_of("The problem says why", {})},
         {"NotSignedIn", problem_of("Sign in first, or anew", {"WWW-Authenticate"})},
         {"TryLater",
          problem_of("The problem says why, and whether it may pass by itself", {"Retry-After"})}});
}

}  // namespace rastro::protocol
