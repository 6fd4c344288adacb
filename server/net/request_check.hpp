// The one check between header and body (anchors/security.md 0.1 finding 1): decides from the
// header alone how the message is framed, or that it is not to be read at all. Pure: no sockets, no
// Beast. Everything it accepts has exactly one reading; everything else ends the connection after
// the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/net/header_block.hpp"
#include "server/net/http.hpp"

namespace rastro::server {

enum class BodyFraming : std::uint8_t { none, length, chunked };

struct RequestHead {
    std::string method;
    std::string path;
    std::string query;
    HeaderFields headers;
    bool http_1_1 = true;
    bool keep_alive = true;  // what the client asks for
    BodyFraming framing = BodyFraming::none;
    std::uint64_t content_length = 0;
    bool expects_continue = false;  // wants 100 (Continue) before it sends the body
    bool wants_websocket = false;   // RFC 6455 4.2.1 checked
};

// Methods that may be in the endpoint table; an Allow value for the answer to TRACE and CONNECT.
inline constexpr std::string_view allowed_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

// `allowed_hosts`: lower-case names or addresses without port; empty: any valid Host. Status by
// fault:
//   400 malformed anything; Transfer-Encoding whose end cannot be known, twice, in HTTP/1.0 or
//   beside a
//       Content-Length; Content-Length twice, as a list or no number; Host absent (HTTP/1.1), twice
//       or no authority; a target in another form than origin form; a single-valued field given
//       twice
//   405 TRACE, CONNECT     417 an Expect other than 100-continue     421 a Host that is not served
//   here 426 another WebSocket version than 13    501 unknown method, other transfer codings before
//   chunked 505 another version than HTTP/1.0 and HTTP/1.1
// Sources: RFC 9112 2.3, 3.2, 5.1, 6.1, 6.3; RFC 9110 7.2, 7.4, 9.1, 10.1.1; RFC 6455 4.2.1, 4.4.
[[nodiscard]] std::variant<RequestHead, FramingFault> check_request(
    RawHeader const& raw, std::vector<std::string> const& allowed_hosts);

}  // namespace rastro::server
