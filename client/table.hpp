// Tables for people: columns as wide as their longest cell, cut to the width of the terminal.
// Widths are counted in code points of UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::client {

// The text with control characters (and what is not UTF-8) as '?', line feeds and tabs as blanks:
// nothing that a document says reaches the terminal as a command.
[[nodiscard]] std::string printable(std::string_view text);
// At most `width` code points; what was cut ends in an ellipsis.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t width);

class Table {
 public:
    explicit Table(std::vector<std::string> headings);

    // One cell a heading; missing ones are empty. Throws std::logic_error if there are more.
    void add(std::vector<std::string> cells);
    [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }

    // Heading and rows, two blanks between columns, no blanks at line ends. `width` 0: not limited.
    // If the table is wider, the widest columns give way first, down to 6 code points each.
    [[nodiscard]] std::string text(std::size_t width) const;

 private:
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t width) const;

    std::vector<std::string> headings_;
    std::vector<std::vector<std::string>> rows_;
};

// Lines of at most `width` code points (0: one line), broken at blanks, each ended by a line feed.
[[nodiscard]] std::string wrapped_text(std::string_view text, std::size_t width);

// "label  value" lines with the values in one column, wrapped at blanks to `width`.
class Listing {
 public:
    void add(std::string label, std::string value);
    [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
    [[nodiscard]] std::string text(std::size_t width, std::size_t indent = 0) const;

 private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace rastro::client
