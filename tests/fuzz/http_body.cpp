// Any bytes as a chunked body: the same end however they arrive; and the library that collects the
// data agrees with every body that the scanner lets through.
#include "server/net/chunk_scanner.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "server/net/limits.hpp"
#include "tests/fuzz/expect.hpp"

using namespace rastro::server;
using rastro::fuzz::expect;
namespace http = boost::beast::http;

namespace {

ChunkScanner::Scanned in_pieces(std::string_view text,
                                std::size_t step,
                                NetLimits const& limits,
                                ChunkScanner& scanner) {
    ChunkScanner::Scanned sum;
    for (std::size_t at = 0; at < text.size() && !scanner.is_done() && !sum.fault; at += step) {
        auto const piece = scanner.scan(text.substr(at, step), limits);
        sum.used += piece.used;
        sum.fault = piece.fault;
    }
    return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = rastro::fuzz::text_of(data, size);
    NetLimits limits;
    limits.header_bytes = 1024;
    ChunkScanner scanner;
    auto const whole = scanner.scan(text, limits);
    ChunkScanner by_pieces;
    auto const pieces = in_pieces(text, size % 5 + 1, limits, by_pieces);
    expect(whole.used == pieces.used, "pieces and whole end alike");
    expect(whole.fault.has_value() == pieces.fault.has_value(), "and are judged alike");
    expect(whole.used <= size, "no more than there is");
    if (!scanner.is_done()) {
        expect(whole.fault.has_value() || whole.used == size, "it ends, errs or wants more");
        return 0;
    }
    constexpr std::string_view head =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    boost::system::error_code error;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    expect(!error || error == http::error::need_more, "the head is good");
    error = {};
    auto const used = parser.put(boost::asio::const_buffer(text.data(), whole.used), error);
    if (!error) {
        expect(parser.is_done() && used == whole.used, "the library sees the same end");
        expect(parser.get().body().size() <= whole.used, "no more data than bytes");
    }
    return 0;
}
