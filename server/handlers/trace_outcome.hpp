// What a released answer means for its request: the time-to-crime that T24 asks for.
#pragma once

#include <vector>

#include "storage/leg_repo.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::server {

// No purchase is known: time-to-crime cannot be computed, which settles it too.
inline constexpr std::string_view kTtcNoPurchase = "TTC_NO_PURCHASE";

// Computes time-to-crime of the request anew from a released chain (domain/tracing.md 2.5): the
// last purchaser's day of purchase, else the day on which the last retailer sold. Nothing changes
// if the chain names neither and one is known. True if `file` changed.
bool settle_time_to_crime(storage::UnitOfWork& unit,
                          storage::TraceCase& file,
                          std::vector<storage::ChainLinkRow> const& chain);
// Marks a request that has no time-to-crime as not computable.
bool settle_without_purchase(storage::TraceCase& file);

}  // namespace rastro::server
