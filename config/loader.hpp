// Settings from their sources, each overriding the ones before it:
//   built-in values < rastro.toml < conf.d/*.toml beside it, by name < environment < command line
//   (--set key=value)
// In the environment net.max_body is RASTRO_NET__MAX_BODY, and the port of the first listener
// RASTRO_LISTENERS__0__PORT; names without a double underscore are not settings. Lists are
// separated by commas there. A file with [[listeners]] replaces all listeners said before. A
// relative path is relative to the folder of the file it stands in. Secrets are taken from the
// environment only, never from these files or the command line.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/outcome.hpp"
#include "config/settings.hpp"

namespace rastro::config {

struct Sources {
    Path file = "/etc/rastro/rastro.toml";
    bool file_must_exist = false;
    std::vector<std::pair<std::string, std::string>>
        environment;                     // all variables; others are skipped
    std::vector<std::string> overrides;  // "net.max_body=2MiB"
};

// The sources of this process: `file` if the command line names one, and the environment as it
// stands.
[[nodiscard]] Sources system_sources(std::optional<Path> file, std::vector<std::string> overrides);

struct Fault {
    std::string where;  // "/etc/rastro/rastro.toml:12", "environment RASTRO_NET__MAX_BODY", "--set
                        // net.max_body"
    std::string text;   // "net.max_boby is no setting; did you mean net.max_body?"
    [[nodiscard]] std::string to_string() const { return where + ": " + text; }
};

// One setting with its value as TOML and where it came from; secrets as "***".
struct Shown {
    std::string name;
    std::string value;
    std::string origin;  // as Fault::where, or "built-in"
};

struct Configuration {
    Settings settings;          // to be used only if there is no fault
    std::vector<Fault> faults;  // all of them, in the order of the sources
    std::vector<Shown> shown;   // every setting, in the order of the table
};

[[nodiscard]] Configuration load(Sources const& sources);

// The password of the database: the setting itself, or the first line of password_file; empty if
// neither is given. not_found or forbidden if the file is missing or others than its owner may read
// it.
[[nodiscard]] Outcome<std::string> database_password(DatabaseSettings const& settings);

}  // namespace rastro::config
