#include "server/net/request_check.hpp"

#include <doctest/doctest.h>

#include <string>

#include "server/net/limits.hpp"

using namespace rastro::server;

namespace {

using Checked = std::variant<RequestHead, FramingFault>;

// `rest`: the lines after the request line, each ended by one "\n" for CRLF.
Checked check(std::string const& line,
              std::string const& rest,
              std::vector<std::string> const& hosts = {}) {
    std::string block = line + "\r\n";
    for (auto const c : rest) {
        block += c == '\n' ? "\r\n" : std::string(1, c);
    }
    block += "\r\n";
    auto const split = split_header(block, NetLimits{});
    if (auto const* fault = std::get_if<FramingFault>(&split)) {
        return *fault;
    }
    return check_request(std::get<RawHeader>(split), hosts);
}

unsigned status(Checked const& checked) {
    auto const* fault = std::get_if<FramingFault>(&checked);
    return fault == nullptr ? 200 : fault->status;
}

RequestHead head(Checked checked) {
    INFO(status(checked));
    REQUIRE(std::holds_alternative<RequestHead>(checked));
    return std::get<RequestHead>(std::move(checked));
}

constexpr char const* get = "GET / HTTP/1.1";
constexpr char const* post = "POST /x HTTP/1.1";

struct Case {
    char const* line;
    char const* rest;
    unsigned status;
};

template <std::size_t N>
void check_all(Case const (&cases)[N]) {
    for (auto const& each : cases) {
        INFO(each.line, " | ", each.rest);
        CHECK(status(check(each.line, each.rest)) == each.status);
    }
}

}  // namespace

TEST_CASE("a plain request is taken as it stands") {
    auto const taken = head(check("GET /v1/traces?after=5 HTTP/1.1", "Host: a\nX-Odd: Value\n"));
    CHECK(taken.method == "GET");
    CHECK(taken.path == "/v1/traces");
    CHECK(taken.query == "after=5");
    CHECK(taken.headers.get("x-odd") == "Value");
    CHECK(taken.framing == BodyFraming::none);
    CHECK(taken.keep_alive);
    CHECK_FALSE(taken.expects_continue);
    CHECK_FALSE(taken.wants_websocket);
}

TEST_CASE("the request line: versions, methods and targets") {
    Case const cases[] = {
        {"GET / HTTP/1.1", "Host: a\n", 200},
        {"GET / HTTP/1.0", "", 200},
        {"GET / HTTP/1.2", "Host: a\n", 505},
        {"GET / HTTP/2.0", "Host: a\n", 505},
        {"PRI * HTTP/2.0", "", 505},
        {"GET / HTTP/0.9", "", 505},
        {"GET / http/1.1", "Host: a\n", 400},
        {"GET / HTTP/1.10", "Host: a\n", 400},
        {"GET / HTTP/11", "Host: a\n", 400},
        {"GET / HTTPS/1.1", "Host: a\n", 400},
        {"GET /  HTTP/1.1", "Host: a\n", 400},
        {"HEAD / HTTP/1.1", "Host: a\n", 200},
        {"OPTIONS / HTTP/1.1", "Host: a\n", 200},
        {"OPTIONS * HTTP/1.1", "Host: a\n", 400},
        {"TRACE / HTTP/1.1", "Host: a\n", 405},
        {"CONNECT a:443 HTTP/1.1", "Host: a\n", 405},
        {"get / HTTP/1.1", "Host: a\n", 501},
        {"PROPFIND / HTTP/1.1", "Host: a\n", 501},
        {"G(T / HTTP/1.1", "Host: a\n", 400},
        {"GET https://a/ HTTP/1.1", "Host: a\n", 400},
        {"GET a:443 HTTP/1.1", "Host: a\n", 400},
        {"GET /../x HTTP/1.1", "Host: a\n", 400},
    };
    check_all(cases);
}

TEST_CASE("Host: one, and an authority") {
    Case const cases[] = {
        {get, "", 400},
        {get, "Host:\n", 400},
        {get, "Host: a\nHost: a\n", 400},
        {get, "Host: a\nhost: b\n", 400},
        {get, "Host: a b\n", 400},
        {get, "Host: a, b\n", 400},
        {get, "Host: user@a\n", 400},
        {get, "Host: a/b\n", 400},
        {get, "Host: a:8443\n", 200},
        {"GET / HTTP/1.0", "Host: a\nHost: a\n", 400},
        {"GET / HTTP/1.0", "Host: a b\n", 400},
    };
    check_all(cases);
}

TEST_CASE("a host that is not served is told so, whatever its case and port") {
    std::vector<std::string> const hosts{"trace.example", "[::1]"};
    CHECK(status(check(get, "Host: Trace.Example:8443\n", hosts)) == 200);
    CHECK(status(check(get, "Host: trace.example.\n", hosts)) == 200);
    CHECK(status(check(get, "Host: [::1]:8443\n", hosts)) == 200);
    CHECK(status(check(get, "Host: trace.example.evil\n", hosts)) == 421);
    CHECK(status(check(get, "Host: 127.0.0.1\n", hosts)) == 421);
}

TEST_CASE("message framing: one length, or chunked last and alone, never both") {
    Case const cases[] = {
        {post, "Host: a\nContent-Length: 5\n", 200},
        {post, "Host: a\nContent-Length: 0\n", 200},
        {post, "Host: a\nContent-Length: 5\nContent-Length: 5\n", 400},
        {post, "Host: a\nContent-Length: 5\nContent-Length: 6\n", 400},
        {post, "Host: a\nContent-Length: 5, 5\n", 400},
        {post, "Host: a\nContent-Length:\n", 400},
        {post, "Host: a\nContent-Length: +5\n", 400},
        {post, "Host: a\nContent-Length: -1\n", 400},
        {post, "Host: a\nContent-Length: 0x5\n", 400},
        {post, "Host: a\nContent-Length: 5 5\n", 400},
        {post, "Host: a\nContent-Length: 1e3\n", 400},
        {post, "Host: a\nContent-Length: 18446744073709551617\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked\n", 200},
        {post, "Host: a\nTransfer-Encoding: Chunked\n", 200},
        {post, "Host: a\nTransfer-Encoding: chunked\nContent-Length: 5\n", 400},
        {post, "Host: a\nContent-Length: 5\nTransfer-Encoding: chunked\n", 400},
        {post, "Host: a\nTransfer-Encoding: gzip\nContent-Length: 2\n", 400},
        {post, "Host: a\nTransfer-Encoding:\n", 400},
        {post, "Host: a\nTransfer-Encoding: xchunked\n", 400},
        {post, "Host: a\nTransfer-Encoding: identity\n", 400},
        {post, "Host: a\nTransfer-Encoding: gzip\n", 400},
        {post, "Host: a\nTransfer-Encoding: cow\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked;q=1\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked, identity\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked, chunked\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked,\n", 400},
        {post, "Host: a\nTransfer-Encoding: ,chunked\n", 400},
        {post, "Host: a\nTransfer-Encoding: \"chunked\"\n", 400},
        {post, "Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n", 400},
        {post, "Host: a\nTransfer-Encoding: gzip, chunked\n", 501},
        {"POST / HTTP/1.0", "Transfer-Encoding: chunked\n", 400},
        {post, "Host: a\n", 200},
    };
    check_all(cases);
}

TEST_CASE("a length is read as it is") {
    auto const taken = head(check(post, "Host: a\nContent-Length: 0012\n"));
    CHECK(taken.framing == BodyFraming::length);
    CHECK(taken.content_length == 12);
    CHECK(head(check(post, "Host: a\nContent-Length: 0\n")).framing == BodyFraming::none);
    CHECK(head(check(post, "Host: a\nTransfer-Encoding: chunked\n")).framing ==
          BodyFraming::chunked);
}

TEST_CASE("fields with one meaning come once, and text is UTF-8") {
    Case const cases[] = {
        {get, "Host: a\nAuthorization: Bearer x\nAuthorization: Bearer y\n", 400},
        {get, "Host: a\nCookie: a=b\ncookie: c=d\n", 400},
        {get, "Host: a\nIdempotency-Key: \"a\"\nIdempotency-Key: \"b\"\n", 400},
        {get, "Host: a\nContent-Type: a/b\nContent-Type: c/d\n", 400},
        {get, "Host: a\nOrigin: https://a\nOrigin: https://b\n", 400},
        {get, "Host: a\nAccept: a/b\nAccept: c/d\n", 200},
        {get, "Host: a\nX: caf\xc3\xa9\n", 200},
        {get, "Host: a\nX: \xc3\n", 400},
        {get, "Host: a\nX: \xed\xa0\x80\n", 400},
        {get, "Host: a\nX: \xc0\xaf\n", 400},
    };
    check_all(cases);
}

TEST_CASE("expectations: 100-continue only, and only where a body is to come") {
    CHECK(head(check(post, "Host: a\nContent-Length: 5\nExpect: 100-Continue\n")).expects_continue);
    CHECK_FALSE(head(check(post, "Host: a\nExpect: 100-continue\n")).expects_continue);
    CHECK_FALSE(head(check("POST / HTTP/1.0", "Content-Length: 5\nExpect: 100-continue\n"))
                    .expects_continue);
    CHECK(status(check(post, "Host: a\nContent-Length: 5\nExpect: magic\n")) == 417);
    CHECK(status(check(post, "Host: a\nExpect: 100-continue\nExpect: 100-continue\n")) == 417);
}

TEST_CASE("a connection stays open as both versions of HTTP say") {
    CHECK_FALSE(head(check(get, "Host: a\nConnection: close\n")).keep_alive);
    CHECK_FALSE(head(check(get, "Host: a\nConnection: x, Close\n")).keep_alive);
    CHECK_FALSE(
        head(check(get, "Host: a\nConnection: keep-alive\nConnection: close\n")).keep_alive);
    CHECK_FALSE(head(check("GET / HTTP/1.0", "")).keep_alive);
    CHECK(head(check("GET / HTTP/1.0", "Connection: Keep-Alive\n")).keep_alive);
}

TEST_CASE("an upgrade is taken for WebSocket version 13 with a good key, and ignored for others") {
    std::string const good = "Host: a\nConnection: keep-alive, Upgrade\nUpgrade: websocket\n";
    std::string const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";
    std::string const version = "Sec-WebSocket-Version: 13\n";
    CHECK(head(check(get, good + key + version)).wants_websocket);
    CHECK_FALSE(head(check(get, "Host: a\nConnection: Upgrade\nUpgrade: h2c\n")).wants_websocket);
    CHECK(status(check(get, good + key)) == 426);
    CHECK(status(check(get, good + key + "Sec-WebSocket-Version: 8\n")) == 426);
    CHECK(status(check(get, good + version)) == 400);
    CHECK(status(check(get, good + version + "Sec-WebSocket-Key: c2hvcnQ=\n")) == 400);
    CHECK(status(check(get, good + version + key + key)) == 400);
    CHECK(status(check(get, "Host: a\nUpgrade: websocket\n" + key + version)) == 400);
    CHECK(status(check(post, good + key + version)) == 400);
    CHECK(status(check(get, good + key + version + "Content-Length: 3\n")) == 400);
    CHECK(status(check("GET / HTTP/1.0", good + key + version)) == 400);
}
