#include "server/net/http_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <exception>
#include <optional>
#include <typeinfo>

#include "common/ids.hpp"
#include "common/log.hpp"
#include "server/net/reply_head.hpp"
#include "server/net/request_check.hpp"
#include "server/net/tls_stream.hpp"
#include "server/net/ws_session.hpp"

// Coroutines here keep to the forms that g++ 12 compiles correctly: whatever an awaited expression
// needs is a named object of its own statement before.
namespace rastro::server {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr SteadyTime never = SteadyTime::max();
constexpr std::size_t header_block = 4 * 1024;
constexpr std::size_t body_block = 16 * 1024;
constexpr std::size_t record_bytes = 16 * 1024;  // TLS plaintext limit (RFC 8446 5.1)
constexpr std::uint64_t deadline_block = 64 * 1024;
// Bytes of chunk headers and extensions that a body may cost beyond eight for each of its own.
constexpr std::uint64_t chunk_overhead = 64 * 1024;
constexpr std::string_view continue_reply = "HTTP/1.1 100 Continue\r\n\r\n";

class HttpSession final : public OpenConnection, public std::enable_shared_from_this<HttpSession> {
 public:
    HttpSession(asio::ip::tcp::socket socket,
                std::shared_ptr<ListenerShare const> listener,
                SessionServices const& services,
                std::unique_ptr<Connections::Place> place)
        : services_(services),
          limits_(services.limits),
          listener_(std::move(listener)),
          context_(listener_->tls.current()),
          place_(std::move(place)),
          executor_(socket.get_executor()),
          stream_(std::move(socket), SSL_new(context_->native())),
          timer_(executor_) {}

    static awaitable<void> serve(std::shared_ptr<HttpSession> self);
    void enter() { place_->hold(weak_from_this()); }
    void finish() override {
        asio::post(executor_, [self = shared_from_this()] { self->on_finish(); });
    }
    void cut() override {
        asio::post(executor_, [self = shared_from_this()] { self->on_cut(); });
    }

 private:
    awaitable<bool> handshake();
    awaitable<bool> exchange();
    awaitable<bool> read_head();
    awaitable<bool> read_body(std::uint64_t limit);
    awaitable<bool> read_more(std::size_t block);
    awaitable<bool> answer(HttpRequest request);
    awaitable<bool> upgrade(HttpRequest request);
    awaitable<void> refuse();
    awaitable<bool> write_reply();
    awaitable<bool> write_all(std::string_view text);
    awaitable<void> end();

    // A handler must not throw. Its words may quote case data, so only their kind is logged.
    void report(std::exception const& failure) const {
        log::error("handler-failed", {{"connection", info_->id}, {"kind", typeid(failure).name()}});
    }
    bool take_peer();
    bool take_head(HeaderScanner::Complete const& found);
    HttpRequest take_request();
    bool take_body_bytes(std::uint64_t& raw);
    bool fail(FramingFault fault) {
        fault_ = fault;
        return false;
    }

    void on_finish();
    void on_cut();
    void arm(std::chrono::milliseconds within) {
        arm_until(std::chrono::steady_clock::now() + within);
    }
    void arm_until(SteadyTime deadline);
    void disarm() { deadline_ = never; }
    void set_timer();
    void on_timer();
    [[nodiscard]] std::string_view buffered() const {
        return {static_cast<char const*>(in_.cdata().data()), in_.size()};
    }

    SessionServices services_;
    NetLimits const& limits_;
    std::shared_ptr<ListenerShare const> listener_;
    std::shared_ptr<TlsContext const> context_;
    std::unique_ptr<Connections::Place> place_;
    asio::any_io_executor executor_;
    TlsStream stream_;
    std::shared_ptr<ConnectionInfo const> info_;
    std::weak_ptr<StreamSession> websocket_;

    boost::beast::flat_buffer in_;
    std::optional<http::request_parser<http::string_body>> parser_;
    RequestHead head_;
    std::optional<FramingFault> fault_;  // why the present request is not read any further
    HttpReply reply_;
    std::string out_;

    // One timer a connection, which follows the deadline lazily: moving the deadline back costs
    // nothing.
    asio::steady_timer timer_;
    SteadyTime deadline_ = never;
    SteadyTime timer_at_ = never;  // never: the timer does not run
    std::uint64_t timer_round_ = 0;

    bool timed_out_ = false;
    bool idle_ = false;        // waits for the first byte of a request
    bool first_ = true;        // no request was read yet
    bool finishing_ = false;   // the server stops
    bool broken_ = false;      // reading or writing failed: no farewell is possible
    bool taken_over_ = false;  // by a WebSocket session
};

// ---- deadlines ---------------------------------------------------------------------------------

void HttpSession::arm_until(SteadyTime deadline) {
    timed_out_ = false;
    deadline_ = deadline;
    if (timer_at_ > deadline_) {
        set_timer();
    }
}

void HttpSession::set_timer() {
    timer_at_ = deadline_;
    timer_.expires_at(deadline_);
    timer_.async_wait([weak = weak_from_this(), round = ++timer_round_](error_code) {
        auto const self = weak.lock();
        if (self && self->timer_round_ == round) {
            self->on_timer();
        }
    });
}

void HttpSession::on_timer() {
    timer_at_ = never;
    if (deadline_ == never) {
        return;
    }
    if (std::chrono::steady_clock::now() < deadline_) {
        set_timer();
        return;
    }
    timed_out_ = true;
    ++services_.counters.timeouts;
    error_code ignored;
    stream_.next_layer().cancel(ignored);
}

void HttpSession::on_finish() {
    finishing_ = true;
    if (auto const websocket = websocket_.lock()) {
        websocket->finish();
    } else if (idle_) {
        error_code ignored;
        stream_.next_layer().cancel(ignored);
    }
}

void HttpSession::on_cut() {
    broken_ = true;
    error_code ignored;
    stream_.next_layer().close(ignored);
}

// ---- bytes -------------------------------------------------------------------------------------

// False at the end of the stream, on an error, when the deadline passed or the connection was cut.
awaitable<bool> HttpSession::read_more(std::size_t block) {
    if (timed_out_ || broken_) {
        co_return false;
    }
    error_code error;
    auto const space = in_.prepare(block);
    auto token = asio::redirect_error(asio::use_awaitable, error);
    std::size_t const count = co_await stream_.async_read_some(space, token);
    in_.commit(count);
    services_.counters.bytes_in += count;
    if (error && !timed_out_ && error != asio::error::operation_aborted &&
        error != asio::error::eof) {
        broken_ = true;
    }
    co_return !error;
}

// `text` lives in a member.
awaitable<bool> HttpSession::write_all(std::string_view text) {
    while (!text.empty()) {
        if (broken_) {
            co_return false;
        }
        arm(limits_.write_stall);
        error_code error;
        auto const piece = asio::buffer(text.data(), text.size());
        auto token = asio::redirect_error(asio::use_awaitable, error);
        std::size_t const count = co_await stream_.async_write_some(piece, token);
        services_.counters.bytes_out += count;
        text.remove_prefix(count);
        if (error) {
            broken_ = true;
            co_return false;
        }
    }
    disarm();
    co_return true;
}

awaitable<bool> HttpSession::handshake() {
    arm(limits_.handshake);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await stream_.async_handshake(TlsStream::server, token);
    if (error || !take_peer()) {
        ++services_.counters.handshake_failures;
        broken_ = true;
        co_return false;
    }
    ++services_.counters.handshakes;
    co_return true;
}

bool HttpSession::take_peer() {
    auto info = std::make_shared<ConnectionInfo>();
    error_code error;
    auto const& socket = stream_.next_layer();
    auto const remote = socket.remote_endpoint(error);
    auto const local = error ? asio::ip::tcp::endpoint{} : socket.local_endpoint(error);
    if (error) {
        return false;
    }
    auto const local_address = local.address().to_string();
    info->id = Uuid::generate_v7().to_string();
    info->listener = listener_->kind;
    info->remote_address = remote.address().to_string();
    info->remote_port = remote.port();
    info->local_address = (local.address().is_v6() ? "[" + local_address + "]" : local_address) +
                          ":" + std::to_string(local.port());
    info->tls_version = SSL_get_version(stream_.native_handle());
    if (auto const chain = PeerChain::of(stream_.native_handle())) {
        auto identity = certs::identity_of(chain->leaf_der());
        if (!identity) {
            return false;
        }
        info->client_certificate = std::move(*identity);
        place_->presented(chain, &listener_->tls);
        // A reload between the start of the handshake and here has not seen this certificate.
        auto const now_in_force = listener_->tls.current();
        if (now_in_force != context_ && !now_in_force->accepts(*chain)) {
            return false;
        }
    }
    info_ = std::move(info);
    return true;
}

// ---- one request -------------------------------------------------------------------------------

awaitable<bool> HttpSession::read_head() {
    HeaderScanner scanner;
    fault_.reset();
    parser_.reset();
    head_ = RequestHead();
    if (first_ || in_.size() > 0) {
        arm(limits_.header);
    } else {
        arm(limits_.keep_alive);
    }
    while (true) {
        auto const found = scanner.scan(buffered(), limits_);
        if (auto const* complete = std::get_if<HeaderScanner::Complete>(&found)) {
            disarm();
            first_ = false;
            co_return take_head(*complete);
        }
        if (auto const* fault = std::get_if<FramingFault>(&found)) {
            co_return fail(*fault);
        }
        bool const nothing_yet = in_.size() == 0;
        if (nothing_yet && finishing_) {
            co_return false;
        }
        idle_ = nothing_yet;
        bool const more = co_await read_more(header_block);
        idle_ = false;
        if (!more) {
            if (timed_out_ && !nothing_yet) {
                co_return fail({408, "request-timeout"});
            }
            co_return false;
        }
        if (nothing_yet && !first_) {
            arm(limits_.header);
        }
    }
}

// Two readers have to agree on the header: ours decides, and Beast's, which reads the body, may
// object.
bool HttpSession::take_head(HeaderScanner::Complete const& found) {
    auto const block = buffered().substr(found.begin, found.end - found.begin);
    auto const split = split_header(block, limits_);
    if (auto const* fault = std::get_if<FramingFault>(&split)) {
        return fail(*fault);
    }
    auto checked = check_request(std::get<RawHeader>(split), listener_->allowed_hosts);
    if (auto const* fault = std::get_if<FramingFault>(&checked)) {
        return fail(*fault);
    }
    head_ = std::move(std::get<RequestHead>(checked));
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes + 1));
    parser_->body_limit(boost::none);  // the handler says, before the body is read
    parser_->eager(false);
    error_code error;
    auto const used = parser_->put(asio::const_buffer(block.data(), block.size()), error);
    bool const agreed = !error && used == block.size() && parser_->is_header_done() &&
                        parser_->chunked() == (head_.framing == BodyFraming::chunked) &&
                        parser_->is_done() == (head_.framing == BodyFraming::none);
    in_.consume(found.end);
    return agreed || fail({});
}

HttpRequest HttpSession::take_request() {
    HttpRequest request;
    request.method = std::move(head_.method);
    request.path = std::move(head_.path);
    request.query = std::move(head_.query);
    request.headers = std::move(head_.headers);
    request.connection = info_;
    request.received_at = services_.clock.now();
    return request;
}

// Feeds what is buffered to the parser. False and a fault if the body is not acceptable.
bool HttpSession::take_body_bytes(std::uint64_t& raw) {
    error_code error;
    auto const used = parser_->put(in_.cdata(), error);
    in_.consume(used);
    raw += used;
    if (error == http::error::body_limit) {
        return fail({413, "body-too-large"});
    }
    if (error && error != http::error::need_more) {
        return fail({});
    }
    bool const wasteful = raw > 8 * parser_->get().body().size() + chunk_overhead;
    bool const endless = !parser_->is_done() && in_.size() > limits_.header_bytes;
    return !(wasteful || endless) || fail({});
}

awaitable<bool> HttpSession::read_body(std::uint64_t limit) {
    if (head_.framing == BodyFraming::length && head_.content_length > limit) {
        co_return fail({413, "body-too-large"});
    }
    parser_->body_limit(limit);
    parser_->eager(true);
    if (head_.expects_continue && in_.size() == 0) {
        bool const told = co_await write_all(continue_reply);
        if (!told) {
            co_return false;
        }
    }
    auto const start = std::chrono::steady_clock::now();
    std::uint64_t raw = 0;
    while (true) {
        if (in_.size() > 0 && !take_body_bytes(raw)) {
            co_return false;
        }
        if (parser_->is_done()) {
            disarm();
            co_return true;
        }
        auto const blocks = static_cast<std::int64_t>(raw / deadline_block);
        arm_until(start + limits_.body + blocks * limits_.body_per_block);
        bool const more = co_await read_more(body_block);
        if (!more) {
            if (timed_out_) {
                co_return fail({408, "request-timeout"});
            }
            co_return false;
        }
    }
}

// ---- replies -----------------------------------------------------------------------------------

// Writes reply_. The first record takes the header section and as much of the body as fits.
awaitable<bool> HttpSession::write_reply() {
    ReplyFraming framing;
    framing.http_1_1 = head_.http_1_1;
    framing.head_only = parser_ && parser_->get().method() == http::verb::head;
    framing.close = reply_.close || finishing_ || !head_.keep_alive;
    framing.now = services_.clock.now();
    out_ = make_reply_head(reply_, framing);
    auto rest = carries_body(reply_, framing) ? body_of(reply_) : std::string_view{};
    auto const room = record_bytes - std::min(record_bytes, out_.size());
    out_ += rest.substr(0, room);
    rest.remove_prefix(std::min(room, rest.size()));
    bool written = co_await write_all(out_);
    if (written && !rest.empty()) {
        written = co_await write_all(rest);
    }
    co_return written && !framing.close;
}

// Answers fault_; the connection ends after it.
awaitable<void> HttpSession::refuse() {
    ++services_.counters.framing_faults;
    reply_ = services_.handler.framing_fault(fault_->status, fault_->slug);
    reply_.close = true;
    if (fault_->status == 405 && !reply_.headers.has("allow")) {
        reply_.headers.add("allow", std::string(allowed_methods));
    }
    co_await write_reply();
}

awaitable<bool> HttpSession::answer(HttpRequest request) {
    auto work = services_.handler.handle(std::move(request));
    reply_ = co_await std::move(work);
    bool const again = co_await write_reply();
    co_return again;
}

awaitable<bool> HttpSession::upgrade(HttpRequest request) {
    std::string const key(request.headers.get("sec-websocket-key"));
    auto work = services_.handler.upgrade(std::move(request));
    UpgradeDecision decision = co_await std::move(work);
    if (decision.refusal || in_.size() > 0) {
        if (decision.refusal) {
            reply_ = std::move(*decision.refusal);
            bool const again = co_await write_reply();
            co_return again;
        }
        // Nothing may follow the upgrade request before the 101 reply (RFC 6455 4.1).
        fail({});
        co_await refuse();
        co_return false;
    }
    StreamStart start{
        stream_, shared_from_this(), key, std::move(decision.accept), limits_, services_.counters};
    auto const websocket = start_websocket(std::move(start));
    websocket_ = websocket;
    taken_over_ = true;
    if (finishing_) {
        websocket->finish();
    }
    co_return false;
}

awaitable<bool> HttpSession::exchange() {
    bool readable = co_await read_head();
    if (readable) {
        ++services_.counters.requests;
        auto const framing = head_.framing;
        auto const wants_websocket = head_.wants_websocket;
        HttpRequest request = take_request();
        if (framing != BodyFraming::none) {
            auto const limit = services_.handler.body_limit(request);
            readable = co_await read_body(limit.bytes);
            request.body = std::move(parser_->get().body());
        }
        if (readable && wants_websocket) {
            auto work = upgrade(std::move(request));
            bool const again = co_await std::move(work);
            co_return again;
        }
        if (readable) {
            auto work = answer(std::move(request));
            bool const again = co_await std::move(work);
            co_return again;
        }
    }
    if (fault_) {
        co_await refuse();
    }
    co_return false;
}

// ---- the whole connection ----------------------------------------------------------------------

// Says goodbye in both directions, so that the peer can read the last reply: a socket closed with
// unread bytes in it resets the connection (anchors/security.md 3.2).
awaitable<void> HttpSession::end() {
    if (!broken_) {
        arm(finishing_ ? std::min(limits_.linger, std::chrono::milliseconds{1000})
                       : limits_.linger);
        error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await stream_.async_shutdown(token);
        auto& socket = stream_.next_layer();
        error_code ignored;
        socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        in_.clear();
        std::size_t drained = 0;
        bool open = true;
        while (open && !timed_out_ && !broken_ && drained < limits_.linger_bytes) {
            error_code end_error;
            auto const space = in_.prepare(body_block);
            auto end_token = asio::redirect_error(asio::use_awaitable, end_error);
            std::size_t const count = co_await socket.async_read_some(space, end_token);
            drained += count;
            open = !end_error;
        }
    }
    disarm();
    error_code ignored;
    stream_.next_layer().close(ignored);
}

awaitable<void> HttpSession::serve(std::shared_ptr<HttpSession> self) {
    bool again = co_await self->handshake();
    while (again) {
        bool failed = false;
        try {
            again = co_await self->exchange();
        } catch (std::exception const& failure) {
            self->report(failure);
            failed = true;
        }
        if (failed) {
            again = false;
            if (!self->broken_ && !self->taken_over_) {
                self->fault_ = FramingFault{500, "internal-error"};
                co_await self->refuse();
            }
        }
    }
    self->disarm();
    if (!self->taken_over_) {
        co_await self->end();
    }
}

}  // namespace

void start_session(asio::ip::tcp::socket socket,
                   std::shared_ptr<ListenerShare const> listener,
                   SessionServices const& services,
                   std::unique_ptr<Connections::Place> place) {
    auto const executor = socket.get_executor();
    auto const session = std::make_shared<HttpSession>(
        std::move(socket), std::move(listener), services, std::move(place));
    session->enter();
    asio::co_spawn(executor, HttpSession::serve(session), [session](std::exception_ptr failure) {
        if (failure) {
            log::error("connection-failed");
        }
    });
}

}  // namespace rastro::server
