// Replies about the server itself: /livez, /readyz, /version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::protocol {

// Whoever can say so is alive.
[[nodiscard]] std::string write_health();

struct ReadinessCheck {
    std::string name;  // database, schema, audit_log
    bool ok = false;
    std::string detail;  // English, nothing internal; may be empty
};
// "status" is ok when every check is.
[[nodiscard]] std::string write_readiness(std::vector<ReadinessCheck> const& checks);

// `demo`: a demonstration says so, that every page of its client can.
[[nodiscard]] std::string write_version(std::string_view version,
                                        std::string_view commit,
                                        bool demo);

}  // namespace rastro::protocol
