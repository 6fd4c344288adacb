// Who read far more of the cases than others did for the same purpose, or much of it at night: told
// to auditors, who ask. Source: domain/linked-cases.md 4.13 (anomaly notice), 4.14
// audit.read_anomaly; the numbers are DEFAULT.
#pragma once

#include <string>
#include <vector>

namespace rastro::cases {

// Reads of one person for one purpose on one day.
struct ReadCount {
    std::string actor;
    std::string purpose;  // empty: none was stated
    int reads = 0;
    int outside_hours = 0;  // of these, between 22 and 6 o'clock where the agency is
};

struct ReadAnomaly {
    ReadCount of;
    double median = 0;  // of everybody who read for that purpose
    double limit = 0;   // median and three times the median absolute deviation
    bool more_than_others = false;
    bool outside_hours = false;
};

inline constexpr int kFewestPeers = 5;  // fewer say nothing about what is usual
inline constexpr double kDeviations = 3.0;
inline constexpr int kFewestReads = 20;  // fewer are nobody's business
inline constexpr int kFewestOutsideHours = 20;

// The largest first.
[[nodiscard]] std::vector<ReadAnomaly> find_read_anomalies(std::vector<ReadCount> const& counts);

}  // namespace rastro::cases
