// Time-based one-time codes as authenticator apps make them: RFC 6238 with HMAC-SHA-1, 6 digits,
// steps of 30 seconds. Over liboath. Which steps count, and that each counts once, is a rule of
// cases/sign_in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/text.hpp"

namespace rastro::totp {

inline constexpr std::size_t kSecretBytes = 20;  // RFC 4226 4: the length of the hash
inline constexpr std::size_t kDigits = 6;

[[nodiscard]] Bytes new_secret();
// The code of a step (30-second periods since 1970). Throws std::invalid_argument for an empty
// secret.
[[nodiscard]] std::string code_at(std::span<std::uint8_t const> secret, std::int64_t step);
// The newest step within `window` steps of `step` whose code was shown; nullopt if none. Takes the
// same time whichever step matches.
[[nodiscard]] std::optional<std::int64_t> matching_step(std::span<std::uint8_t const> secret,
                                                        std::string_view code,
                                                        std::int64_t step,
                                                        std::int64_t window);

// Key URI of authenticator apps:
// otpauth://totp/ISSUER:ACCOUNT?secret=BASE32&issuer=...&algorithm=SHA1&digits=6&period=30
[[nodiscard]] std::string otpauth_uri(std::span<std::uint8_t const> secret,
                                      std::string_view issuer,
                                      std::string_view account);

}  // namespace rastro::totp
