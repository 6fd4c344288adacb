#include "protocol/case_type_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cases/trace/guards.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

std::string file_text(std::string const& path) {
    std::ifstream in(std::string(RASTRO_SOURCE_DIR) + "/" + path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

bool has(Problem const& problem, std::string_view pointer, std::string_view code) {
    return std::ranges::any_of(problem.violations(), [&](Violation const& v) {
        return v.pointer == pointer && v.code == code;
    });
}

}  // namespace

TEST_CASE("the built-in trace request is read, checked and found by id and version") {
    auto const registry = built_in_case_types();
    auto const* type = registry.find("trace_request", 1);
    REQUIRE(type != nullptr);
    CHECK(registry.newest("trace_request") == type);
    CHECK(registry.find("trace_request", 2) == nullptr);
    CHECK(type->objects.size() == 2);
    CHECK(type->find_object("request")->states.size() == 12);
    CHECK(type->find_object("leg")->states.size() == 14);
    CHECK(type->title.pt == "Solicitação de rastreamento");
}

TEST_CASE("shorthands stand for all states, open states and all clocks of the object") {
    auto const registry = built_in_case_types();
    auto const* type = registry.newest("trace_request");
    auto const row = [&](std::string_view id) {
        return *std::ranges::find(type->transitions, id, &cases::TransitionDefinition::id);
    };
    CHECK(row("T29a").from.size() == 12);
    CHECK(row("T29b").from.size() == 14);
    CHECK(row("T25").from.size() == 9);
    CHECK(row("T25b").from.size() == 8);
    CHECK(row("T22").stops ==
          std::vector<std::string>{
              "delivery", "acknowledge", "answer", "clarification", "delay_review"});
}

TEST_CASE("every fault of the text is told at once, with its place") {
    auto text = file_text("cases/types/trace_request.json");
    text = replaced(text, R"("version": 1)", R"("version": "one", "colour": 3)");
    text = replaced(text, R"("id": "T7a", )", R"("id": 7, )");
    text = replaced(text, R"("initial": "DRAFT",)", "");
    text = replaced(text, R"("side": "originator")", R"("side": "nobody")");
    auto const read = read_case_type(text);
    REQUIRE(!read);
    CHECK(read.error().code() == ProblemCode::validation_failed);
    CHECK(has(read.error(), "/version", "wrong_type"));
    CHECK(has(read.error(), "/colour", "unknown_member"));
    CHECK(has(read.error(), "/objects/0/initial", "missing_member"));
    CHECK(read.error().violations().size() == 5);
}

TEST_CASE("what is no definition at all is refused") {
    for (auto const* text : {"", "[]", "{", "{\"id\": \"x\"}", "null"}) {
        CAPTURE(text);
        CHECK(!read_case_type(text));
    }
    auto text = file_text("cases/types/trace_request.json");
    CHECK(!read_case_type(
        replaced(text, R"("id": "trace_request",)", R"("id": "trace_request", "id": "other",)")));
    CHECK(!read_case_type(replaced(text, R"("from": "*")", R"("from": "most")")));
    CHECK(!read_case_type(replaced(text, R"("from": ["DRAFT"],)", R"("from": ["DRAFT", 4],)")));
}
