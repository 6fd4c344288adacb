#include "storage/password_hash.hpp"

#include <argon2.h>

#include <stdexcept>
#include <vector>

#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::storage {

namespace {

constexpr std::uint32_t kSaltBytes = 16;
constexpr std::uint32_t kHashBytes = 32;

}  // namespace

std::string hash_password(std::string_view password, PasswordCost const& cost) {
    auto const salt = random_bytes(kSaltBytes);
    std::vector<char> encoded(argon2_encodedlen(
        cost.iterations, cost.memory_kib, cost.parallelism, kSaltBytes, kHashBytes, Argon2_id));
    auto const result = argon2id_hash_encoded(cost.iterations,
                                              cost.memory_kib,
                                              cost.parallelism,
                                              password.data(),
                                              password.size(),
                                              salt.data(),
                                              salt.size(),
                                              kHashBytes,
                                              encoded.data(),
                                              encoded.size());
    if (result != ARGON2_OK) {
        throw std::runtime_error(std::string("Argon2id: ") + argon2_error_message(result));
    }
    return encoded.data();
}

bool password_matches(std::string_view password, std::string const& encoded) {
    auto const result = argon2id_verify(encoded.c_str(), password.data(), password.size());
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR || result == ARGON2_THREAD_FAIL) {
        throw std::runtime_error(std::string("Argon2id: ") + argon2_error_message(result));
    }
    return result == ARGON2_OK;
}

std::string new_first_password() {
    auto const characters = to_lower_ascii(to_base32(random_bytes(10)));
    std::string grouped;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (i > 0 && i % 4 == 0) {
            grouped += '-';
        }
        grouped += characters[i];
    }
    return grouped;
}

}  // namespace rastro::storage
