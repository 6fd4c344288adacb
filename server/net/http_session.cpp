#include "server/net/http_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <typeinfo>

#include "common/ids.hpp"
#include "common/log.hpp"
#include "server/net/reply_head.hpp"
#include "server/net/request_reader.hpp"
#include "server/net/session_stream.hpp"
#include "server/net/ws_session.hpp"

// Coroutines here keep to the forms that g++ 12 compiles correctly: whatever an awaited expression
// needs is a named object of its own statement before.
namespace rastro::server {

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

constexpr std::size_t record_bytes = 16 * 1024;  // TLS plaintext limit (RFC 8446 5.1)
constexpr std::chrono::milliseconds short_linger{1'000};

class HttpSession final : public OpenConnection, public std::enable_shared_from_this<HttpSession> {
 public:
    HttpSession(asio::ip::tcp::socket socket,
                std::shared_ptr<ListenerShare const> listener,
                SessionServices const& services,
                std::unique_ptr<Connections::Place> place)
        : services_(services),
          listener_(std::move(listener)),
          place_(std::move(place)),
          executor_(socket.get_executor()),
          stream_(std::make_shared<SessionStream>(
              std::move(socket), listener_->tls.current(), services.limits, services.counters)),
          reader_(*stream_, services.limits, listener_->allowed_hosts) {}

    static awaitable<void> serve(std::shared_ptr<HttpSession> self);
    void enter() { place_->hold(weak_from_this()); }
    void finish() override {
        asio::post(executor_, [self = shared_from_this()] { self->on_finish(); });
    }
    void cut() override {
        asio::post(executor_, [self = shared_from_this()] { self->stream_->cut(); });
    }

 private:
    awaitable<bool> begin();
    awaitable<bool> exchange();
    awaitable<bool> answer(HttpRequest request);
    awaitable<bool> upgrade(HttpRequest request);
    awaitable<void> refuse(FramingFault fault);
    awaitable<bool> write_reply();
    awaitable<void> say_goodbye();

    // A handler must not throw. Its words may quote case data, so only their kind is logged.
    void report(std::exception const& failure) const {
        log::error("handler-failed", {{"connection", info_->id}, {"kind", typeid(failure).name()}});
    }
    bool take_peer();
    HttpRequest take_request();
    void on_finish();

    SessionServices services_;
    std::shared_ptr<ListenerShare const> listener_;
    std::unique_ptr<Connections::Place> place_;
    asio::any_io_executor executor_;
    std::shared_ptr<SessionStream> stream_;
    RequestReader reader_;
    std::shared_ptr<ConnectionInfo const> info_;
    std::weak_ptr<StreamSession> websocket_;

    HttpReply reply_;
    std::string out_;
    bool replying_ = false;    // a byte of the reply to the present request may have gone out
    bool finishing_ = false;   // the server stops
    bool taken_over_ = false;  // by a WebSocket session
};

void HttpSession::on_finish() {
    finishing_ = true;
    reader_.finish();
    if (auto const websocket = websocket_.lock()) {
        websocket->finish();
    }
}

awaitable<bool> HttpSession::begin() {
    bool good = co_await stream_->handshake();
    if (!good && stream_->timed_out()) {
        stream_->cut();
    } else if (good && !take_peer()) {
        stream_->cut();
        good = false;
    }
    ++(good ? services_.counters.handshakes : services_.counters.handshake_failures);
    co_return good;
}

bool HttpSession::take_peer() {
    auto info = std::make_shared<ConnectionInfo>();
    error_code error;
    auto const& socket = stream_->tls().next_layer();
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
    info->tls_version = SSL_get_version(stream_->tls().native_handle());
    if (auto const chain = PeerChain::of(stream_->tls().native_handle())) {
        auto identity = certs::identity_of(chain->leaf_der());
        if (!identity) {
            return false;
        }
        info->client_certificate = std::move(*identity);
        place_->presented(chain, &listener_->tls);
        // A reload between the start of the handshake and here has not seen this certificate.
        auto const now_in_force = listener_->tls.current();
        if (now_in_force != stream_->context() && !now_in_force->accepts(*chain)) {
            return false;
        }
    }
    info_ = std::move(info);
    return true;
}

// ---- one request -------------------------------------------------------------------------------

HttpRequest HttpSession::take_request() {
    auto& head = reader_.head();
    HttpRequest request;
    request.method = std::move(head.method);
    request.path = std::move(head.path);
    request.query = std::move(head.query);
    request.headers = std::move(head.headers);
    request.connection = info_;
    request.received_at = services_.clock.now();
    return request;
}

// ---- replies -----------------------------------------------------------------------------------

// Writes reply_. The first record takes the header section and as much of the body as fits.
awaitable<bool> HttpSession::write_reply() {
    ReplyFraming framing;
    framing.http_1_1 = reader_.head().http_1_1;
    framing.head_only = reader_.head_only();
    framing.close = reply_.close || finishing_ || !reader_.head().keep_alive;
    framing.now = services_.clock.now();
    out_ = make_reply_head(reply_, framing);
    auto rest = carries_body(reply_, framing) ? body_of(reply_) : std::string_view{};
    auto const room = record_bytes - std::min(record_bytes, out_.size());
    out_ += rest.substr(0, room);
    rest.remove_prefix(std::min(room, rest.size()));
    replying_ = true;
    bool const written = co_await stream_->write(out_, rest);
    reply_ = HttpReply();  // a connection that waits holds no answer
    co_return written && !framing.close;
}

// The connection ends after it.
awaitable<void> HttpSession::refuse(FramingFault fault) {
    ++services_.counters.framing_faults;
    reply_ = services_.handler.framing_fault(fault.status, fault.slug);
    reply_.close = true;
    if (fault.status == 405 && !reply_.headers.has("allow")) {
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
    if (decision.refusal) {
        reply_ = std::move(*decision.refusal);
        bool const again = co_await write_reply();
        co_return again;
    }
    if (!stream_->buffered().empty()) {
        // Nothing may follow the upgrade request before the 101 reply (RFC 6455 4.1).
        FramingFault const early;
        co_await refuse(early);
        co_return false;
    }
    StreamStart start{stream_->tls(),
                      shared_from_this(),
                      key,
                      std::move(decision.accept),
                      services_.limits,
                      services_.counters};
    auto const websocket = start_websocket(std::move(start));
    websocket_ = websocket;
    taken_over_ = true;
    if (finishing_) {
        websocket->finish();
    }
    co_return false;
}

awaitable<bool> HttpSession::exchange() {
    replying_ = false;
    bool readable = co_await reader_.read_head();
    if (readable) {
        ++services_.counters.requests;
        auto const framing = reader_.head().framing;
        auto const wants_websocket = reader_.head().wants_websocket;
        bool const waits_for_body = framing != BodyFraming::none && !reader_.body_has_come();
        HttpRequest request = take_request();
        if (framing != BodyFraming::none) {
            auto const limit = services_.handler.body_limit(request);
            if (limit.refusal && waits_for_body) {
                reply_ = *limit.refusal;
                reply_.close = true;  // the body was never read
                co_await write_reply();
                co_return false;
            }
            readable = co_await reader_.read_body(limit.bytes);
            request.body = reader_.take_body();
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
    if (reader_.fault()) {
        auto const fault = *reader_.fault();
        co_await refuse(fault);
    }
    co_return false;
}

// ---- the whole connection ----------------------------------------------------------------------

awaitable<void> HttpSession::say_goodbye() {
    auto const linger = services_.limits.linger;
    bool const in_haste = finishing_ || !info_;  // a stranger only gets to read the alert
    auto const patience = in_haste ? std::min(linger, short_linger) : linger;
    co_await stream_->end(patience);
}

awaitable<void> HttpSession::serve(std::shared_ptr<HttpSession> self) {
    bool again = co_await self->begin();
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
            if (!self->replying_ && !self->taken_over_) {
                FramingFault const fault{500, "internal-error"};
                co_await self->refuse(fault);
            }
        }
    }
    if (!self->taken_over_) {
        co_await self->say_goodbye();
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
