// One round: a kind of work done again and again for a short time, and what it cost.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace rastro::bench {

using Steady = std::chrono::steady_clock;

struct Round {
    double seconds = 0;
    std::size_t done = 0;
    std::size_t failed = 0;         // not answered as it must be
    std::string failure;            // the first of those, for people
    std::vector<float> latency_ms;  // of each request
    double client_s = 0;            // processor time
    double server_s = 0;
    double postgres_s = 0;

    [[nodiscard]] double rate() const {
        return seconds > 0 ? static_cast<double>(done) / seconds : 0;
    }
    [[nodiscard]] double micros_each(double processor_s) const {
        return done > 0 ? processor_s * 1e6 / static_cast<double>(done) : 0;
    }
};

// How long a round goes on: whichever comes first.
struct Bound {
    std::chrono::milliseconds time{};
    std::size_t requests = 0;
};

inline double since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

}  // namespace rastro::bench
