#include "cases/trace/serial_compare.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/code_table.hpp"
#include "cases/trace/serial.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<SerialRelation>, 10> kRelations{{
    {SerialRelation::equal, "equal"},
    {SerialRelation::look_alike, "look_alike"},
    {SerialRelation::ncic, "ncic"},
    {SerialRelation::confusable, "confusable"},
    {SerialRelation::swapped, "swapped"},
    {SerialRelation::pattern, "pattern"},
    {SerialRelation::pattern_look_alike, "pattern_look_alike"},
    {SerialRelation::neighbour, "neighbour"},
    {SerialRelation::unrelated, "unrelated"},
    {SerialRelation::not_compared, "not_compared"},
}};

// Pairs of domain rule 4.7 that level L3 does not fold, as glyphs of level L3.
constexpr std::array<std::string_view, 6> kConfusable{"17", "6C", "83", "4A", "UV", "MN"};
// What level L3 is written in.
constexpr std::string_view kGlyphs = "0123456789ACEFHJKMNPRTUVWXY";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool are_confusable(char a, char b) {
    return std::ranges::any_of(kConfusable, [&](std::string_view pair) {
        return (pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a);
    });
}

// The number that the digits from `first` to `last` stand for; the last 18 of them.
std::uint64_t number_of(std::string_view text, std::size_t first, std::size_t last) {
    std::uint64_t number = 0;
    for (auto at = std::max(first, last > 18 ? last - 18 : 0); at < last; ++at) {
        number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    return number;
}

// Of equal length, `a` and `b` differing in level L3 from `first` up to `last`: do they count as
// two numbers of one run?
bool of_one_run(std::string_view a, std::string_view b, std::size_t first, std::size_t last) {
    for (auto at = first; at < last; ++at) {
        if (!is_digit(a[at]) || !is_digit(b[at])) {
            return false;
        }
    }
    auto const skeleton_a = serial_skeleton_of(a);
    auto const skeleton_b = serial_skeleton_of(b);
    while (first > 0 && is_digit(skeleton_a[first - 1])) {
        --first;
    }
    while (last < a.size() && is_digit(skeleton_a[last])) {
        ++last;
    }
    auto const x = number_of(skeleton_a, first, last);
    auto const y = number_of(skeleton_b, first, last);
    return (x > y ? x - y : y - x) < kRunReach;
}

// `longer` with one character taken out is `shorter`.
bool one_too_many(std::string_view longer, std::string_view shorter) {
    auto const first = std::ranges::mismatch(longer, shorter).in1 - longer.begin();
    return longer.substr(static_cast<std::size_t>(first) + 1) ==
           shorter.substr(static_cast<std::size_t>(first));
}

// `longer` with one VV as W is `shorter`.
bool double_v(std::string_view longer, std::string_view shorter) {
    for (auto at = longer.find("VV"); at != std::string_view::npos;
         at = longer.find("VV", at + 1)) {
        if (shorter.size() + 1 == longer.size() && shorter[at] == 'W' &&
            longer.substr(0, at) == shorter.substr(0, at) &&
            longer.substr(at + 2) == shorter.substr(at + 1)) {
            return true;
        }
    }
    return false;
}

SerialRelation compare_equally_long(std::string_view a,
                                    std::string_view b,
                                    std::string_view skeleton_a,
                                    std::string_view skeleton_b) {
    std::size_t first = 0;
    while (skeleton_a[first] == skeleton_b[first]) {
        ++first;
    }
    auto last = skeleton_a.size();
    while (skeleton_a[last - 1] == skeleton_b[last - 1]) {
        --last;
    }
    if (last - first == 1) {
        return are_confusable(skeleton_a[first], skeleton_b[first]) &&
                       !of_one_run(a, b, first, last)
                   ? SerialRelation::confusable
                   : SerialRelation::neighbour;
    }
    if (last - first == 2 && skeleton_a[first] == skeleton_b[first + 1] &&
        skeleton_a[first + 1] == skeleton_b[first]) {
        return of_one_run(a, b, first, last) ? SerialRelation::neighbour : SerialRelation::swapped;
    }
    return SerialRelation::unrelated;
}

}  // namespace

std::string_view code_of(SerialRelation relation) noexcept {
    return code_in(kRelations, relation);
}

SerialRelation compare_serials(std::string_view canon_a, std::string_view canon_b) {
    if (canon_a.empty() || canon_b.empty()) {
        return SerialRelation::not_compared;
    }
    if (canon_a == canon_b) {
        return SerialRelation::equal;
    }
    auto const a = serial_skeleton_of(canon_a);
    auto const b = serial_skeleton_of(canon_b);
    if (a == b) {
        return SerialRelation::look_alike;
    }
    if (serial_ncic_of(canon_a) == serial_ncic_of(canon_b)) {
        return SerialRelation::ncic;
    }
    if (a.size() == b.size()) {
        return compare_equally_long(canon_a, canon_b, a, b);
    }
    auto const& longer = a.size() > b.size() ? a : b;
    auto const& shorter = a.size() > b.size() ? b : a;
    if (longer.size() - shorter.size() > 1) {
        return SerialRelation::unrelated;
    }
    if (double_v(longer, shorter)) {
        return SerialRelation::confusable;
    }
    return one_too_many(longer, shorter) ? SerialRelation::neighbour : SerialRelation::unrelated;
}

SerialRelation compare_pattern(SerialQuery const& query, std::string_view canon) {
    if (canon.empty()) {
        return SerialRelation::not_compared;
    }
    if (query.matches(canon)) {
        return SerialRelation::pattern;
    }
    return query.matches_look_alike(canon) ? SerialRelation::pattern_look_alike
                                           : SerialRelation::unrelated;
}

std::vector<std::string> skeletons_one_error_away(std::string_view skeleton) {
    std::vector<std::string> found;
    std::string const base(skeleton);
    for (std::size_t at = 0; at <= base.size(); ++at) {
        for (char glyph : kGlyphs) {
            auto inserted = base;
            inserted.insert(at, 1, glyph);
            found.push_back(std::move(inserted));
            if (at < base.size()) {
                auto replaced = base;
                replaced[at] = glyph;
                found.push_back(std::move(replaced));
            }
        }
        if (at < base.size()) {
            auto shorter = base;
            shorter.erase(at, 1);
            found.push_back(std::move(shorter));
        }
        if (at + 1 < base.size()) {
            auto swapped = base;
            std::swap(swapped[at], swapped[at + 1]);
            found.push_back(std::move(swapped));
        }
        if (base.compare(at, 1, "W") == 0) {
            found.push_back(std::string(base).replace(at, 1, "VV"));
        }
        if (base.compare(at, 2, "VV") == 0) {
            found.push_back(std::string(base).replace(at, 2, "W"));
        }
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::erase_if(found, [&](std::string const& text) { return text == base || text.empty(); });
    return found;
}

SerialPattern pattern_of(SerialQuery const& query) {
    SerialPattern pattern;
    for (auto const& element : query.elements()) {
        auto const glyph = SerialQuery::look_alike_of(element);
        pattern.like.push_back(element.part == SerialQuery::Part::any_run ? '%'
                                                                          : glyph.value_or('_'));
    }
    auto const& like = pattern.like;
    pattern.prefix = like.substr(0, like.find_first_of("_%"));
    pattern.suffix = like.substr(like.find_last_of("_%") + 1);
    // An index on trigrams sees two blanks before the text and one behind it.
    std::size_t run = 2;
    for (char c : like) {
        if (c == '_' || c == '%') {
            run = 0;
        } else if (++run >= 3) {
            ++pattern.trigrams;
        }
    }
    pattern.trigrams += run >= 2 && !pattern.suffix.empty() ? 1 : 0;
    return pattern;
}

}  // namespace rastro::cases
