// How often each person of the acting agency read cases on a day, by purpose, out of the audit log.
#pragma once

#include <vector>

#include "cases/read_anomaly.hpp"
#include "common/clock.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

// The day as it is where the agency is.
[[nodiscard]] std::vector<cases::ReadCount> read_counts_of_day(UnitOfWork& unit,
                                                               std::string_view agency,
                                                               Date day);

}  // namespace rastro::storage
