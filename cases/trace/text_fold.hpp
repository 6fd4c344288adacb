// Folding of written text for comparison: upper case, without diacritics, full-width forms as their
// ASCII equals. Letters that have no Latin base (Cyrillic, Arabic, Han...) are kept as they are.
#pragma once

#include <string>
#include <string_view>

namespace rastro::cases {

// Level L1 of domain rule 4.8: trimmed, upper case, inner blanks (also no-break and ideographic
// spaces, tabs, line ends) collapsed to one space, diacritics and full-width forms folded,
// typographic dashes and quotes as ASCII, zero-width signs dropped. Bytes that are not UTF-8 become
// U+FFFD. Total; idempotent.
[[nodiscard]] std::string fold_text(std::string_view utf8);

// fold_text() with every run of signs other than A-Z, 0-9 and non-Latin letters as one space: the
// words.
[[nodiscard]] std::string fold_words(std::string_view utf8);

// Only the A-Z and 0-9 of folded text.
[[nodiscard]] std::string letters_and_digits(std::string_view folded);

}  // namespace rastro::cases
