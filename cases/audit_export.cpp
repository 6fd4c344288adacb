#include "cases/audit_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "cases/merkle.hpp"
#include "cases/tiles.hpp"

namespace rastro::cases {

namespace {

// Four tables, one for each character of a group, hold its bits in place; a character outside the
// alphabet sets a bit above the 24.
constexpr std::uint32_t kNoSymbol = 1U << 24;
using SymbolTable = std::array<std::uint32_t, 256>;

constexpr SymbolTable symbols_at(unsigned shift) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    SymbolTable table{};
    table.fill(kNoSymbol);
    for (std::uint32_t i = 0; i < kAlphabet.size(); ++i) {
        table[static_cast<unsigned char>(kAlphabet[i])] = i << shift;
    }
    return table;
}
constexpr SymbolTable kFirst = symbols_at(18);
constexpr SymbolTable kSecond = symbols_at(12);
constexpr SymbolTable kThird = symbols_at(6);
constexpr SymbolTable kFourth = symbols_at(0);

// Strict padded base64 (RFC 4648 section 4), appended after the bytes that `out` has; false if it
// is not that.
bool decode_base64_behind(std::string_view text, Bytes& out) {
    if (text.size() % 4 != 0) {
        return false;
    }
    auto const padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    auto const start = out.size();
    auto const whole = text.size() / 4 - (padding != 0 ? 1 : 0);
    out.resize(start + whole * 3 + (padding != 0 ? 3 - padding : 0));
    auto const* in = reinterpret_cast<unsigned char const*>(text.data());
    auto* to = out.data() + start;
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i < whole; ++i, in += 4, to += 3) {
        auto const bits = kFirst[in[0]] | kSecond[in[1]] | kThird[in[2]] | kFourth[in[3]];
        seen |= bits;
        to[0] = static_cast<std::uint8_t>(bits >> 16);
        to[1] = static_cast<std::uint8_t>(bits >> 8);
        to[2] = static_cast<std::uint8_t>(bits);
    }
    if (padding != 0) {
        auto const bits = kFirst[in[0]] | kSecond[in[1]] | (padding == 1 ? kThird[in[2]] : 0);
        auto const stray = padding == 1 ? bits & 0xFFU : bits & 0xFFFFU;
        seen |= stray != 0 ? kNoSymbol : bits;
        to[0] = static_cast<std::uint8_t>(bits >> 16);
        if (padding == 1) {
            to[1] = static_cast<std::uint8_t>(bits >> 8);
        }
    }
    return seen < kNoSymbol;
}

// Tokens of the one-line objects above.
class Tokens {
 public:
    explicit Tokens(std::string_view line) : rest_(line) {}

    bool take(std::string_view token) noexcept {
        skip_spaces();
        if (!rest_.starts_with(token)) {
            return false;
        }
        rest_.remove_prefix(token.size());
        return true;
    }
    bool take_member(std::string_view quoted_name) noexcept {
        return take(quoted_name) && take(":");
    }
    bool take_number(std::uint64_t& value) noexcept {
        skip_spaces();
        auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        auto const length = static_cast<std::size_t>(end - rest_.data());
        if (error != std::errc{} || (length > 1 && rest_.front() == '0')) {
            return false;
        }
        rest_.remove_prefix(length);
        return true;
    }
    // A string without escapes, as base64 is.
    bool take_plain_string(std::string_view& value) noexcept {
        if (!take("\"")) {
            return false;
        }
        auto const end = rest_.find('"');
        if (end == std::string_view::npos) {
            return false;
        }
        value = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return true;
    }
    // A JSON string; escapes beyond the Basic Multilingual Plane are refused (a note has no need of
    // them).
    bool take_string(std::string& value) {
        if (!take("\"")) {
            return false;
        }
        while (!rest_.empty()) {
            char const c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') {
                return is_valid_utf8(value);
            }
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !take_escape(value))) {
                return false;
            }
            if (c != '\\') {
                value.push_back(c);
            }
        }
        return false;
    }
    bool at_end() noexcept {
        skip_spaces();
        return rest_.empty();
    }

 private:
    void skip_spaces() noexcept {
        while (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
        }
    }
    bool take_escape(std::string& value) {
        if (rest_.empty()) {
            return false;
        }
        char const c = rest_.front();
        rest_.remove_prefix(1);
        switch (c) {
            case '"':
            case '\\':
            case '/':
                value.push_back(c);
                return true;
            case 'n':
                value.push_back('\n');
                return true;
            case 'u':
                return take_code_unit(value);
            default:
                return false;  // other controls have no place in a note
        }
    }
    bool take_code_unit(std::string& value) {
        unsigned unit = 0;
        if (rest_.size() < 4) {
            return false;
        }
        auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, unit, 16);
        if (error != std::errc{} || end != rest_.data() + 4 || (unit >= 0xD800 && unit < 0xE000)) {
            return false;
        }
        rest_.remove_prefix(4);
        if (unit < 0x80) {
            value.push_back(static_cast<char>(unit));
        } else if (unit < 0x800) {
            value.push_back(static_cast<char>(0xC0U | (unit >> 6)));
            value.push_back(static_cast<char>(0x80U | (unit & 0x3FU)));
        } else {
            value.push_back(static_cast<char>(0xE0U | (unit >> 12)));
            value.push_back(static_cast<char>(0x80U | ((unit >> 6) & 0x3FU)));
            value.push_back(static_cast<char>(0x80U | (unit & 0x3FU)));
        }
        return true;
    }

    std::string_view rest_;
};

void judge_record(ExportLine& line, std::span<std::uint8_t const> leaf) {
    if (auto const head = check_leaf(as_text(leaf))) {
        line.is_record = true;
        line.time = head->time;
    }
}

}  // namespace

ExportLine leaf_line(std::uint64_t index, std::span<std::uint8_t const> leaf) {
    ExportLine line;
    line.kind = ExportLineKind::leaf;
    line.index = index;
    line.hash = leaf_hash(leaf);
    judge_record(line, leaf);
    return line;
}

ExportLine ExportLineReader::read(std::string_view text) {
    ExportLine line;
    if (text.size() > kMaxExportLineBytes) {
        return line;
    }
    Tokens tokens(text);
    auto const ends = [&] { return tokens.take("}") && tokens.at_end(); };
    std::string_view base64;
    if (!tokens.take("{")) {
        return line;
    }
    if (tokens.take("\"index\"")) {
        buffer_.assign(1, 0);  // the leaf prefix of RFC 6962
        if (tokens.take(":") && tokens.take_number(line.index) && tokens.take(",") &&
            tokens.take_member("\"leaf\"") && tokens.take_plain_string(base64) && ends() &&
            decode_base64_behind(base64, buffer_) && buffer_.size() - 1 <= kMaxLeafBytes) {
            line.kind = ExportLineKind::leaf;
            line.hash = prefixed_leaf_hash(buffer_);
            judge_record(line, std::span(buffer_).subspan(1));
        }
    } else if (tokens.take("\"tile\"")) {
        buffer_.clear();
        if (tokens.take(":") && tokens.take_number(line.index) && tokens.take(",") &&
            tokens.take_member("\"hash\"") && tokens.take_plain_string(base64) && ends() &&
            decode_base64_behind(base64, buffer_) && buffer_.size() == line.hash.size()) {
            line.kind = ExportLineKind::tile;
            std::copy(buffer_.begin(), buffer_.end(), line.hash.begin());
        }
    } else if (tokens.take_member("\"checkpoint\"") && tokens.take_string(line.note) && ends()) {
        line.kind = ExportLineKind::checkpoint;
    }
    return line;
}

void append_export_leaf(std::string& out, std::uint64_t index, std::span<std::uint8_t const> leaf) {
    fmt::format_to(
        std::back_inserter(out), "{{\"index\":{},\"leaf\":\"{}\"}}\n", index, to_base64(leaf));
}

void append_export_checkpoint(std::string& out, std::string_view note) {
    out += "{\"checkpoint\":\"";
    for (char c : note) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') {
            out.push_back('\\');
        }
        out.push_back(c);
    }
    out += "\"}\n";
}

void append_export_tile(std::string& out, std::uint64_t index, Digest const& root) {
    fmt::format_to(
        std::back_inserter(out), "{{\"tile\":{},\"hash\":\"{}\"}}\n", index, to_base64(root));
}

}  // namespace rastro::cases
