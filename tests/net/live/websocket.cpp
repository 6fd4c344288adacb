// The event stream's transport (RFC 6455) under friendly and hostile clients.
#include <doctest/doctest.h>

#include <thread>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

std::string const upgrade_fields =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// A masked frame with the mask 0, which leaves the payload as it is.
std::string frame(unsigned char first, std::string const& payload) {
    std::string text(1, static_cast<char>(first));
    if (payload.size() < 126) {
        text += static_cast<char>(0x80U | payload.size());
    } else {
        text += static_cast<char>(0xFE);
        text += static_cast<char>(payload.size() >> 8U);
        text += static_cast<char>(payload.size() & 0xFFU);
    }
    return text + std::string(4, '\0') + payload;
}

std::unique_ptr<RawClient> open_stream(LiveServer const& live) {
    auto client = live.browser();
    client->send(get("/stream", upgrade_fields));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    REQUIRE(reply->status == 101);
    return client;
}

// The close code that ends what is sent; 0 if there is none.
unsigned close_code(std::string const& bytes) {
    auto const at = bytes.rfind('\x88');
    if (at == std::string::npos || at + 4 > bytes.size()) {
        return 0;
    }
    return static_cast<unsigned char>(bytes[at + 2]) * 256U +
           static_cast<unsigned char>(bytes[at + 3]);
}

bool closed_within(LiveServer const& live, int streams) {
    auto const end = std::chrono::steady_clock::now() + 5s;
    while (std::chrono::steady_clock::now() < end) {
        if (live.handler.closed_streams == streams && live.server->counters().open_streams == 0) {
            return true;
        }
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

}  // namespace

TEST_CASE("a stream says back what it was told, and both sides close in order") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(get("/stream", upgrade_fields));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 101);
    CHECK(reply->head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);  // RFC 6455 1.3
    CHECK(reply->head.find("permessage-deflate") == std::string::npos);
    client->send(frame(0x81, "hello"));
    std::string got;
    while (got.size() < 7) {
        got += client->receive_some(64);
    }
    CHECK(got.substr(0, 7) == "\x81\x05hello");
    client->send(frame(0x88, "\x03\xe8"));
    CHECK(close_code(client->receive_all()) == 1000);
    CHECK(closed_within(live, 1));
}

TEST_CASE("frames that break the protocol end the stream") {
    std::string const unmasked = "\x81\x05hello";
    std::string const huge = "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"s + std::string(4, '\0');
    std::string const huger = "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"s + std::string(4, '\0');
    std::string const hostile[] = {
        unmasked,
        huge,
        huger,
        frame(0x82, "binary"),
        frame(0x81, "\xff\xfe"),
        frame(0xC1, "reserved bit"),
        frame(0x83, "reserved opcode"),
        frame(0x80, "continues nothing"),
        frame(0x01, "begins") + frame(0x81, "and begins again"),
        frame(0x09, "a ping in pieces"),
        frame(0x89, std::string(126, 'x')),
        frame(0x81, std::string(5000, 'x')),
        frame(0x88, "\x03"),
        frame(0x88, "\x00\x01"s),
        frame(0x81, "throw"),
    };
    LiveServer const live;
    int streams = 0;
    for (auto const& bytes : hostile) {
        ++streams;
        INFO("stream ", streams);
        auto const client = open_stream(live);
        client->send(bytes);
        static_cast<void>(client->receive_all());
        CHECK(closed_within(live, streams));
    }
    CHECK(live.serves());
}

TEST_CASE("a listener that does not read is cut off, others are not") {
    LiveServer const live;
    auto const good = open_stream(live);
    auto const slow = open_stream(live);
    slow->send(frame(0x81, "flood"));
    auto const end = std::chrono::steady_clock::now() + 5s;
    while (live.server->counters().slow_streams_cut == 0 &&
           std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(10ms);
    }
    CHECK(live.server->counters().slow_streams_cut == 1);
    good->send(frame(0x81, "hello"));
    std::string got;
    while (got.find("hello") == std::string::npos) {
        auto const more = good->receive_some(64);
        REQUIRE_FALSE(more.empty());
        got += more;
    }
}

TEST_CASE("a listener is asked whether it is there, and cut off if it is silent") {
    LiveServer const live;
    auto const silent = open_stream(live);
    auto const bytes = silent->receive_all();
    CHECK(bytes.find('\x89') != std::string::npos);  // a ping
    CHECK(closed_within(live, 1));
}

TEST_CASE("a stopping server says that it goes away") {
    LiveServer live;
    auto const client = open_stream(live);
    std::thread stopping([&] { live.server->stop(3s); });
    CHECK(close_code(client->receive_all()) == 1001);
    stopping.join();
    CHECK(live.handler.closed_streams == 1);
}

TEST_CASE("upgrades that are refused leave HTTP as it was") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(get("/elsewhere", upgrade_fields) + get("/after"));
    CHECK(client->receive().value().status == 404);
    CHECK(client->receive().value().body == "GET /after? ");
    auto const old = live.browser();
    old->send(get("/stream",
                  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    auto const reply = old->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 426);
    CHECK(reply->fields.at("sec-websocket-version") == "13");
    auto const hasty = live.browser();
    hasty->send(get("/stream", upgrade_fields) + frame(0x81, "too early"));
    CHECK(hasty->receive().value().status == 400);
    CHECK(live.handler.closed_streams == 0);
}
