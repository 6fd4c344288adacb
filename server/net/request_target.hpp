// Reads a request target in origin form (RFC 9112 3.2.1), the only form this server takes: no
// absolute, authority or asterisk form, no fragment, no backslash, nothing outside RFC 3986.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rastro::server {

struct RequestTarget {
    std::string
        path;  // percent-decoded once; no '.' or '..' segment, no control character, valid UTF-8
    std::string query;  // raw, without '?'; its percent-encodings are complete
};

// nullopt if malformed, or if decoding would change the path's structure: an encoded '/' or '\',
// NUL or another control character, or a dot segment, encoded or not.
[[nodiscard]] std::optional<RequestTarget> read_target(std::string_view target);

// A Host value: host [":" port]. Returns the host in lower case without port and final dot, IPv6
// literals in brackets. nullopt if it is empty, has user information, or is no name or address at
// all.
[[nodiscard]] std::optional<std::string> read_authority(std::string_view authority);

}  // namespace rastro::server
