// The bytes of one connection: TLS handshake, reading into a buffer, writing, and the farewell,
// each wait under a total deadline (anchors/security.md 4.2 rule 5). What the bytes mean is the
// business of request_reader and http_session. Everything runs on the strand that is the socket's
// executor.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <string_view>

#include "server/net/counters.hpp"
#include "server/net/limits.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/tls_stream.hpp"

namespace rastro::server {

class SessionStream final : public std::enable_shared_from_this<SessionStream> {
 public:
    using Time = std::chrono::steady_clock::time_point;

    // Throws std::bad_alloc if the TLS library has no memory left.
    SessionStream(boost::asio::ip::tcp::socket socket,
                  std::shared_ptr<TlsContext const> context,
                  NetLimits const& limits,
                  NetCounters& counters);

    [[nodiscard]] boost::asio::awaitable<bool> handshake();
    // Appends at most `block` bytes to the buffer. False at the end of the stream, on an error,
    // when the deadline passed or the connection was cut.
    [[nodiscard]] boost::asio::awaitable<bool> read_more(std::size_t block);
    // Both must stay where they are until it is done.
    [[nodiscard]] boost::asio::awaitable<bool> write(std::string_view first,
                                                     std::string_view rest = {});
    // Says goodbye in both directions, so that the peer can read the last reply or alert: a socket
    // closed with unread bytes in it resets the connection (anchors/security.md 3.2). Then closes.
    [[nodiscard]] boost::asio::awaitable<void> end(std::chrono::milliseconds patience);

    // The deadline of the wait that follows; it stays until it is moved or removed.
    void arm(std::chrono::milliseconds within) {
        arm_until(std::chrono::steady_clock::now() + within);
    }
    void arm_until(Time deadline);
    void disarm() { deadline_ = never; }
    void cut();  // closes now; what is running ends with an error

    [[nodiscard]] std::string_view buffered() const {
        return {static_cast<char const*>(in_.cdata().data()), in_.size()};
    }
    void consume(std::size_t count) { in_.consume(count); }

    [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
    // Reading or writing failed: nothing more can be said to the peer.
    [[nodiscard]] bool is_broken() const noexcept { return broken_; }
    [[nodiscard]] TlsStream& tls() noexcept { return stream_; }
    [[nodiscard]] std::shared_ptr<TlsContext const> const& context() const noexcept {
        return context_;
    }

 private:
    static constexpr Time never = Time::max();

    void set_timer(Time at);
    void on_timer();

    NetLimits const& limits_;
    NetCounters& counters_;
    std::shared_ptr<TlsContext const> context_;
    TlsStream stream_;
    boost::beast::flat_buffer in_;

    // One timer a connection, which follows the deadline lazily: moving the deadline back costs
    // nothing.
    boost::asio::steady_timer timer_;
    Time deadline_ = never;
    Time timer_at_ = never;  // never: the timer does not run
    std::uint64_t timer_round_ = 0;

    bool timed_out_ = false;
    bool broken_ = false;
    bool said_all_ = false;  // the TLS side is over, the socket is not
};

}  // namespace rastro::server
