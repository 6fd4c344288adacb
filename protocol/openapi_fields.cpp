// Header fields of requests and replies that many operations share.
#include <boost/json/parse.hpp>
#include <string_view>

#include "protocol/openapi_object.hpp"
#include "protocol/openapi_operation.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

json::value parsed(std::string_view text) {
    return json::parse({text.data(), text.size()});
}

json::object header_field(std::string_view description, std::string_view schema, bool required) {
    return object_of(
        {{"description", description}, {"required", required}, {"schema", parsed(schema)}});
}

json::object header_parameter(std::string_view name,
                              std::string_view description,
                              std::string_view schema,
                              bool required) {
    return object_of({{"name", name},
                      {"in", "header"},
                      {"description", description},
                      {"required", required},
                      {"schema", parsed(schema)}});
}

}  // namespace

json::object openapi_headers() {
    constexpr std::string_view kUuid = R"({"$ref":"#/components/schemas/Uuid"})";
    constexpr std::string_view kText = R"({"type":"string"})";
    return object_of(
        {{"X-Request-Id", header_field("Id of this request, also in the logs", kUuid, true)},
         {"Cache-Control", header_field("no-store, unless the reply is public", kText, true)},
         {"Rastro-Audit-Event", header_field("Id of the audit record of this call", kUuid, true)},
         {"Rastro-Audit-Event-Refused",
          header_field("Id of the audit record of this call, as far as one was made; sent as "
                       "Rastro-Audit-Event",
                       kUuid,
                       false)},
         {"ETag",
          header_field(
              "Version, for If-Match", R"({"type":"string","pattern":"^\"[1-9][0-9]*\"$"})", true)},
         {"Location",
          header_field("Path of what was made", R"({"type":"string","pattern":"^/v1/"})", true)},
         {"Link",
          header_field("RFC 8288: the next page, if there is one",
                       R"({"type":"string","pattern":"^<.*>; rel=\"next\"$"})",
                       false)},
         {"Content-Language",
          header_field(
              "Of title and messages", R"({"$ref":"#/components/schemas/Language"})", true)},
         {"Set-Cookie", header_field("The session for browsers, or its end", kText, false)},
         {"WWW-Authenticate", header_field("How to sign in", kText, true)},
         {"Retry-After",
          header_field(
              "Seconds after which to try again", R"({"type":"integer","minimum":1})", false)}});
}

json::object openapi_parameters() {
    constexpr std::string_view kText = R"({"type":"string"})";
    return object_of(
        {{"Idempotency-Key",
          header_parameter(
              "Idempotency-Key",
              "Names this change: a repeat with the same key gets the first answer and "
              "changes nothing more",
              R"({"type":"string","minLength":1,"maxLength":257})",
              true)},
         {"If-Match",
          header_parameter("If-Match",
                           "The version that the change was made for: the ETag as it came",
                           R"({"type":"string","pattern":"^\"[1-9][0-9]*\"$"})",
                           true)},
         {"Rastro-Purpose",
          header_parameter("Rastro-Purpose",
                           "What the data are wanted for; investigation if absent",
                           R"({"$ref":"#/components/schemas/Purpose"})",
                           false)},
         {"Rastro-Acting-For",
          header_parameter(
              "Rastro-Acting-For",
              "Needed of an agency's system with its certificate: code of the person in "
              "that system for whom it acts",
              R"({"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$"})",
              false)},
         {"Rastro-CSRF",
          header_parameter(
              "Rastro-CSRF", "Needed beside the session cookie: 1", R"({"const":"1"})", false)},
         {"Accept-Language",
          header_parameter(
              "Accept-Language", "en, es, pt or fr for what people read", kText, false)},
         {"traceparent", header_parameter("traceparent", "W3C Trace Context", kText, false)}});
}

}  // namespace rastro::protocol
