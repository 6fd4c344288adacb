// Search for serials that could not be read whole. A query is text in which '?' stands for one
// unknown character, '*' for any run of unknown ones (also none), and {8B3} for one of the
// characters inside the braces; everything else is folded as serials are (level L2: signs and
// blanks are ignored). It must name at least three known characters, two of them side by side
// (domain rule 4.8); the caller adds the make or calibre that 4.8 also demands.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/outcome.hpp"

namespace rastro::cases {

class SerialQuery {
 public:
    enum class Part : std::uint8_t { one_of, any_one, any_run };
    struct Element {
        Part part = Part::any_one;
        std::bitset<36> allowed;  // one_of: 0-9 then A-Z
    };

    // Matches the whole of `canon` (level L2); time O(query x canon), never exponential.
    [[nodiscard]] bool matches(std::string_view canon) const;
    // The same with look-alike glyphs as one (level L3) on both sides.
    [[nodiscard]] bool matches_look_alike(std::string_view canon) const;
    // The one glyph of level L3 that all characters of a known element fold to; none if they fold
    // to several, or if it is unknown.
    [[nodiscard]] static std::optional<char> look_alike_of(Element const& element);
    [[nodiscard]] std::vector<Element> const& elements() const noexcept { return elements_; }
    // The query in its one spelling: "AB?45*", "A{38B}C".
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] bool has_wildcards() const noexcept;
    // The longest run of known characters, for index look-ups; at least two characters.
    [[nodiscard]] std::string longest_known_run() const;

 private:
    [[nodiscard]] static bool fits(std::vector<Element> const& elements, std::string_view text);
    friend Outcome<SerialQuery> parse_serial_query(std::string_view text);
    std::vector<Element> elements_;
};

// Problem validation_failed with pointer "query:/serial" and one of the codes serial_query_empty,
// serial_query_too_long (over 64 elements or 256 bytes), serial_query_brace (unclosed, nested or
// empty braces), serial_query_few_known, serial_query_none_adjacent.
[[nodiscard]] Outcome<SerialQuery> parse_serial_query(std::string_view text);

}  // namespace rastro::cases
