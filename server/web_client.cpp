#include "server/web_client.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace rastro::server {

namespace {

constexpr std::string_view kPage = "/index.html";
// Scripts and styles of this origin only, no inline code, no markup from strings
// (CSP 3; Trusted Types 'none'). connect-src covers wss: of the same origin too.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
constexpr std::string_view kPermissions =
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), "
    "clipboard-write=(self)";
constexpr std::string_view kWithoutClient =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Rastro</title>"
    "<h1>This server was built without its browser client</h1>"
    "<p>The interface works: see <a href=\"/openapi.json\">/openapi.json</a>. To have the client, "
    "install nodejs and npm and build again with <code>./run build</code>.</p></html>\n";

// Whether a list such as "text/html, */*;q=0.8" or "br;q=0, gzip" names `wanted` with a weight
// above zero.
bool accepts(std::string_view list, std::string_view wanted) {
    for (auto item : split(list, ',')) {
        auto const parts = split(item, ';');
        if (parts.empty() || !equals_ignoring_case(trim(parts.front()), wanted)) {
            continue;
        }
        return std::ranges::none_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
            part = trim(part);
            return part.starts_with("q=0") && part.find_first_not_of("0.", 2) == part.npos;
        });
    }
    return false;
}

WebAsset const* find(std::span<WebAsset const> assets, std::string_view path) {
    auto const found = std::ranges::lower_bound(assets, path, {}, &WebAsset::path);
    return found == assets.end() || found->path != path ? nullptr : &*found;
}

bool same_version(std::string_view if_none_match, std::string_view etag) {
    for (auto item : split(if_none_match, ',')) {
        item = trim(item);
        item.remove_prefix(item.starts_with("W/") ? 2 : 0);
        if (item == etag || item == "*") {
            return true;
        }
    }
    return false;
}

HttpReply reply_with(HttpRequest const& request, WebAsset const& asset) {
    HttpReply reply;
    reply.headers.add("cache-control",
                      asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    reply.headers.add("etag", std::string(asset.etag));
    reply.headers.add("vary", "Accept-Encoding");
    if (asset.path == kPage) {
        reply.headers.add("content-security-policy", std::string(kPagePolicy));
        reply.headers.add("permissions-policy", std::string(kPermissions));
    }
    if (same_version(request.headers.get("if-none-match"), asset.etag)) {
        reply.status = 304;
        return reply;
    }
    reply.headers.add("content-type", std::string(asset.content_type));
    auto const encoding = choose_encoding(request.headers.get("accept-encoding"), asset);
    if (!encoding.empty()) {
        reply.headers.add("content-encoding", std::string(encoding));
    }
    reply.shared_body = encoding == "br"     ? asset.brotli
                        : encoding == "gzip" ? asset.gzip
                                             : asset.plain;
    return reply;
}

}  // namespace

std::string_view choose_encoding(std::string_view accept_encoding, WebAsset const& asset) {
    if (!asset.brotli.empty() && accepts(accept_encoding, "br")) {
        return "br";
    }
    return !asset.gzip.empty() && accepts(accept_encoding, "gzip") ? "gzip" : "";
}

std::optional<HttpReply> web_client_reply(HttpRequest const& request,
                                          std::span<WebAsset const> assets) {
    if ((request.method != "GET" && request.method != "HEAD") ||
        request.connection->listener != ListenerKind::browser) {
        return std::nullopt;
    }
    if (auto const* asset = find(assets, request.path)) {
        return reply_with(request, *asset);
    }
    bool const file = request.path.starts_with("/v1/") || request.path.starts_with("/assets/");
    if (file || !accepts(request.headers.get("accept"), "text/html")) {
        return std::nullopt;
    }
    if (auto const* page = find(assets, kPage)) {
        return reply_with(request, *page);
    }
    HttpReply reply;
    reply.headers.add("content-type", "text/html; charset=utf-8");
    reply.headers.add("cache-control", "no-store");
    reply.shared_body = kWithoutClient;
    return reply;
}

}  // namespace rastro::server
