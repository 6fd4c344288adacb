// HTTPS to one server: TLS 1.3, the authorities of a file, optionally a client certificate; one
// connection kept open. Knows nothing of what is said (api_client does).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rastro::client {

struct HttpCall {
    std::string method = "GET";
    std::string target;  // "/v1/me?x=1", percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds timeout{30'000};
    // If set, the body of a 2xx reply goes here piece by piece instead of into HttpReply::body;
    // false from it ends the exchange.
    std::function<bool(std::string_view)> sink;
};

struct HttpReply {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    [[nodiscard]] std::string header(std::string_view name) const;  // first; empty if absent
};

// Why there is no reply.
struct TransportFault {
    enum class Kind : std::uint8_t {
        not_connected,  // the request cannot have reached the server
        lost,           // it may have: the connection broke or the wait was too long
        refused_tls,    // one side does not accept the other's certificate
        sink_full,      // the sink said false
        interrupted,    // Ctrl-C
    };
    Kind kind = Kind::lost;
    std::string text;  // English, for people
};

using Exchange = std::variant<HttpReply, TransportFault>;

class Transport {
 public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual Exchange exchange(HttpCall const& call) = 0;
};

struct HttpSettings {
    std::string server;       // https://host[:port]
    std::string ca;           // PEM file; empty: the system's authorities
    std::string certificate;  // PEM file; empty: none
    std::string key;          // PEM file
    std::chrono::milliseconds connect_timeout{10'000};
    bool allow_plain = false;  // http:// is accepted; for tests of the transport only
};

// Over libcurl. Not thread-safe.
class HttpClient final : public Transport {
 public:
    explicit HttpClient(HttpSettings settings);
    ~HttpClient() override;
    [[nodiscard]] Exchange exchange(HttpCall const& call) override;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// RFC 3986 unreserved characters stay, all other bytes become %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace rastro::client
