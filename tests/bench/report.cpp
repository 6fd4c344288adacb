#include "tests/bench/report.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <thread>

#include "common/clock.hpp"
#include "common/time_text.hpp"

namespace rastro::bench {

namespace {

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

template <class Of>
double median_of(std::vector<Round> const& rounds, Of const& of) {
    std::vector<double> values;
    for (auto const& round : rounds) {
        values.push_back(of(round));
    }
    return median(std::move(values));
}

// The share-th of all latencies of all rounds.
double percentile(std::vector<Round> const& rounds, double share) {
    std::vector<float> all;
    for (auto const& round : rounds) {
        all.insert(all.end(), round.latency_ms.begin(), round.latency_ms.end());
    }
    if (all.empty()) {
        return 0;
    }
    auto const at = static_cast<std::size_t>(share * static_cast<double>(all.size() - 1));
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(at));
    return static_cast<double>(all[at]);
}

struct Summary {
    double rate, p50, p99, server_us, postgres_us, client_us;
};

Summary summary_of(std::vector<Round> const& rounds) {
    return {
        .rate = median_of(rounds, [](Round const& r) { return r.rate(); }),
        .p50 = percentile(rounds, 0.5),
        .p99 = percentile(rounds, 0.99),
        .server_us = median_of(rounds, [](Round const& r) { return r.micros_each(r.server_s); }),
        .postgres_us =
            median_of(rounds, [](Round const& r) { return r.micros_each(r.postgres_s); }),
        .client_us = median_of(rounds, [](Round const& r) { return r.micros_each(r.client_s); }),
    };
}

}  // namespace

void Report::add(std::string const& row, Round round) {
    if (!rounds_.contains(row)) {
        order_.push_back(row);
    }
    rounds_[row].push_back(std::move(round));
}

void Report::compare(std::string const& row, std::vector<std::string> floors) {
    floors_[row] = std::move(floors);
}

double Report::median_ratio(std::string const& row, std::string const& floor) const {
    auto const measured = rounds_.find(row);
    auto const against = rounds_.find(floor);
    if (measured == rounds_.end() || against == rounds_.end()) {
        return 0;
    }
    std::vector<double> ratios;
    auto const turns = std::min(measured->second.size(), against->second.size());
    for (std::size_t i = 0; i < turns; ++i) {
        if (against->second[i].rate() > 0) {
            ratios.push_back(measured->second[i].rate() / against->second[i].rate());
        }
    }
    return median(std::move(ratios));
}

std::string Report::table() const {
    std::string out = fmt::format("{:<44} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
                                  "what",
                                  "per s",
                                  "p50 ms",
                                  "p99 ms",
                                  "server",
                                  "database",
                                  "client");
    for (auto const& row : order_) {
        auto const s = summary_of(rounds_.at(row));
        out += fmt::format("{:<44} {:>9.0f} {:>8.2f} {:>8.2f} {:>8.1f} {:>8.1f} {:>8.1f}\n",
                           row,
                           s.rate,
                           s.p50,
                           s.p99,
                           s.server_us,
                           s.postgres_us,
                           s.client_us);
    }
    out += "(server, database, client: microseconds of processor time for each request)\n\n";
    for (auto const& row : order_) {
        auto const floors = floors_.find(row);
        if (floors == floors_.end()) {
            continue;
        }
        for (auto const& floor : floors->second) {
            out += fmt::format("{:<44} {:>9.2f}  of  {}\n", row, median_ratio(row, floor), floor);
        }
    }
    out += "\n";
    for (auto const& figure : figures_) {
        out += fmt::format("{:<56} {:>12.3f} {}{}\n",
                           figure.name,
                           figure.value,
                           figure.unit,
                           figure.goal.empty() ? "" : "   (goal: " + figure.goal + ")");
    }
    return out;
}

std::string Report::json() const {
    utsname machine{};
    uname(&machine);
    std::string out = fmt::format(R"({{"at":"{}","processors":{},"machine":"{}","rows":[)",
                                  to_rfc3339(SystemClock().now()),
                                  std::thread::hardware_concurrency(),
                                  machine.machine);
    char const* comma = "";
    for (auto const& row : order_) {
        auto const& rounds = rounds_.at(row);
        auto const s = summary_of(rounds);
        out += fmt::format(
            R"({}{{"name":"{}","rounds":{},"rate":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f},)"
            R"("server_us":{:.1f},"postgres_us":{:.1f},"client_us":{:.1f},"rates":[)",
            comma,
            row,
            rounds.size(),
            s.rate,
            s.p50,
            s.p99,
            s.server_us,
            s.postgres_us,
            s.client_us);
        for (std::size_t i = 0; i < rounds.size(); ++i) {
            out += fmt::format("{}{:.1f}", i == 0 ? "" : ",", rounds[i].rate());
        }
        out += R"(],"ratios":{)";
        if (auto const floors = floors_.find(row); floors != floors_.end()) {
            for (std::size_t i = 0; i < floors->second.size(); ++i) {
                out += fmt::format(R"({}"{}":{:.3f})",
                                   i == 0 ? "" : ",",
                                   floors->second[i],
                                   median_ratio(row, floors->second[i]));
            }
        }
        out += "}}";
        comma = ",";
    }
    out += R"(],"figures":[)";
    comma = "";
    for (auto const& figure : figures_) {
        out += fmt::format(R"({}{{"name":"{}","value":{:.4f},"unit":"{}"}})",
                           comma,
                           figure.name,
                           figure.value,
                           figure.unit);
        comma = ",";
    }
    return out + "]}\n";
}

std::size_t Report::failed() const {
    std::size_t sum = 0;
    for (auto const& [row, rounds] : rounds_) {
        for (auto const& round : rounds) {
            sum += round.failed;
        }
    }
    return sum;
}

std::string Report::first_failure() const {
    for (auto const& row : order_) {
        for (auto const& round : rounds_.at(row)) {
            if (round.failed > 0) {
                return row + ": " + round.failure;
            }
        }
    }
    return {};
}

}  // namespace rastro::bench
