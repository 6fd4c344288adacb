#include "server/net/header_block.hpp"

#include <doctest/doctest.h>

#include <string>

#include "server/net/limits.hpp"

using namespace rastro::server;

namespace {

using Complete = HeaderScanner::Complete;
using NeedMore = HeaderScanner::NeedMore;

std::string verdict(HeaderScanner::Result const& result) {
    if (std::holds_alternative<NeedMore>(result)) {
        return "more";
    }
    if (auto const* fault = std::get_if<FramingFault>(&result)) {
        return std::to_string(fault->status) + " " + std::string(fault->slug);
    }
    return "complete";
}

std::string scanned(std::string_view text, NetLimits const& limits = {}) {
    return verdict(HeaderScanner().scan(text, limits));
}

std::string split(std::string const& block, NetLimits const& limits = {}) {
    auto const result = split_header(block, limits);
    if (auto const* fault = std::get_if<FramingFault>(&result)) {
        return std::to_string(fault->status) + " " + std::string(fault->slug);
    }
    auto const& header = std::get<RawHeader>(result);
    std::string text = std::string(header.method) + "|" + std::string(header.target) + "|" +
                       std::string(header.version);
    for (auto const& [name, value] : header.fields) {
        text += "|" + std::string(name) + "=" + std::string(value);
    }
    return text;
}

constexpr std::string_view plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("the scanner finds the end of the header section and nothing beyond it") {
    auto const text = std::string(plain) + "body \x01 bytes";
    auto const result = HeaderScanner().scan(text, NetLimits{});
    REQUIRE(std::holds_alternative<Complete>(result));
    CHECK(std::get<Complete>(result).begin == 0);
    CHECK(std::get<Complete>(result).end == plain.size());
}

TEST_CASE("the scanner comes to the same end however the bytes arrive") {
    for (std::size_t step = 1; step <= plain.size(); ++step) {
        HeaderScanner scanner;
        for (std::size_t size = step; size < plain.size(); size += step) {
            INFO(step, " ", size);
            REQUIRE(verdict(scanner.scan(plain.substr(0, size), NetLimits{})) == "more");
        }
        auto const last = scanner.scan(plain, NetLimits{});
        REQUIRE(std::holds_alternative<Complete>(last));
        CHECK(std::get<Complete>(last).end == plain.size());
    }
}

TEST_CASE("one empty line before the request line is let pass, and only one") {
    auto const one = "\r\n" + std::string(plain);
    auto const result = HeaderScanner().scan(one, NetLimits{});
    REQUIRE(std::holds_alternative<Complete>(result));
    CHECK(std::get<Complete>(result).begin == 2);
    CHECK(std::get<Complete>(result).end == one.size());
    CHECK(scanned("\r\n\r\n" + std::string(plain)) == "400 malformed-request");
}

TEST_CASE("line ends and bytes that two readers could take differently are refused") {
    using namespace std::string_literals;
    std::string const cases[] = {
        "GET / HTTP/1.1\nHost: a\n\n"s,
        "GET / HTTP/1.1\r\nHost: a\n\r\n"s,
        "GET / HTTP/1.1\rHost: a\r\n\r\n"s,
        "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"s,
        "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"s,
        "\0GET / HTTP/1.1\r\n\r\n"s,
        "GET / HTTP/1.1\r\nX: \x1b[2J\r\n\r\n"s,
        "GET / HTTP/1.1\r\nX: \x7f\r\n\r\n"s,
        "\x16\x03\x01\x02\x00"s,
    };
    for (auto const& text : cases) {
        INFO(text);
        CHECK(scanned(text) == "400 malformed-request");
    }
}

TEST_CASE("a carriage return at the end of what has come waits for its line feed") {
    CHECK(scanned("GET / HTTP/1.1\r") == "more");
}

TEST_CASE("the scanner stops at the limit, and says what was too long") {
    NetLimits limits;
    limits.header_bytes = 64;
    CHECK(scanned("GET /" + std::string(80, 'a'), limits) == "414 target-too-long");
    CHECK(scanned("GET /" + std::string(80, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", limits) ==
          "414 target-too-long");
    auto const fields = "GET / HTTP/1.1\r\nX: " + std::string(80, 'a');
    CHECK(scanned(fields, limits) == "431 headers-too-large");
    CHECK(scanned(fields + "\r\n\r\n", limits) == "431 headers-too-large");
    limits.header_bytes = plain.size();
    CHECK(scanned(plain, limits) == "complete");
    limits.header_bytes = plain.size() - 1;
    CHECK(scanned(plain, limits) == "431 headers-too-large");
}

TEST_CASE("a header section is split into its parts, blanks around values removed") {
    CHECK(split("GET /a?b HTTP/1.1\r\nHost:a\r\nX: \t b c \t\r\nEmpty:\r\n\r\n") ==
          "GET|/a?b|HTTP/1.1|Host=a|X=b c|Empty=");
}

TEST_CASE("a request line keeps every blank but the first and the last in its target") {
    CHECK(split("GET /a b HTTP/1.1\r\n\r\n") == "GET|/a b|HTTP/1.1");
    CHECK(split("GET  / HTTP/1.1\r\n\r\n") == "GET| /|HTTP/1.1");
}

TEST_CASE("request lines and fields without their one form are refused") {
    std::string const cases[] = {
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\r\n\tfolded: b\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: nameless\r\n\r\n",
        "GET / HTTP/1.1\r\nX(Y): a\r\n\r\n",
        "GET / HTTP/1.1\r\nH\xc3\xb6st: a\r\n\r\n",
    };
    for (auto const& text : cases) {
        INFO(text);
        CHECK(split(text) == "400 malformed-request");
    }
}

TEST_CASE("fields and target are counted against their limits") {
    NetLimits limits;
    limits.header_fields = 2;
    limits.target_bytes = 4;
    CHECK(split("GET /abc HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n", limits) ==
          "GET|/abc|HTTP/1.1|A=1|B=2");
    CHECK(split("GET /abc HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits) ==
          "431 headers-too-large");
    CHECK(split("GET /abcd HTTP/1.1\r\n\r\n", limits) == "414 target-too-long");
}

TEST_CASE("a token is one or more of the characters RFC 9110 names") {
    CHECK(is_token("Content-Type"));
    CHECK(is_token("!#$%&'*+-.^_`|~09azAZ"));
    using namespace std::string_view_literals;
    for (auto const text :
         {""sv, " "sv, "a b"sv, "a:"sv, "a\0b"sv, "\xc3\xa9"sv, "(a)"sv, "a@b"sv}) {
        INFO(text);
        CHECK_FALSE(is_token(text));
    }
}
