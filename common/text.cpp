#include "common/text.hpp"

#include <algorithm>

namespace rastro {

namespace {

// Decodes one code point at `at` and moves past it; -1 for bytes that are not UTF-8 (RFC 3629).
std::int32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
    auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    auto const first = byte(at);
    if (first < 0x80) {
        ++at;
        return first;
    }
    std::size_t length = 0;
    std::int32_t value = 0;
    std::int32_t minimum = 0;
    if ((first & 0xE0U) == 0xC0U) {
        length = 2;
        value = first & 0x1F;
        minimum = 0x80;
    } else if ((first & 0xF0U) == 0xE0U) {
        length = 3;
        value = first & 0x0F;
        minimum = 0x800;
    } else if ((first & 0xF8U) == 0xF0U) {
        length = 4;
        value = first & 0x07;
        minimum = 0x10000;
    } else {
        return -1;
    }
    if (at + length > text.size()) {
        return -1;
    }
    for (std::size_t i = 1; i < length; ++i) {
        auto const next = byte(at + i);
        if ((next & 0xC0U) != 0x80U) {
            return -1;
        }
        value = (value << 6) | (next & 0x3F);
    }
    if (value < minimum || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return -1;
    }
    at += length;
    return value;
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Writes `bytes` in groups of `bits` bits.
std::string encode(std::span<std::uint8_t const> bytes, std::string_view alphabet, unsigned bits) {
    std::string out;
    out.reserve(bytes.size() * 8 / bits + 1);
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (auto b : bytes) {
        buffer = (buffer << 8) | b;
        held += 8;
        while (held >= bits) {
            held -= bits;
            out.push_back(alphabet[(buffer >> held) & ((1U << bits) - 1)]);
        }
        buffer &= (1U << held) - 1;
    }
    if (held > 0) {
        out.push_back(alphabet[(buffer << (bits - held)) & ((1U << bits) - 1)]);
    }
    return out;
}

int decode_symbol(char c, char sixty_two, char sixty_three) noexcept {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == sixty_two) {
        return 62;
    }
    return c == sixty_three ? 63 : -1;
}

// Decodes unpadded base64 text; refuses stray bits so that each value has one spelling.
std::optional<Bytes> decode_base64(std::string_view text, char sixty_two, char sixty_three) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (char c : text) {
        int const value = decode_symbol(c, sixty_two, sixty_three);
        if (value < 0) {
            return std::nullopt;
        }
        buffer = (buffer << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<std::uint8_t>(buffer >> held));
            buffer &= (1U << held) - 1;
        }
    }
    if (buffer != 0) {
        return std::nullopt;
    }
    return out;
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (next_code_point(text, at) < 0) {
            return false;
        }
    }
    return true;
}

std::size_t count_code_points(std::string_view utf8) noexcept {
    std::size_t count = 0;
    for (char c : utf8) {
        count += (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    }
    return count;
}

bool has_control_characters(std::string_view utf8) noexcept {
    for (std::size_t at = 0; at < utf8.size();) {
        auto const point = next_code_point(utf8, at);
        if (point < 0) {
            return true;
        }
        if ((point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point < 0xA0)) {
            return true;
        }
    }
    return false;
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string to_upper_ascii(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), upper);
    return out;
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return lower(x) == lower(y);
           });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    while (true) {
        auto const end = text.find(separator, start);
        if (end == std::string_view::npos) {
            parts.push_back(text.substr(start));
            return parts;
        }
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
}

// Every bytea value passes through here, so it is written without the general coder.
void append_hex(std::string& out, std::span<std::uint8_t const> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    auto const start = out.size();
    out.resize(start + bytes.size() * 2);
    auto* at = out.data() + start;
    for (auto const byte : bytes) {
        *at++ = kDigits[byte >> 4U];
        *at++ = kDigits[byte & 15U];
    }
}

std::string to_hex(std::span<std::uint8_t const> bytes) {
    std::string out;
    append_hex(out, bytes);
    return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int const high = hex_digit(text[i]);
        int const low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string to_base64(std::span<std::uint8_t const> bytes) {
    auto text = encode(bytes, kBase64, 6);
    while (text.size() % 4 != 0) {
        text.push_back('=');
    }
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    return decode_base64(text, '+', '/');
}

std::string to_base64url(std::span<std::uint8_t const> bytes) {
    return encode(bytes, kBase64Url, 6);
}

std::optional<Bytes> from_base64url(std::string_view text) {
    return decode_base64(text, '-', '_');
}

std::string to_base32(std::span<std::uint8_t const> bytes) {
    return encode(bytes, kBase32, 5);
}

}  // namespace rastro
