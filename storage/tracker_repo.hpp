// What countries say of the measures for a meeting (migration tracker). Load only.
#pragma once

#include <string>
#include <vector>

#include "cases/reports/tracker.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// Of the country, or of the region where it is empty; nothing for who does not report for it.
// Older before newer.
[[nodiscard]] std::vector<cases::ProgressEntry> tracker_entries(
    UnitOfWork& unit, std::string const& country, std::vector<std::string> const& meetings);

}  // namespace rastro::storage
