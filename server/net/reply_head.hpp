// Writes the status line and header section of a reply. Framing and connection fields are this
// file's business alone: those a handler sets are dropped.
#pragma once

#include <string>
#include <string_view>

#include "server/net/http.hpp"

namespace rastro::server {

struct ReplyFraming {
    bool http_1_1 = true;    // of the request; an HTTP/1.0 client is told about keep-alive
    bool head_only = false;  // answer to HEAD: the length of the body, but not the body
    bool close = false;      // adds Connection: close
    Instant now;             // for Date (RFC 9110 6.6.1) where the handler set none
};

// Throws std::logic_error if a field's name is no token, its value holds a control character, or
// the status is none of 200 to 599: a bug in the handler, which must not become a second reply on
// the wire.
[[nodiscard]] std::string make_reply_head(HttpReply const& reply, ReplyFraming const& framing);

// True if a reply to the request has a body on the wire.
[[nodiscard]] bool carries_body(HttpReply const& reply, ReplyFraming const& framing) noexcept;

[[nodiscard]] inline std::string_view body_of(HttpReply const& reply) noexcept {
    return reply.shared_body.empty() ? std::string_view(reply.body) : reply.shared_body;
}

// "Tue, 24 Nov 2026 04:14:18 GMT" (RFC 9110 5.6.7)
[[nodiscard]] std::string http_date(Instant at);

}  // namespace rastro::server
