#include "server/net/chunk_scanner.hpp"

#include <doctest/doctest.h>

#include <string>

#include "server/net/limits.hpp"

using namespace rastro::server;
using namespace std::string_literals;

namespace {

struct Told {
    std::string verdict;
    std::size_t used = 0;
};

// `step`: how many bytes come at a time.
Told scanned(std::string_view text, std::size_t step, NetLimits const& limits = {}) {
    ChunkScanner scanner;
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size(); at += step) {
        auto const piece = text.substr(at, step);
        auto const result = scanner.scan(piece, limits);
        used += result.used;
        if (result.fault) {
            return {std::to_string(result.fault->status), used};
        }
        if (scanner.is_done()) {
            return {"done", used};
        }
        REQUIRE(result.used == piece.size());
    }
    return {"more", used};
}

std::string verdict(std::string_view text) {
    auto const whole = scanned(text, text.size());
    for (std::size_t const step :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
        auto const pieces = scanned(text, step);
        CHECK(pieces.verdict == whole.verdict);
        CHECK(pieces.used == whole.used);
    }
    return whole.verdict;
}

}  // namespace

TEST_CASE("a chunked body ends where its last line ends") {
    std::string const bodies[] = {
        "0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhel\r\n\r\n0\r\n\r\n",
        "005\r\nhello\r\n000\r\n\r\n",
        "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
        "5;name=value;other=\"quoted; text\"\r\nhello\r\n0;last\r\n\r\n",
        "1\r\n\0\r\n0\r\n\r\n"s,
        "0\r\nX-Trailer: dropped\r\nY:\r\n\r\n",
    };
    for (auto const& body : bodies) {
        INFO(body);
        CHECK(verdict(body) == "done");
        auto const with_next = scanned(body + "GET / HTTP/1.1\r\n\r\n", 1000);
        CHECK(with_next.verdict == "done");
        CHECK(with_next.used == body.size());
        for (std::size_t cut = 0; cut < body.size(); ++cut) {
            CHECK(scanned(body.substr(0, cut), 1000).verdict == "more");
        }
    }
}

TEST_CASE("framing that two recipients may read differently is refused") {
    std::string const bodies[] = {
        "\r\n0\r\n\r\n",
        ";a\r\n",
        "g\r\n",
        "-1\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5\t;a\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "5\r\nhell\r\n0\r\n\r\n",
        "5\rX",
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
        "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
        "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"s,
        "5;a\rb\r\nhello\r\n0\r\n\r\n",
        "0\r\n folded: x\r\n\r\n",
        "0\r\nno colon\r\n\r\n",
        "0\r\n: nameless\r\n\r\n",
        "0\r\nX : a\r\n\r\n",
        "0\r\nX: a\nY: b\r\n\r\n",
        "0\r\nX\r\n\r\n",
        "0\r\n\rX",
    };
    for (auto const& body : bodies) {
        INFO(body);
        CHECK(verdict(body) == "400");
    }
}

TEST_CASE("a size beyond what counts fit is refused, not wrapped around") {
    CHECK(verdict("7fffffffffffffff\r\n") == "more");
    for (auto const* body : {"8000000000000000\r\n",
                             "ffffffffffffffff\r\n",
                             "10000000000000000\r\n",
                             "100000000000000005\r\nhello\r\n0\r\n\r\n",
                             "fffffffffffffffffffffffffffffffffffffffff\r\n"}) {
        INFO(body);
        CHECK(verdict(body) == "400");
    }
}

TEST_CASE("extensions and trailers do not go on for ever") {
    auto const longest = "0;" + std::string(ChunkScanner::longest_size_line - 2, 'x');
    CHECK(verdict(longest + "\r\n\r\n") == "done");
    CHECK(verdict(longest + "x\r\n\r\n") == "400");
    CHECK(verdict(std::string(ChunkScanner::longest_size_line + 1, '0')) == "400");
    NetLimits limits;
    limits.header_bytes = 100;
    std::string many = "0\r\n";
    for (int i = 0; i < 20; ++i) {
        many += "X: 12345\r\n";
    }
    CHECK(scanned(many + "\r\n", 1000, limits).verdict == "431");
    CHECK(scanned(many + "\r\n", 1000).verdict == "done");
}
