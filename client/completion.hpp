// Completion scripts for shells, made from the list of commands.
#pragma once

#include <string>

namespace rastro::client {

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

}  // namespace rastro::client
