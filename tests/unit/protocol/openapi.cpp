#include "protocol/openapi.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>

#include "cases/permission_table.hpp"
#include "protocol/endpoints.hpp"
#include "protocol/openapi_problems.hpp"
#include "protocol/openapi_schemas.hpp"
#include "protocol/query_parameters.hpp"
#include "protocol/text_rules.hpp"
#include "tests/support/schema_check.hpp"

using namespace rastro;
using namespace rastro::protocol;
namespace json = boost::json;

namespace {

json::object const& document() {
    static json::value const parsed = json::parse(openapi_document());
    return parsed.as_object();
}

std::string text_of(json::value const& value) {
    return {value.as_string().data(), value.as_string().size()};
}

std::string key_of(json::object::const_iterator member) {
    return {member->key().data(), member->key().size()};
}

// operationId -> (method and path, operation)
std::map<std::string, std::pair<std::string, json::object const*>> operations() {
    std::map<std::string, std::pair<std::string, json::object const*>> all;
    auto const& paths = document().at("paths").as_object();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        auto const& item = path->value().as_object();
        for (auto method = item.begin(); method != item.end(); ++method) {
            auto const& operation = method->value().as_object();
            auto const added =
                all.emplace(text_of(operation.at("operationId")),
                            std::pair{key_of(method) + " " + key_of(path), &operation});
            CHECK(added.second);
        }
    }
    return all;
}

void collect_references(json::value const& value, std::set<std::string>& found) {
    if (auto const* object = value.if_object()) {
        for (auto const& member : *object) {
            if (member.key() == "$ref") {
                found.insert(text_of(member.value()));
            } else {
                collect_references(member.value(), found);
            }
        }
    } else if (auto const* array = value.if_array()) {
        for (auto const& item : *array) {
            collect_references(item, found);
        }
    }
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return out;
}

std::set<std::string> parameter_names(json::object const& operation, std::string_view in) {
    std::set<std::string> names;
    for (auto const& entry : operation.at("parameters").as_array()) {
        auto const* parameter = &entry.as_object();
        if (auto const* reference = parameter->if_contains("$ref")) {
            auto const name = text_of(*reference).substr(sizeof("#/components/parameters/") - 1);
            parameter =
                &document().at("components").at("parameters").as_object().at(name).as_object();
        }
        if (text_of(parameter->at("in")) == in) {
            names.insert(text_of(parameter->at("name")));
        }
    }
    return names;
}

}  // namespace

TEST_CASE("every endpoint is in the document exactly once, and nothing else") {
    auto const described = operations();
    CHECK(described.size() == endpoints().size());
    for (auto const& endpoint : endpoints()) {
        CAPTURE(endpoint.operation);
        auto const found = described.find(std::string(endpoint.operation));
        REQUIRE(found != described.end());
        CHECK(found->second.first == lower(endpoint.method) + " " + std::string(endpoint.path));
        auto const& operation = *found->second.second;
        CHECK(text_of(operation.at("summary")) == endpoint.summary);
        CHECK(operation.contains("requestBody") == !endpoint.request_body.empty());
        auto const& responses = operation.at("responses").as_object();
        auto const* success = responses.if_contains(std::to_string(endpoint.success_status));
        REQUIRE(success != nullptr);
        CHECK(success->as_object().contains("content") == !endpoint.response_body.empty());
        std::size_t successes = 0;
        for (auto response = responses.begin(); response != responses.end(); ++response) {
            successes += key_of(response) < "400" ? 1U : 0U;
        }
        CHECK(successes == 1);
    }
}

TEST_CASE("parameters are those that the pipeline asks for") {
    for (auto const& [name, entry] : operations()) {
        CAPTURE(name);
        auto const& endpoint = *find_endpoint(name);
        auto const& operation = *entry.second;
        auto const headers = parameter_names(operation, "header");
        CHECK(headers.contains("Idempotency-Key") == (endpoint.idempotency == Idempotency::key));
        CHECK(headers.contains("If-Match") == (endpoint.precondition == Precondition::if_match));
        CHECK(headers.contains("Rastro-Purpose") == (endpoint.credential != Credential::none));
        auto const known = query_parameters(endpoint.operation);
        CHECK(parameter_names(operation, "query") ==
              std::set<std::string>(known.begin(), known.end()));
        for (auto const& in_path : parameter_names(operation, "path")) {
            CHECK(endpoint.path.find("{" + in_path + "}") != std::string_view::npos);
        }
        CHECK(parameter_names(operation, "path").size() ==
              static_cast<std::size_t>(std::ranges::count(endpoint.path, '{')));
    }
    for (auto const& endpoint : endpoints()) {
        bool const paged = std::ranges::count(query_parameters(endpoint.operation), "limit") == 1;
        CHECK(paged == (std::ranges::count(query_parameters(endpoint.operation), "after") == 1 &&
                        endpoint.operation != "events" && endpoint.operation != "stream"));
    }
    CHECK(query_parameters("trace_read").empty());
}

TEST_CASE("security is what the endpoint table asks for") {
    std::map<Credential, std::string> const expected{
        {Credential::none, "[]"},
        {Credential::session, R"([{"session":[]},{"cookie":[]}])"},
        {Credential::gateway, R"([{"certificate":[]}])"},
        {Credential::any, R"([{"session":[]},{"cookie":[]},{"certificate":[]}])"}};
    for (auto const& [name, entry] : operations()) {
        CAPTURE(name);
        CHECK(json::serialize(entry.second->at("security")) ==
              expected.at(find_endpoint(name)->credential));
    }
}

TEST_CASE("permission and audit effect stand beside each operation") {
    auto const& table = cases::PermissionTable::built_in();
    for (auto const& [name, entry] : operations()) {
        CAPTURE(name);
        auto const& endpoint = *find_endpoint(name);
        auto const& permission = entry.second->at("x-rastro-permission").as_object();
        std::vector<std::string> rules;
        for (auto const& rule : permission.at("rules").as_array()) {
            rules.push_back(text_of(rule.at("rule")));
            CHECK_FALSE(rule.at("roles").as_array().empty());
            CHECK_FALSE(rule.at("relations").as_array().empty());
        }
        std::vector<std::string> expected;
        if (endpoint.credential != Credential::none) {
            for (auto const* rule : table.for_operation(endpoint.operation)) {
                expected.push_back(rule->id);
            }
            CHECK(expected.size() > 1);  // without one that permits nobody could call it
        }
        CHECK(rules == expected);
        CHECK(text_of(entry.second->at("x-rastro-audit")) ==
              (endpoint.audit_action.empty() ? "none" : endpoint.audit_action));
    }
}

TEST_CASE("every reference leads somewhere, and every schema is used") {
    std::set<std::string> references;
    collect_references(document(), references);
    json::value const whole(document());
    for (auto const& reference : references) {
        CAPTURE(reference);
        REQUIRE(reference.starts_with("#/"));
        boost::system::error_code fault;
        CHECK(whole.find_pointer(std::string_view(reference).substr(1), fault) != nullptr);
    }
    for (std::string_view kind : {"schemas", "responses", "headers", "parameters"}) {
        auto const& components = document().at("components").at(kind).as_object();
        for (auto entry = components.begin(); entry != components.end(); ++entry) {
            CAPTURE(key_of(entry));
            CHECK(references.contains("#/components/" + std::string(kind) + "/" + key_of(entry)));
        }
    }
}

TEST_CASE("schemas use only keywords that are checked, and exist for all messages") {
    test::SchemaCheck const check(message_schemas());
    CHECK_NOTHROW(check.check_schemas());
    for (auto const& endpoint : endpoints()) {
        for (auto name : {endpoint.request_body, endpoint.response_body}) {
            CAPTURE(name);
            CHECK((name.empty() || message_schemas().contains({name.data(), name.size()})));
        }
    }
}

TEST_CASE("problems are those of the problem table, by status") {
    for (auto const& [name, entry] : operations()) {
        CAPTURE(name);
        auto const& responses = entry.second->at("responses").as_object();
        auto const& by_status = entry.second->at("x-rastro-problems").as_object();
        for (auto const& [status, problems] : problems_of(*find_endpoint(name))) {
            auto const text = std::to_string(status);
            CHECK(responses.contains(text));
            REQUIRE(by_status.contains(text));
            CHECK(by_status.at(text).as_array().size() == problems.size());
            for (auto problem : problems) {
                CHECK(problem_info(problem).status == status);
            }
        }
        CHECK(by_status.size() + 1 == responses.size());
    }
    auto const of = [](std::string_view operation, ProblemCode code) {
        auto const all = problems_of(*find_endpoint(operation));
        auto const found = all.find(problem_info(code).status);
        return found != all.end() && found->second.contains(code);
    };
    CHECK(of("trace_submit", ProblemCode::precondition_failed));
    CHECK(of("trace_submit", ProblemCode::transition_not_allowed));
    CHECK_FALSE(of("trace_read", ProblemCode::precondition_failed));
    CHECK_FALSE(of("trace_read", ProblemCode::idempotency_key_reused));
    CHECK(of("user_create", ProblemCode::step_up_required));
    CHECK_FALSE(of("user_list", ProblemCode::step_up_required));
    CHECK_FALSE(of("livez", ProblemCode::authentication_required));
    CHECK(of("session_create", ProblemCode::banner_not_accepted));
}

TEST_CASE("kinds of text mean the same in a schema and in a reader") {
    struct Kind {
        std::string_view schema;
        TextKind kind;
    };
    constexpr std::array kKinds{Kind{"Country", TextKind::country},
                                Kind{"AgencyCode", TextKind::agency},
                                Kind{"Date", TextKind::date},
                                Kind{"DateTime", TextKind::date_time},
                                Kind{"Uuid", TextKind::uuid},
                                Kind{"Email", TextKind::email},
                                Kind{"Login", TextKind::login},
                                Kind{"Sha256", TextKind::sha256},
                                Kind{"Language", TextKind::language},
                                Kind{"TimeZone", TextKind::time_zone},
                                Kind{"Code", TextKind::code}};
    constexpr std::array<std::string_view, 40> kTexts{
        "XA",
        "Xa",
        "XAB",
        "",
        "en",
        "EN",
        "fr",
        "de",
        "XA-POLNAC-C",
        "XA-POL-C",
        "XA-PO-C",
        "XA-POLNACPOLNA-C",
        "xa-POLNAC-C",
        "XA-POLNAC-c",
        "2026-05-14",
        "2026-02-30",
        "2026-5-14",
        "2026-05-14T09:12:00Z",
        "2026-05-14T09:12:00.5+02:00",
        "2026-05-14 09:12:00Z",
        "2026-13-14T09:12:00Z",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        "01890a5dac96774bbcceb302099a8057",
        "ana@example.org",
        "ana@",
        "@example.org",
        "a na@example.org",
        "a..b@example.org",
        "ana.q",
        "Ana",
        "an",
        "America/Bogota",
        "UTC",
        "America//Bogota",
        "America/",
        "_x",
        "a b",
        "x:y/z-1.0",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    constexpr std::array<TextRule, 11> kRules{kCountry,
                                              kAgency,
                                              kDate,
                                              kDateTime,
                                              kUuid,
                                              kEmail,
                                              kLogin,
                                              kSha256,
                                              kLanguage,
                                              kTimeZone,
                                              kCode};
    test::SchemaCheck const check(message_schemas());
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        for (auto text : kTexts) {
            CAPTURE(kKinds[i].schema);
            CAPTURE(text);
            bool const fits = text.size() >= kRules[i].min && text.size() <= kRules[i].max &&
                              is_of_kind(kKinds[i].kind, text);
            CHECK(kRules[i].kind == kKinds[i].kind);
            CHECK(check.faults(kKinds[i].schema, json::string(text)).empty() == fits);
        }
    }
}
