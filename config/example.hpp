// Texts for people, printed from the table of settings.
#pragma once

#include <string>
#include <vector>

#include "config/loader.hpp"

namespace rastro::config {

// The commented configuration file: every setting with its explanation, and its built-in value
// commented out. config/rastro.example.toml is this text.
[[nodiscard]] std::string example_text();

// One line a setting, "net.max_body = "1MiB"", aligned and followed by "# <origin>" if asked for.
[[nodiscard]] std::string shown_text(std::vector<Shown> const& shown, bool with_origin);

}  // namespace rastro::config
