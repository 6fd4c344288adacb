#include "server/net/request_check.hpp"

#include <algorithm>
#include <array>

#include "common/text.hpp"
#include "server/net/request_target.hpp"

namespace rastro::server {

namespace {

using Fault = std::optional<FramingFault>;

constexpr FramingFault malformed{};
constexpr std::array<std::string_view, 7> served_methods{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

// Two of one of these have no single meaning; RFC 9110 5.3 allows them once.
constexpr std::array<std::string_view, 9> single_fields{"authorization",
                                                        "content-type",
                                                        "cookie",
                                                        "idempotency-key",
                                                        "origin",
                                                        "sec-fetch-site",
                                                        "sec-websocket-key",
                                                        "sec-websocket-version",
                                                        "traceparent"};

// The elements of a comma-separated list, trimmed, of all fields of that name.
std::vector<std::string_view> list_of(HeaderFields const& fields, std::string_view name) {
    std::vector<std::string_view> elements;
    for (auto const& [field, value] : fields) {
        if (field == name) {
            for (auto const element : split(value, ',')) {
                elements.push_back(trim(element));
            }
        }
    }
    return elements;
}

bool lists(HeaderFields const& fields, std::string_view name, std::string_view token) {
    auto const elements = list_of(fields, name);
    return std::any_of(elements.begin(), elements.end(), [&](auto element) {
        return equals_ignoring_case(element, token);
    });
}

Fault check_method(std::string_view method) {
    if (!is_token(method)) {
        return malformed;
    }
    if (method == "TRACE" || method == "CONNECT") {
        return FramingFault{405, "method-not-allowed"};
    }
    if (std::find(served_methods.begin(), served_methods.end(), method) == served_methods.end()) {
        return FramingFault{501, "not-implemented"};
    }
    return std::nullopt;
}

Fault check_version(std::string_view version, RequestHead& head) {
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) ||
        version[6] != '.' || !digit(version[7])) {
        return malformed;
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return FramingFault{505, "version-not-supported"};
    }
    head.http_1_1 = version == "HTTP/1.1";
    return std::nullopt;
}

Fault take_fields(RawHeader const& raw, HeaderFields& fields) {
    for (auto const& [name, value] : raw.fields) {
        if (!is_valid_utf8(value)) {
            return malformed;
        }
        fields.add(to_lower_ascii(name), std::string(value));
    }
    for (auto const name : single_fields) {
        if (fields.count(name) > 1) {
            return malformed;
        }
    }
    return std::nullopt;
}

Fault check_host(RequestHead const& head, std::vector<std::string> const& allowed_hosts) {
    auto const count = head.headers.count("host");
    if (count == 0 && !head.http_1_1) {
        return std::nullopt;
    }
    if (count != 1) {
        return malformed;
    }
    auto const host = read_authority(head.headers.get("host"));
    if (!host) {
        return malformed;
    }
    if (!allowed_hosts.empty() &&
        std::find(allowed_hosts.begin(), allowed_hosts.end(), *host) == allowed_hosts.end()) {
        return FramingFault{421, "host-not-served"};
    }
    return std::nullopt;
}

// RFC 9112 6.1: a recipient that does not know a coding answers 501; 6.3: without chunked at the
// end, and only there, the length of a request cannot be known.
Fault check_transfer_coding(RequestHead& head) {
    if (!head.http_1_1 || head.headers.has("content-length") ||
        head.headers.count("transfer-encoding") != 1) {
        return malformed;
    }
    auto const codings = list_of(head.headers, "transfer-encoding");
    for (std::size_t i = 0; i < codings.size(); ++i) {
        bool const last = i + 1 == codings.size();
        if (!is_token(codings[i]) || equals_ignoring_case(codings[i], "chunked") != last) {
            return malformed;
        }
    }
    if (codings.size() > 1) {
        return FramingFault{501, "transfer-coding-not-implemented"};
    }
    head.framing = BodyFraming::chunked;
    return std::nullopt;
}

Fault check_content_length(RequestHead& head) {
    auto const text = head.headers.get("content-length");
    if (head.headers.count("content-length") != 1 || text.empty() || text.size() > 18) {
        return malformed;
    }
    std::uint64_t length = 0;
    for (auto const c : text) {
        if (c < '0' || c > '9') {
            return malformed;
        }
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    head.content_length = length;
    head.framing = length == 0 ? BodyFraming::none : BodyFraming::length;
    return std::nullopt;
}

Fault check_framing(RequestHead& head) {
    if (head.headers.has("transfer-encoding")) {
        return check_transfer_coding(head);
    }
    if (head.headers.has("content-length")) {
        return check_content_length(head);
    }
    return std::nullopt;
}

Fault check_expectation(RequestHead& head) {
    if (!head.http_1_1 || !head.headers.has("expect")) {
        return std::nullopt;
    }
    if (head.headers.count("expect") != 1 ||
        !equals_ignoring_case(head.headers.get("expect"), "100-continue")) {
        return FramingFault{417, "expectation-failed"};
    }
    head.expects_continue = head.framing != BodyFraming::none;
    return std::nullopt;
}

// Any Upgrade but websocket is ignored, as RFC 9110 7.8 lets a server do.
Fault check_upgrade(RequestHead& head) {
    if (head.headers.count("upgrade") != 1 ||
        !equals_ignoring_case(head.headers.get("upgrade"), "websocket")) {
        return std::nullopt;
    }
    if (!head.http_1_1 || head.method != "GET" || head.framing != BodyFraming::none ||
        !lists(head.headers, "connection", "upgrade")) {
        return malformed;
    }
    if (head.headers.get("sec-websocket-version") != "13") {
        return FramingFault{426, "websocket-version-not-supported"};
    }
    auto const key = from_base64(head.headers.get("sec-websocket-key"));
    if (!key || key->size() != 16) {
        return malformed;
    }
    head.wants_websocket = true;
    return std::nullopt;
}

}  // namespace

std::variant<RequestHead, FramingFault> check_request(
    RawHeader const& raw, std::vector<std::string> const& allowed_hosts) {
    RequestHead head;
    if (auto fault = check_version(raw.version, head)) {
        return *fault;
    }
    if (auto fault = check_method(raw.method)) {
        return *fault;
    }
    auto target = read_target(raw.target);
    if (!target) {
        return malformed;
    }
    head.method = std::string(raw.method);
    head.path = std::move(target->path);
    head.query = std::move(target->query);
    if (auto fault = take_fields(raw, head.headers)) {
        return *fault;
    }
    if (auto fault = check_host(head, allowed_hosts)) {
        return *fault;
    }
    if (auto fault = check_framing(head)) {
        return *fault;
    }
    if (auto fault = check_expectation(head)) {
        return *fault;
    }
    if (auto fault = check_upgrade(head)) {
        return *fault;
    }
    head.keep_alive = head.http_1_1 ? !lists(head.headers, "connection", "close")
                                    : lists(head.headers, "connection", "keep-alive") &&
                                          !lists(head.headers, "connection", "close");
    return head;
}

}  // namespace rastro::server
