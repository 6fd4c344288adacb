// Key pairs of certificates and of the checkpoint signer.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "common/outcome.hpp"

extern "C" {
struct evp_pkey_st;  // EVP_PKEY
}

namespace rastro::certs {

// A private key with its public half. Copies share the key. The key material never leaves the
// object except through to_pem() and write_new().
class PrivateKey {
 public:
    [[nodiscard]] static PrivateKey generate_p256();     // certificates (anchors/security.md 6.3)
    [[nodiscard]] static PrivateKey generate_ed25519();  // checkpoints only
    // PKCS#8 or traditional PEM without a passphrase; validation_failed otherwise.
    [[nodiscard]] static Outcome<PrivateKey> from_pem(std::string_view pem);
    // As from_pem; forbidden unless only the owner may read the file.
    [[nodiscard]] static Outcome<PrivateKey> read(std::filesystem::path const& path);

    explicit PrivateKey(evp_pkey_st* owned);  // takes ownership; not null

    [[nodiscard]] std::string to_pem() const;          // PKCS#8, not encrypted
    [[nodiscard]] std::string public_key_pem() const;  // SubjectPublicKeyInfo
    [[nodiscard]] bool is_ed25519() const noexcept;
    // Creates the file with mode 0600; conflict if it exists.
    [[nodiscard]] Outcome<void> write_new(std::filesystem::path const& path) const;

    [[nodiscard]] evp_pkey_st* native() const noexcept { return key_.get(); }

 private:
    std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace rastro::certs
