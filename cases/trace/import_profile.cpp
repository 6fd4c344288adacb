#include "cases/trace/import_profile.hpp"

#include <algorithm>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view import_profiles();
}

namespace rastro::cases {

namespace {

using F = ImportField;

constexpr std::array<CodeRow<ImportField>, 15> kFields{{
    {F::source_row, "source_row"},
    {F::serial, "serial"},
    {F::make, "make"},
    {F::type, "type"},
    {F::calibre, "calibre"},
    {F::model, "model"},
    {F::origin_country, "origin_country"},
    {F::importer, "importer"},
    {F::remark, "remark"},
    {F::purchase_country, "purchase_country"},
    {F::purchase_area, "purchase_area"},
    {F::purchase_date, "purchase_date"},
    {F::recovery_date, "recovery_date"},
    {F::recovery_place, "recovery_place"},
    {F::unmapped, "unmapped"},
}};
constexpr std::array<CodeRow<DateOrder>, 2> kOrders{{
    {DateOrder::month_first, "month_first"},
    {DateOrder::day_first, "day_first"},
}};

std::vector<ImportProfile> const& profiles() {
    static std::vector<ImportProfile> const all = [] {
        std::vector<ImportProfile> list;
        ReferenceTable const table(embedded::import_profiles());
        for (std::size_t i = 0; i < table.size(); ++i) {
            auto const name = table.cell(i, "profile");
            auto found = std::ranges::find(list, name, &ImportProfile::name);
            if (found == list.end()) {
                list.push_back({std::string(name), {}});
                found = list.end() - 1;
            }
            found->rules.push_back(
                {std::string(table.cell(i, "column")),
                 value_in(kFields, table.cell(i, "field")).value_or(F::unmapped),
                 value_in(kOrders, table.cell(i, "date_order")).value_or(DateOrder::unknown),
                 std::string(table.cell(i, "country"))});
        }
        return list;
    }();
    return all;
}

}  // namespace

std::string_view code_of(ImportField field) noexcept {
    return code_in(kFields, field);
}

std::optional<ImportProfile> find_import_profile(std::string_view name) {
    auto const found = std::ranges::find(profiles(), name, &ImportProfile::name);
    return found == profiles().end() ? std::nullopt : std::optional(*found);
}

std::vector<std::string> import_profile_names() {
    std::vector<std::string> names;
    for (auto const& profile : profiles()) {
        names.push_back(profile.name);
    }
    return names;
}

Outcome<std::vector<ColumnRule>> bind_columns(ImportProfile const& profile,
                                              std::vector<std::string> const& heading) {
    std::vector<ColumnRule> bound;
    std::vector<Violation> faults;
    auto const same = [](std::string_view a, std::string_view b) {
        return equals_ignoring_case(trim(a), trim(b));
    };
    for (std::size_t i = 0; i < heading.size(); ++i) {
        auto const rule = std::ranges::find_if(
            profile.rules, [&](ColumnRule const& r) { return same(r.column, heading[i]); });
        bool const twice =
            std::any_of(heading.begin(),
                        heading.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](auto const& earlier) { return same(earlier, heading[i]); });
        if (rule != profile.rules.end() && twice) {
            faults.push_back({"csv:/1/" + std::to_string(i + 1), "column_twice", {heading[i]}});
        }
        bound.push_back(rule == profile.rules.end()
                            ? ColumnRule{heading[i], F::unmapped, DateOrder::unknown, ""}
                            : *rule);
    }
    for (auto const& rule : profile.rules) {
        if (std::ranges::none_of(heading,
                                 [&](auto const& name) { return same(name, rule.column); })) {
            faults.push_back(
                {"csv:/1/" + std::to_string(heading.size() + 1), "column_missing", {rule.column}});
        }
    }
    if (!faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    return bound;
}

}  // namespace rastro::cases
