#include "cases/linked/first_detection.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rastro::cases {

namespace {

FirstChange against(Detection const& confirmed, std::optional<FirstDetection> const& known) {
    if (!known) {
        return FirstChange::first;
    }
    return confirmed.collected_on < known->collected_on ? FirstChange::correction
                                                        : FirstChange::none;
}

// P(X >= count) for a Poisson variable: 1 - sum of the terms below.
double poisson_tail(int count, double mean) {
    double term = std::exp(-mean);
    double below = 0;
    for (int k = 0; k < count; ++k) {
        below += term;
        term *= mean / (k + 1);
    }
    return std::max(0.0, 1.0 - below);
}

constexpr double kUnlikely = 0.01;

}  // namespace

FirstVerdict first_detection(Detection const& confirmed,
                             std::optional<FirstDetection> const& in_country,
                             std::optional<FirstDetection> const& in_region) {
    return {against(confirmed, in_country), against(confirmed, in_region)};
}

Spike spike(int today, std::vector<int> const& last_thirty_days) {
    Spike found;
    if (last_thirty_days.empty()) {
        return found;
    }
    found.own_high = *std::ranges::max_element(last_thirty_days);
    auto const sum = std::accumulate(last_thirty_days.begin(), last_thirty_days.end(), 0);
    found.p = poisson_tail(today,
                           static_cast<double>(sum) / static_cast<double>(last_thirty_days.size()));
    found.fires = today > found.own_high && found.p < kUnlikely;
    return found;
}

int legal_gap_days(Date first_detected, std::optional<Date> controlled, Date today) {
    auto const end = std::chrono::sys_days(controlled.value_or(today));
    auto const days = (end - std::chrono::sys_days(first_detected)).count();
    return static_cast<int>(std::max<decltype(days)>(0, days));
}

}  // namespace rastro::cases
