#include "server/net/reply_head.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

using namespace rastro;
using namespace rastro::server;
using namespace std::string_literals;

namespace {

ReplyFraming at_noon() {
    using namespace std::chrono;
    ReplyFraming framing;
    framing.now = Instant{sys_days{year{2026} / 11 / 24} + hours{12}};
    return framing;
}

HttpReply reply_of(unsigned status, std::string body = {}) {
    HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
}

}  // namespace

TEST_CASE("a reply says its status, fields, date and length") {
    auto reply = reply_of(200, "{}");
    reply.headers.add("content-type", "application/json");
    CHECK(make_reply_head(reply, at_noon()) ==
          "HTTP/1.1 200 OK\r\n"
          "content-type: application/json\r\n"
          "date: Tue, 24 Nov 2026 12:00:00 GMT\r\n"
          "content-length: 2\r\n"
          "\r\n");
}

TEST_CASE("the connection is closed or kept as the request's version needs to be told") {
    auto framing = at_noon();
    framing.http_1_1 = false;
    CHECK(make_reply_head(reply_of(200), framing).find("connection: keep-alive\r\n") !=
          std::string::npos);
    framing.close = true;
    auto const closing = make_reply_head(reply_of(200), framing);
    CHECK(closing.find("connection: close\r\n") != std::string::npos);
    CHECK(closing.find("keep-alive") == std::string::npos);
}

TEST_CASE("HEAD tells the length of a body that is not sent") {
    auto framing = at_noon();
    framing.head_only = true;
    auto const reply = reply_of(200, "12345");
    CHECK(make_reply_head(reply, framing).find("content-length: 5\r\n") != std::string::npos);
    CHECK_FALSE(carries_body(reply, framing));
    CHECK(carries_body(reply, at_noon()));
}

TEST_CASE("204 and 304 have neither body nor length") {
    for (unsigned const status : {204U, 304U}) {
        auto const reply = reply_of(status, "unsent");
        CHECK(make_reply_head(reply, at_noon()).find("content-length") == std::string::npos);
        CHECK_FALSE(carries_body(reply, at_noon()));
    }
}

TEST_CASE("framing and connection fields of a handler are dropped") {
    auto reply = reply_of(200, "abc");
    for (auto const* name : {"connection",
                             "content-length",
                             "keep-alive",
                             "te",
                             "trailer",
                             "transfer-encoding",
                             "upgrade"}) {
        reply.headers.add(name, "forged");
    }
    auto const head = make_reply_head(reply, at_noon());
    CHECK(head.find("forged") == std::string::npos);
    CHECK(head.find("content-length: 3\r\n") != std::string::npos);
}

TEST_CASE("426 names what to upgrade to") {
    auto framing = at_noon();
    framing.close = true;
    auto const head = make_reply_head(reply_of(426), framing);
    CHECK(head.find("upgrade: websocket\r\n") != std::string::npos);
    CHECK(head.find("connection: upgrade\r\n") != std::string::npos);
    CHECK(head.find("sec-websocket-version: 13\r\n") != std::string::npos);
    CHECK(head.find("connection: close\r\n") != std::string::npos);
}

TEST_CASE("a reply that would put a second one on the wire is not written") {
    std::pair<std::string, std::string> const fields[] = {
        {"x", "a\r\nset-cookie: stolen=1"},
        {"x", "a\nb"},
        {"x", "a\0b"s},
        {"x", "a\x7f"},
        {"x y", "a"},
        {"x:", "a"},
        {"", "a"},
        {"x\r\ny", "a"},
    };
    for (auto const& [name, value] : fields) {
        INFO(name, "=", value);
        auto reply = reply_of(200);
        reply.headers.add(name, value);
        CHECK_THROWS_AS(static_cast<void>(make_reply_head(reply, at_noon())), std::logic_error);
    }
    for (unsigned const status : {0U, 99U, 100U, 199U, 600U, 2000U}) {
        CHECK_THROWS_AS(static_cast<void>(make_reply_head(reply_of(status), at_noon())),
                        std::logic_error);
    }
}

TEST_CASE("a date of the handler stands") {
    auto reply = reply_of(200);
    reply.headers.add("date", "Mon, 01 Jan 2024 00:00:00 GMT");
    auto const head = make_reply_head(reply, at_noon());
    CHECK(head.find("date: Mon, 01 Jan 2024 00:00:00 GMT\r\n") != std::string::npos);
    CHECK(head.find("24 Nov 2026") == std::string::npos);
}

TEST_CASE("dates are written as RFC 9110 has them") {
    using namespace std::chrono;
    CHECK(http_date(Instant{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
    auto const leap =
        Instant{sys_days{year{2024} / 2 / 29} + hours{23} + minutes{59} + seconds{59}};
    CHECK(http_date(leap) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("an embedded asset is sent instead of the body") {
    auto reply = reply_of(200, "own");
    reply.shared_body = "shared asset";
    CHECK(body_of(reply) == "shared asset");
    CHECK(make_reply_head(reply, at_noon()).find("content-length: 12\r\n") != std::string::npos);
}
