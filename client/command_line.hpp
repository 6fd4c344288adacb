// From the words of the command line to a command and its arguments.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "client/command.hpp"

namespace rastro::client {

struct Invocation {
    Command const* command = nullptr;
    Arguments arguments;
};

// The command line asked for help, or was wrong: text for standard output or standard error.
struct Spoken {
    ExitCode code = ExitCode::ok;
    std::string text;
};

using ParsedCommandLine = std::variant<Invocation, Spoken>;

// `words` without the name of the program. `width`: of the terminal, for help.
[[nodiscard]] ParsedCommandLine parse_command_line(std::span<std::string const> words,
                                                   std::size_t width = 100);

}  // namespace rastro::client
