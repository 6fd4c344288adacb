// Reads one request after the other from a connection: header section, the one check of its framing
// (request_check), then the body under the limit that the handler sets. Trailer fields are dropped.
// What cannot be read is a fault, after which nothing more is read.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/net/chunk_scanner.hpp"
#include "server/net/header_block.hpp"
#include "server/net/limits.hpp"
#include "server/net/request_check.hpp"
#include "server/net/session_stream.hpp"

namespace rastro::server {

class RequestReader {
 public:
    // All outlive the reader. `allowed_hosts` as check_request takes them.
    RequestReader(SessionStream& stream,
                  NetLimits const& limits,
                  std::vector<std::string> const& allowed_hosts)
        : stream_(stream), limits_(limits), allowed_hosts_(allowed_hosts) {}

    // True: head() is there. False: fault() says what to answer, or there is nothing to answer.
    [[nodiscard]] boost::asio::awaitable<bool> read_head();
    // True: take_body() has all of it. Not to be called without a body.
    [[nodiscard]] boost::asio::awaitable<bool> read_body(std::uint64_t limit);

    [[nodiscard]] RequestHead& head() noexcept { return head_; }
    [[nodiscard]] std::string take_body() { return std::move(parser_->get().body()); }
    [[nodiscard]] std::optional<FramingFault> const& fault() const noexcept { return fault_; }
    // The request asks with HEAD; known of a faulty one too, as soon as its first line is.
    [[nodiscard]] bool head_only() const noexcept { return head_only_; }
    // The body need not be waited for.
    [[nodiscard]] bool body_has_come() const {
        return head_.framing == BodyFraming::length &&
               stream_.buffered().size() >= head_.content_length;
    }
    // The server stops: the wait for the first byte of a request, now or later, ends.
    void finish();

 private:
    bool take_head(HeaderScanner::Complete const& found);
    bool library_agrees(std::string_view block);
    bool take_body_bytes();
    bool take_chunk_framing();
    bool fail(FramingFault fault) {
        fault_ = fault;
        return false;
    }

    SessionStream& stream_;
    NetLimits const& limits_;
    std::vector<std::string> const& allowed_hosts_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    ChunkScanner chunks_;
    std::size_t scanned_ = 0;  // bytes of the buffer that chunks_ has seen
    std::uint64_t raw_ = 0;    // bytes of the body taken, framing included
    RequestHead head_;
    std::optional<FramingFault> fault_;
    bool head_only_ = false;
    bool idle_ = false;       // waits for the first byte of a request
    bool first_ = true;       // no request was read yet
    bool finishing_ = false;  // the server stops
};

}  // namespace rastro::server
