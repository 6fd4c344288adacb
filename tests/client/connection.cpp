// The transport against a socket that breaks connections.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "client/api_client.hpp"

using namespace rastro::client;

namespace {

// Takes connections one after the other: reads a request's header, then says the next answer; an
// empty one closes the connection instead.
class BreakingServer {
 public:
    explicit BreakingServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_, generic, size) == 0);
        REQUIRE(::listen(listener_, 8) == 0);
        REQUIRE(::getsockname(listener_, generic, &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    BreakingServer(BreakingServer const&) = delete;
    BreakingServer& operator=(BreakingServer const&) = delete;
    ~BreakingServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int taken() const { return taken_.load(); }

 private:
    void serve() {
        for (auto const& answer : answers_) {
            int const peer = ::accept(listener_, nullptr, nullptr);
            if (peer < 0) {
                return;
            }
            ++taken_;
            std::string request;
            char buffer[1024];
            while (request.find("\r\n\r\n") == std::string::npos) {
                auto const got = ::recv(peer, buffer, sizeof buffer, 0);
                if (got <= 0) {
                    break;
                }
                request.append(buffer, static_cast<std::size_t>(got));
            }
            static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
            ::close(peer);
        }
    }

    std::vector<std::string> answers_;
    int listener_ = -1;
    unsigned port_ = 0;
    std::atomic<int> taken_{0};
    std::thread thread_;
};

std::string ok(std::string const& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: "
           "close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a broken connection is repeated until there is an answer") {
    BreakingServer server(
        {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", ok(R"({"x":1})")});
    HttpClient http({.server = server.url(), .allow_plain = true});
    ApiClient api(http, {}, {.attempts = 5, .first_wait = std::chrono::milliseconds{1}});
    auto const reply = api.call({.operation = "me"});
    REQUIRE(reply.has_value());
    CHECK(reply.value().body == R"({"x":1})");
    CHECK(server.taken() == 3);
}

TEST_CASE("a reply goes to the sink, and a full sink ends it") {
    BreakingServer server({ok("abc"), ok("abc")});
    HttpClient http({.server = server.url(), .allow_plain = true});
    std::string got;
    HttpCall call{.target = "/x"};
    call.sink = [&](std::string_view piece) {
        got += piece;
        return true;
    };
    CHECK(std::get<HttpReply>(http.exchange(call)).status == 200);
    CHECK(got == "abc");
    call.sink = [](std::string_view) { return false; };
    CHECK(std::get<TransportFault>(http.exchange(call)).kind == TransportFault::Kind::sink_full);
}

TEST_CASE("plain HTTP is refused, and nobody at the port is told from a lost answer") {
    BreakingServer server({});
    HttpClient secure({.server = server.url()});
    CHECK(std::get<TransportFault>(secure.exchange({})).kind == TransportFault::Kind::refused_tls);
    HttpClient nobody({.server = "https://127.0.0.1:1"});
    CHECK(std::get<TransportFault>(nobody.exchange({})).kind ==
          TransportFault::Kind::not_connected);
    CHECK(server.taken() == 0);
}
