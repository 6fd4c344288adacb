// Agency codes: country, 3 to 10 letters or digits, check character, as XA-POLNAC-C
// (domain/tracing.md 10). The check character is ISO/IEC 7064 MOD 37,36 over country and name, so
// that one wrong or two swapped characters are noticed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rastro::cases {

// ISO/IEC 7064 MOD 37,36 of upper-case letters and digits; nullopt if there are other characters or
// none.
[[nodiscard]] std::optional<char> check_character_of(std::string_view letters_and_digits) noexcept;

// "XA" and "POLNAC" give "XA-POLNAC-C"; nullopt if either has the wrong shape.
[[nodiscard]] std::optional<std::string> agency_code_of(std::string_view country,
                                                        std::string_view name);

enum class AgencyCodeFault : char { none, shape, check_character };
[[nodiscard]] AgencyCodeFault fault_of_agency_code(std::string_view code) noexcept;

}  // namespace rastro::cases
