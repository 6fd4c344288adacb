// Who a client certificate names. Identity is the one SAN URI (urn:rastro:agency:<code>:gw:<name>
// for an agency's system, urn:rastro:agency:<code>:person:<uuid> for a person), bound to the
// issuer's key and the serial that were enrolled; the common name is never read
// (anchors/security.md 6.3).
#pragma once

#include <string>
#include <string_view>

#include "certs/agency_uri.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::certs {

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

// Reads a certificate (DER) whose chain has been verified. Refuses by rule
// (authentication_required), each with its reason in Problem::detail: no clientAuth, CA:TRUE, weak
// key (RSA < 3072, EC other than P-256, P-384; any other kind of key), a signature digest other
// than SHA-256, SHA-384 or SHA-512, unknown critical extension, none or more than one agency URI,
// malformed agency code, no authority key identifier, no positive serial.
//
// Also refused: a subject that does not repeat the agency, one countryName = the code's first two
// letters and one organizationName = the code. That ties the URI to the issuer: RFC 5280 4.2.1.10
// lets no URI name constraint apply to a URN (it has no authority component, and a verifier must
// reject it), so the authorities are constrained by directory name, and only a subject inside that
// name can carry the agency's URI.
[[nodiscard]] Outcome<CertificateIdentity> identity_of(std::string_view der);

}  // namespace rastro::certs
