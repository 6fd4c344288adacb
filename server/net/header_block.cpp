#include "server/net/header_block.hpp"

#include "server/net/limits.hpp"

namespace rastro::server {

namespace {

bool is_token_character(unsigned char c) noexcept {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
        return true;
    }
    return c != 0 &&
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string_view trim_spaces(std::string_view text) noexcept {
    auto const blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// Removes the first line from `rest`; every line of a scanned block ends in CRLF.
std::string_view take_line(std::string_view& rest) {
    auto const end = rest.find("\r\n");
    auto const line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    return line;
}

}  // namespace

bool is_control(unsigned char c) noexcept {
    return (c < 0x20 && c != '\t') || c == 0x7F;
}

bool is_token(std::string_view text) noexcept {
    for (auto const c : text) {
        if (!is_token_character(static_cast<unsigned char>(c))) {
            return false;
        }
    }
    return !text.empty();
}

HeaderScanner::Result HeaderScanner::scan(std::string_view buffer, NetLimits const& limits) {
    while (at_ < buffer.size()) {
        auto const c = static_cast<unsigned char>(buffer[at_]);
        if (c == '\r') {
            if (at_ + 1 == buffer.size()) {
                break;  // the byte after it decides
            }
            if (buffer[at_ + 1] != '\n') {
                return FramingFault{};
            }
            bool const empty = at_ == line_begin_;
            at_ += 2;
            line_begin_ = at_;
            if (!empty) {
                if (!first_line_done_ && at_ - begin_ > limits.header_bytes) {
                    return FramingFault{414, "target-too-long"};
                }
                first_line_done_ = true;
            } else if (first_line_done_) {
                if (at_ - begin_ > limits.header_bytes) {
                    return FramingFault{431, "headers-too-large"};
                }
                return Complete{begin_, at_};
            } else if (begin_ == 0) {
                begin_ = at_;
            } else {
                return FramingFault{};
            }
            continue;
        }
        if (is_control(c)) {
            return FramingFault{};
        }
        ++at_;
    }
    if (buffer.size() - begin_ > limits.header_bytes) {
        if (first_line_done_) {
            return FramingFault{431, "headers-too-large"};
        }
        return FramingFault{414, "target-too-long"};
    }
    return NeedMore{};
}

std::variant<RawHeader, FramingFault> split_header(std::string_view block,
                                                   NetLimits const& limits) {
    RawHeader header;
    auto const line = take_line(block);
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return FramingFault{};
    }
    header.method = line.substr(0, first);
    header.target = line.substr(first + 1, last - first - 1);
    header.version = line.substr(last + 1);
    if (header.target.size() > limits.target_bytes) {
        return FramingFault{414, "target-too-long"};
    }
    while (true) {
        auto const field = take_line(block);
        if (field.empty()) {
            return header;
        }
        if (header.fields.size() == limits.header_fields) {
            return FramingFault{431, "headers-too-large"};
        }
        // A line that starts with a blank would fold into the one before; its "name" is no token.
        auto const colon = field.find(':');
        if (colon == std::string_view::npos || !is_token(field.substr(0, colon))) {
            return FramingFault{};
        }
        header.fields.emplace_back(field.substr(0, colon), trim_spaces(field.substr(colon + 1)));
    }
}

}  // namespace rastro::server
