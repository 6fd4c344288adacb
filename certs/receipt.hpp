// Proof of delivery: an agency's system signs that it has a request, with the key of its enrolled
// certificate (domain/tracing.md 9.4 T6).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rastro::certs {

// What is signed, UTF-8, each line ended by a line feed:
//   rastro-receipt
//   LEG ID (UUID, lower case)
//   SHA-256 of the delivered message (64 lower-case hexadecimal digits)
//   TIME OF RECEIPT (RFC 3339, UTC, six fractional digits)
[[nodiscard]] std::string receipt_text(std::string_view leg_id,
                                       std::string_view message_sha256,
                                       std::string_view received_at);

// True if `signature` over `message` is by the key: Ed25519 (RFC 8032), or ECDSA with SHA-256 in
// DER form (FIPS 186-5). False for a key that cannot be read or is of another kind.
[[nodiscard]] bool verify_signature(std::string_view public_key_pem,
                                    std::string_view message,
                                    std::span<std::uint8_t const> signature);

}  // namespace rastro::certs
