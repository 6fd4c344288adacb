// A signer with a private key made from a seed, for tests of checkpoints and notes.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "cases/checkpoint.hpp"

namespace rastro::test {

class Ed25519Signer final : public cases::CheckpointSigner {
 public:
    // The private key is SHA-256(seed).
    Ed25519Signer(std::string name,
                  std::string_view seed,
                  cases::SignatureType type = cases::SignatureType::ed25519) {
        auto const secret = sha256(seed);
        key_.reset(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
        Ed25519PublicKey public_key{};
        auto length = public_key.size();
        if (!key_ || EVP_PKEY_get_raw_public_key(key_.get(), public_key.data(), &length) != 1) {
            throw std::runtime_error("no Ed25519 key");
        }
        verifier_ = cases::make_verifier_key(std::move(name), type, public_key);
    }
    [[nodiscard]] cases::VerifierKey verifier_key() const override { return verifier_; }
    [[nodiscard]] Outcome<Ed25519Signature> sign(std::span<std::uint8_t const> message) override {
        struct Free {
            void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
        };
        std::unique_ptr<EVP_MD_CTX, Free> const context{EVP_MD_CTX_new()};
        Ed25519Signature signature{};
        auto length = signature.size();
        if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
            EVP_DigestSign(
                context.get(), signature.data(), &length, message.data(), message.size()) != 1) {
            throw std::runtime_error("Ed25519 signing failed");
        }
        return signature;
    }

 private:
    struct FreeKey {
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    };
    std::unique_ptr<EVP_PKEY, FreeKey> key_;
    cases::VerifierKey verifier_;
};

}  // namespace rastro::test
