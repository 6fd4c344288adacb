// Owner of the network side: listeners, connections, TLS contexts and the threads that run them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/outcome.hpp"
#include "server/net/counters.hpp"
#include "server/net/http.hpp"
#include "server/net/limits.hpp"
#include "server/net/tls_context.hpp"

namespace rastro::server {

struct ListenerSettings {
    ListenerKind kind = ListenerKind::browser;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: the system chooses
    TlsSettings tls;
    // Host values served, without port, in lower case; empty: any. Others get 421 (RFC
    // 9110 15.5.20).
    std::vector<std::string> allowed_hosts;
};

struct NetSettings {
    std::vector<ListenerSettings> listeners;
    unsigned threads = 2;
    NetLimits limits;
};

class NetServer {
 public:
    // The handler must outlive the server; work that it still runs elsewhere when the server is
    // destroyed must not post to executor() any more.
    NetServer(NetSettings settings, RequestHandler& handler, Clock const& clock);
    ~NetServer();  // stops at once if still running
    NetServer(NetServer const&) = delete;
    NetServer& operator=(NetServer const&) = delete;

    // Loads certificates, binds every listener, starts the threads. On a Problem nothing runs.
    [[nodiscard]] Outcome<void> start();
    // Stops accepting, closes idle connections, lets busy ones finish one reply, cuts what is left
    // after `drain`, stops the threads. True if nothing had to be cut. A second call, from another
    // thread, ends the first one's patience. Not to be called from a network thread.
    bool stop(std::chrono::milliseconds drain);
    // Reads the certificate and revocation files of every listener again. A listener whose files do
    // not pass keeps what it has; the first such Problem is returned. No connection is dropped,
    // except those whose client certificate is refused by what is now in force. Thread-safe. Also
    // runs by itself when the files change (NetLimits::certificate_poll).
    [[nodiscard]] Outcome<void> reload();

    // Bound port of the listener with that index in the settings; after start().
    [[nodiscard]] std::uint16_t port(std::size_t listener) const;
    [[nodiscard]] NetCounters const& counters() const noexcept;
    // Runs handlers on the network threads; for timers and completions, never for blocking work.
    [[nodiscard]] boost::asio::any_io_executor executor();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace rastro::server
