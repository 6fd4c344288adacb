#include "cases/trace/import_profile.hpp"

#include <algorithm>
#include <set>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view import_profiles();
}

namespace rastro::cases {

namespace {

using F = ImportField;

constexpr std::array<CodeRow<ImportField>, 16> kFields{{
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
    {F::recovery_country, "recovery_country"},
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
                 std::string(table.cell(i, "country")),
                 table.list(i, "also"),
                 table.cell(i, "required") == "yes"});
        }
        return list;
    }();
    return all;
}

bool is_called(ColumnRule const& rule, std::string_view heading) {
    auto const same = [&](std::string const& name) {
        return equals_ignoring_case(trim(name), trim(heading));
    };
    return same(rule.column) || std::ranges::any_of(rule.also, same);
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
    std::set<ColumnRule const*> met;
    for (std::size_t i = 0; i < heading.size(); ++i) {
        auto const rule = std::ranges::find_if(
            profile.rules, [&](ColumnRule const& r) { return is_called(r, heading[i]); });
        if (rule == profile.rules.end()) {
            bound.push_back({.column = heading[i]});
            continue;
        }
        if (!met.insert(&*rule).second) {
            faults.push_back({"csv:/1/" + std::to_string(i + 1), "column_twice", {heading[i]}});
        }
        bound.push_back(*rule);
    }
    for (auto const& rule : profile.rules) {
        if (rule.required && !met.contains(&rule)) {
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
