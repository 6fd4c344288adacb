// A TLS client that sends exactly the bytes it is told to and shows exactly what came back.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::test_support {

struct ClientOptions {
    std::string trusted;      // roots, PEM
    std::string certificate;  // chain, PEM; empty: none
    std::string key;
    int newest_version = TLS1_3_VERSION;
    std::string protocol = "http/1.1";  // ALPN; empty: none offered
    SSL_SESSION* resume = nullptr;
    int receive_buffer = 0;  // bytes; 0: as the system has it
};

struct RawReply {
    unsigned status = 0;
    std::string head;  // as it came, the empty line included
    std::map<std::string, std::string> fields;
    std::string body;
};

// Every wait ends after ten seconds at the latest.
class RawClient {
 public:
    RawClient(std::uint16_t port, ClientOptions const& options);
    ~RawClient();
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    [[nodiscard]] bool is_connected() const noexcept { return connected_; }
    [[nodiscard]] std::string failure() const { return failure_; }
    // False if the peer has gone.
    bool send(std::string_view bytes);
    // The next reply; nullopt at the end. `head_only`: the reply to HEAD.
    std::optional<RawReply> receive(bool head_only = false);
    // Everything until the peer closes.
    std::string receive_all();
    std::string receive_some(std::size_t most);  // at least one byte; empty at the end
    // How long until the peer closes; what it sends meanwhile is thrown away.
    std::chrono::milliseconds time_to_close();
    // True after an end in order: the peer has sent close_notify.
    [[nodiscard]] bool was_told_goodbye() const;
    void close_sending_side();  // TCP only, without close_notify
    [[nodiscard]] SSL* tls() noexcept { return tls_.get(); }

 private:
    template <auto Free>
    struct FreeWith {
        template <class T>
        void operator()(T* object) const noexcept {
            Free(object);
        }
    };
    bool fill();

    int socket_ = -1;
    std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context_;
    std::unique_ptr<SSL, FreeWith<SSL_free>> tls_;
    bool connected_ = false;
    std::string failure_;
    std::string buffer_;
};

// A TCP connection to the port that never says anything; -1 if refused.
int connect_silently(std::uint16_t port, int receive_buffer = 0);

}  // namespace rastro::test_support
