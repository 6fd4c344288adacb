#include "cases/trace/type_code.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"

namespace rastro::embedded {
std::string_view firearm_types();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<TypeCode>, 16> kTypes{{
    {TypeCode::pistol, "pistol"},
    {TypeCode::revolver, "revolver"},
    {TypeCode::derringer, "derringer"},
    {TypeCode::handgun, "handgun"},
    {TypeCode::rifle, "rifle"},
    {TypeCode::shotgun, "shotgun"},
    {TypeCode::combination, "combination"},
    {TypeCode::submachine_gun, "submachine_gun"},
    {TypeCode::machine_gun, "machine_gun"},
    {TypeCode::receiver_frame, "receiver_frame"},
    {TypeCode::silencer, "silencer"},
    {TypeCode::part, "part"},
    {TypeCode::destructive_device, "destructive_device"},
    {TypeCode::tear_gas, "tear_gas"},
    {TypeCode::any_other_weapon, "any_other_weapon"},
    {TypeCode::unknown, "unknown"},
}};

std::size_t row_of(ReferenceTable const& table, std::string_view code) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table.cell(i, "code") == code) {
            return i;
        }
    }
    throw std::logic_error("firearm_types.csv lacks the type " + std::string(code));
}

}  // namespace

std::vector<TypeInfo> const& all_types() {
    static std::vector<TypeInfo> const types = [] {
        std::vector<TypeInfo> list;
        ReferenceTable const table(embedded::firearm_types());
        for (auto const& [type, code] : kTypes) {
            auto const row = row_of(table, code);
            TypeInfo info{type,
                          std::string(code),
                          table.list(row, "ncic"),
                          std::string(table.cell(row, "atf_report")),
                          std::string(table.cell(row, "unodc")),
                          std::string(table.cell(row, "label_en")),
                          std::string(table.cell(row, "label_es")),
                          std::string(table.cell(row, "label_pt")),
                          std::string(table.cell(row, "label_fr")),
                          {}};
            for (auto const& word : table.list(row, "words")) {
                info.words.push_back(fold_words(word));
            }
            list.push_back(std::move(info));
        }
        return list;
    }();
    return types;
}

TypeInfo const& type_info(TypeCode type) {
    auto const index = static_cast<std::size_t>(type);
    auto const& types = all_types();
    return index < types.size() ? types[index] : types.back();
}

std::string_view code_of(TypeCode type) {
    return code_in(kTypes, type);
}

std::optional<TypeCode> type_from(std::string_view code) {
    return value_in(kTypes, code);
}

std::string_view type_label(TypeCode type, std::string_view language) {
    auto const& info = type_info(type);
    if (language == "es") {
        return info.label_es;
    }
    if (language == "pt") {
        return info.label_pt;
    }
    return language == "fr" ? info.label_fr : info.label_en;
}

std::optional<TypeCode> parse_type(std::string_view text) {
    auto const words = fold_words(text);
    if (words.empty()) {
        return std::nullopt;
    }
    for (auto const& info : all_types()) {
        if (std::ranges::find(info.words, words) != info.words.end() ||
            words == fold_words(info.code)) {
            return info.type;
        }
    }
    return std::nullopt;
}

std::optional<TypeCode> type_from_ncic(std::string_view code) {
    if (code.empty() || code.size() > 2) {
        return std::nullopt;
    }
    for (auto length = code.size(); length > 0; --length) {
        for (auto const& info : all_types()) {
            if (!info.ncic_codes.empty() &&
                std::ranges::find(info.ncic_codes, code.substr(0, length)) !=
                    info.ncic_codes.end() &&
                info.type != TypeCode::receiver_frame && info.type != TypeCode::part &&
                info.type != TypeCode::tear_gas) {
                return info
                    .type;  // of the types that NCIC calls Z, "other" is the only one meant by it
            }
        }
    }
    return std::nullopt;
}

}  // namespace rastro::cases
