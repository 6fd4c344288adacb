// How two serial numbers stand to each other, and which other serials could be the same one read
// wrongly. Source: domain rules 4.7 (errors to expect) and 4.8 (levels, scores).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/serial_query.hpp"

namespace rastro::cases {

// Best first; the rule of config/reference/match_rules.csv is "serial_" and the code.
// equal: level L2. look_alike: level L3. ncic: level L4 (letters between digits do not count).
// confusable: after folding look-alikes, one glyph read as another of 4.7 (1/7, 6/C, 8/3, 4/A,
// U/V, M/N, W/VV). swapped: two neighbouring characters exchanged. pattern, pattern_look_alike: a
// query with unknown characters fits, at level L2 or L3. neighbour: one character differs, is
// missing or is too many, and nothing says that it was misread: most likely another firearm.
enum class SerialRelation : std::uint8_t {
    equal,
    look_alike,
    ncic,
    confusable,
    swapped,
    pattern,
    pattern_look_alike,
    neighbour,
    unrelated,
    not_compared,  // one of the two is empty
};
[[nodiscard]] std::string_view code_of(SerialRelation relation) noexcept;

// Traffickers buy runs (domain rule 4.6: 12.7 % of real serials have a neighbour). Two serials that
// differ only in one run of digits, by less than this, are two firearms of one run, however alike
// their glyphs are: never confusable, never swapped. All 13 such pairs of the sample of 4.6 lie
// closer than 100.
inline constexpr std::uint64_t kRunReach = 1000;

// Level L2 texts. Symmetric.
[[nodiscard]] SerialRelation compare_serials(std::string_view canon_a, std::string_view canon_b);
// A query that was not read whole against a level L2 text.
[[nodiscard]] SerialRelation compare_pattern(SerialQuery const& query, std::string_view canon);

// All texts of level L3 that differ from `skeleton` by one character put in, left out, replaced or
// exchanged with its neighbour, and those with W read as VV or the other way round; sorted, without
// `skeleton` itself. Every serial that compare_serials() calls confusable, swapped or neighbour has
// its skeleton among them: looking each of them up finds all, whatever the data look like. At most
// 56 n + 27 texts for n characters.
[[nodiscard]] std::vector<std::string> skeletons_one_error_away(std::string_view skeleton);

// A query with unknown characters as a LIKE pattern ("_", "%") over level L3.
struct SerialPattern {
    std::string like;
    std::string prefix;        // known characters that the skeleton begins with
    std::string suffix;        // and ends with
    std::size_t trigrams = 0;  // of three characters that an index on trigrams can look for
};
[[nodiscard]] SerialPattern pattern_of(SerialQuery const& query);

}  // namespace rastro::cases
