#include "cases/trace/trace_number.hpp"

#include <algorithm>
#include <stdexcept>

#include "cases/agency_code.hpp"

namespace rastro::cases {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kUnambiguous = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kRandomLength = 7;
static_assert(kUnambiguous.size() == 30);

bool is_country(std::string_view text) {
    return text.size() == 2 &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool all_of(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::string TraceNumber::to_string() const {
    auto const digits = std::to_string(year);
    return country + "-" + digits + "-" + serial + "-" +
           check_character_of(country + digits + serial).value_or('?');
}

std::optional<TraceNumber> parse_trace_number(std::string_view text) {
    if (text.size() != 17 || !is_country(text.substr(0, 2)) ||
        !all_of(text.substr(3, 4), kDigits) ||
        !all_of(text.substr(8, kRandomLength), kUnambiguous)) {
        return std::nullopt;
    }
    TraceNumber number{.country = std::string(text.substr(0, 2)),
                       .year = std::stoi(std::string(text.substr(3, 4))),
                       .serial = std::string(text.substr(8, kRandomLength))};
    if (number.year < 2000 || number.to_string() != text) {
        return std::nullopt;
    }
    return number;
}

std::string make_trace_number(std::string_view country, int year, std::uint64_t random) {
    if (!is_country(country) || year < 2000 || year > 9999) {
        throw std::invalid_argument("trace number: country or year");
    }
    TraceNumber number{.country = std::string(country), .year = year, .serial = {}};
    for (std::size_t i = 0; i < kRandomLength; ++i) {
        number.serial.push_back(kUnambiguous[random % kUnambiguous.size()]);
        random /= kUnambiguous.size();
    }
    return number.to_string();
}

}  // namespace rastro::cases
