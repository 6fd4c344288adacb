#include "server/net/ws_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <mutex>

#include "common/log.hpp"

namespace rastro::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

class WsSession final : public StreamSession, public std::enable_shared_from_this<WsSession> {
 public:
    explicit WsSession(StreamStart start)
        : owner_(std::move(start.owner)),
          accept_(std::move(start.accept)),
          limits_(start.limits),
          counters_(start.counters),
          socket_(start.stream.next_layer()),
          stream_(start.stream),
          stall_(socket_.get_executor()),
          watch_(socket_.get_executor()) {
        ++counters_.open_streams;
        request_.method(http::verb::get);
        request_.target("/");
        request_.version(11);
        request_.set(http::field::host, "stream");
        request_.set(http::field::connection, "upgrade");
        request_.set(http::field::upgrade, "websocket");
        request_.set(http::field::sec_websocket_version, "13");
        request_.set(http::field::sec_websocket_key, start.key);
    }
    ~WsSession() override { --counters_.open_streams; }
    WsSession(WsSession const&) = delete;
    WsSession& operator=(WsSession const&) = delete;

    void start() {
        websocket::stream_base::timeout times{};
        times.handshake_timeout = limits_.handshake;
        times.idle_timeout = 2 * limits_.ping;  // Beast pings at half of it
        times.keep_alive_pings = true;
        stream_.set_option(times);
        stream_.read_message_max(limits_.ws_message_bytes);
        stream_.auto_fragment(false);
        stream_.text(true);
        stream_.control_callback([this](websocket::frame_type, beast::string_view) { heard(); });
        watch();
        stream_.async_accept(
            request_, [self = shared_from_this()](error_code error) { self->on_accepted(error); });
    }

    bool send(std::shared_ptr<std::string const> text) override {
        std::lock_guard const lock(mutex_);
        if (!open_) {
            return false;
        }
        if (queue_.size() >= limits_.ws_queue_messages ||
            queued_bytes_ + text->size() > limits_.ws_queue_bytes) {
            open_ = false;
            ++counters_.slow_streams_cut;
            on_strand([](WsSession& self) { self.cut(); });
            return false;
        }
        queued_bytes_ += text->size();
        queue_.push_back(std::move(text));
        if (!writing_) {
            writing_ = true;
            on_strand([](WsSession& self) { self.write_next(); });
        }
        return true;
    }

    void close(std::uint16_t code, std::string_view reason) override {
        {
            std::lock_guard const lock(mutex_);
            open_ = false;
        }
        websocket::close_reason why;
        why.code = code;
        auto const fitting = reason.substr(0, why.reason.max_size());
        why.reason.assign(fitting.begin(), fitting.end());
        on_strand([why](WsSession& self) { self.begin_close(why); });
    }

    void finish() override { close(websocket::close_code::going_away, {}); }

    [[nodiscard]] bool is_open() const noexcept override {
        std::lock_guard const lock(mutex_);
        return open_;
    }

 private:
    template <class Action>
    void on_strand(Action action) {
        asio::post(socket_.get_executor(), [self = shared_from_this(), action] { action(*self); });
    }

    void on_accepted(error_code error) {
        if (error) {
            end();
            return;
        }
        accepted_ = true;
        {
            std::lock_guard const lock(mutex_);
            open_ = !closing_;
        }
        try {
            handler_ = accept_(shared_from_this());
        } catch (std::exception const&) {
            log::error("stream-accept-failed");
        }
        accept_ = nullptr;
        if (!handler_) {
            close(websocket::close_code::internal_error, {});
        }
        if (closing_) {
            begin_close(why_);
        }
        read();
    }

    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
            self->on_read(error);
        });
    }

    void on_read(error_code error) {
        if (error) {
            end();
            return;
        }
        heard();
        counters_.bytes_in += buffer_.size();
        if (!stream_.got_text()) {
            close(websocket::close_code::unknown_data, {});
        } else if (handler_ && !closing_) {
            auto const bytes = buffer_.cdata();
            try {
                handler_->on_text({static_cast<char const*>(bytes.data()), bytes.size()});
            } catch (std::exception const&) {
                log::error("stream-handler-failed");
                close(websocket::close_code::internal_error, {});
            }
        }
        buffer_.consume(buffer_.size());
        read();
    }

    void write_next() {
        {
            std::lock_guard const lock(mutex_);
            if (queue_.empty() || closing_) {
                writing_ = false;
                return;
            }
            sending_ = queue_.front();
        }
        expect_progress(limits_.write_stall);
        stream_.async_write(asio::buffer(*sending_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                                self->on_written(error);
                            });
    }

    void on_written(error_code error) {
        if (!closing_) {
            stall_.cancel();
        }
        if (error) {
            cut();
            return;
        }
        counters_.bytes_out += sending_->size();
        {
            std::lock_guard const lock(mutex_);
            queued_bytes_ -= sending_->size();
            queue_.pop_front();
        }
        write_next();
    }

    void begin_close(websocket::close_reason why) {
        why_ = why;
        bool const again = std::exchange(closing_, true) && close_sent_;
        if (again || !accepted_) {
            return;
        }
        close_sent_ = true;
        expect_progress(limits_.linger);
        stream_.async_close(why_, [self = shared_from_this()](error_code) { self->cut(); });
    }

    // Cuts the connection unless the timer is cancelled or moved in time.
    void expect_progress(std::chrono::milliseconds within) {
        stall_.expires_after(within);
        stall_.async_wait([weak = weak_from_this()](error_code error) {
            auto const self = weak.lock();
            if (!error && self) {
                if (!self->closing_) {
                    ++self->counters_.slow_streams_cut;
                }
                self->cut();
            }
        });
    }

    void heard() { heard_at_ = std::chrono::steady_clock::now(); }

    // Beast drops its own deadline once it has found a fault and then waits for the peer, for its
    // close frame to be taken and for the TLS farewell, without end; this one always runs.
    void watch() {
        watch_.expires_after(limits_.ping);
        watch_.async_wait([weak = weak_from_this()](error_code error) {
            auto const self = weak.lock();
            if (error || !self || !self->socket_.is_open()) {
                return;
            }
            if (std::chrono::steady_clock::now() - self->heard_at_ > 2 * self->limits_.ping) {
                self->cut();
            } else {
                self->watch();
            }
        });
    }

    void cut() {
        error_code ignored;
        socket_.close(ignored);
    }

    // The read loop has ended: nothing more will come.
    void end() {
        {
            std::lock_guard const lock(mutex_);
            open_ = false;
        }
        if (!close_sent_) {
            cut();
        }
        if (auto const handler = std::exchange(handler_, nullptr)) {
            try {
                handler->on_closed();
            } catch (std::exception const&) {
                log::error("stream-handler-failed");
            }
        }
    }

    std::shared_ptr<void> owner_;  // first: destroyed last
    std::function<std::shared_ptr<StreamHandler>(std::shared_ptr<EventSink>)> accept_;
    NetLimits const& limits_;
    NetCounters& counters_;
    asio::ip::tcp::socket& socket_;
    websocket::stream<TlsStream&, false> stream_;
    asio::steady_timer stall_;
    asio::steady_timer watch_;
    std::chrono::steady_clock::time_point heard_at_ = std::chrono::steady_clock::now();
    http::request<http::empty_body> request_;
    beast::flat_buffer buffer_;
    std::shared_ptr<StreamHandler> handler_;
    std::shared_ptr<std::string const> sending_;
    websocket::close_reason why_;
    bool accepted_ = false;
    bool closing_ = false;
    bool close_sent_ = false;

    mutable std::mutex mutex_;  // guards what is below
    std::deque<std::shared_ptr<std::string const>> queue_;
    std::size_t queued_bytes_ = 0;
    bool writing_ = false;
    bool open_ = false;
};

}  // namespace

std::shared_ptr<StreamSession> start_websocket(StreamStart start) {
    auto session = std::make_shared<WsSession>(std::move(start));
    session->start();
    return session;
}

}  // namespace rastro::server
