// One accepted connection from handshake to last byte: HTTP/1.1 over TLS, requests answered in
// order of arrival (RFC 9112 9.3.2), every wait under a deadline of NetLimits. A framing fault is
// answered once and ends the connection. Runs on the strand that is the socket's executor.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "server/net/connections.hpp"
#include "server/net/http.hpp"
#include "server/net/limits.hpp"
#include "server/net/tls_context.hpp"

namespace rastro::server {

// What all sessions share. Everything outlives them.
struct SessionServices {
    NetLimits const& limits;
    NetCounters& counters;
    RequestHandler& handler;
    Clock const& clock;
};

// What the sessions of one listener share.
struct ListenerShare {
    ListenerKind kind = ListenerKind::browser;
    std::vector<std::string> allowed_hosts;  // as check_request takes them
    TlsSlot tls;
};

// Takes over the socket and returns at once; the connection ends by itself, or through its place.
void start_session(boost::asio::ip::tcp::socket socket,
                   std::shared_ptr<ListenerShare const> listener,
                   SessionServices const& services,
                   std::unique_ptr<Connections::Place> place);

}  // namespace rastro::server
