// Load over TLS 1.3: a number of keep-alive connections, each with one request under way at any
// time, driven by one thread with epoll. Cheap, because it shares the processors with what it
// measures; bounded in time and in requests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/bench/round.hpp"

namespace rastro::bench {

struct LoadPlan {
    std::uint16_t port = 0;
    std::string authority_file;  // PEM; the server's certificate is verified against it
    std::size_t connections = 32;
    // Writes the next request of a connection, complete with its header, into `out`.
    std::function<void(std::size_t connection, std::string& out)> next;
    // The answer; false if it is not what it must be.
    std::function<bool(int status, std::string_view body)> accept;
};

// Handshakes come before the round and are not counted. Throws std::runtime_error if the server
// cannot be reached or a connection is lost.
[[nodiscard]] Round run_load(LoadPlan const& plan, Bound const& bound);

// One request on a connection of its own; the status, or 0 if there was no answer.
[[nodiscard]] int ask_once(std::uint16_t port,
                           std::string const& authority_file,
                           std::string_view path);

}  // namespace rastro::bench
