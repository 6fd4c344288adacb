// Whether the server can do its work, and its figures for operators. Filled by the composition
// root; read by the health endpoints on the network threads, so everything here is atomic or
// immutable.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "server/routes.hpp"

namespace rastro::server {

class Readiness {
 public:
    // Checks are cheap and thread-safe: the slow ones run in the background and leave their result
    // in an atomic.
    void add(std::string name, std::function<bool()> good);
    void stop_serving() noexcept { draining_ = true; }

    struct Finding {
        std::string name;
        bool good = false;
    };
    [[nodiscard]] std::vector<Finding> findings() const;
    [[nodiscard]] bool ready() const;

 private:
    std::atomic<bool> draining_{false};
    std::vector<std::pair<std::string, std::function<bool()>>> checks_;
};

// A figure for /metrics, read when asked for.
struct Metric {
    std::string name;  // rastro_requests_total
    std::string help;
    bool counter = true;  // else gauge
    std::function<double()> value;
};

// Binds livez, readyz, version, metrics, openapi, problem_type.
void bind_health(Routes& routes,
                 Readiness const& readiness,
                 std::vector<Metric> metrics,
                 bool demo);

}  // namespace rastro::server
