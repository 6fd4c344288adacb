// What a request shows of its sender: a session token (cookie or bearer) or the client certificate
// of its connection.
#pragma once

#include <optional>

#include "common/outcome.hpp"
#include "protocol/endpoints.hpp"
#include "server/net/http.hpp"
#include "storage/authentication.hpp"

namespace rastro::server {

inline constexpr std::string_view kSessionCookie = "__Host-rastro";

// nullopt: nothing was shown. Problem: something was shown that cannot be right (two tokens, a
// malformed one, a cookie on a changing request without the header that a foreign page cannot set).
[[nodiscard]] Outcome<std::optional<storage::ShownCredential>> shown_credential(
    HttpRequest const& request, protocol::Endpoint const& endpoint);

}  // namespace rastro::server
