// A TOML 1.0 document as a flat list of dotted keys. The only unit that sees the TOML library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/value.hpp"

namespace rastro::config {

struct TomlEntry {
    std::string key;  // "net.max_body", "listeners.0.port"
    RawValue value;
    unsigned line = 0;  // from 1
};

struct TomlReading {
    std::vector<TomlEntry> entries;        // in the order of their lines
    std::vector<std::string> table_lists;  // keys of arrays of tables: "listeners"
    std::string fault;                     // empty unless the document cannot be parsed
    unsigned fault_line = 0;
};

[[nodiscard]] TomlReading read_toml(std::string_view text);

}  // namespace rastro::config
