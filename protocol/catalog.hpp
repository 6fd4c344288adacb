// What people read, in the four languages of the house: titles of problems ("problem.<slug>"),
// messages of violations ("violation.<code>") and names of codes ("list.<list>.<code>"). The texts
// are in catalog/<language>.json; all four hold the same keys and placeholders (tested).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::protocol {

enum class Language : std::uint8_t { en, es, pt, fr };

[[nodiscard]] std::string_view code_of(Language language) noexcept;
[[nodiscard]] std::optional<Language> language_from(std::string_view code) noexcept;  // "en"
[[nodiscard]] std::span<Language const> all_languages() noexcept;

// Best of the four for an Accept-Language field (RFC 9110 section 12.5.4): highest quality first,
// then order of the field; "pt-BR" means pt; "*" and nothing acceptable mean English. Total.
[[nodiscard]] Language choose_language(std::string_view accept_language) noexcept;

// The text of a key, nullopt if there is none.
[[nodiscard]] std::optional<std::string_view> catalog_text(Language language,
                                                           std::string_view key) noexcept;
// All keys of a language, sorted.
[[nodiscard]] std::vector<std::string_view> catalog_keys(Language language);

// Text with {0}, {1}... replaced; a placeholder without parameter stays as it is.
[[nodiscard]] std::string fill_placeholders(std::string_view text,
                                            std::span<std::string const> params);
// Message of a violation; a code without text gets the general one (violation.other).
[[nodiscard]] std::string violation_message(Language language,
                                            std::string_view code,
                                            std::span<std::string const> params);
// Title of a problem type; English from the problem table if the catalog has none.
[[nodiscard]] std::string_view problem_title(Language language, std::string_view slug) noexcept;

}  // namespace rastro::protocol
