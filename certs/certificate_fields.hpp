// Readers of single fields of certificates and revocation lists, shared by the files of certs/.
// Private to certs/: it names OpenSSL types.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "certs/openssl_handles.hpp"
#include "common/clock.hpp"
#include "common/text.hpp"

namespace rastro::certs {

[[nodiscard]] X509Ptr read_der(
    std::string_view der);  // null if malformed or followed by other bytes
// All certificates of the text, in order; stops at the first that cannot be read.
[[nodiscard]] std::vector<X509Ptr> read_pem_certificates(std::string_view pem);
[[nodiscard]] std::string pem_of(X509& certificate);
[[nodiscard]] std::string der_of(X509& certificate);

// Why the key is too weak for any certificate of the house: RSA < 3072, EC other than P-256 and
// P-384 or given by explicit parameters, any other kind; nullopt if it is not.
[[nodiscard]] std::optional<std::string> weakness_of(EVP_PKEY const* key);

// nullopt if the subject alternative name is malformed or stands twice; empty if it is absent. A
// URI with a byte outside printable ASCII counts as malformed.
[[nodiscard]] std::optional<std::vector<std::string>> san_uris(X509 const& certificate);

// Lower-case hex without leading zeros; empty if the number is not positive.
[[nodiscard]] std::string hex_of(ASN1_INTEGER const* number);
[[nodiscard]] std::string serial_of(X509 const& certificate);

// Of hex with or without leading zeros; nullopt unless it is a number above 0 of at most 20 bytes.
[[nodiscard]] std::optional<Bytes> serial_bytes(std::string_view hex);
[[nodiscard]] Asn1IntegerPtr integer_of(std::span<std::uint8_t const> bytes);

// Lower-case hex; empty if the extension is absent.
[[nodiscard]] std::string authority_key_id_of(X509 const& certificate);
[[nodiscard]] std::string subject_key_id_of(X509 const& certificate);

[[nodiscard]] std::optional<Instant> instant_of(ASN1_TIME const* time);
[[nodiscard]] Asn1TimePtr time_of(Instant instant);  // cut to whole seconds

// All values of one attribute type, as UTF-8.
[[nodiscard]] std::vector<std::string> name_entries(X509_NAME const& name, int nid);
// RFC 2253 text, "CN=...,O=...,C=..."
[[nodiscard]] std::string name_text(X509_NAME const& name);

}  // namespace rastro::certs
