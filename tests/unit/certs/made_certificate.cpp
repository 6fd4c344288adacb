#include "tests/unit/certs/made_certificate.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>

#include "certs/authority.hpp"
#include "certs/openssl_handles.hpp"
#include "common/digest.hpp"

namespace rastro::certs::test {

namespace {

X509Ptr read_first(std::string const& pem) {
    auto const bio = reading_bio(pem);
    X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    require(certificate != nullptr, "read issuer");
    return certificate;
}

}  // namespace

Recipe& Recipe::set(std::string const& name, std::string const& value) {
    drop(name);
    extensions.emplace_back(name, value);
    return *this;
}

Recipe& Recipe::drop(std::string const& name) {
    std::erase_if(extensions, [&](auto const& extension) { return extension.first == name; });
    return *this;
}

std::string make_der(Recipe const& recipe, std::string const& issuer_pem, EVP_PKEY* issuer_key) {
    auto const issuer = read_first(issuer_pem);
    PkeyPtr const key(recipe.make_key());
    X509Ptr const made(X509_new());
    BIGNUM* serial = nullptr;
    BN_hex2bn(&serial, recipe.serial.c_str());
    BignumPtr const owned(serial);
    X509_set_version(made.get(), recipe.version);
    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(made.get()));
    for (auto const& [name, value] : recipe.subject) {
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()),
                                   name.c_str(),
                                   MBSTRING_UTF8,
                                   reinterpret_cast<unsigned char const*>(value.c_str()),
                                   -1,
                                   -1,
                                   0);
    }
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 86400);
    X509_set_pubkey(made.get(), key.get());
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer.get(), made.get(), nullptr, nullptr, 0);
    for (auto const& [name, value] : recipe.extensions) {
        std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> const extension(
            X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str()));
        require(extension != nullptr, "extension of the recipe: " + name);
        X509_add_ext(made.get(), extension.get(), -1);
    }
    require(X509_sign(made.get(), issuer_key, recipe.digest) > 0, "sign");
    unsigned char* der = nullptr;
    int const length = i2d_X509(made.get(), &der);
    std::string text(reinterpret_cast<char const*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return text;
}

std::string make_der(Recipe const& recipe) {
    static Authority const root = Authority::create_root(
        root_profile("Test federation").value(), PrivateKey::generate_p256(), SystemClock{}.now());
    return make_der(recipe, root.chain_pem(), root.key().native());
}

std::string verify_client(std::string const& der,
                          std::string const& trusted,
                          std::string const& crls,
                          Instant now) {
    auto const* position = reinterpret_cast<unsigned char const*>(der.data());
    X509Ptr const leaf(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    X509StorePtr const store(X509_STORE_new());
    auto const certificates = reading_bio(trusted);
    while (X509Ptr const one{PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)}) {
        X509_STORE_add_cert(store.get(), one.get());
    }
    auto const lists = reading_bio(crls);
    while (X509CrlPtr const one{PEM_read_bio_X509_CRL(lists.get(), nullptr, nullptr, nullptr)}) {
        X509_STORE_add_crl(store.get(), one.get());
    }
    X509StoreContextPtr const context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT);
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(
        parameters, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    if (!crls.empty()) {
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    }
    if (X509_verify_cert(context.get()) == 1) {
        return "ok";
    }
    return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

TemporaryFolder::TemporaryFolder()
    : path_(std::filesystem::temp_directory_path() / ("rastro-unit-" + to_hex(random_bytes(8)))) {
    std::filesystem::create_directory(path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace rastro::certs::test
