// Closed lists of codes: an enum and the lower_snake text by which it is stored and sent. A table
// is a constexpr array with one row a value, in the order of the enum; both directions are total.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace rastro::cases {

template <class Enum>
struct CodeRow {
    Enum value;
    std::string_view code;
};

// Empty for a value that has no row.
template <class Enum, std::size_t Rows>
[[nodiscard]] constexpr std::string_view code_in(std::array<CodeRow<Enum>, Rows> const& table,
                                                 Enum value) noexcept {
    for (auto const& row : table) {
        if (row.value == value) {
            return row.code;
        }
    }
    return {};
}

// Codes are matched exactly (case matters: they are machine text).
template <class Enum, std::size_t Rows>
[[nodiscard]] constexpr std::optional<Enum> value_in(std::array<CodeRow<Enum>, Rows> const& table,
                                                     std::string_view code) noexcept {
    for (auto const& row : table) {
        if (row.code == code) {
            return row.value;
        }
    }
    return std::nullopt;
}

}  // namespace rastro::cases
