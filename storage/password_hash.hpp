// Passwords at rest: Argon2id (RFC 9106) in its encoded form,
// "$argon2id$v=19$m=...,t=...,p=...$salt$hash". Slow on purpose (tens of milliseconds and more):
// the server calls these on threads of their own (server/password_hashing).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rastro::storage {

struct PasswordCost {
    std::uint32_t memory_kib = 19'456;
    std::uint32_t iterations = 2;
    std::uint32_t parallelism = 1;
};

// 16 random bytes of salt, 32 bytes of hash. Throws std::runtime_error if the memory cannot be had.
[[nodiscard]] std::string hash_password(std::string_view password, PasswordCost const& cost);
// False also for text that is no encoded hash. The cost is that of the encoded hash.
[[nodiscard]] bool password_matches(std::string_view password, std::string const& encoded);

// A first password for a new account: 80 random bits as four groups of four characters of base32,
// without 0, 1, 8 and 9, so that it can be read out.
[[nodiscard]] std::string new_first_password();

}  // namespace rastro::storage
