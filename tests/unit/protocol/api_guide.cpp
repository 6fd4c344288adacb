// docs/api.md says what the code says.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "common/problem.hpp"
#include "protocol/import_json.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/paging.hpp"

using namespace rastro;

namespace {

std::string guide() {
    std::ifstream file(std::string(RASTRO_SOURCE_DIR) + "/docs/api.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("the guide lists every kind of problem, and no other") {
    std::string table;
    for (auto const& info : all_problems()) {
        table += "| `" + std::string(info.slug) + "` | " + std::to_string(info.status) + " | " +
                 (info.retryable ? "yes" : "") + " | " + std::string(info.title) + " |\n";
    }
    std::string const heading = "| Code | Status | Again? | Meaning |\n|---|---|---|---|\n";
    auto const text = guide();
    auto const begin = text.find(heading);
    REQUIRE(begin != std::string::npos);
    auto const from = begin + heading.size();
    CHECK(text.substr(from, text.find("\n\n", from) + 1 - from) == table);
}

TEST_CASE("the guide states the bounds of the code") {
    auto const text = guide();
    auto const says = [&](std::string const& words) {
        CAPTURE(words);
        CHECK(text.find(words) != std::string::npos);
    };
    says("(" + std::to_string(protocol::kDefaultPageSize) + " if absent, " +
         std::to_string(protocol::kMaxPageSize) + " at most)");
    says("takes up to " + std::to_string(protocol::kMaxImportBatch) + " rows");
    says("JSON " + std::to_string(protocol::kMaxJsonDepth) + " levels");
}
