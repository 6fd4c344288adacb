// Digests, random bytes and Ed25519 over OpenSSL 3. Nothing here keeps state.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "common/text.hpp"

namespace rastro {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest sha256(std::span<std::uint8_t const> data);
[[nodiscard]] inline Digest sha256(std::string_view data) {
    return sha256(as_bytes(data));
}
[[nodiscard]] Digest hmac_sha256(std::span<std::uint8_t const> key,
                                 std::span<std::uint8_t const> data);
[[nodiscard]] bool equal_in_constant_time(std::span<std::uint8_t const> a,
                                          std::span<std::uint8_t const> b) noexcept;
[[nodiscard]] Bytes random_bytes(std::size_t count);  // throws std::runtime_error without entropy

// Incremental SHA-256, for streams.
class Sha256 {
 public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();
    void update(std::span<std::uint8_t const> data);
    [[nodiscard]] Digest finish();

 private:
    struct State;
    std::unique_ptr<State> state_;
};

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;
// RFC 8032 pure Ed25519.
[[nodiscard]] bool verify_ed25519(Ed25519PublicKey const& key,
                                  std::span<std::uint8_t const> message,
                                  std::span<std::uint8_t const> signature);

}  // namespace rastro
