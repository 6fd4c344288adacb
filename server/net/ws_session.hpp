// A WebSocket connection (RFC 6455) over the TLS stream of an HTTP session that has agreed to the
// upgrade. Text messages only, at most NetLimits::ws_message_bytes from the client; a bounded queue
// towards it: a client that does not keep up is cut off. No compression.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/net/counters.hpp"
#include "server/net/http.hpp"
#include "server/net/limits.hpp"
#include "server/net/tls_stream.hpp"

namespace rastro::server {

class StreamSession : public EventSink {
 public:
    virtual void finish() = 0;  // close frame 1001 (going away), on the strand
};

struct StreamStart {
    TlsStream& stream;
    std::shared_ptr<void> owner;  // keeps `stream` alive as long as the session lives
    std::string key;              // Sec-WebSocket-Key, checked
    std::function<std::shared_ptr<StreamHandler>(std::shared_ptr<EventSink>)> accept;
    NetLimits const& limits;
    NetCounters& counters;
};

// On the stream's strand. Sends the 101 reply, then calls `accept`; lives until the connection
// ends.
[[nodiscard]] std::shared_ptr<StreamSession> start_websocket(StreamStart start);

}  // namespace rastro::server
