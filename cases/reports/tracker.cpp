#include "cases/reports/tracker.hpp"

#include <algorithm>
#include <set>

namespace rastro::cases {

namespace {

constexpr int kMeasures = 14;

// By country and measure, the newer over the older.
using Standing = std::map<std::string, std::map<std::string, ProgressEntry>>;

Standing standing_at(std::string const& meeting, std::vector<ProgressEntry> const& entries) {
    Standing standing;
    for (auto const& entry : entries) {
        if (entry.meeting == meeting && !entry.measure.empty()) {
            standing[entry.country][entry.measure] = entry;
        }
    }
    return standing;
}

std::string status_in(Standing const& standing,
                      std::string const& country,
                      std::string const& measure) {
    auto const of_country = standing.find(country);
    if (of_country == standing.end()) {
        return {};
    }
    auto const entry = of_country->second.find(measure);
    return entry == of_country->second.end() ? std::string() : entry->second.status;
}

}  // namespace

std::vector<std::string> const& tracker_measures() {
    static std::vector<std::string> const all = [] {
        std::vector<std::string> names;
        for (int i = 1; i <= kMeasures; ++i) {
            names.push_back("M" + std::to_string(i));
        }
        return names;
    }();
    return all;
}

TrackerReport tracker_report(std::string meeting,
                             std::string since,
                             std::string country,
                             std::vector<ProgressEntry> const& entries) {
    TrackerReport report{.meeting = std::move(meeting),
                         .since = std::move(since),
                         .country = std::move(country),
                         .sheets = {},
                         .distribution = {},
                         .moves = {}};
    auto const now = standing_at(report.meeting, entries);
    auto const before = report.since.empty() ? Standing() : standing_at(report.since, entries);
    for (auto const& [code, measures] : now) {
        CountrySheet sheet{.country = code, .entries = {}, .missing = {}};
        for (auto const& measure : tracker_measures()) {
            auto const found = measures.find(measure);
            if (found == measures.end()) {
                sheet.missing.push_back(measure);
                continue;
            }
            auto const& entry = found->second;
            if (!entry.status.empty()) {
                ++report.distribution[measure][entry.status];
            }
            auto const earlier = status_in(before, code, measure);
            if (!report.since.empty() && earlier != entry.status) {
                report.moves.push_back({code, measure, earlier, entry.status, entry.evidence});
            }
            sheet.entries.push_back(entry);
        }
        report.sheets.push_back(std::move(sheet));
    }
    return report;
}

}  // namespace rastro::cases
