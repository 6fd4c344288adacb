#include "server/net/session_stream.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>

// Coroutines here keep to the forms that g++ 12 compiles correctly: whatever an awaited expression
// needs is a named object of its own statement before.
namespace rastro::server {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

constexpr std::size_t drain_block = 16 * 1024;
constexpr std::uint64_t deadline_block = 64 * 1024;
// A cancellation meets no operation if the bytes it waited for have just come; then it is repeated.
constexpr std::chrono::milliseconds cancel_again{250};

SSL* new_tls(TlsContext const& context) {
    auto* tls = SSL_new(context.native());
    if (tls == nullptr) {
        throw std::bad_alloc();
    }
    return tls;
}

}  // namespace

SessionStream::SessionStream(asio::ip::tcp::socket socket,
                             std::shared_ptr<TlsContext const> context,
                             NetLimits const& limits,
                             NetCounters& counters)
    : limits_(limits),
      counters_(counters),
      context_(std::move(context)),
      stream_(std::move(socket), new_tls(*context_)),
      timer_(stream_.get_executor()) {}

// ---- deadlines ---------------------------------------------------------------------------------

void SessionStream::arm_until(Time deadline) {
    timed_out_ = false;
    deadline_ = deadline;
    if (timer_at_ > deadline_) {
        set_timer(deadline_);
    }
}

void SessionStream::set_timer(Time at) {
    timer_at_ = at;
    timer_.expires_at(at);
    timer_.async_wait([weak = weak_from_this(), round = ++timer_round_](error_code) {
        auto const self = weak.lock();
        if (self && self->timer_round_ == round) {
            self->on_timer();
        }
    });
}

void SessionStream::on_timer() {
    timer_at_ = never;
    if (deadline_ == never || broken_) {
        return;
    }
    auto const now = std::chrono::steady_clock::now();
    if (now < deadline_) {
        set_timer(deadline_);
        return;
    }
    if (!timed_out_) {
        timed_out_ = true;
        ++counters_.timeouts;
    }
    error_code ignored;
    stream_.next_layer().cancel(ignored);
    set_timer(now + cancel_again);
}

void SessionStream::cut() {
    broken_ = true;
    error_code ignored;
    stream_.next_layer().close(ignored);
}

// ---- bytes -------------------------------------------------------------------------------------

awaitable<bool> SessionStream::handshake() {
    arm(limits_.handshake);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await stream_.async_handshake(TlsStream::server, token);
    said_all_ = static_cast<bool>(error);  // an alert has told why, where one can be sent
    disarm();
    co_return !error && !broken_;
}

awaitable<bool> SessionStream::read_more(std::size_t block) {
    if (timed_out_ || broken_) {
        co_return false;
    }
    error_code error;
    auto const space = in_.prepare(block);
    auto token = asio::redirect_error(asio::use_awaitable, error);
    std::size_t const count = co_await stream_.async_read_some(space, token);
    in_.commit(count);
    counters_.bytes_in += count;
    if (error && !timed_out_ && error != asio::error::operation_aborted &&
        error != asio::error::eof) {
        broken_ = true;
    }
    co_return !error;
}

awaitable<bool> SessionStream::write(std::string_view first, std::string_view rest) {
    auto const start = std::chrono::steady_clock::now();
    std::uint64_t written = 0;
    while (!first.empty() || !rest.empty()) {
        if (broken_) {
            co_return false;
        }
        if (first.empty()) {
            first = std::exchange(rest, {});
        }
        // No record may stall, and the whole may not be slower than a body may come in.
        auto const blocks = static_cast<std::int64_t>(written / deadline_block);
        auto const total = start + limits_.write_stall + blocks * limits_.body_per_block;
        arm_until(std::min(std::chrono::steady_clock::now() + limits_.write_stall, total));
        error_code error;
        auto const piece = asio::buffer(first.data(), first.size());
        auto token = asio::redirect_error(asio::use_awaitable, error);
        std::size_t const count = co_await stream_.async_write_some(piece, token);
        counters_.bytes_out += count;
        written += count;
        first.remove_prefix(count);
        if (error) {
            broken_ = true;
            co_return false;
        }
    }
    disarm();
    co_return true;
}

awaitable<void> SessionStream::end(std::chrono::milliseconds patience) {
    auto& socket = stream_.next_layer();
    if (!broken_) {
        arm(patience);
        if (!said_all_) {
            error_code error;
            auto token = asio::redirect_error(asio::use_awaitable, error);
            co_await stream_.async_shutdown(token);
        }
        error_code ignored;
        socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        in_.clear();
        std::size_t drained = 0;
        bool open = true;
        while (open && !timed_out_ && !broken_ && drained < limits_.linger_bytes) {
            error_code end_error;
            auto const space = in_.prepare(drain_block);
            auto end_token = asio::redirect_error(asio::use_awaitable, end_error);
            std::size_t const count = co_await socket.async_read_some(space, end_token);
            drained += count;
            open = !end_error;
        }
    }
    disarm();
    error_code ignored;
    socket.close(ignored);
}

}  // namespace rastro::server
