// The files of the browser client, as web/build wrote them into this program (web/README.md). The
// table is made at build time; without Node it is empty and web_client serves an explanation.
#pragma once

#include <span>
#include <string_view>

namespace rastro::server {

struct WebAsset {
    std::string_view path;          // "/assets/main-ABCD1234.js"; the page itself is "/index.html"
    std::string_view content_type;  // with charset where it is text
    std::string_view etag;          // quoted, of the content without encoding
    bool immutable = false;         // the name changes with the content: keep it for a year
    std::string_view plain;
    std::string_view brotli;  // RFC 7932; empty where it would not be smaller
    std::string_view gzip;    // RFC 1952; empty where it would not be smaller
};

// Sorted by path. The bytes live as long as the program.
[[nodiscard]] std::span<WebAsset const> web_assets() noexcept;

}  // namespace rastro::server
