// THE table of settings: name, type, built-in value, bounds, secrecy and explanation of each.
// Loading, checking, the printed example and `config show` all work from it; a setting is added by
// adding its member to settings.hpp and its row to keys.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/value.hpp"

namespace rastro::config {

// Bounds in the unit of the type: integer as it is, duration in ms, size in bytes.
struct Bounds {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct KeyRow {
    std::string name;  // "net.header_timeout"; within a listener "port"
    ValueType type = ValueType::text;
    std::string built_in;  // as in the environment: lists separated by commas
    std::string help;      // one or two sentences
    Bounds bounds;
    std::vector<std::string_view> choices;        // of a choice, in the order of its enum
    bool (*accepts)(std::string_view) = nullptr;  // of a text, or of each part of a list
    std::string_view form;                        // what `accepts` wants, for the message
    bool secret = false;                          // only from the environment; never shown
};

template <class Root>
struct Key : KeyRow {
    std::function<void(Root&, Value const&)> store;
};

[[nodiscard]] std::vector<Key<Settings>> const& settings_keys();
[[nodiscard]] std::vector<Key<ListenerSettings>> const& listener_keys();

// Either a value within bounds, or what is wrong: "must be a duration such as \"15s\", found the
// number 15".
using Reading = std::variant<Value, std::string>;
[[nodiscard]] Reading read_value(KeyRow const& key, RawValue const& raw);
[[nodiscard]] Reading read_text(KeyRow const& key,
                                std::string_view text);  // environment, command line
[[nodiscard]] Value built_in_value(KeyRow const& key);   // throws std::logic_error if it is wrong

[[nodiscard]] std::string to_toml(KeyRow const& key,
                                  Value const& value);  // the right side of an assignment

}  // namespace rastro::config
