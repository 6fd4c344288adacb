// A server TLS context built from files and checked before use, and the slot that holds the one in
// force. Profile: TLS 1.3, X25519 or P-256, AES-GCM first; no compression, renegotiation or 0-RTT
// (NIST SP 800-52r2; ASVS 12.1; checklist D01, D02, D06). With client certificates required, chain,
// purpose, revocation of every certificate in the chain and the naming rules of certs/identity are
// checked inside the handshake, and no session is resumed, so that every handshake is checked
// against the lists in force.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/outcome.hpp"

extern "C" {
struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL
}

namespace rastro::server {

struct NetCounters;

enum class ClientCertificates : std::uint8_t { none, required };

struct TlsSettings {
    std::filesystem::path certificate_chain;  // PEM, the server's own certificate first
    std::filesystem::path private_key;        // PEM, readable by its owner only
    ClientCertificates client_certificates = ClientCertificates::none;
    std::filesystem::path client_authorities;  // PEM bundle, when required
    // PEM files or folders of them; when given, every issuer needs a list.
    std::vector<std::filesystem::path> revocation_lists;
    // How long after its nextUpdate a revocation list still counts (anchors/security.md F14).
    std::chrono::seconds revocation_grace{std::chrono::hours{24}};
    bool allow_tls_1_2 = false;  // then only ECDHE with AEAD
    std::chrono::seconds ticket_period{std::chrono::hours{1}};
};

// Certificates a client presented, kept to be judged again after a reload.
class PeerChain {
 public:
    // Null if the peer presented none.
    [[nodiscard]] static std::shared_ptr<PeerChain const> of(ssl_st const* tls);
    [[nodiscard]] std::string const& leaf_der() const noexcept { return certificates_.front(); }
    // DER, leaf first.
    [[nodiscard]] std::vector<std::string> const& certificates() const noexcept {
        return certificates_;
    }

 private:
    std::vector<std::string> certificates_;
};

class TlsContext {
 public:
    // validation_failed, not_found or forbidden with the file and the reason in detail() unless
    // every file can be read, the key belongs to the certificate, the chain holds together and is
    // in its period, and a handshake with itself succeeds. `counters` must outlive the context.
    [[nodiscard]] static Outcome<std::shared_ptr<TlsContext const>> load(
        TlsSettings const& settings, NetCounters& counters);
    ~TlsContext();

    [[nodiscard]] ssl_ctx_st* native() const noexcept;
    // True if a client with that chain would be let in now.
    [[nodiscard]] bool accepts(PeerChain const& chain) const;

 private:
    struct Parts;
    explicit TlsContext(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

// The context in force for one listener. Connections keep the one they started with.
class TlsSlot {
 public:
    explicit TlsSlot(std::shared_ptr<TlsContext const> first) : context_(std::move(first)) {}
    [[nodiscard]] std::shared_ptr<TlsContext const> current() const {
        std::lock_guard const lock(mutex_);
        return context_;
    }
    void swap_in(std::shared_ptr<TlsContext const> next) {
        std::lock_guard const lock(mutex_);
        context_.swap(next);
    }

 private:
    mutable std::mutex mutex_;
    std::shared_ptr<TlsContext const> context_;
};

}  // namespace rastro::server
