// Certificates for tests, good and bad alike: made with OpenSSL directly, so that nothing in certs/
// can refuse to make the ones that certs/ must refuse to accept.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"

namespace rastro::certs::test {

struct Recipe {
    std::vector<std::pair<std::string, std::string>> subject{
        {"C", "XA"}, {"O", "XA-POLNAC-7"}, {"CN", "anything"}};
    std::function<EVP_PKEY*()> make_key = [] { return EVP_EC_gen("P-256"); };
    EVP_MD const* digest = EVP_sha256();
    // name and value in the syntax of x509v3_config(5)
    std::vector<std::pair<std::string, std::string>> extensions{
        {"basicConstraints", "critical,CA:FALSE"},
        {"keyUsage", "critical,digitalSignature"},
        {"extendedKeyUsage", "clientAuth"},
        {"subjectAltName", "URI:urn:rastro:agency:XA-POLNAC-7:gw:desk"},
        {"subjectKeyIdentifier", "hash"},
        {"authorityKeyIdentifier", "keyid:always"},
    };
    long version = X509_VERSION_3;
    std::string serial = "0F";  // hex

    Recipe& set(std::string const& name, std::string const& value);  // replaces or adds
    Recipe& drop(std::string const& name);
};

// DER of a certificate signed by `issuer_pem` (first certificate) with `issuer_key`.
[[nodiscard]] std::string make_der(Recipe const& recipe,
                                   std::string const& issuer_pem,
                                   EVP_PKEY* issuer_key);
// DER of a recipe under an authority made on the spot.
[[nodiscard]] std::string make_der(Recipe const& recipe);

// What OpenSSL says of a client certificate at `now`, with revocation checked for the whole chain
// if `crls` is not empty: "ok" or the reason. `trusted` and `crls` are PEM texts.
[[nodiscard]] std::string verify_client(std::string const& der,
                                        std::string const& trusted,
                                        std::string const& crls,
                                        Instant now);

// A new empty folder, removed with its content at the end.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    [[nodiscard]] std::filesystem::path operator/(std::string const& name) const {
        return path_ / name;
    }

 private:
    std::filesystem::path path_;
};

}  // namespace rastro::certs::test
