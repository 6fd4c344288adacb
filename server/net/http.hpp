// What one HTTP exchange is to the rest of the server: plain values, no Beast. The session
// (net/http_session) fills an HttpRequest only after request_check has accepted its framing, so
// whoever holds one may rely on: the target is in origin form and decoded once, Host was present
// and valid, the body is complete and within limits, and trailer fields were dropped.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certs/identity.hpp"
#include "common/clock.hpp"

namespace rastro::server {

// Field names are kept in lower case. Order of arrival is kept.
class HeaderFields {
 public:
    void add(std::string name, std::string value) {
        fields_.emplace_back(std::move(name), std::move(value));
    }
    // First value of that (lower-case) name; empty view if absent.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept {
        for (auto const& [n, v] : fields_) {
            if (n == name) {
                return v;
            }
        }
        return {};
    }
    [[nodiscard]] bool has(std::string_view name) const noexcept { return count(name) > 0; }
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept {
        std::size_t found = 0;
        for (auto const& field : fields_) {
            found += field.first == name ? 1U : 0U;
        }
        return found;
    }
    [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
    [[nodiscard]] auto end() const noexcept { return fields_.end(); }

 private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

// What a listener is for. A browser listener asks for no client certificate; an agency listener
// refuses the handshake without one; an operations listener serves /metrics beside the health
// paths.
enum class ListenerKind : std::uint8_t { browser, agency, operations };

// What is known of the connection; shared by all its requests and never changed after the
// handshake.
struct ConnectionInfo {
    std::string id;  // random, for logs
    ListenerKind listener = ListenerKind::browser;
    std::string remote_address;  // "127.0.0.1"
    std::uint16_t remote_port = 0;
    std::string local_address;                                     // "127.0.0.1:8443"
    std::string tls_version;                                       // "TLSv1.3"
    std::optional<certs::CertificateIdentity> client_certificate;  // verified chain, not revoked
};

struct HttpRequest {
    std::string method;  // "GET"
    std::string
        path;  // percent-decoded once, starts with '/', no '.' or '..' segment, no NUL, valid UTF-8
    std::string query;  // raw, without '?'
    HeaderFields headers;
    std::string body;
    std::shared_ptr<ConnectionInfo const> connection;
    Instant received_at;  // when the header was complete
};

struct HttpReply {
    unsigned status = 200;
    HeaderFields
        headers;  // content-type etc.; framing and connection fields are the session's business
    std::string body;
    std::string_view
        shared_body;     // used instead of body when not empty: embedded assets, never copied
    bool close = false;  // end the connection after this reply
};

// Decided from the header alone, before any body byte is read: how large the body may be, and
// whether to refuse it at once where it is still to come (the server is full); then the connection
// ends.
struct BodyLimit {
    std::uint64_t bytes = 1U << 20;
    std::optional<HttpReply> refusal;
};

// A message to one WebSocket listener; ids and versions only (design/decisions 10).
class EventSink {
 public:
    virtual ~EventSink() = default;
    // Queues one text message; false when the listener is too slow and has been cut off.
    // Thread-safe.
    virtual bool send(std::shared_ptr<std::string const> text) = 0;
    // Ends the connection with a close frame (RFC 6455 7.4 code). Thread-safe.
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
    [[nodiscard]] virtual bool is_open() const noexcept = 0;
};

// Called on the listener's strand; thread-safe. `on_closed` is called exactly once.
struct StreamHandler {
    virtual ~StreamHandler() = default;
    virtual void on_text(std::string_view text) = 0;  // a client message; at most 4 KiB
    virtual void on_closed() = 0;
};

// Answer to a WebSocket upgrade: either refuse with a reply, or accept and get the sink.
struct UpgradeDecision {
    std::optional<HttpReply> refusal;
    // Called once after a successful upgrade; returns who listens to the client's messages.
    std::function<std::shared_ptr<StreamHandler>(std::shared_ptr<EventSink>)> accept;
};

// The seam between net/ and the pipeline. Implementations are shared by all sessions and must be
// thread-safe.
class RequestHandler {
 public:
    virtual ~RequestHandler() = default;
    [[nodiscard]] virtual BodyLimit body_limit(HttpRequest const& head) const = 0;
    virtual boost::asio::awaitable<HttpReply> handle(HttpRequest request) = 0;
    virtual boost::asio::awaitable<UpgradeDecision> upgrade(HttpRequest request) = 0;
    // A framing fault found by the session, as a complete reply (RFC 9457 problem); the session
    // closes after it.
    [[nodiscard]] virtual HttpReply framing_fault(unsigned status, std::string_view slug) const = 0;
};

}  // namespace rastro::server
