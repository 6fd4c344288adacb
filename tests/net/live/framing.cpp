// Requests whose end two recipients may see differently: answered once, never read beyond, and the
// connection is over (anchors/security.md 0.1, E01).
#include <doctest/doctest.h>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::string_literals;

namespace {

struct Hostile {
    std::string bytes;
    unsigned status;
};

std::string const body_hello = "5\r\nhello\r\n0\r\n\r\n";
std::string const chunked = "Transfer-Encoding: chunked\r\n";

// The request, and behind it one that must not be answered.
void check_ends(LiveServer const& live, Hostile const& hostile) {
    INFO(hostile.bytes);
    auto const client = live.browser();
    REQUIRE(client->is_connected());
    client->send(hostile.bytes + get("/smuggled"));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == hostile.status);
    CHECK(reply->fields.at("connection") == "close");
    CHECK(client->receive_all().empty());
    CHECK(client->was_told_goodbye());
}

void check_all(std::vector<Hostile> const& all) {
    LiveServer const live;
    for (auto const& hostile : all) {
        check_ends(live, hostile);
    }
    for (auto const& path : live.handler.handled()) {
        CHECK(path != "/smuggled");
    }
    CHECK(live.serves());
}

}  // namespace

TEST_CASE("request lines and fields that are not HTTP") {
    check_all({
        {"GET /\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: localhost\n\n", 400},
        {"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n"s, 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: \xff\r\n\r\n", 400},
        {"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /a/../b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET /%2e%2e/b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET https://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET relative HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET \\ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", 505},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
        {"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
        {"\x16\x03\x01\x02"s, 400},
    });
}

TEST_CASE("hosts: none, two, and what is no host") {
    check_all({
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: user@localhost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    });
}

TEST_CASE("two lengths, wrong lengths, and lengths beside codings") {
    check_all({
        {post("/", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
        {post("/", "Content-Length: 5\r\nContent-Length: 50\r\n", "hello"), 400},
        {post("/", "Content-Length: 5, 5\r\n", "hello"), 400},
        {post("/", "Content-Length: +5\r\n", "hello"), 400},
        {post("/", "Content-Length: 0x5\r\n", "hello"), 400},
        {post("/", "Content-Length: -5\r\n", "hello"), 400},
        {post("/", "Content-Length: 18446744073709551621\r\n", "hello"), 400},
        {post("/", chunked + "Content-Length: 5\r\n", body_hello), 400},
        {post("/", "Content-Length: 5\r\n" + chunked, body_hello), 400},
        {post("/", "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n", "hi"), 400},
    });
}

TEST_CASE("transfer codings other than one chunked") {
    check_all({
        {post("/", "Transfer-Encoding: xchunked\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: gzip\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: identity\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: cow\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding:\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: chunked;q=1\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: chunked, identity\r\n", body_hello), 400},
        {post("/", "Transfer-Encoding: gzip, chunked\r\n", body_hello), 501},
        {post("/", chunked + chunked, body_hello), 400},
        {"POST / HTTP/1.0\r\nHost: localhost\r\n" + chunked + "\r\n" + body_hello, 400},
    });
}

TEST_CASE("chunks that are not chunks") {
    std::string const bodies[] = {
        "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhell\r\n0\r\n\r\n",
        "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
        "8000000000000005\r\nhello\r\n0\r\n\r\n",
        "100000000000000005\r\nhello\r\n0\r\n\r\n",
        "5;" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n",
        "0\r\nX: a\r\n folded\r\n\r\n",
        "0\r\nno colon\r\n\r\n",
        "g\r\n",
    };
    std::vector<Hostile> all;
    for (auto const& body : bodies) {
        all.push_back({post("/", chunked, body), 400});
    }
    check_all(all);
}

TEST_CASE("what is too large is refused early, and told") {
    std::string const long_name(9000, 'a');
    std::string fields;
    for (int i = 0; i < 120; ++i) {
        fields += "X: 1\r\n";
    }
    check_all({
        {get("/" + long_name), 414},
        {get("/", fields), 431},
        {get("/", "X: " + std::string(17'000, 'a') + "\r\n"), 431},
        {post("/", "Content-Length: 100001\r\n", {}), 413},
        {post("/", "Content-Length: 999999999999999999\r\n", {}), 413},
        {post("/", chunked, "7fffffffffffffff\r\nhello"), 413},
        {post("/", chunked, "186a1\r\nhello"), 413},
    });
}

TEST_CASE("an endless body is cut off at the limit, an endless header at its own") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(post("/", chunked, {}));
    std::string const chunk = "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    for (int i = 0; i < 11; ++i) {
        client->send(chunk);
    }
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 413);
    auto const talker = live.browser();
    talker->send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 40 && talker->send(std::string(1000, 'a')); ++i) {
    }
    auto const told = talker->receive();
    REQUIRE(told.has_value());
    CHECK(told->status == 431);
    CHECK(live.serves());
}

TEST_CASE("many small chunks that cost more than they carry are refused") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(post("/", chunked, {}));
    std::string wasteful;
    for (int i = 0; i < 2000; ++i) {
        wasteful += "1;" + std::string(100, 'x') + "\r\na\r\n";
    }
    client->send(wasteful);
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 400);
    CHECK(live.serves());
}

TEST_CASE("trailer fields are read and dropped") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(post("/t",
                      chunked + "X-Role: reader\r\n",
                      "5\r\nhello\r\n0\r\nX-Role: admin\r\nHost: evil\r\n\r\n") +
                 get("/next"));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 200);
    CHECK(reply->body == "POST /t? hello");
    CHECK(reply->fields.at("echo-x-role") == "reader");
    CHECK(reply->fields.at("echo-host") == "localhost");
    auto const next = client->receive();
    REQUIRE(next.has_value());
    CHECK(next->body == "GET /next? ");
}

TEST_CASE("a body is read whole, however it arrives") {
    LiveServer const live;
    std::string const all = post("/a", "Content-Length: 5\r\n", "hello") +
                            post("/b", chunked, "2;x=\"y z\"\r\nhe\r\n003\r\nllo\r\n0\r\n\r\n") +
                            get("/c");
    for (std::size_t const step : {std::size_t{1}, std::size_t{7}, all.size()}) {
        auto const client = live.browser();
        for (std::size_t at = 0; at < all.size(); at += step) {
            REQUIRE(client->send(std::string_view(all).substr(at, step)));
        }
        for (auto const* wanted : {"POST /a? hello", "POST /b? hello", "GET /c? "}) {
            auto const reply = client->receive();
            REQUIRE(reply.has_value());
            CHECK(reply->body == wanted);
        }
    }
}

TEST_CASE("only the hosts that are served are answered") {
    LiveServer const live(LiveServer::short_limits(), {"localhost"});
    auto const client = live.browser();
    client->send("GET / HTTP/1.1\r\nHost: elsewhere\r\n\r\n" + get("/smuggled"));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 421);
    CHECK(client->receive_all().empty());
    CHECK(live.serves());
}
