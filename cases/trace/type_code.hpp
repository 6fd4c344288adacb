// Kinds of firearm: our sixteen values and what they are called elsewhere. Source: domain rule 4.3;
// data (labels, words, mappings): config/reference/firearm_types.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

enum class TypeCode : std::uint8_t {
    pistol,
    revolver,
    derringer,
    handgun,  // a short arm of which nobody said whether it is a pistol or a revolver
    rifle,
    shotgun,
    combination,
    submachine_gun,
    machine_gun,
    receiver_frame,
    silencer,
    part,
    destructive_device,
    tear_gas,
    any_other_weapon,
    unknown,
};

struct TypeInfo {
    TypeCode type = TypeCode::unknown;
    std::string code;                     // lower_snake, as stored and sent
    std::vector<std::string> ncic_codes;  // NIEM gun type codes, the general one first
    std::string atf_report;               // row of ATF's yearly tables
    std::string unodc;                    // row of the UNODC firearms questionnaire
    std::string label_en, label_es, label_pt, label_fr;
    std::vector<std::string> words;  // free text that means this type, as fold_words() writes it
};

[[nodiscard]] std::vector<TypeInfo> const& all_types();  // in the order of the enum
[[nodiscard]] TypeInfo const& type_info(TypeCode type);
[[nodiscard]] std::string_view code_of(TypeCode type);
[[nodiscard]] std::optional<TypeCode> type_from(std::string_view code);
// language: "es", "pt", "fr"; anything else gives English.
[[nodiscard]] std::string_view type_label(TypeCode type, std::string_view language);

// Free text in any case, accents and punctuation -> type; nothing for text that is not in the word
// lists. Text that says "not known" gives TypeCode::unknown; empty text gives nothing.
[[nodiscard]] std::optional<TypeCode> parse_type(std::string_view text);
// NIEM gun type of one or two characters ("PR", "RI", "S"); an unlisted second character falls back
// to the first.
[[nodiscard]] std::optional<TypeCode> type_from_ncic(std::string_view code);

}  // namespace rastro::cases
