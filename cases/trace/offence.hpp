// Why a firearm was taken: local offence categories with their NCIC codes and names in four
// languages, and the reasons that are no offence (found, surrendered...), which statistics keep
// apart. Source: domain rule 2.2; data: config/reference/offence_categories.csv.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

struct OffenceCategory {
    std::string code;   // lower_snake
    bool crime = true;  // false: a reason in its own right, not a crime
    std::vector<std::string>
        ncic_codes;  // four digits, the general one first; empty where none fits
    std::string label_en, label_es, label_pt, label_fr;
};

[[nodiscard]] std::vector<OffenceCategory> const& all_offence_categories();
[[nodiscard]] OffenceCategory const* find_offence_category(std::string_view code);
// The category that lists the NCIC code, else the one that lists the general code of its hundred
// ("0904" -> "0999"); nothing for other codes.
[[nodiscard]] OffenceCategory const* offence_category_from_ncic(std::string_view code);
// language: "es", "pt", "fr"; anything else gives English.
[[nodiscard]] std::string_view offence_label(OffenceCategory const& category,
                                             std::string_view language);

}  // namespace rastro::cases
