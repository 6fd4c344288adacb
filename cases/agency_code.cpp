#include "cases/agency_code.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kModulus = 36;

bool is_letter(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}

bool is_letter_or_digit(char c) noexcept {
    return is_letter(c) || (c >= '0' && c <= '9');
}

bool has_shape(std::string_view country, std::string_view name) noexcept {
    return country.size() == 2 && std::ranges::all_of(country, is_letter) && name.size() >= 3 &&
           name.size() <= 10 && std::ranges::all_of(name, is_letter_or_digit);
}

}  // namespace

std::optional<char> check_character_of(std::string_view text) noexcept {
    if (text.empty() || !std::ranges::all_of(text, is_letter_or_digit)) {
        return std::nullopt;
    }
    std::size_t product = kModulus;
    for (char c : text) {
        auto sum = (product + kAlphabet.find(c)) % kModulus;
        sum = sum == 0 ? kModulus : sum;
        product = sum * 2 % (kModulus + 1);
    }
    return kAlphabet[(kModulus + 1 - product) % kModulus];
}

std::optional<std::string> agency_code_of(std::string_view country, std::string_view name) {
    if (!has_shape(country, name)) {
        return std::nullopt;
    }
    auto code = std::string(country) + "-" + std::string(name);
    code += '-';
    code += *check_character_of(std::string(country) + std::string(name));
    return code;
}

AgencyCodeFault fault_of_agency_code(std::string_view code) noexcept {
    if (code.size() < 8 || code.size() > 15 || code[2] != '-' || code[code.size() - 2] != '-') {
        return AgencyCodeFault::shape;
    }
    auto const country = code.substr(0, 2);
    auto const name = code.substr(3, code.size() - 5);
    if (!has_shape(country, name) || !is_letter_or_digit(code.back())) {
        return AgencyCodeFault::shape;
    }
    // Both parts fit the buffer: two letters and at most ten more.
    char buffer[12];
    auto* end = std::ranges::copy(country, buffer).out;
    end = std::ranges::copy(name, end).out;
    auto const expected = check_character_of({buffer, static_cast<std::size_t>(end - buffer)});
    return expected && *expected == code.back() ? AgencyCodeFault::none
                                                : AgencyCodeFault::check_character;
}

}  // namespace rastro::cases
