// "Did you mean": the known name nearest to a misspelt one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::config {

// Least number of single-character insertions, deletions, replacements and swaps of neighbours.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest name within a third of its length, or the one whose last part is the same; empty if
// none is near.
[[nodiscard]] std::string nearest_name(std::string_view name,
                                       std::vector<std::string> const& known);

}  // namespace rastro::config
