#include "cases/linked/field_value.hpp"

#include <algorithm>
#include <array>

#include "cases/linked/identifiers.hpp"
#include "cases/trace/code_lists.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using Wrong = std::optional<Violation>;

Wrong wrong(std::string code, std::vector<std::string> params = {}) {
    return Violation{"", std::move(code), std::move(params)};
}

bool in_list(std::string_view list, std::string_view code) {
    auto const* rows = find_code_list(list);
    return rows != nullptr && std::ranges::find(*rows, code, &CodeName::code) != rows->end();
}

bool is_number(std::string_view text, bool with_fraction) {
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    auto const dot = text.find('.');
    auto const whole = text.substr(0, dot);
    auto const part = dot == std::string_view::npos ? std::string_view("0") : text.substr(dot + 1);
    auto const digits = [](std::string_view t) {
        return !t.empty() && t.size() <= 15 &&
               std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; });
    };
    return digits(whole) && digits(part) && (with_fraction || dot == std::string_view::npos);
}

// ISO 3166-2: country, hyphen, one to three letters or digits.
bool is_subdivision(std::string_view text) {
    auto const part = text.size() > 3 ? text.substr(3) : std::string_view();
    return text.size() >= 4 && text.size() <= 6 && text[2] == '-' &&
           in_list("countries", text.substr(0, 2)) && std::ranges::all_of(part, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

Wrong check_each(std::string_view value, std::string_view list) {
    for (auto const code : split(value, '|')) {
        if (!in_list(list, code)) {
            return wrong("not_in_list", {std::string(list)});
        }
    }
    return std::nullopt;
}

Wrong check_text(std::string_view value) {
    if (!is_valid_utf8(value) || has_control_characters(value)) {
        return wrong("control_characters");
    }
    return value.size() > kMostTextBytes ? wrong("too_long", {std::to_string(kMostTextBytes)})
                                         : std::nullopt;
}

struct TypeRow {
    std::string_view name;
    Wrong (*check)(FieldDefinition const&, std::string_view);
};

// clang-format off
constexpr TypeRow kTypes[] = {
    {"text", [](FieldDefinition const&, std::string_view v) { return check_text(v); }},
    {"code", [](FieldDefinition const& f, std::string_view v) { return in_list(f.list, v) ? Wrong{} : wrong("not_in_list", {f.list}); }},
    {"codes", [](FieldDefinition const& f, std::string_view v) { return check_each(v, f.list); }},
    {"country", [](FieldDefinition const&, std::string_view v) { return in_list("countries", v) ? Wrong{} : wrong("not_in_list", {"countries"}); }},
    {"countries", [](FieldDefinition const&, std::string_view v) { return check_each(v, "countries"); }},
    {"subdivision", [](FieldDefinition const&, std::string_view v) { return is_subdivision(v) ? Wrong{} : wrong("format_of_field"); }},
    {"date", [](FieldDefinition const&, std::string_view v) { return parse_iso_date(v) ? Wrong{} : wrong("format_date"); }},
    {"flag", [](FieldDefinition const&, std::string_view v) { return v == "true" || v == "false" ? Wrong{} : wrong("format_of_field"); }},
    {"integer", [](FieldDefinition const&, std::string_view v) { return is_number(v, false) ? Wrong{} : wrong("format_of_field"); }},
    {"decimal", [](FieldDefinition const&, std::string_view v) { return is_number(v, true) ? Wrong{} : wrong("format_of_field"); }},
    {"money", [](FieldDefinition const&, std::string_view v) { return money_value(v) ? Wrong{} : wrong("format_of_field"); }},
};

bool asset_identifier(std::string_view value, FieldValues const& siblings) {
    auto const kind = value_of(siblings, "identifier_kind");
    return kind == "vin" ? is_vin(value) : kind == "imo" ? is_imo_number(value) : kind != "iban" || is_iban(value);
}

struct ValidatorRow {
    std::string_view name;
    bool (*met)(std::string_view, FieldValues const&);
};
constexpr ValidatorRow kValidators[] = {
    {"cas_rn", [](std::string_view v, FieldValues const&) { return is_cas_number(v); }},
    {"inchikey", [](std::string_view v, FieldValues const&) { return is_inchikey(v); }},
    {"iso6346", [](std::string_view v, FieldValues const&) { return is_container_number(v); }},
    {"lei", [](std::string_view v, FieldValues const&) { return is_lei(v); }},
    {"hs6", [](std::string_view v, FieldValues const&) { return is_hs_code(v); }},
    {"asset_identifier", asset_identifier},
};
// clang-format on

template <class Rows>
std::vector<std::string> names_of(Rows const& rows) {
    std::vector<std::string> names;
    for (auto const& row : rows) {
        names.emplace_back(row.name);
    }
    return names;
}

}  // namespace

std::vector<std::string> const& field_types() {
    static std::vector<std::string> const names = names_of(kTypes);
    return names;
}

std::vector<std::string> const& field_validators() {
    static std::vector<std::string> const names = names_of(kValidators);
    return names;
}

std::optional<Violation> check_field_value(FieldDefinition const& field,
                                           std::string_view value,
                                           FieldValues const& siblings) {
    auto const* type = std::ranges::find(kTypes, field.type, &TypeRow::name);
    if (type == std::end(kTypes) || value.empty()) {
        return wrong("format_of_field");
    }
    if (auto fault = type->check(field, value)) {
        return fault;
    }
    for (auto const& name : field.validators) {
        auto const* row = std::ranges::find(kValidators, name, &ValidatorRow::name);
        if (row == std::end(kValidators) || !row->met(value, siblings)) {
            return wrong("check_failed", {name});
        }
    }
    return std::nullopt;
}

std::optional<Money> money_value(std::string_view canonical) {
    auto const blank = canonical.find(' ');
    return blank == std::string_view::npos
               ? std::nullopt
               : parse_money(canonical.substr(0, blank), canonical.substr(blank + 1));
}

std::string canonical_money(Money const& money) {
    return amount_text(money) + " " + money.currency;
}

std::string_view value_of(FieldValues const& values, std::string_view field) {
    auto const found = values.find(field);
    return found == values.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> codes_of(FieldValues const& values, std::string_view field) {
    std::vector<std::string> codes;
    auto const text = value_of(values, field);
    if (!text.empty()) {
        for (auto const code : split(text, '|')) {
            codes.emplace_back(code);
        }
    }
    return codes;
}

}  // namespace rastro::cases
