#include "server/net/request_reader.hpp"

#include <boost/beast/http/error.hpp>

// Coroutines here keep to the forms that g++ 12 compiles correctly: whatever an awaited expression
// needs is a named object of its own statement before.
namespace rastro::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using boost::system::error_code;

namespace {

constexpr std::size_t header_block = 4 * 1024;
constexpr std::size_t body_block = 16 * 1024;
constexpr std::uint64_t deadline_block = 64 * 1024;
// Bytes of chunk headers and extensions that a body may cost beyond eight for each of its own.
constexpr std::uint64_t chunk_overhead = 64 * 1024;
constexpr std::string_view continue_reply = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void RequestReader::finish() {
    finishing_ = true;
    if (idle_) {
        stream_.arm_until(std::chrono::steady_clock::now());
    }
}

awaitable<bool> RequestReader::read_head() {
    HeaderScanner scanner;
    fault_.reset();
    parser_.reset();
    head_ = RequestHead();
    head_only_ = false;
    stream_.arm(first_ || !stream_.buffered().empty() ? limits_.header : limits_.keep_alive);
    while (true) {
        auto const found = scanner.scan(stream_.buffered(), limits_);
        if (auto const* complete = std::get_if<HeaderScanner::Complete>(&found)) {
            stream_.disarm();
            first_ = false;
            co_return take_head(*complete);
        }
        if (auto const* fault = std::get_if<FramingFault>(&found)) {
            co_return fail(*fault);
        }
        bool const nothing_yet = stream_.buffered().empty();
        if (nothing_yet && finishing_) {
            co_return false;
        }
        idle_ = nothing_yet;
        bool const more = co_await stream_.read_more(header_block);
        idle_ = false;
        if (!more) {
            if (stream_.timed_out() && !nothing_yet) {
                co_return fail({408, "request-timeout"});
            }
            co_return false;
        }
        if (nothing_yet && (!first_ || finishing_)) {
            stream_.arm(limits_.header);
        }
    }
}

bool RequestReader::take_head(HeaderScanner::Complete const& found) {
    auto const block = stream_.buffered().substr(found.begin, found.end - found.begin);
    auto const split = split_header(block, limits_);
    if (auto const* fault = std::get_if<FramingFault>(&split)) {
        return fail(*fault);
    }
    auto const& raw = std::get<RawHeader>(split);
    head_only_ = raw.method == "HEAD";
    auto checked = check_request(raw, allowed_hosts_);
    if (auto const* fault = std::get_if<FramingFault>(&checked)) {
        return fail(*fault);
    }
    head_ = std::move(std::get<RequestHead>(checked));
    bool const agreed = library_agrees(block);
    stream_.consume(found.end);
    return agreed || fail({});
}

// Two readers have to agree on the header: ours decides, and Beast's, which reads the body, may
// object.
bool RequestReader::library_agrees(std::string_view block) {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes + 1));
    parser_->body_limit(boost::none);  // the handler says, before the body is read
    parser_->eager(false);
    error_code error;
    auto const used = parser_->put(asio::const_buffer(block.data(), block.size()), error);
    return !error && used == block.size() && parser_->is_header_done() &&
           parser_->chunked() == (head_.framing == BodyFraming::chunked) &&
           parser_->is_done() == (head_.framing == BodyFraming::none);
}

bool RequestReader::take_chunk_framing() {
    auto const fresh = stream_.buffered().substr(scanned_);
    auto const seen = chunks_.scan(fresh, limits_);
    scanned_ += seen.used;
    return !seen.fault || fail(*seen.fault);
}

// Feeds what is buffered to the parser. False and a fault if the body is not acceptable.
bool RequestReader::take_body_bytes() {
    bool const chunked = head_.framing == BodyFraming::chunked;
    if (chunked && !take_chunk_framing()) {
        return false;
    }
    auto const known = chunked ? stream_.buffered().substr(0, scanned_) : stream_.buffered();
    error_code error;
    auto const used = parser_->put(asio::const_buffer(known.data(), known.size()), error);
    stream_.consume(used);
    scanned_ -= chunked ? used : 0;
    raw_ += used;
    if (error == http::error::body_limit) {
        return fail({413, "body-too-large"});
    }
    if ((error && error != http::error::need_more) ||
        (chunked && parser_->is_done() != chunks_.is_done())) {
        return fail({});
    }
    bool const wasteful = raw_ > 8 * parser_->get().body().size() + chunk_overhead;
    return !wasteful || fail({});
}

awaitable<bool> RequestReader::read_body(std::uint64_t limit) {
    if (head_.framing == BodyFraming::length && head_.content_length > limit) {
        co_return fail({413, "body-too-large"});
    }
    chunks_ = ChunkScanner();
    scanned_ = 0;
    raw_ = 0;
    parser_->body_limit(limit);
    parser_->eager(true);
    if (head_.expects_continue && stream_.buffered().empty()) {
        bool const told = co_await stream_.write(continue_reply);
        if (!told) {
            co_return false;
        }
    }
    auto const start = std::chrono::steady_clock::now();
    while (true) {
        if (!stream_.buffered().empty() && !take_body_bytes()) {
            co_return false;
        }
        if (parser_->is_done()) {
            stream_.disarm();
            co_return true;
        }
        auto const blocks = static_cast<std::int64_t>(raw_ / deadline_block);
        stream_.arm_until(start + limits_.body + blocks * limits_.body_per_block);
        bool const more = co_await stream_.read_more(body_block);
        if (!more) {
            if (stream_.timed_out()) {
                co_return fail({408, "request-timeout"});
            }
            co_return false;
        }
    }
}

}  // namespace rastro::server
