// What a password must be (ASVS 5.0 6.2, anchors/security.md B07): long enough, of any characters,
// not one that is guessed first, and not made of the names of its own account. No composition
// rules, no expiry.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

inline constexpr std::size_t kMinPasswordLength = 12;  // code points; ASVS 6.2.1 asks for 8 or more
inline constexpr std::size_t kMaxPasswordLength = 128;

struct PasswordOwner {
    std::string login;
    std::string display_name;
    std::string agency;  // code
    std::string agency_name;
};

// Codes of what is wrong, in a fixed order; empty if the password is good: password_too_short,
// password_too_long, password_has_control_characters, password_common, password_has_name.
[[nodiscard]] std::vector<std::string_view> faults_of_password(std::string_view password,
                                                               PasswordOwner const& owner);

// True if fewer than six characters remain when everything that is tried first is taken out: words
// of the list below, also in the spelling p4ssw0rd, runs (1234, dcba), repeats (aaaa, xyxyxyxy),
// rows of the keyboard, and years.
[[nodiscard]] bool is_common_password(std::string_view password);

// Words in English, Spanish, Portuguese and French that head the lists of leaked passwords in the
// knowledge of the trade, and words of this work; upper case, without accents. Our own compilation:
// no published list was copied.
[[nodiscard]] std::span<std::string_view const> common_password_words();

}  // namespace rastro::cases
