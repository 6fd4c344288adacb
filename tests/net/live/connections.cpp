// How many may come, and how the server stops: caps, floods, finishing and cutting.
#include <doctest/doctest.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

// Until no connection is open, or five seconds are over.
bool all_gone(LiveServer const& live) {
    auto const end = steady_clock::now() + 5s;
    while (steady_clock::now() < end) {
        if (live.server->counters().open_connections == 0) {
            return true;
        }
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

// True if the server has closed the socket, within the patience of the socket.
bool closes(int socket) {
    char byte = 0;
    return read(socket, &byte, 1) <= 0;
}

long resident_kilobytes() {
    long pages = 0;
    if (auto* file = std::fopen("/proc/self/statm", "re")) {
        long total = 0;
        if (std::fscanf(file, "%ld %ld", &total, &pages) != 2) {
            pages = 0;
        }
        std::fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace

TEST_CASE("a flood past the cap is closed unanswered, and the next client is served") {
    auto limits = LiveServer::short_limits();
    limits.connections = 20;
    limits.connections_per_address = 20;
    LiveServer const live(limits);
    std::vector<int> flood;
    for (int i = 0; i < 100; ++i) {
        flood.push_back(connect_silently(live.browser_port()));
        REQUIRE(flood.back() >= 0);
    }
    for (auto const socket : flood) {
        CHECK(closes(socket));  // at once beyond the cap, at the handshake's deadline below it
    }
    CHECK(live.server->counters().refused_by_cap == 80);
    CHECK(live.server->counters().accepted == 100);
    for (auto const socket : flood) {
        close(socket);
    }
    CHECK(all_gone(live));
    CHECK(live.serves());
}

TEST_CASE("one address may not take all places") {
    auto limits = LiveServer::short_limits();
    limits.connections_per_address = 3;
    LiveServer const live(limits);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(live.browser());
    }
    CHECK(clients[2]->is_connected());
    CHECK_FALSE(clients[3]->is_connected());
    clients.clear();
    CHECK(all_gone(live));
    CHECK(live.serves());
}

TEST_CASE("connections of hostile clients leave nothing behind") {
    LiveServer const live;
    auto const once = [&](int i) {
        auto const client = live.browser();
        std::string const requests[] = {
            "GARBAGE\r\n\r\n",
            get("/", "X: " + std::string(16'500, 'a') + "\r\n"),
            post("/", "Content-Length: 99999\r\n", std::string(50'000, 'x')),
            post("/", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\nzz"),
            get("/big"),
        };
        client->send(requests[i % 5]);
        client->close_sending_side();
    };
    for (int i = 0; i < 100; ++i) {
        once(i);
    }
    CHECK(all_gone(live));
    auto const before = resident_kilobytes();
    for (int i = 0; i < 300; ++i) {
        once(i);
    }
    CHECK(all_gone(live));
    CHECK(resident_kilobytes() - before < 32 * 1024);
    CHECK(live.serves());
}

TEST_CASE("stopping: idle connections close, a running request is answered, new ones are refused") {
    LiveServer live;
    auto const idle = live.browser();
    idle->send(get("/"));
    REQUIRE(idle->receive().has_value());
    auto const fresh = live.browser();
    REQUIRE(fresh->is_connected());
    auto const busy = live.browser();
    busy->send(get("/slow"));
    while (live.handler.handled().size() < 2) {
        std::this_thread::sleep_for(5ms);
    }
    auto stopped = std::async(std::launch::async, [&] { return live.server->stop(5s); });
    auto const reply = busy->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 200);
    CHECK(reply->fields.at("connection") == "close");
    CHECK(idle->receive_all().empty());
    CHECK(idle->was_told_goodbye());
    CHECK(fresh->receive_all().empty());
    CHECK(stopped.get());
    CHECK(connect_silently(live.browser_port()) < 0);
}

TEST_CASE("stopping cuts what does not end in time, and a second stop hurries") {
    auto limits = LiveServer::short_limits();
    limits.header = 60s;
    LiveServer live(limits);
    auto const half = live.browser();
    half->send("GET / HTTP/1.1\r\n");
    while (live.server->counters().bytes_in == 0) {
        std::this_thread::sleep_for(5ms);
    }
    auto const start = steady_clock::now();
    auto stopped = std::async(std::launch::async, [&] { return live.server->stop(60s); });
    std::this_thread::sleep_for(100ms);
    live.server->stop(60s);
    CHECK_FALSE(stopped.get());
    CHECK(steady_clock::now() - start < 5s);
    CHECK(half->receive_all().empty());
}

TEST_CASE("a hundred clients at once are all answered") {
    LiveServer const live;
    std::vector<std::future<bool>> answers;
    for (int i = 0; i < 10; ++i) {
        answers.push_back(std::async(std::launch::async, [&live] {
            bool good = true;
            for (int j = 0; j < 10; ++j) {
                good = live.serves() && good;
            }
            return good;
        }));
    }
    for (auto& answer : answers) {
        CHECK(answer.get());
    }
}
