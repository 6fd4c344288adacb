// What the network side has done since it started, for /metrics. Monotonic, except the open_
// gauges.
#pragma once

#include <atomic>
#include <cstdint>

namespace rastro::server {

struct NetCounters {
    std::atomic<std::int64_t> open_connections{0};
    std::atomic<std::int64_t> open_streams{0};  // WebSocket connections among them
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused_by_cap{0};
    std::atomic<std::uint64_t> accept_errors{0};
    std::atomic<std::uint64_t> handshakes{0};
    std::atomic<std::uint64_t> handshake_failures{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> framing_faults{0};
    std::atomic<std::uint64_t> timeouts{0};
    std::atomic<std::uint64_t> bytes_in{0};  // application data, TLS excluded
    std::atomic<std::uint64_t> bytes_out{0};
    std::atomic<std::uint64_t> slow_streams_cut{0};
    std::atomic<std::uint64_t> revoked_cut{0};  // open connections closed by a reload
    std::atomic<std::uint64_t> reloads{0};
    std::atomic<std::uint64_t> reload_failures{0};
    std::atomic<std::uint64_t> stale_revocation_lists{
        0};  // handshakes let through within the grace
};

}  // namespace rastro::server
