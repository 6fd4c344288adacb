// Serves the browser client: its files under their hashed names, and the page for every address
// that a person may open or bookmark. Holds no data of a case, asks for no credential.
#pragma once

#include <optional>
#include <span>

#include "server/net/http.hpp"
#include "server/web_assets.hpp"

namespace rastro::server {

// nullopt: not an address of the client. Asked only for what the endpoint table does not know, on
// the listener for people, with GET or HEAD.
//
// The page is given for any path that is not of the interface (/v1/...) or a file (/assets/...) if
// the caller takes text/html: the client has the addresses and shows what is there (RFC 9110
// 12.5.1). It is never kept without asking again; files with hashed names are kept for a year
// (RFC 8246).
[[nodiscard]] std::optional<HttpReply> web_client_reply(HttpRequest const& request,
                                                        std::span<WebAsset const> assets);

// The encoding that the caller takes, best first: "br", "gzip" or "" (RFC 9110 12.5.3).
[[nodiscard]] std::string_view choose_encoding(std::string_view accept_encoding,
                                               WebAsset const& asset);

}  // namespace rastro::server
