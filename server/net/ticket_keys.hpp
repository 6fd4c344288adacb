// Keys of session tickets (RFC 5077 section 4 construction: AES-256-CBC, HMAC-SHA-256). A key seals
// new tickets for one period and opens old ones for one more. The keys live and die with a
// TlsContext, so a reload makes every older ticket worthless.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace rastro::server {

class TicketKeys {
 public:
    using Time = std::chrono::steady_clock::time_point;
    // Throws std::runtime_error without entropy. `now` is asked under the lock.
    explicit TicketKeys(std::chrono::seconds period,
                        std::function<Time()> now = std::chrono::steady_clock::now);
    ~TicketKeys();
    TicketKeys(TicketKeys const&) = delete;
    TicketKeys& operator=(TicketKeys const&) = delete;

    // As OpenSSL's ticket key callback (SSL_CTX_set_tlsext_ticket_key_evp_cb(3)): 1 ready, 2 ready
    // and the ticket is to be renewed, 0 unknown key, -1 failure. Thread-safe.
    int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
    int open(unsigned char const* name,
             unsigned char const* iv,
             EVP_CIPHER_CTX* cipher,
             EVP_MAC_CTX* mac);

 private:
    struct Key {
        std::array<unsigned char, 16> name{};
        std::array<unsigned char, 32> cipher{};
        std::array<unsigned char, 32> mac{};
        Time made;
    };
    [[nodiscard]] Key make() const;
    static bool give_mac_key(EVP_MAC_CTX* mac, Key& key);
    void rotate_if_due();  // mutex_ held

    std::chrono::seconds period_;
    std::function<Time()> now_;
    std::mutex mutex_;
    Key current_;
    std::optional<Key> previous_;
};

}  // namespace rastro::server
