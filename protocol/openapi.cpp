#include "protocol/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <string_view>

#include "protocol/openapi_object.hpp"
#include "protocol/openapi_operation.hpp"
#include "protocol/openapi_schemas.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

constexpr std::string_view kDescription =
    "Firearms trace requests between agencies. Every call is decided by rules "
    "(x-rastro-permission) and recorded in a verifiable log (x-rastro-audit). Refusals are "
    "problems (RFC 9457) that name every fault with a JSON Pointer. Changes need the version they "
    "were made for (If-Match) and a name of their own (Idempotency-Key). Objects are closed: "
    "members that are not listed are refused, and not sent. GET also answers HEAD.";

struct Tag {
    std::string_view name;
    std::string_view description;
};
constexpr Tag kTags[] = {
    {"server", "The server itself"},
    {"account", "Signing in, and the own account"},
    {"agencies", "Agencies, their certificates, and who is asked for a country"},
    {"people", "Users and their roles"},
    {"code lists", "Codes and the catalogue of makes"},
    {"trace requests", "The asking side"},
    {"legs", "The asked side: the question to one authority, and answers"},
    {"imports", "Spreadsheets of firearms"},
    {"events", "What changed, as it changes"},
    {"audit", "The verifiable log of every act"}};

json::object security_schemes() {
    return object_of(
        {{"session",
          object_of({{"type", "http"},
                     {"scheme", "bearer"},
                     {"description", "The token of a session (POST /v1/sessions)"}})},
         {"cookie",
          object_of({{"type", "apiKey"},
                     {"in", "cookie"},
                     {"name", "__Host-rastro"},
                     {"description",
                      "The same token as a browser keeps it; changes also need Rastro-CSRF: 1"}})},
         {"certificate",
          object_of(
              {{"type", "mutualTLS"},
               {"description", "An enrolled client certificate, on the listener for agencies"}})}});
}

json::object paths() {
    json::object all;
    for (auto const& endpoint : endpoints()) {
        std::string method;
        for (char c : endpoint.method) {
            method.push_back(static_cast<char>(c - 'A' + 'a'));
        }
        auto& item = all[endpoint.path];
        if (!item.is_object()) {
            item.emplace_object();
        }
        item.as_object()[method] = openapi_operation(endpoint);
    }
    return all;
}

std::string build() {
    json::array tags;
    for (auto const& tag : kTags) {
        tags.push_back(object_of({{"name", tag.name}, {"description", tag.description}}));
    }
    json::object document;
    document["openapi"] = "3.1.0";
    document["info"] =
        object_of({{"title", "Rastro"}, {"version", "1"}, {"description", kDescription}});
    document["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema";
    document["servers"] = json::array({object_of({{"url", "/"}})});
    document["tags"] = std::move(tags);
    document["paths"] = paths();
    document["components"] = object_of({{"schemas", message_schemas()},
                                        {"responses", openapi_responses()},
                                        {"headers", openapi_headers()},
                                        {"parameters", openapi_parameters()},
                                        {"securitySchemes", security_schemes()}});
    return json::serialize(document);
}

}  // namespace

std::string const& openapi_document() {
    static std::string const document = build();
    return document;
}

}  // namespace rastro::protocol
