#include "protocol/openapi_schemas.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "protocol/openapi_codes.hpp"
#include "protocol/openapi_object.hpp"

namespace rastro::embedded {
std::string_view schemas_agencies();
std::string_view schemas_catalogue();
std::string_view schemas_common();
std::string_view schemas_firearm();
std::string_view schemas_imports();
std::string_view schemas_legs();
std::string_view schemas_linked_cases();
std::string_view schemas_log();
std::string_view schemas_people();
std::string_view schemas_records();
std::string_view schemas_serials();
std::string_view schemas_trace_content();
std::string_view schemas_traces();
}  // namespace rastro::embedded

namespace rastro::protocol {

namespace {

namespace json = boost::json;

constexpr std::string_view kSchemaPlace = "#/components/schemas/";

struct Files {
    json::object members;
    json::object schemas;
};

std::string text_of(json::string_view text) {
    return {text.data(), text.size()};
}

void add_all(json::object& to, json::value const* from) {
    if (from == nullptr) {
        return;
    }
    for (auto const& entry : from->as_object()) {
        if (!to.emplace(entry.key(), entry.value()).second) {
            throw std::logic_error("schemas: two entries are called " + text_of(entry.key()));
        }
    }
}

Files read_files() {
    Files files;
    for (auto text : {embedded::schemas_common(),
                      embedded::schemas_people(),
                      embedded::schemas_agencies(),
                      embedded::schemas_catalogue(),
                      embedded::schemas_firearm(),
                      embedded::schemas_trace_content(),
                      embedded::schemas_traces(),
                      embedded::schemas_legs(),
                      embedded::schemas_imports(),
                      embedded::schemas_linked_cases(),
                      embedded::schemas_serials(),
                      embedded::schemas_records(),
                      embedded::schemas_log()}) {
        auto const document = json::parse({text.data(), text.size()});
        add_all(files.members, document.as_object().if_contains("members"));
        add_all(files.schemas, document.as_object().if_contains("schemas"));
    }
    auto const codes = json::value(code_schemas());
    add_all(files.schemas, &codes);
    return files;
}

// Shared members come before the schema's own.
void take_in(json::object& schema, json::object const& shared) {
    json::object properties;
    json::array required;
    for (auto const* part : {&shared, static_cast<json::object const*>(&schema)}) {
        if (auto const* more = part->if_contains("properties")) {
            add_all(properties, more);
        }
        if (auto const* more = part->if_contains("required")) {
            required.insert(required.end(), more->as_array().begin(), more->as_array().end());
        }
    }
    if (!properties.empty()) {
        schema["properties"] = std::move(properties);
    }
    if (!required.empty()) {
        schema["required"] = std::move(required);
    }
}

void resolve_members(json::object& schema, json::object const& members) {
    auto const* named = schema.if_contains("x-members");
    if (named == nullptr) {
        return;
    }
    auto const names = named->as_array();
    schema.erase("x-members");
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        auto const* shared = members.if_contains(name->as_string());
        if (shared == nullptr) {
            throw std::logic_error("schemas: no members are called " + text_of(name->as_string()));
        }
        take_in(schema, shared->as_object());
    }
}

json::value patch_of(json::value const& property, json::object& schemas);

// The patch of an object: each property may also be null, none is required.
void make_patch(json::object& schema, json::object& schemas) {
    schema.erase("required");
    auto const whole = schema.at("properties").as_object();
    auto& properties = schema.at("properties").as_object();
    for (auto const& property : whole) {
        properties[property.key()] = patch_of(property.value(), schemas);
    }
}

json::value patch_of(json::value const& property, json::object& schemas) {
    auto inner = property;
    if (auto const* reference = property.as_object().if_contains("$ref")) {
        auto const name = text_of(reference->as_string()).substr(kSchemaPlace.size());
        auto const* target = schemas.if_contains(name);
        if (target != nullptr && target->as_object().contains("properties")) {
            auto const patched = name + "Patch";
            if (!schemas.contains(patched)) {
                auto copy = target->as_object();
                make_patch(copy, schemas);
                schemas.emplace(patched, std::move(copy));
            }
            inner.as_object()["$ref"] = std::string(kSchemaPlace) + patched;
        }
    }
    return object_of({{"anyOf", json::array({inner, object_of({{"type", "null"}})})}});
}

json::object build() {
    auto files = read_files();
    for (auto& entry : files.schemas) {
        resolve_members(entry.value().as_object(), files.members);
    }
    auto const complete = files.schemas;
    for (auto const& entry : complete) {
        if (!entry.value().as_object().contains("x-merge-patch")) {
            continue;
        }
        auto schema = entry.value().as_object();
        schema.erase("x-merge-patch");
        make_patch(schema, files.schemas);
        files.schemas[entry.key()] = std::move(schema);
    }
    return std::move(files.schemas);
}

}  // namespace

json::object const& message_schemas() {
    static json::object const schemas = build();
    return schemas;
}

}  // namespace rastro::protocol
