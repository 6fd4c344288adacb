#include "server/net/request_target.hpp"

#include "common/text.hpp"

namespace rastro::server {

namespace {

bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

// The byte of the percent-encoding at `at`; -1 if it is incomplete.
int decoded_at(std::string_view text, std::size_t at) noexcept {
    if (at + 2 >= text.size()) {
        return -1;
    }
    auto const high = hex_value(text[at + 1]);
    auto const low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// pchar or "/" of RFC 3986 3.3, percent-encodings aside.
bool is_path_character(char c) noexcept {
    return is_alphanumeric(c) ||
           (c != 0 && std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos);
}

// As above and "?", plus what browsers leave as it is in a query (WHATWG URL, query percent-encode
// set).
bool is_query_character(char c) noexcept {
    return is_path_character(c) ||
           (c != 0 && std::string_view("?[]{}|^`").find(c) != std::string_view::npos);
}

bool has_dot_segment(std::string_view path) {
    for (auto const segment : split(path, '/')) {
        if (segment == "." || segment == "..") {
            return true;
        }
    }
    return false;
}

std::optional<std::string> decode_path(std::string_view raw) {
    std::string path;
    path.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '%') {
            if (!is_path_character(raw[i])) {
                return std::nullopt;
            }
            path.push_back(raw[i]);
            continue;
        }
        auto const byte = decoded_at(raw, i);
        if (byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\') {
            return std::nullopt;
        }
        path.push_back(static_cast<char>(byte));
        i += 2;
    }
    if (has_dot_segment(path) || !is_valid_utf8(path)) {
        return std::nullopt;
    }
    return path;
}

bool is_query(std::string_view raw) noexcept {
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '%') {
            if (decoded_at(raw, i) < 0) {
                return false;
            }
            i += 2;
        } else if (!is_query_character(raw[i])) {
            return false;
        }
    }
    return true;
}

bool is_port(std::string_view text) noexcept {
    unsigned value = 0;
    for (auto const c : text) {
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535) {
            return false;
        }
    }
    return !text.empty();
}

// "[" IPv6 "]"; whether it is an address that exists does not matter, only that it is nothing else.
bool is_ip_literal(std::string_view text) noexcept {
    if (text.size() < 4 || text.front() != '[' || text.back() != ']') {
        return false;
    }
    for (auto const c : text.substr(1, text.size() - 2)) {
        if (hex_value(c) < 0 && c != ':' && c != '.') {
            return false;
        }
    }
    return text.find(':') != std::string_view::npos;
}

bool is_host_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 253) {
        return false;
    }
    for (auto const c : text) {
        if (!is_alphanumeric(c) && c != '-' && c != '.' && c != '_') {
            return false;
        }
    }
    return is_alphanumeric(text.front()) && text.find("..") == std::string_view::npos;
}

}  // namespace

std::optional<RequestTarget> read_target(std::string_view target) {
    if (target.empty() || target.front() != '/') {
        return std::nullopt;
    }
    auto const mark = target.find('?');
    auto path = decode_path(target.substr(0, mark));
    auto const query =
        mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    if (!path || !is_query(query)) {
        return std::nullopt;
    }
    return RequestTarget{std::move(*path), std::string(query)};
}

std::optional<std::string> read_authority(std::string_view authority) {
    auto host = authority;
    auto const colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        if (!is_port(authority.substr(colon + 1))) {
            return std::nullopt;
        }
        host = authority.substr(0, colon);
    }
    if (!is_ip_literal(host)) {
        if (host.ends_with('.')) {
            host.remove_suffix(1);
        }
        if (!is_host_name(host)) {
            return std::nullopt;
        }
    }
    return to_lower_ascii(host);
}

}  // namespace rastro::server
