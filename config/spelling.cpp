#include "config/spelling.hpp"

#include <algorithm>

namespace rastro::config {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Optimal string alignment: three rows of the table are enough.
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

namespace {

std::string_view last_part(std::string_view name) {
    auto const dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

std::string nearest_name(std::string_view name, std::vector<std::string> const& known) {
    std::string const* best = nullptr;
    std::size_t best_distance = 0;
    for (auto const& candidate : known) {
        auto const distance = edit_distance(name, candidate);
        if (distance <= std::max<std::size_t>(2, candidate.size() / 3) &&
            (best == nullptr || distance < best_distance)) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best != nullptr && best_distance <= 2) {
        return *best;
    }
    for (auto const& candidate : known) {
        if (last_part(candidate) == last_part(name)) {
            return candidate;
        }
    }
    return best == nullptr ? std::string() : *best;
}

}  // namespace rastro::config
