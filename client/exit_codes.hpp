// What the program `rastro` ends with. Scripts rely on the numbers; they never change their
// meaning.
#pragma once

#include <string_view>

namespace rastro::client {

enum class ExitCode : int {
    ok = 0,
    refused = 1,        // the server understood and refused (4xx), or a check here did
    usage = 2,          // the command line is wrong
    partial = 3,        // some rows of a file were rejected; the others are done
    unavailable = 4,    // the server cannot be reached, or failed (5xx)
    bad_history = 5,    // an audit log does not verify
    local = 6,          // a file, a key or the database of this machine is in the way
    interrupted = 130,  // Ctrl-C
};

// The table as people read it: `rastro help exit-codes`.
[[nodiscard]] std::string_view exit_codes_text() noexcept;

}  // namespace rastro::client
