// Turns profiles into signed certificates and lists of revoked serials into signed CRLs. Private to
// certs/: it names OpenSSL types and checks no rule; Authority does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certs/openssl_handles.hpp"
#include "certs/profiles.hpp"
#include "common/clock.hpp"

namespace rastro::certs {

struct Validity {
    Instant from;
    Instant until;
};

[[nodiscard]] X509NamePtr name_of(DistinguishedName const& name);

// A certificate for `subject_key`, signed by `issuer_key` with SHA-256. `issuer` null: self-signed.
[[nodiscard]] X509Ptr build_certificate(CertificateProfile const& profile,
                                        EVP_PKEY& subject_key,
                                        X509 const* issuer,
                                        EVP_PKEY& issuer_key,
                                        Validity validity);

struct RevokedSerial {
    std::string serial;  // hex
    Instant at;
    int reason = 0;  // RFC 5280 section 5.3.1; 0 is written by leaving it out
};

[[nodiscard]] X509CrlPtr build_crl(X509 const& issuer,
                                   EVP_PKEY& issuer_key,
                                   std::vector<RevokedSerial> const& revoked,
                                   std::uint64_t number,
                                   Validity validity);

}  // namespace rastro::certs
