#include "cases/linked/unit_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<UnitValueLevel>, 4> kLevels{{
    {UnitValueLevel::insufficient_reference, "insufficient_reference"},
    {UnitValueLevel::none, "none"},
    {UnitValueLevel::note, "note"},
    {UnitValueLevel::signal, "signal"},
}};

constexpr double kNormal = 0.6745;
constexpr double kStrong = 3.5;

}  // namespace

double percentile(std::vector<double> const& ascending, double fraction) {
    auto const place = fraction * static_cast<double>(ascending.size() - 1);
    auto const below = static_cast<std::size_t>(place);
    auto const above = std::min(below + 1, ascending.size() - 1);
    auto const part = place - static_cast<double>(below);
    return ascending[below] + (ascending[above] - ascending[below]) * part;
}

UnitValueReference unit_value_reference(std::vector<double> values) {
    UnitValueReference reference;
    reference.n = values.size();
    if (values.empty()) {
        return reference;
    }
    std::ranges::sort(values);
    reference.q1 = percentile(values, 0.25);
    reference.median = percentile(values, 0.5);
    reference.q3 = percentile(values, 0.75);
    auto const iqr = reference.q3 - reference.q1;
    reference.low_fence = reference.q1 - 1.5 * iqr;
    reference.high_fence = reference.q3 + 1.5 * iqr;
    for (auto& value : values) {
        value = std::abs(value - reference.median);
    }
    std::ranges::sort(values);
    reference.mad = percentile(values, 0.5);
    return reference;
}

std::string_view to_text(UnitValueLevel level) noexcept {
    return code_in(kLevels, level);
}

UnitValueVerdict judge_unit_value(double value, UnitValueReference const& reference) {
    if (reference.n < kFewestComparables) {
        return {UnitValueLevel::insufficient_reference, 0, false};
    }
    UnitValueVerdict verdict;
    if (reference.mad > 0) {
        verdict.robust_z = kNormal * (value - reference.median) / reference.mad;
    }
    verdict.strong = std::abs(verdict.robust_z) > kStrong;
    if (value < reference.low_fence || value > reference.high_fence) {
        verdict.level = UnitValueLevel::signal;
    } else if (value < reference.q1 || value > reference.q3) {
        verdict.level = UnitValueLevel::note;
    }
    return verdict;
}

ValueFlow value_flow(bool import, double value, UnitValueReference const& reference) {
    if (value >= reference.q1 && value <= reference.q3) {
        return ValueFlow::none;
    }
    bool const over = value > reference.q3;
    return over == import ? ValueFlow::out : ValueFlow::in;
}

double value_moved(double value, double quantity, UnitValueReference const& reference) {
    auto const gap = value < reference.q1   ? reference.q1 - value
                     : value > reference.q3 ? value - reference.q3
                                            : 0.0;
    return gap * quantity;
}

}  // namespace rastro::cases
