#include "cases/trace/offence.hpp"

#include <algorithm>

#include "cases/trace/reference_table.hpp"

namespace rastro::embedded {
std::string_view offence_categories();
}

namespace rastro::cases {

std::vector<OffenceCategory> const& all_offence_categories() {
    static std::vector<OffenceCategory> const categories = [] {
        std::vector<OffenceCategory> list;
        ReferenceTable const table(embedded::offence_categories());
        for (std::size_t i = 0; i < table.size(); ++i) {
            list.push_back({std::string(table.cell(i, "code")),
                            table.cell(i, "kind") == "crime",
                            table.list(i, "ncic"),
                            std::string(table.cell(i, "label_en")),
                            std::string(table.cell(i, "label_es")),
                            std::string(table.cell(i, "label_pt")),
                            std::string(table.cell(i, "label_fr"))});
        }
        return list;
    }();
    return categories;
}

OffenceCategory const* find_offence_category(std::string_view code) {
    auto const& all = all_offence_categories();
    auto const found = std::ranges::find(all, code, &OffenceCategory::code);
    return found == all.end() ? nullptr : &*found;
}

OffenceCategory const* offence_category_from_ncic(std::string_view code) {
    bool const digits =
        code.size() == 4 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) {
        return nullptr;
    }
    for (auto const& wanted : {std::string(code), std::string(code.substr(0, 2)) + "99"}) {
        for (auto const& category : all_offence_categories()) {
            if (std::ranges::find(category.ncic_codes, wanted) != category.ncic_codes.end()) {
                return &category;
            }
        }
    }
    return nullptr;
}

std::string_view offence_label(OffenceCategory const& category, std::string_view language) {
    if (language == "es") {
        return category.label_es;
    }
    if (language == "pt") {
        return category.label_pt;
    }
    return language == "fr" ? category.label_fr : category.label_en;
}

}  // namespace rastro::cases
