// Owning pointers over the OpenSSL 3 types that certs/ uses, and the exception for a failed OpenSSL
// call that no input explains. Private to certs/: its public headers name no OpenSSL type.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rastro::certs {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const noexcept {
        Free(pointer);
    }
};
struct FreeGeneralNames {
    void operator()(GENERAL_NAMES* names) const noexcept {
        sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
    }
};

using Asn1IntegerPtr = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using Asn1TimePtr = std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using X509ReqPtr = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using X509NamePtr = std::unique_ptr<X509_NAME, Freed<X509_NAME_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using X509StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using X509CrlPtr = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, FreeGeneralNames>;

// A call failed for want of memory, entropy or a provider: broken infrastructure, not bad input.
class OpenSslFailure : public std::runtime_error {
 public:
    explicit OpenSslFailure(std::string_view step);  // adds and clears the OpenSSL error queue
};

// Throws OpenSslFailure unless `condition`.
inline void require(bool condition, std::string_view step) {
    if (!condition) {
        throw OpenSslFailure(step);
    }
}

// A read-only BIO over `text`, which must outlive it.
[[nodiscard]] BioPtr reading_bio(std::string_view text);
[[nodiscard]] BioPtr memory_bio();
[[nodiscard]] std::string text_of(BIO* memory);

}  // namespace rastro::certs
