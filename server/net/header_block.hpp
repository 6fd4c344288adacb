// Finds and splits the header section of an HTTP/1 message, byte by byte and without tolerance:
// lines end in CRLF and nothing else, no folding, no control characters (RFC 9112 2.2, 5). What the
// names and values mean is request_check's business.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/problem.hpp"

namespace rastro::server {

struct NetLimits;

// Why a request cannot be read: the status to answer with, after which the connection ends. `slug`
// is one of the problem table's where it has one for the case, else a slug of its own
// ("host-not-served").
struct FramingFault {
    unsigned status = 400;
    std::string_view slug = "malformed-request";
};

// Watches a buffer grow until the empty line is there. Remembers how far it has looked.
class HeaderScanner {
 public:
    struct NeedMore {};
    struct Complete {
        std::size_t begin = 0;  // past one empty line before the request line (RFC 9112 2.2)
        std::size_t end = 0;    // past the empty line that ends the section
    };
    using Result = std::variant<NeedMore, Complete, FramingFault>;

    // `buffer` holds everything received so far, the bytes of the call before included.
    [[nodiscard]] Result scan(std::string_view buffer, NetLimits const& limits);

 private:
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t line_begin_ = 0;
    bool first_line_done_ = false;
};

// Views into the block given to split_header.
struct RawHeader {
    std::string_view method;
    std::string_view target;
    std::string_view version;  // "HTTP/1.1"
    std::vector<std::pair<std::string_view, std::string_view>>
        fields;  // values trimmed of SP and HTAB
};

// `block`: from the request line to the empty line, as the scanner delimited it.
[[nodiscard]] std::variant<RawHeader, FramingFault> split_header(std::string_view block,
                                                                 NetLimits const& limits);

[[nodiscard]] bool is_control(unsigned char c) noexcept;      // CTL of RFC 5234 B.1 except HTAB
[[nodiscard]] bool is_token(std::string_view text) noexcept;  // RFC 9110 5.6.2; false if empty

}  // namespace rastro::server
