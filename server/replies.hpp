// From what a stage yields to what the session sends: replies and problems with their header
// fields.
#pragma once

#include <string>

#include "common/ids.hpp"
#include "common/problem.hpp"
#include "protocol/catalog.hpp"
#include "server/call.hpp"
#include "server/net/http.hpp"

namespace rastro::server {

// What every reply to one request repeats.
struct ReplyContext {
    std::string path;
    std::string request_id;
    std::string trace_id;
    protocol::Language language = protocol::Language::en;
};
[[nodiscard]] ReplyContext reply_context(HttpRequest const& request, RequestId const& id);

[[nodiscard]] HttpReply to_http(Reply const& reply);
// RFC 9457; 401 names the scheme, 429 and 503 say when to come again.
[[nodiscard]] HttpReply to_http(Problem const& problem, ReplyContext const& context);
// anchors/security.md E08, and the request id.
void add_security_headers(HttpReply& reply, ReplyContext const& context);

}  // namespace rastro::server
