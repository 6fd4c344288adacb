// Slow clients: every wait ends at its total deadline, whatever trickles in meanwhile
// (anchors/security.md 4.2 rule 5, F15).
#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto limit = 700ms;
constexpr auto late = 2500ms;  // the limit, the farewell, and a busy machine

// Sends one byte each 50 ms until the peer has gone or three seconds are over.
void trickle(RawClient& client, char byte) {
    auto const end = steady_clock::now() + 3s;
    while (steady_clock::now() < end && client.send({&byte, 1})) {
        std::this_thread::sleep_for(50ms);
    }
}

struct Slow {
    std::string begin;
    char byte;
    unsigned status;
};

}  // namespace

TEST_CASE("a header or body that trickles in is cut off by its total deadline") {
    LiveServer const live;
    Slow const cases[] = {
        {"GET / HTTP/1.1\r\nX: ", 'a', 408},
        {post("/", "Content-Length: 1000\r\n", {}), 'a', 408},
        {post("/", "Transfer-Encoding: chunked\r\n", "3e8\r\n"), 'a', 408},
    };
    for (auto const& slow : cases) {
        INFO(slow.begin);
        auto const client = live.browser();
        auto const start = steady_clock::now();
        client->send(slow.begin);
        std::thread sender([&] { trickle(*client, slow.byte); });
        sender.join();
        auto const lasted = steady_clock::now() - start;
        CHECK(lasted >= limit);
        CHECK(lasted < late);
    }
    CHECK(live.handler.handled().empty());
    CHECK(live.serves());
}

TEST_CASE("a client that stops in the middle of a request is told so") {
    LiveServer const live;
    for (auto const& half : {std::string("GET / HTTP/1.1\r\nX: "),
                             post("/", "Content-Length: 1000\r\n", "hello"),
                             post("/", "Transfer-Encoding: chunked\r\n", "3e8\r\nhello")}) {
        auto const client = live.browser();
        client->send(half);
        auto const reply = client->receive();
        REQUIRE(reply.has_value());
        CHECK(reply->status == 408);
        CHECK(reply->fields.at("connection") == "close");
        CHECK(client->receive_all().empty());
    }
}

TEST_CASE("silence before the first request and between two ends without an answer") {
    LiveServer const live;
    auto const silent = live.browser();
    auto const idle = live.browser();
    idle->send(get("/"));
    REQUIRE(idle->receive().has_value());
    auto const start = steady_clock::now();
    CHECK(silent->receive_all().empty());
    CHECK(idle->receive_all().empty());
    CHECK(steady_clock::now() - start < late);
    CHECK(idle->was_told_goodbye());
}

TEST_CASE("a handshake that does not come, or stops, is cut off") {
    LiveServer const live;
    auto const start = steady_clock::now();
    for (std::string_view const begin :
         {std::string_view(), std::string_view("\x16\x03\x01\x02\x00\x01", 6)}) {
        int const socket = connect_silently(live.browser_port());
        REQUIRE(socket >= 0);
        REQUIRE(write(socket, begin.data(), begin.size()) == static_cast<ssize_t>(begin.size()));
        char byte = 0;
        CHECK(read(socket, &byte, 1) <= 0);
        close(socket);
    }
    auto const lasted = steady_clock::now() - start;
    CHECK(lasted >= limit);
    CHECK(lasted < 2 * late);
    CHECK(live.serves());
}

TEST_CASE("what is no TLS at all is closed at once") {
    LiveServer const live;
    int const socket = connect_silently(live.browser_port());
    REQUIRE(socket >= 0);
    constexpr std::string_view plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    REQUIRE(write(socket, plain.data(), plain.size()) == static_cast<ssize_t>(plain.size()));
    char buffer[64];
    ssize_t count = 0;
    while ((count = read(socket, buffer, sizeof buffer)) > 0) {
        CHECK(std::string_view(buffer, 4) != "HTTP");  // an alert at most
    }
    close(socket);
    CHECK(live.serves());
}

TEST_CASE("a client that does not read its answer is cut off") {
    LiveServer const live;
    ClientOptions options;
    options.receive_buffer = 4096;
    auto const client = live.browser(options);
    for (int i = 0; i < 8; ++i) {
        client->send(get("/big"));
    }
    auto const start = steady_clock::now();
    while (live.server->counters().open_connections > 0 && steady_clock::now() - start < 5s) {
        std::this_thread::sleep_for(20ms);
    }
    auto const lasted = steady_clock::now() - start;
    CHECK(lasted >= limit - 100ms);
    CHECK(lasted < late);
    CHECK(live.serves());
}

TEST_CASE("a client that reads a little before each stall ends is cut off all the same") {
    LiveServer const live;
    ClientOptions options;
    options.receive_buffer = 4096;
    auto const client = live.browser(options);
    for (int i = 0; i < 8; ++i) {
        client->send(get("/big"));
    }
    auto const start = steady_clock::now();
    bool open = true;
    while (open && steady_clock::now() - start < 8s) {
        std::this_thread::sleep_for(100ms);
        open = live.server->counters().open_connections > 0 && !client->receive_some(4096).empty();
    }
    CHECK(steady_clock::now() - start < 8s);
}
