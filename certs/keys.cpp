#include "certs/keys.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs/key_files.hpp"
#include "certs/openssl_handles.hpp"

namespace rastro::certs {

PrivateKey::PrivateKey(evp_pkey_st* owned) : key_(owned, EVP_PKEY_free) {}

PrivateKey PrivateKey::generate_p256() {
    auto* key = EVP_EC_gen("P-256");
    require(key != nullptr, "generate P-256 key");
    return PrivateKey(key);
}

PrivateKey PrivateKey::generate_ed25519() {
    auto* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    require(key != nullptr, "generate Ed25519 key");
    return PrivateKey(key);
}

Outcome<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    auto const bio = reading_bio(pem);
    // Without this callback OpenSSL would ask for a passphrase on the terminal.
    auto const no_passphrase = [](char*, int, int, void*) { return -1; };
    auto* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr);
    if (key == nullptr) {
        ERR_clear_error();
        return Problem(ProblemCode::validation_failed,
                       "no readable private key without a passphrase");
    }
    return PrivateKey(key);
}

Outcome<PrivateKey> PrivateKey::read(std::filesystem::path const& path) {
    RASTRO_TRY(pem, read_secret_file(path));
    return from_pem(pem);
}

std::string PrivateKey::to_pem() const {
    auto const bio = memory_bio();
    require(PEM_write_bio_PKCS8PrivateKey(
                bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "write private key");
    return text_of(bio.get());
}

std::string PrivateKey::public_key_pem() const {
    auto const bio = memory_bio();
    require(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1, "write public key");
    return text_of(bio.get());
}

bool PrivateKey::is_ed25519() const noexcept {
    return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519;
}

Outcome<void> PrivateKey::write_new(std::filesystem::path const& path) const {
    return create_file(path, to_pem(), FileAccess::owner_only);
}

}  // namespace rastro::certs
