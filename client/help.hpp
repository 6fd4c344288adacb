// Help texts, made from the list of commands.
#pragma once

#include <string>
#include <string_view>

#include "client/command.hpp"

namespace rastro::client {

// Usage, what it does, arguments, options, examples.
[[nodiscard]] std::string command_help(Command const& command, std::size_t width);
// Of a group ("agency certificate"), or with an empty path of the whole program.
[[nodiscard]] std::string group_help(std::string_view path, std::size_t width);

}  // namespace rastro::client
