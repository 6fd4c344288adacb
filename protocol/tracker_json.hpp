// The follow-up tracker on the wire and on paper (cases/reports/tracker).
#pragma once

#include <string>

#include "cases/reports/tracker.hpp"
#include "protocol/document.hpp"

namespace rastro::protocol {

[[nodiscard]] std::string write_tracker(cases::TrackerReport const& report);

// Distribution, what moved, and one sheet a country; narratives in the language asked for, else in
// one that there is.
[[nodiscard]] Document tracker_document(cases::TrackerReport const& report,
                                        Language language,
                                        Instant made_at);

}  // namespace rastro::protocol
