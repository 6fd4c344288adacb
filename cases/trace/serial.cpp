#include "cases/trace/serial.hpp"

#include <algorithm>

#include "cases/trace/code_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<SerialCondition>, 6> kConditions{{
    {SerialCondition::clear, "clear"},
    {SerialCondition::partial, "partial"},
    {SerialCondition::obliterated, "obliterated"},
    {SerialCondition::restored, "restored"},
    {SerialCondition::none, "none"},
    {SerialCondition::not_required, "not_required"},
}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char skeleton_glyph(char c) {
    switch (c) {
        case 'O':
        case 'Q':
        case 'D':
            return '0';
        case 'I':
        case 'L':
            return '1';
        case 'Z':
            return '2';
        case 'S':
            return '5';
        case 'G':
            return '6';
        case 'B':
            return '8';
        default:
            return c;
    }
}

std::string longest_digit_run(std::string_view canon) {
    std::string_view best;
    for (std::size_t at = 0; at < canon.size();) {
        auto end = at;
        while (end < canon.size() && is_digit(canon[end])) {
            ++end;
        }
        if (end - at > best.size()) {
            best = canon.substr(at, end - at);
        }
        at = std::max(end, at + 1);
    }
    return std::string(best);
}

std::vector<std::string> trigrams_of(std::string_view canon) {
    std::vector<std::string> grams;
    for (std::size_t at = 0; at + 3 <= canon.size(); ++at) {
        grams.emplace_back(canon.substr(at, 3));
    }
    std::ranges::sort(grams);
    grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
    return grams;
}

}  // namespace

std::string_view code_of(SerialCondition condition) noexcept {
    return code_in(kConditions, condition);
}

std::optional<SerialCondition> serial_condition_from(std::string_view code) noexcept {
    return value_in(kConditions, code);
}

std::string serial_canon(std::string_view raw) {
    return letters_and_digits(fold_text(raw));
}

std::string serial_skeleton_of(std::string_view canon) {
    std::string out(canon);
    std::ranges::transform(out, out.begin(), skeleton_glyph);
    return out;
}

std::string serial_ncic_of(std::string_view canon) {
    std::string zeroed(canon);
    std::ranges::replace(zeroed, 'O', '0');
    auto const first = std::ranges::find_if(zeroed, is_digit);
    auto const last = std::find_if(zeroed.rbegin(), zeroed.rend(), is_digit).base();
    std::string out;
    for (auto at = zeroed.begin(); at != zeroed.end(); ++at) {
        if (is_digit(*at) || at < first || at >= last) {
            out.push_back(*at);
        }
    }
    return out;
}

SerialForms serial_forms(std::string_view raw) {
    SerialForms forms;
    forms.raw = std::string(raw);
    forms.folded = fold_text(raw);
    forms.canon = letters_and_digits(forms.folded);
    forms.skeleton = serial_skeleton_of(forms.canon);
    forms.ncic = serial_ncic_of(forms.canon);
    forms.core = longest_digit_run(forms.canon);
    forms.trigrams = trigrams_of(forms.canon);
    return forms;
}

std::string mask_serial(std::string_view raw) {
    auto const canon = serial_canon(raw);
    if (canon.empty()) {
        return {};
    }
    auto const shown = std::min<std::size_t>(4, canon.size() / 2);
    return "***" + canon.substr(canon.size() - shown);
}

}  // namespace rastro::cases
