// Check digits and forms of the identifiers that linked cases hold, and names as keys for matching.
// All functions are total and take the text as written; blanks and hyphens that people add are
// ignored where the standard allows them. Source of the list: domain/linked-cases.md 2.3, 12.
#pragma once

#include <string>
#include <string_view>

namespace rastro::cases {

// CAS Registry Number: 2-7 digits, 2 digits, check digit: sum of position * digit from the right,
// modulo 10.
[[nodiscard]] bool is_cas_number(std::string_view text) noexcept;
// InChIKey (IUPAC InChI technical manual): 14, 10 and 1 capital letters.
[[nodiscard]] bool is_inchikey(std::string_view text) noexcept;
// Vehicle identification number (ISO 3779): 17 characters without I, O, Q. The check digit in the
// ninth place is required where the first character says North America (49 CFR 565.15).
[[nodiscard]] bool is_vin(std::string_view text);
// IMO ship number: 7 digits, the last the sum of the first six weighted 7 to 2, modulo 10.
[[nodiscard]] bool is_imo_number(std::string_view text);
// Freight container (ISO 6346): 3 letters of the owner, U, J or Z, 6 digits, check digit.
[[nodiscard]] bool is_container_number(std::string_view text);
// IBAN (ISO 13616): 15-34 characters, modulo 97 is 1.
[[nodiscard]] bool is_iban(std::string_view text);
// Legal entity identifier (ISO 17442): 18 characters and 2 check digits, modulo 97 is 1.
[[nodiscard]] bool is_lei(std::string_view text);
// Harmonised System: 6 digits, or up to 12 with the national suffix.
[[nodiscard]] bool is_hs_code(std::string_view text) noexcept;

// A person's or firm's name as a key: folded to capitals without accents, words sorted, so that
// order and number of surnames written do not matter ("García López, Ana" = "ana lopez garcia").
[[nodiscard]] std::string name_key(std::string_view name);
// The same as it sounds in Spanish and Portuguese: b = v, s = z = soft c, silent h dropped, ll = y,
// qu = k, nh = lh = ñ as spoken, double letters single.
[[nodiscard]] std::string phonetic_name_key(std::string_view name);

}  // namespace rastro::cases
