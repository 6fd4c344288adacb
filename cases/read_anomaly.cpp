#include "cases/read_anomaly.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace rastro::cases {

namespace {

double median_of(std::vector<double> values) {
    std::ranges::sort(values);
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

struct Usual {
    double median = 0;
    double limit = 0;
    bool known = false;
};

Usual usual_of(std::vector<double> const& reads) {
    if (reads.size() < static_cast<std::size_t>(kFewestPeers)) {
        return {};
    }
    Usual usual{.median = median_of(reads), .limit = 0, .known = true};
    std::vector<double> deviations;
    for (auto const count : reads) {
        deviations.push_back(std::abs(count - usual.median));
    }
    usual.limit = usual.median + kDeviations * median_of(std::move(deviations));
    return usual;
}

}  // namespace

std::vector<ReadAnomaly> find_read_anomalies(std::vector<ReadCount> const& counts) {
    std::map<std::string, std::vector<double>> by_purpose;
    for (auto const& count : counts) {
        by_purpose[count.purpose].push_back(count.reads);
    }
    std::map<std::string, Usual> usual;
    for (auto const& [purpose, reads] : by_purpose) {
        usual[purpose] = usual_of(reads);
    }
    std::vector<ReadAnomaly> found;
    for (auto const& count : counts) {
        auto const& normal = usual[count.purpose];
        ReadAnomaly anomaly{.of = count, .median = normal.median, .limit = normal.limit};
        anomaly.more_than_others =
            normal.known && count.reads >= kFewestReads && count.reads > normal.limit;
        anomaly.outside_hours = count.outside_hours >= kFewestOutsideHours;
        if (anomaly.more_than_others || anomaly.outside_hours) {
            found.push_back(std::move(anomaly));
        }
    }
    std::ranges::stable_sort(found,
                             [](auto const& a, auto const& b) { return a.of.reads > b.of.reads; });
    return found;
}

}  // namespace rastro::cases
