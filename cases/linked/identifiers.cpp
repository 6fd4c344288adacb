#include "cases/linked/identifiers.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool capital(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
int value(char c) noexcept {
    return c - '0';
}
bool all(std::string_view text, bool (*kind)(char) noexcept) noexcept {
    return std::ranges::all_of(text, kind);
}
bool alphanumeric(char c) noexcept {
    return digit(c) || capital(c);
}

// Capitals without the blanks, dots and hyphens that people write into identifiers.
std::string compact(std::string_view text) {
    std::string out;
    for (char c : to_upper_ascii(text)) {
        if (c != ' ' && c != '-' && c != '.') {
            out += c;
        }
    }
    return out;
}

// ISO 7064 MOD 97-10 over digits and letters (A = 10).
int modulo_97(std::string_view text) noexcept {
    int rest = 0;
    for (char c : text) {
        int const number = digit(c) ? value(c) : c - 'A' + 10;
        rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
    }
    return rest;
}

// 49 CFR 565.15(c): values of the letters, weights of the places.
constexpr std::array<int, 26> kVinLetters{1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                          5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
constexpr std::array<int, 17> kVinWeights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};

std::string sound(std::string_view word) {
    std::string out;
    auto const at = [&](std::size_t i) { return i < word.size() ? word[i] : ' '; };
    auto const soft = [](char c) { return c == 'E' || c == 'I'; };
    for (std::size_t i = 0; i < word.size(); ++i) {
        char c = word[i];
        char const next = at(i + 1);
        if (c == 'H') {
            continue;
        }
        if ((c == 'N' || c == 'L') && next == 'H') {
            c = c == 'L' ? 'Y' : 'N';
        } else if (c == 'L' && next == 'L') {
            c = 'Y';
            ++i;
        } else if (c == 'C' && next == 'H') {
            c = 'X';
        } else if (c == 'Q' || c == 'C') {
            if (c == 'Q' && next == 'U') {
                ++i;
            }
            c = c == 'C' && soft(next) ? 'S' : 'K';
        } else if (c == 'G' && soft(next)) {
            c = 'J';
        } else if (c == 'V') {
            c = 'B';
        } else if (c == 'Z') {
            c = 'S';
        }
        if (out.empty() || out.back() != c) {
            out += c;
        }
    }
    return out;
}

template <class Turn>
std::string key_of(std::string_view name, Turn turn) {
    auto const folded = fold_words(name);
    std::vector<std::string> words;
    for (auto const word : split(folded, ' ')) {
        if (auto turned = turn(word); !turned.empty()) {
            words.push_back(std::move(turned));
        }
    }
    std::ranges::sort(words);
    std::string key;
    for (auto const& word : words) {
        key += key.empty() ? "" : " ";
        key += word;
    }
    return key;
}

}  // namespace

bool is_cas_number(std::string_view text) noexcept {
    auto const n = text.size();
    if (n < 7 || n > 12 || text[n - 2] != '-' || text[n - 5] != '-') {
        return false;
    }
    int sum = 0;
    int place = 0;
    for (std::size_t i = n - 2; i-- > 0;) {
        if (i == n - 5) {
            continue;
        }
        if (!digit(text[i])) {
            return false;
        }
        sum += ++place * value(text[i]);
    }
    return digit(text[n - 1]) && sum % 10 == value(text[n - 1]);
}

bool is_inchikey(std::string_view text) noexcept {
    return text.size() == 27 && text[14] == '-' && text[25] == '-' &&
           all(text.substr(0, 14), capital) && all(text.substr(15, 10), capital) &&
           capital(text[26]);
}

bool is_vin(std::string_view text) {
    auto const vin = compact(text);
    bool const formed =
        vin.size() == 17 && all(vin, alphanumeric) && vin.find_first_of("IOQ") == std::string::npos;
    if (!formed || vin[0] < '1' || vin[0] > '5') {
        return formed;
    }
    int sum = 0;
    for (std::size_t i = 0; i < vin.size(); ++i) {
        int const number =
            digit(vin[i]) ? value(vin[i]) : kVinLetters[static_cast<std::size_t>(vin[i] - 'A')];
        sum += number * kVinWeights[i];
    }
    return vin[8] == (sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11));
}

bool is_imo_number(std::string_view text) {
    auto number = compact(text);
    if (number.starts_with("IMO")) {
        number.erase(0, 3);
    }
    if (number.size() != 7 || !all(number, digit)) {
        return false;
    }
    int sum = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        sum += value(number[i]) * static_cast<int>(7 - i);
    }
    return sum % 10 == value(number[6]);
}

bool is_container_number(std::string_view text) {
    auto const number = compact(text);
    if (number.size() != 11 || !all(number.substr(0, 4), capital) ||
        !all(number.substr(4), digit) ||
        std::string_view("UJZ").find(number[3]) == std::string_view::npos) {
        return false;
    }
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        // Letters count 10 to 38 without the multiples of 11.
        int const letter = number[i] - 'A' + 10;
        int const step = digit(number[i]) ? value(number[i])
                                          : letter + (letter > 10) + (letter > 20) + (letter > 30);
        sum += step << i;
    }
    return sum % 11 % 10 == value(number[10]);
}

bool is_iban(std::string_view text) {
    auto const iban = compact(text);
    bool const formed = iban.size() >= 15 && iban.size() <= 34 && all(iban, alphanumeric) &&
                        all(std::string_view(iban).substr(0, 2), capital) &&
                        all(std::string_view(iban).substr(2, 2), digit);
    return formed && modulo_97(iban.substr(4) + iban.substr(0, 4)) == 1;
}

bool is_lei(std::string_view text) {
    auto const lei = compact(text);
    return lei.size() == 20 && all(lei, alphanumeric) &&
           all(std::string_view(lei).substr(18), digit) && modulo_97(lei) == 1;
}

bool is_hs_code(std::string_view text) noexcept {
    return text.size() >= 6 && text.size() <= 12 && all(text, digit);
}

std::string name_key(std::string_view name) {
    return key_of(name, [](std::string_view word) { return std::string(word); });
}

std::string phonetic_name_key(std::string_view name) {
    return key_of(name, sound);
}

}  // namespace rastro::cases
