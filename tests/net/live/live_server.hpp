// A NetServer with limits short enough for a test to wait for, and a handler that answers with what
// it was asked.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/net/net_server.hpp"
#include "tests/net/live/raw_client.hpp"
#include "tests/net/live/test_certificates.hpp"

namespace rastro::test_support {

// GET|POST ...   200, body "METHOD PATH?QUERY BODY-BYTES"; fields echo-NAME for x-NAME
// /slow          the same after 300 ms          /big    4 MiB
// /throw         throws                         /forged a field with a line end in its value
// /stream        WebSocket: what the client says comes back; "flood" brings 4 MiB
class EchoHandler final : public server::RequestHandler {
 public:
    [[nodiscard]] server::BodyLimit body_limit(server::HttpRequest const& head) const override;
    boost::asio::awaitable<server::HttpReply> handle(server::HttpRequest request) override;
    boost::asio::awaitable<server::UpgradeDecision> upgrade(server::HttpRequest request) override;
    [[nodiscard]] server::HttpReply framing_fault(unsigned status,
                                                  std::string_view slug) const override;

    // Paths in the order in which they were handled.
    [[nodiscard]] std::vector<std::string> handled() const;
    std::atomic<bool> full{false};  // refuse before the body
    std::atomic<int> closed_streams{0};

 private:
    mutable std::mutex mutex_;
    std::vector<std::string> handled_;
};

inline constexpr std::size_t body_limit_bytes = 100'000;

class LiveServer {
 public:
    explicit LiveServer(server::NetLimits limits = short_limits(),
                        std::vector<std::string> allowed_hosts = {});

    [[nodiscard]] static server::NetLimits short_limits();
    // `options.trusted` is filled in.
    [[nodiscard]] std::unique_ptr<RawClient> browser(ClientOptions options = {}) const;
    [[nodiscard]] std::unique_ptr<RawClient> agency(std::string const& gateway,
                                                    ClientOptions options = {}) const;
    [[nodiscard]] std::uint16_t browser_port() const { return server->port(0); }
    // An ordinary client is answered.
    [[nodiscard]] bool serves() const;

    TestCertificates certificates;
    SystemClock clock;
    EchoHandler handler;
    std::unique_ptr<server::NetServer> server;
};

// A GET that a server answers.
[[nodiscard]] std::string get(std::string const& path, std::string const& fields = {});
[[nodiscard]] std::string post(std::string const& path,
                               std::string const& fields,
                               std::string const& body);

}  // namespace rastro::test_support
