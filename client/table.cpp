#include "client/table.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "common/text.hpp"

namespace rastro::client {

namespace {

constexpr std::size_t kLeastWidth = 6;
constexpr std::size_t kGap = 2;
constexpr std::string_view kEllipsis = "\u2026";

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Byte offset of code point number `count`, or the length.
std::size_t offset_of(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    while (at < text.size() && count > 0) {
        ++at;
        while (at < text.size() && continues(text[at])) {
            ++at;
        }
        --count;
    }
    return at;
}

void append_padded(std::string& line, std::string const& cell, std::size_t width) {
    line += cell;
    line.append(width - std::min(width, count_code_points(cell)), ' ');
}

void end_line(std::string& text, std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line;
    text += '\n';
    line.clear();
}

// Lines of at most `width` code points, broken at blanks where there are any.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (count_code_points(text) > width) {
        auto cut = offset_of(text, width);
        auto const blank = text.rfind(' ', cut);
        bool const at_blank = blank != std::string_view::npos && blank > 0;
        cut = at_blank ? blank : cut;
        lines.emplace_back(text.substr(0, cut));
        text.remove_prefix(at_blank ? cut + 1 : cut);
    }
    lines.emplace_back(text);
    return lines;
}

}  // namespace

std::string printable(std::string_view text) {
    bool const valid = is_valid_utf8(text);
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (text[i] == '\n' || text[i] == '\t') {
            clean += ' ';
        } else if (byte < 0x20U || byte == 0x7FU || (!valid && byte >= 0x80U)) {
            clean += '?';
        } else if (byte == 0xC2U && i + 1 < text.size() &&
                   static_cast<unsigned char>(text[i + 1]) < 0xA0U) {
            clean += '?';  // C1 controls
            ++i;
        } else {
            clean += text[i];
        }
    }
    return clean;
}

std::string cut_to(std::string_view text, std::size_t width) {
    if (count_code_points(text) <= width) {
        return std::string(text);
    }
    if (width == 0) {
        return {};
    }
    return std::string(text.substr(0, offset_of(text, width - 1))) + std::string(kEllipsis);
}

std::string wrapped_text(std::string_view text, std::size_t width) {
    std::string lines;
    for (auto const& line : wrapped(text, width == 0 ? std::string::npos : width)) {
        lines += line + "\n";
    }
    return lines;
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::add(std::vector<std::string> cells) {
    if (cells.size() > headings_.size()) {
        throw std::logic_error("a row has more cells than the table has columns");
    }
    cells.resize(headings_.size());
    for (auto& cell : cells) {
        cell = printable(cell);
    }
    rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
    std::vector<std::size_t> wide;
    for (auto const& heading : headings_) {
        wide.push_back(count_code_points(heading));
    }
    for (auto const& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            wide[i] = std::max(wide[i], count_code_points(row[i]));
        }
    }
    if (width == 0 || wide.empty()) {
        return wide;
    }
    auto const gaps = kGap * (wide.size() - 1);
    auto total = std::accumulate(wide.begin(), wide.end(), gaps);
    while (total > width) {
        auto const widest = std::max_element(wide.begin(), wide.end());
        if (*widest <= kLeastWidth) {
            break;
        }
        --*widest;
        --total;
    }
    return wide;
}

std::string Table::text(std::size_t width) const {
    auto const wide = widths(width);
    std::string text;
    std::string line;
    auto const put = [&](std::vector<std::string> const& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            append_padded(line, cut_to(cells[i], wide[i]), wide[i] + kGap);
        }
        end_line(text, line);
    };
    put(headings_);
    for (auto const& row : rows_) {
        put(row);
    }
    return text;
}

void Listing::add(std::string label, std::string value) {
    lines_.emplace_back(printable(label), printable(value));
}

std::string Listing::text(std::size_t width, std::size_t indent) const {
    std::size_t label_width = 0;
    for (auto const& [label, value] : lines_) {
        label_width = std::max(label_width, count_code_points(label));
    }
    auto const start = indent + label_width + kGap;
    auto const room = width == 0 ? std::string::npos : std::max(width, start + 20) - start;
    std::string text;
    std::string line;
    for (auto const& [label, value] : lines_) {
        line.append(indent, ' ');
        append_padded(line, label, label_width + kGap);
        bool first = true;
        for (auto const& part : wrapped(value, room)) {
            if (!first) {
                line.append(start, ' ');
            }
            first = false;
            line += part;
            end_line(text, line);
        }
    }
    return text;
}

}  // namespace rastro::client
