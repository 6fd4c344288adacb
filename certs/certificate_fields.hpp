// Readers of single fields of certificates and revocation lists, shared by the files of certs/.
// Private to certs/: it names OpenSSL types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/openssl_handles.hpp"
#include "common/clock.hpp"

namespace rastro::certs {

[[nodiscard]] X509Ptr read_der(
    std::string_view der);  // null if malformed or followed by other bytes
[[nodiscard]] X509Ptr read_pem_certificate(
    std::string_view pem);  // the first one; null if there is none

// nullopt if the subject alternative name is malformed or stands twice; empty if it is absent. A
// URI with a byte outside printable ASCII counts as malformed.
[[nodiscard]] std::optional<std::vector<std::string>> san_uris(X509 const& certificate);

// Lower-case hex without leading zeros; empty if the number is not positive.
[[nodiscard]] std::string hex_of(ASN1_INTEGER const* number);
[[nodiscard]] std::string serial_of(X509 const& certificate);

// Lower-case hex; empty if the extension is absent.
[[nodiscard]] std::string authority_key_id_of(X509 const& certificate);
[[nodiscard]] std::string subject_key_id_of(X509 const& certificate);

[[nodiscard]] std::optional<Instant> instant_of(ASN1_TIME const* time);

// All values of one attribute type, as UTF-8.
[[nodiscard]] std::vector<std::string> name_entries(X509_NAME const& name, int nid);
// RFC 2253 text, "CN=...,O=...,C=..."
[[nodiscard]] std::string name_text(X509_NAME const& name);

}  // namespace rastro::certs
