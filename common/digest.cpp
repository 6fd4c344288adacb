#include "common/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace rastro {

namespace {

struct FreePkey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeMdContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using MdContext = std::unique_ptr<EVP_MD_CTX, FreeMdContext>;

// EVP_sha256() is fetched anew by every EVP_DigestInit in OpenSSL 3; one explicit fetch is kept
// instead.
EVP_MD const* sha256_algorithm() {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (algorithm == nullptr) {
        throw std::runtime_error("SHA-256 is not available");
    }
    return algorithm;
}

}  // namespace

Digest sha256(std::span<std::uint8_t const> data) {
    static thread_local MdContext const context{EVP_MD_CTX_new()};
    Digest digest{};
    unsigned length = 0;
    if (EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    return digest;
}

Digest hmac_sha256(std::span<std::uint8_t const> key, std::span<std::uint8_t const> data) {
    Digest digest{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(),
             key.data(),
             static_cast<int>(key.size()),
             data.data(),
             data.size(),
             digest.data(),
             &length) == nullptr) {
        throw std::runtime_error("HMAC failed");
    }
    return digest;
}

bool equal_in_constant_time(std::span<std::uint8_t const> a,
                            std::span<std::uint8_t const> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
        throw std::runtime_error("no entropy");
    }
    return bytes;
}

struct Sha256::State {
    MdContext context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    if (EVP_DigestInit_ex2(state_->context.get(), sha256_algorithm(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<std::uint8_t const> data) {
    if (EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
}

Digest Sha256::finish() {
    Digest digest{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    return digest;
}

bool verify_ed25519(Ed25519PublicKey const& key,
                    std::span<std::uint8_t const> message,
                    std::span<std::uint8_t const> signature) {
    if (signature.size() != 64) {
        return false;
    }
    std::unique_ptr<EVP_PKEY, FreePkey> const pkey{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size())};
    MdContext const context{EVP_MD_CTX_new()};
    if (!pkey || !context ||
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) != 1) {
        return false;
    }
    return EVP_DigestVerify(
               context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
           1;
}

}  // namespace rastro
