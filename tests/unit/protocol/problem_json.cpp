#include "protocol/problem_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "protocol/json_reader.hpp"
#include "protocol/text_rules.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> found;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        if (text[i] == '{' && text[i + 2] == '}') {
            found.insert(std::string(text.substr(i, 3)));
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the language of a reply follows Accept-Language") {
    struct Row {
        std::string_view field;
        Language language;
    };
    for (Row const& row : {
             Row{"", Language::en},
             Row{"es", Language::es},
             Row{"pt-BR,pt;q=0.9,en;q=0.8", Language::pt},
             Row{"de, fr-CA;q=0.5, en;q=0.4", Language::fr},
             Row{"en;q=0.1, es;q=0.9", Language::es},
             Row{"es;q=0, fr;q=0.001", Language::fr},
             Row{"ES-419", Language::es},
             Row{"*", Language::en},
             Row{"*;q=0.5, pt;q=0.4", Language::en},
             Row{"de", Language::en},
             Row{"es;q=2, fr;q=x", Language::en},
             Row{"es;q=1.001", Language::en},
             Row{"spanish", Language::en},
             Row{";;;,,,q=", Language::en},
         }) {
        CAPTURE(row.field);
        CHECK(choose_language(row.field) == row.language);
    }
}

TEST_CASE("all catalogs hold the same keys with the same placeholders") {
    auto const keys = catalog_keys(Language::en);
    REQUIRE(keys.size() > 100);
    for (auto const language : all_languages()) {
        CAPTURE(code_of(language));
        CHECK(catalog_keys(language) == keys);
        for (auto const key : keys) {
            CAPTURE(key);
            auto const text = catalog_text(language, key);
            REQUIRE(text);
            CHECK(!text->empty());
            CHECK(placeholders(*text) == placeholders(*catalog_text(Language::en, key)));
        }
    }
    for (auto const& info : all_problems()) {
        CAPTURE(info.slug);
        CHECK(catalog_text(Language::en, "problem." + std::string(info.slug)) == info.title);
    }
    CHECK(catalog_text(Language::fr, "problem.nothing") == std::nullopt);
}

// Codes stand in the sources as {pointer, "code", {params}} or as the second argument of add(),
// violate(), violation() and their kin: each must have its message.
TEST_CASE("every violation code in the sources has a message") {
    std::regex const initialised(R"re(,\s*"([a-z][a-z0-9_]*)",\s*\{)re");
    std::regex const added(
        R"re((?:iolations(?:_|\(\))?\.add|violate)\([^;"]*(?:"[^"]*"[^;"]*)?,\s*"([a-z][a-z0-9_]*)")re");
    std::regex const returned(R"re(return violation\([^;]*?"([a-z][a-z0-9_]*)"\s*[,)])re");
    std::set<std::string> missing;
    std::size_t seen = 0;
    for (std::string const folder : {"cases", "protocol", "server", "storage"}) {
        auto const root = std::filesystem::path(RASTRO_SOURCE_DIR) / folder;
        if (!std::filesystem::exists(root)) {
            continue;
        }
        for (auto const& entry : std::filesystem::recursive_directory_iterator(root)) {
            if (entry.path().extension() != ".cpp") {
                continue;
            }
            std::stringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            auto const source = text.str();
            if (source.find("iolation") == std::string::npos) {
                continue;
            }
            for (auto const* pattern : {&initialised, &added, &returned}) {
                for (std::sregex_iterator it(source.begin(), source.end(), *pattern), end;
                     it != end;
                     ++it) {
                    ++seen;
                    auto const code = (*it)[1].str();
                    if (!catalog_text(Language::en, "violation." + code)) {
                        missing.insert(entry.path().filename().string() + ": " + code);
                    }
                }
            }
        }
    }
    CHECK(seen > 40);
    for (int kind = 0; kind <= static_cast<int>(TextKind::time_zone); ++kind) {
        auto const code = std::string(violation_of(static_cast<TextKind>(kind)));
        if (!catalog_text(Language::en, "violation." + code)) {
            missing.insert(code);
        }
    }
    for (auto const& code : missing) {
        FAIL_CHECK(code);
    }
}

TEST_CASE("a problem is written with messages in the asked language and without the audit reason") {
    Problem problem(ProblemCode::validation_failed,
                    {{"/a~1b", "too_long", {"5"}}, {"/x", "no_such_code", {}}});
    problem.with_audit_reason("secret");
    CHECK(
        problem_json(problem, {"/v1/users", "req-1", "4bf9", Language::fr}) ==
        R"({"type":"/problems/validation-failed","title":"Certaines valeurs sont à revoir",)"
        R"("status":422,"code":"validation-failed","instance":"/v1/users","request_id":"req-1",)"
        R"("trace_id":"4bf9","errors":[{"pointer":"/a~1b","code":"too_long",)"
        R"("message":"5 caractères au plus sont autorisés"},{"pointer":"/x","code":"no_such_code",)"
        R"("message":"Cette valeur est à revoir"}]})");
    Problem busy(ProblemCode::overloaded, "queue full");
    busy.with_retry_after(3);
    auto const read = parse_json(problem_json(busy, {}));
    REQUIRE(read.has_value());
    CHECK(read->at("retry_after_s") == 3);
    CHECK(read->at("detail") == "queue full");
    CHECK(problem_type_json("not-found", Language::pt) ==
          R"({"code":"not-found","title":"Não encontrado","status":404,"retryable":false})");
    CHECK(problem_type_json("nothing", Language::pt).empty());
}

TEST_CASE("placeholders are filled once") {
    std::vector<std::string> const params{"{1}", "b"};
    CHECK(fill_placeholders("{0} {1} {2} {x} {", params) == "{1} b {2} {x} {");
}
