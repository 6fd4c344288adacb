#include "config/example.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "common/text.hpp"
#include "config/keys.hpp"
#include "config/spelling.hpp"
#include "config/toml_reader.hpp"

using namespace rastro;
using namespace rastro::config;

TEST_CASE("config/rastro.example.toml is what the table prints") {
    auto const path = Path(RASTRO_SOURCE_DIR) / "config/rastro.example.toml";
    std::ifstream stream(path);
    std::ostringstream text;
    text << stream.rdbuf();
    CHECK(text.str() == example_text());
}

TEST_CASE("the example with its comments taken away says every setting, at its built-in value") {
    std::string active;
    auto const example = example_text();
    for (auto const line : split(example, '\n')) {
        bool const is_value = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        active += std::string(is_value ? line.substr(1) : line) + "\n";
    }
    auto const reading = read_toml(active);
    REQUIRE(reading.fault.empty());
    std::set<std::string> said;
    for (auto const& entry : reading.entries) {
        said.insert(entry.key);
    }
    auto const check = [&](KeyRow const& key, std::string const& name) {
        INFO(name);
        CHECK(said.erase(name) == (key.secret ? 0U : 1U));
        for (auto const& entry : reading.entries) {
            if (entry.key == name) {
                auto const read = read_value(key, entry.value);
                REQUIRE(std::holds_alternative<Value>(read));
                CHECK(to_toml(key, std::get<Value>(read)) == to_toml(key, built_in_value(key)));
            }
        }
        CHECK(key.help.ends_with('.'));
        CHECK((key.type != ValueType::choice || !key.choices.empty()));
    };
    for (auto const& key : settings_keys()) {
        check(key, key.name);
    }
    for (auto const& key : listener_keys()) {
        check(key, "listeners.0." + key.name);
    }
    CHECK(said.empty());
}

TEST_CASE("durations, sizes and rates read back as they are printed") {
    using namespace std::chrono_literals;
    CHECK(parse_duration("250ms") == Duration{250ms});
    CHECK(parse_duration("15m") == Duration{15min});
    CHECK(parse_duration("90d") == Duration{90 * 24h});
    CHECK(parse_size("16KiB") == ByteSize{16384});
    CHECK(parse_rate("20/m") == Rate{20, 1min});
    CHECK(parse_rate("off") == Rate{});
    for (auto const* bad : {"", "s", "15", "15S", "1.5s", "+5s", "15s ", "9223372036854775807d"}) {
        CHECK_FALSE(parse_duration(bad).has_value());
    }
    for (auto const* bad : {"16", "16kb", "KiB", "-1B", "9223372036854775807GiB"}) {
        CHECK_FALSE(parse_size(bad).has_value());
    }
    for (auto const* bad : {"20", "20/", "/s", "20/d", "-1/s", "0/s", "4294967296/s"}) {
        CHECK_FALSE(parse_rate(bad).has_value());
    }
    for (auto const* text : {"0s", "1ms", "90s", "2m", "36h", "3d"}) {
        CHECK(to_text(*parse_duration(text)) == text);
    }
    for (auto const* text : {"0B", "1B", "3KiB", "1025KiB", "2GiB"}) {
        CHECK(to_text(*parse_size(text)) == text);
    }
    CHECK(to_text(*parse_rate("7/h")) == "7/h");
}

TEST_CASE("the nearest name is found for slips of the finger, and none for nonsense") {
    std::vector<std::string> const known{"net.max_body", "net.max_header", "pool.workers"};
    CHECK(edit_distance("workers", "wrokers") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(nearest_name("net.max_bdoy", known) == "net.max_body");
    CHECK(nearest_name("max_header", known) == "net.max_header");
    CHECK(nearest_name("pool.worker", known) == "pool.workers");
    CHECK(nearest_name("zzzzzzzzzzzzzzzzzzzz", known).empty());
}
