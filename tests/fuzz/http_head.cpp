// Any bytes as the beginning of a request: the same verdict however they arrive, and what is
// accepted has exactly one reading.
#include "common/text.hpp"
#include "server/net/header_block.hpp"
#include "server/net/limits.hpp"
#include "server/net/request_check.hpp"
#include "tests/fuzz/expect.hpp"

using namespace rastro::server;
using rastro::fuzz::expect;

namespace {

HeaderScanner::Result byte_by_byte(std::string_view text, NetLimits const& limits) {
    HeaderScanner scanner;
    HeaderScanner::Result result;
    for (std::size_t size = 1; size <= text.size(); ++size) {
        result = scanner.scan(text.substr(0, size), limits);
        if (!std::holds_alternative<HeaderScanner::NeedMore>(result)) {
            break;
        }
    }
    return result;
}

void check(RequestHead const& head, NetLimits const& limits) {
    expect(head.path.starts_with('/'), "a path starts with a slash");
    expect(rastro::is_valid_utf8(head.path), "paths are UTF-8");
    for (auto const c : head.path) {
        expect(!is_control(static_cast<unsigned char>(c)) && c != '\\', "paths are clean");
    }
    for (auto const segment : rastro::split(head.path, '/')) {
        expect(segment != "." && segment != "..", "paths have no dot segments");
    }
    expect(head.path.size() + head.query.size() <= limits.target_bytes, "targets are limited");
    std::size_t fields = 0;
    for (auto const& [name, value] : head.headers) {
        ++fields;
        expect(is_token(name), "names are tokens");
        expect(rastro::is_valid_utf8(value), "values are UTF-8");
        expect(value.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos, "one line");
    }
    expect(fields <= limits.header_fields, "fields are limited");
    auto const lengths = head.headers.count("content-length");
    auto const codings = head.headers.count("transfer-encoding");
    expect(lengths + codings <= 1, "one framing");
    expect((head.framing == BodyFraming::chunked) == (codings == 1), "chunked as said");
    expect(head.framing != BodyFraming::length || lengths == 1, "a length as said");
    expect(head.headers.count("host") == 1 || (!head.http_1_1 && !head.headers.has("host")),
           "one host");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = rastro::fuzz::text_of(data, size);
    NetLimits limits;
    limits.header_bytes = 2048;
    limits.header_fields = 20;
    limits.target_bytes = 512;
    auto const whole = HeaderScanner().scan(text, limits);
    if (size < 4096) {
        auto const bytes = byte_by_byte(text, limits);
        auto const* one = std::get_if<HeaderScanner::Complete>(&whole);
        auto const* other = std::get_if<HeaderScanner::Complete>(&bytes);
        expect((one == nullptr) == (other == nullptr), "pieces and whole are judged alike");
        expect(one == nullptr || (one->begin == other->begin && one->end == other->end),
               "and end alike");
    }
    auto const* complete = std::get_if<HeaderScanner::Complete>(&whole);
    if (complete == nullptr) {
        return 0;
    }
    expect(complete->begin < complete->end && complete->end <= size, "inside the text");
    auto const block = text.substr(complete->begin, complete->end - complete->begin);
    auto const split = split_header(block, limits);
    if (auto const* raw = std::get_if<RawHeader>(&split)) {
        auto const checked = check_request(*raw, {});
        if (auto const* head = std::get_if<RequestHead>(&checked)) {
            check(*head, limits);
        } else {
            auto const status = std::get<FramingFault>(checked).status;
            expect(status >= 400 && status < 600, "a fault has a status");
        }
    }
    return 0;
}
