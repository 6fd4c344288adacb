// Who a client certificate names. Identity is the one SAN URI (urn:rastro:agency:<code>:gw:<name> for an agency's
// system, urn:rastro:agency:<code>:person:<uuid> for a person), bound to the issuer's key and the serial that were
// enrolled; the common name is never read (anchors/security.md 6.3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::certs {

enum class SubjectKind : std::uint8_t { gateway, person };

struct CertificateIdentity {
    SubjectKind kind = SubjectKind::gateway;
    std::string agency;          // agency code, "XA-POLNAC-7"
    std::string name;            // gateway name, or the person's UUID
    std::string uri;             // the SAN URI as it stands in the certificate
    std::string issuer_key_id;   // lower-case hex of the authority key identifier
    std::string serial;          // lower-case hex, no leading zeros
    std::string sha256;          // lower-case hex fingerprint of the DER certificate
    std::string public_key_pem;  // SubjectPublicKeyInfo, to verify signed receipts
    Instant not_after;
};

// Reads a verified certificate (DER). Refuses by rule, each with its reason in Problem::detail: no clientAuth,
// CA:TRUE, weak key (RSA < 3072, EC other than P-256, P-384), SHA-1, unknown critical extension, none or more
// than one agency URI, malformed agency code.
[[nodiscard]] Outcome<CertificateIdentity> identity_of(std::string_view der);

}  // namespace rastro::certs
