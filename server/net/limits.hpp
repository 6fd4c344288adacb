// Every bound of the network side in one place, with the figures of anchors/security.md 4.2 rule 5
// as defaults. All deadlines are total for their phase, not idle times, unless said otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rastro::server {

struct NetLimits {
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds header{
        15'000};  // from the connection, or the first byte, to the empty line
    std::chrono::milliseconds body{30'000};  // plus body_per_block for every 64 KiB received
    std::chrono::milliseconds body_per_block{1'000};
    std::chrono::milliseconds write_stall{30'000};  // longest wait for one TLS record to be taken
    std::chrono::milliseconds keep_alive{60'000};   // idle between two requests
    std::chrono::milliseconds linger{5'000};        // after the last reply, for the peer to read it

    std::size_t header_bytes = 16 * 1024;  // request line included
    std::size_t header_fields = 100;
    std::size_t target_bytes = 8 * 1024;
    std::size_t linger_bytes = 16U << 20;  // read and thrown away after the last reply

    std::size_t connections = 4096;
    std::size_t connections_per_address = 256;
    std::chrono::milliseconds accept_backoff{100};

    std::chrono::milliseconds ping{25'000};  // WebSocket; a peer silent for twice that is cut
    std::size_t ws_message_bytes = 4 * 1024;
    std::size_t ws_queue_messages = 256;
    std::size_t ws_queue_bytes = 1U << 20;

    // How often certificate and revocation files are looked at for a change; 0 never.
    std::chrono::milliseconds certificate_poll{20'000};
};

}  // namespace rastro::server
