// The whole program: parse, run, report, exit code.
#pragma once

#include <string>
#include <vector>

#include "client/context.hpp"

namespace rastro::client {

// `words` without the name of the program.
[[nodiscard]] int run_program(std::vector<std::string> const& words);
[[nodiscard]] ExitCode run_program(std::vector<std::string> const& words,
                                   Surroundings const& surroundings);

}  // namespace rastro::client
