#include "cases/trace/text_fold.hpp"

#include <cstdint>

#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

// One code point from the front of `text`; U+FFFD and one byte for anything that is not UTF-8 (RFC
// 3629).
char32_t take_code_point(std::string_view& text) {
    auto const first = static_cast<std::uint8_t>(text.front());
    std::size_t length = 1;
    if (first >= 0xF0) {
        length = 4;
    } else if (first >= 0xE0) {
        length = 3;
    } else if (first >= 0xC0) {
        length = 2;
    }
    if (first < 0x80) {
        text.remove_prefix(1);
        return first;
    }
    if (length == 1 || length > text.size() || !is_valid_utf8(text.substr(0, length))) {
        text.remove_prefix(1);
        return kReplacement;
    }
    char32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        value = (value << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
    }
    text.remove_prefix(length);
    return value;
}

void append_code_point(std::string& out, char32_t value) {
    auto const byte = [&](char32_t v) { out.push_back(static_cast<char>(v)); };
    if (value < 0x80) {
        byte(value);
    } else if (value < 0x800) {
        byte(0xC0 | (value >> 6));
        byte(0x80 | (value & 0x3F));
    } else if (value < 0x10000) {
        byte(0xE0 | (value >> 12));
        byte(0x80 | ((value >> 6) & 0x3F));
        byte(0x80 | (value & 0x3F));
    } else {
        byte(0xF0 | (value >> 18));
        byte(0x80 | ((value >> 12) & 0x3F));
        byte(0x80 | ((value >> 6) & 0x3F));
        byte(0x80 | (value & 0x3F));
    }
}

// Base letters of U+00C0..U+017F in order (Unicode Latin-1 Supplement and Latin Extended-A); '*'
// marks the few that become two letters or a sign.
constexpr std::string_view kLatinBases =
    "AAAAAA*CEEEEIIII"   // C0
    "DNOOOOO*OUUUUY**"   // D0
    "AAAAAA*CEEEEIIII"   // E0
    "DNOOOOO*OUUUUY*Y"   // F0
    "AAAAAACCCCCCCCDD"   // 100
    "DDEEEEEEEEEEGGGG"   // 110
    "GGGGHHHHIIIIIIII"   // 120
    "II**JJKKKLLLLLLL"   // 130
    "LLLNNNNNNNNNOOOO"   // 140
    "OO**RRRRRRSSSSSS"   // 150
    "SSTTTTTTUUUUUUUU"   // 160
    "UUUUWWYYYZZZZZZS";  // 170
static_assert(kLatinBases.size() == 0x180 - 0xC0);

std::string_view two_letters(char32_t value) {
    switch (value) {
        case 0xC6:
        case 0xE6:
            return "AE";
        case 0xDE:
        case 0xFE:
            return "TH";
        case 0xDF:
            return "SS";
        case 0x132:
        case 0x133:
            return "IJ";
        case 0x152:
        case 0x153:
            return "OE";
        case 0xD7:
            return "X";  // multiplication sign, written for x in calibres
        default:
            return {};
    }
}

bool is_blank(char32_t value) {
    return value == ' ' || (value >= 0x09 && value <= 0x0D) || value == 0xA0 || value == 0x1680 ||
           (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029 ||
           value == 0x202F || value == 0x205F || value == 0x3000;
}

bool is_dropped(char32_t value) {
    return (value >= 0x0300 && value <= 0x036F) || (value >= 0x200B && value <= 0x200F) ||
           (value >= 0x202A && value <= 0x202E) || value == 0x2060 || value == 0xFEFF ||
           value == 0xAD;
}

char32_t fold_sign(char32_t value) {
    if (value >= 0xFF01 && value <= 0xFF5E) {
        value -= 0xFEE0;  // full-width forms
    }
    if ((value >= 0x2010 && value <= 0x2015) || value == 0x2212) {
        return '-';
    }
    if (value >= 0x2018 && value <= 0x201B) {
        return '\'';
    }
    if (value >= 0x201C && value <= 0x201F) {
        return '"';
    }
    if ((value >= 'a' && value <= 'z') || (value >= 0x0430 && value <= 0x044F)) {
        return value - 0x20;  // Latin and Cyrillic small letters
    }
    return value >= 0x0450 && value <= 0x045F ? value - 0x50 : value;
}

void append_folded(std::string& out, char32_t value) {
    value = fold_sign(value);
    if (value >= 0xC0 && value < 0x180) {
        if (auto const pair = two_letters(value); !pair.empty()) {
            out += pair;
            return;
        }
        if (char const base = kLatinBases[value - 0xC0]; base != '*') {
            out.push_back(base);
            return;
        }
    } else if (value >= 0x218 && value <= 0x21B) {
        out.push_back(value <= 0x219 ? 'S' : 'T');  // Romanian comma-below letters
        return;
    }
    append_code_point(out, value);
}

bool is_ascii_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string fold_text(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    bool blank = false;
    while (!utf8.empty()) {
        auto const value = take_code_point(utf8);
        if (is_blank(value)) {
            blank = true;
            continue;
        }
        if (is_dropped(value)) {
            continue;
        }
        if (blank && !out.empty()) {
            out.push_back(' ');
        }
        blank = false;
        append_folded(out, value);
    }
    return out;
}

std::string fold_words(std::string_view utf8) {
    std::string out;
    bool gap = false;
    for (char c : fold_text(utf8)) {
        bool const word = is_ascii_word(c) || static_cast<std::uint8_t>(c) >= 0x80;
        if (!word) {
            gap = gap || c != '\'';  // Spike's and Spikes are one word
            continue;
        }
        if (gap && !out.empty()) {
            out.push_back(' ');
        }
        gap = false;
        out.push_back(c);
    }
    return out;
}

std::string letters_and_digits(std::string_view folded) {
    std::string out;
    for (char c : folded) {
        if (is_ascii_word(c)) {
            out.push_back(c);
        }
    }
    return out;
}

}  // namespace rastro::cases
