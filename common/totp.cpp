#include "common/totp.hpp"

#include <liboath/oath.h>

#include <array>
#include <stdexcept>

#include "common/digest.hpp"

namespace rastro::totp {

namespace {

constexpr unsigned kStepSeconds = 30;

// RFC 3986 unreserved characters stay as they are.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (char c : text) {
        bool const unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) {
            encoded += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 15U];
        }
    }
    return encoded;
}

}  // namespace

Bytes new_secret() {
    return random_bytes(kSecretBytes);
}

std::string code_at(std::span<std::uint8_t const> secret, std::int64_t step) {
    if (secret.empty() || step < 0) {
        throw std::invalid_argument("one-time code without a secret or before 1970");
    }
    static int const ready = oath_init();
    std::array<char, kDigits + 1> code{};
    auto const result = ready != OATH_OK
                            ? ready
                            : oath_totp_generate(reinterpret_cast<char const*>(secret.data()),
                                                 secret.size(),
                                                 static_cast<time_t>(step * kStepSeconds),
                                                 kStepSeconds,
                                                 OATH_TOTP_DEFAULT_START_TIME,
                                                 kDigits,
                                                 code.data());
    if (result != OATH_OK) {
        throw std::runtime_error("one-time code: " + std::string(oath_strerror_name(result)));
    }
    return {code.data(), kDigits};
}

std::optional<std::int64_t> matching_step(std::span<std::uint8_t const> secret,
                                          std::string_view code,
                                          std::int64_t step,
                                          std::int64_t window) {
    std::optional<std::int64_t> found;
    for (auto candidate = step - window; candidate <= step + window; ++candidate) {
        auto const expected = code_at(secret, candidate);
        if (equal_in_constant_time(as_bytes(expected), as_bytes(code))) {
            found = candidate;
        }
    }
    return found;
}

std::string otpauth_uri(std::span<std::uint8_t const> secret,
                        std::string_view issuer,
                        std::string_view account) {
    auto const name = percent_encoded(issuer);
    return "otpauth://totp/" + name + ":" + percent_encoded(account) +
           "?secret=" + to_base32(secret) + "&issuer=" + name +
           "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace rastro::totp
