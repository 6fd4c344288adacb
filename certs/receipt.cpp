#include "certs/receipt.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs/openssl_handles.hpp"

namespace rastro::certs {

std::string receipt_text(std::string_view leg_id,
                         std::string_view message_sha256,
                         std::string_view received_at) {
    std::string text = "rastro-receipt\n";
    for (auto part : {leg_id, message_sha256, received_at}) {
        text.append(part).push_back('\n');
    }
    return text;
}

bool verify_signature(std::string_view public_key_pem,
                      std::string_view message,
                      std::span<std::uint8_t const> signature) {
    using ContextPtr = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
    auto const bio = reading_bio(public_key_pem);
    PkeyPtr const key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    int const kind = key ? EVP_PKEY_get_base_id(key.get()) : EVP_PKEY_NONE;
    if (kind != EVP_PKEY_ED25519 && kind != EVP_PKEY_EC) {
        ERR_clear_error();
        return false;
    }
    ContextPtr const context(EVP_MD_CTX_new());
    require(context != nullptr, "EVP_MD_CTX_new");
    auto const* digest = kind == EVP_PKEY_EC ? EVP_sha256() : nullptr;
    require(EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1,
            "EVP_DigestVerifyInit");
    bool const valid = EVP_DigestVerify(context.get(),
                                        signature.data(),
                                        signature.size(),
                                        reinterpret_cast<unsigned char const*>(message.data()),
                                        message.size()) == 1;
    ERR_clear_error();
    return valid;
}

}  // namespace rastro::certs
