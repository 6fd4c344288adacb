// Text checks and encodings that every layer needs. All functions are total: bad input gives
// nullopt/false.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rastro {

using Bytes = std::vector<std::uint8_t>;

[[nodiscard]] bool is_valid_utf8(
    std::string_view text) noexcept;  // no surrogates, no overlong forms
[[nodiscard]] std::size_t count_code_points(std::string_view utf8) noexcept;
// True if the text holds NUL, another C0 control except tab and line feed, DEL, or a C1 control.
[[nodiscard]] bool has_control_characters(std::string_view utf8) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  // ASCII white space
[[nodiscard]] std::string to_upper_ascii(std::string_view text);
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;  // ASCII
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] std::string to_hex(std::span<std::uint8_t const> bytes);
void append_hex(std::string& out, std::span<std::uint8_t const> bytes);
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);
[[nodiscard]] std::string to_base64(
    std::span<std::uint8_t const> bytes);  // RFC 4648 section 4, padded
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);  // strict, padded
[[nodiscard]] std::string to_base64url(
    std::span<std::uint8_t const> bytes);  // RFC 4648 section 5, no padding
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);  // strict, no padding
[[nodiscard]] std::string to_base32(
    std::span<std::uint8_t const> bytes);  // RFC 4648 section 6, no padding

[[nodiscard]] inline std::span<std::uint8_t const> as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(std::span<std::uint8_t const> bytes) noexcept {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace rastro
