// Requests and replies in order: pipelining, keep-alive, HEAD, Expect, and handlers that fail.
#include <doctest/doctest.h>

#include <thread>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::chrono_literals;

TEST_CASE("pipelined requests are answered in order, also behind a slow one") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(get("/slow?1") + get("/2") + post("/3", "Content-Length: 2\r\n", "hi") +
                 get("/4"));
    for (auto const* wanted : {"GET /slow?1 ", "GET /2? ", "POST /3? hi", "GET /4? "}) {
        auto const reply = client->receive();
        REQUIRE(reply.has_value());
        CHECK(reply->body == wanted);
        CHECK(reply->fields.count("connection") == 0);
    }
}

TEST_CASE("HEAD gets the fields of GET and no body") {
    LiveServer const live;
    auto const client = live.browser();
    client->send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/y"));
    auto const head = client->receive(true);
    REQUIRE(head.has_value());
    CHECK(head->status == 200);
    CHECK(head->fields.at("content-length") == "9");
    auto const next = client->receive();
    REQUIRE(next.has_value());
    CHECK(next->body == "GET /y? ");
}

TEST_CASE("a faulty HEAD gets no body either") {
    LiveServer const live;
    auto const client = live.browser();
    client->send("HEAD /x HTTP/1.1\r\n\r\n");
    auto const text = client->receive_all();
    CHECK(text.starts_with("HTTP/1.1 400 "));
    CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("the connection ends when the client asks for it") {
    LiveServer const live;
    for (auto const* request : {"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                                "GET / HTTP/1.0\r\n\r\n"}) {
        auto const client = live.browser();
        client->send(request + get("/after"));
        auto const reply = client->receive();
        REQUIRE(reply.has_value());
        CHECK(reply->status == 200);
        CHECK(reply->fields.at("connection") == "close");
        CHECK(client->receive_all().empty());
        CHECK(client->was_told_goodbye());
    }
    auto const old = live.browser();
    old->send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
    auto const first = old->receive();
    REQUIRE(first.has_value());
    CHECK(first->fields.at("connection") == "keep-alive");
    auto const second = old->receive();
    REQUIRE(second.has_value());
    CHECK(second->body == "GET /2? ");
}

TEST_CASE("100 Continue comes before the body, and not when the body is refused or already there") {
    LiveServer const live;
    auto const polite = live.browser();
    polite->send(post("/", "Content-Length: 5\r\nExpect: 100-continue\r\n", {}));
    auto const go_on = polite->receive();
    REQUIRE(go_on.has_value());
    CHECK(go_on->head == "HTTP/1.1 100 Continue\r\n\r\n");
    polite->send("hello");
    CHECK(polite->receive().value().body == "POST /? hello");

    auto const refused = live.browser();
    refused->send(post("/", "Content-Length: 200000\r\nExpect: 100-continue\r\n", {}));
    CHECK(refused->receive().value().status == 413);
    CHECK(refused->receive_all().empty());

    auto const hasty = live.browser();
    hasty->send(post("/", "Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"));
    CHECK(hasty->receive().value().status == 200);

    auto const strange = live.browser();
    strange->send(post("/", "Content-Length: 5\r\nExpect: magic\r\n", {}));
    CHECK(strange->receive().value().status == 417);
}

TEST_CASE("a full server refuses before it reads a body, and answers what has come whole") {
    LiveServer live;
    live.handler.full = true;
    auto const client = live.browser();
    client->send(post("/", "Content-Length: 50000\r\n", "the beginning"));
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 503);
    CHECK(reply->fields.at("connection") == "close");
    auto const whole = live.browser();
    whole->send(post("/", "Content-Length: 5\r\n", "hello"));
    CHECK(whole->receive().value().status == 200);
}

TEST_CASE("the answer reaches a client that has closed its sending side") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(get("/slow"));
    client->close_sending_side();
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->body == "GET /slow? ");
    CHECK(client->receive_all().empty());
}

TEST_CASE("a request that breaks off is not handled") {
    LiveServer const live;
    for (auto const& half : {std::string("GET /half"),
                             get("/half").substr(0, 30),
                             post("/half", "Content-Length: 10\r\n", "hello"),
                             post("/half", "Transfer-Encoding: chunked\r\n", "5\r\nhel")}) {
        auto const client = live.browser();
        client->send(half);
        client->close_sending_side();
        CHECK(client->receive_all().empty());
    }
    CHECK(live.handler.handled().empty());
    CHECK(live.serves());
}

TEST_CASE("an early answer survives a client that goes on sending") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(post("/", "Content-Length: 3000000\r\n", {}));
    std::string const block(100'000, 'x');
    for (int i = 0; i < 10 && client->send(block); ++i) {
    }
    auto const reply = client->receive();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 413);
}

TEST_CASE("a handler that throws, or would forge a second reply, ends as 500 and nothing more") {
    LiveServer const live;
    for (auto const* path : {"/throw", "/forged"}) {
        auto const client = live.browser();
        client->send(get(path) + get("/after"));
        auto const reply = client->receive();
        REQUIRE(reply.has_value());
        CHECK(reply->status == 500);
        CHECK(reply->head.find("set-cookie") == std::string::npos);
        CHECK(client->receive_all().empty());
    }
    CHECK(live.serves());
}

TEST_CASE("large replies arrive whole, one after the other") {
    LiveServer const live;
    auto const client = live.browser();
    client->send(get("/big") + get("/big") + get("/after"));
    for (int i = 0; i < 2; ++i) {
        auto const reply = client->receive();
        REQUIRE(reply.has_value());
        CHECK(reply->body.size() == (4U << 20));
    }
    CHECK(client->receive().value().body == "GET /after? ");
}
