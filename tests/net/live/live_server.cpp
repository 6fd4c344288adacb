#include "tests/net/live/live_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace rastro::test_support {

using namespace server;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t big_bytes = 4U << 20;

// Says everything back.
struct EchoStream final : StreamHandler {
    EchoStream(std::shared_ptr<EventSink> out, std::atomic<int>& closed)
        : sink(std::move(out)), closed_streams(closed) {}
    void on_text(std::string_view text) override {
        auto const message = std::make_shared<std::string const>(text);
        if (text == "flood") {
            auto const flood = std::make_shared<std::string const>(std::string(16 * 1024, 'x'));
            for (std::size_t sent = 0; sent < big_bytes; sent += flood->size()) {
                static_cast<void>(sink->send(flood));
            }
        } else if (text == "throw") {
            throw std::runtime_error("a stream handler that fails");
        } else {
            static_cast<void>(sink->send(message));
        }
    }
    void on_closed() override {
        ++closed_streams;
        sink.reset();
    }
    std::shared_ptr<EventSink> sink;
    std::atomic<int>& closed_streams;
};

}  // namespace

BodyLimit EchoHandler::body_limit(HttpRequest const&) const {
    BodyLimit limit{.bytes = body_limit_bytes, .refusal = {}};
    if (full) {
        limit.refusal = HttpReply();
        limit.refusal->status = 503;
    }
    return limit;
}

asio::awaitable<HttpReply> EchoHandler::handle(HttpRequest request) {
    {
        std::lock_guard const lock(mutex_);
        handled_.push_back(request.path);
    }
    HttpReply reply;
    if (request.path == "/slow") {
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor, 300ms);
        co_await timer.async_wait(asio::use_awaitable);
    } else if (request.path == "/throw") {
        throw std::runtime_error("a handler that fails");
    } else if (request.path == "/forged") {
        reply.headers.add("x-forged", "a\r\nset-cookie: b");
    }
    if (request.path == "/big") {
        reply.body.assign(big_bytes, 'x');
        co_return reply;
    }
    for (auto const& [name, value] : request.headers) {
        if (name.starts_with("x-") || name == "host") {
            reply.headers.add("echo-" + name, value);
        }
    }
    if (request.connection->client_certificate) {
        reply.headers.add("client", request.connection->client_certificate->name);
    }
    reply.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
    co_return reply;
}

asio::awaitable<UpgradeDecision> EchoHandler::upgrade(HttpRequest request) {
    UpgradeDecision decision;
    if (request.path != "/stream") {
        decision.refusal = HttpReply();
        decision.refusal->status = 404;
        co_return decision;
    }
    decision.accept = [this](std::shared_ptr<EventSink> sink) -> std::shared_ptr<StreamHandler> {
        return std::make_shared<EchoStream>(std::move(sink), closed_streams);
    };
    co_return decision;
}

HttpReply EchoHandler::framing_fault(unsigned status, std::string_view slug) const {
    HttpReply reply;
    reply.status = status;
    reply.body = std::string(slug);
    return reply;
}

std::vector<std::string> EchoHandler::handled() const {
    std::lock_guard const lock(mutex_);
    return handled_;
}

NetLimits LiveServer::short_limits() {
    NetLimits limits;
    limits.handshake = 700ms;
    limits.header = 700ms;
    limits.body = 700ms;
    limits.body_per_block = 20ms;
    limits.write_stall = 700ms;
    limits.keep_alive = 700ms;
    limits.linger = 500ms;
    limits.ping = 400ms;
    limits.certificate_poll = 0ms;
    return limits;
}

LiveServer::LiveServer(NetLimits limits, std::vector<std::string> allowed_hosts) {
    NetSettings settings;
    settings.limits = limits;
    settings.threads = 2;
    ListenerSettings listener;
    listener.allowed_hosts = std::move(allowed_hosts);
    listener.tls = certificates.for_browsers();
    settings.listeners.push_back(listener);
    listener.kind = ListenerKind::agency;
    listener.tls = certificates.for_agencies();
    settings.listeners.push_back(listener);
    server = std::make_unique<NetServer>(std::move(settings), handler, clock);
    if (auto const started = server->start(); !started) {
        throw std::runtime_error(started.error().detail());
    }
}

std::unique_ptr<RawClient> LiveServer::browser(ClientOptions options) const {
    options.trusted = certificates.path("root.pem");
    return std::make_unique<RawClient>(server->port(0), options);
}

std::unique_ptr<RawClient> LiveServer::agency(std::string const& gateway,
                                              ClientOptions options) const {
    options.trusted = certificates.path("root.pem");
    if (!gateway.empty()) {
        options.certificate = certificates.path(gateway + ".pem");
        options.key = certificates.path(gateway + ".key");
    }
    return std::make_unique<RawClient>(server->port(1), options);
}

bool LiveServer::serves() const {
    auto const client = browser();
    auto const reply = client->send(get("/")) ? client->receive() : std::nullopt;
    return reply && reply->status == 200 && reply->body == "GET /? ";
}

std::string get(std::string const& path, std::string const& fields) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

std::string post(std::string const& path, std::string const& fields, std::string const& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n" + body;
}

}  // namespace rastro::test_support
