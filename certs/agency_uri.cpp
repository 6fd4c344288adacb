#include "certs/agency_uri.hpp"

#include <algorithm>

#include "common/ids.hpp"
#include "common/text.hpp"

namespace rastro::certs {

namespace {

bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_code_character(char c) noexcept {
    return is_upper(c) || is_digit(c);
}

}  // namespace

bool is_country_code(std::string_view text) noexcept {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), is_upper);
}

bool is_agency_code(std::string_view text) noexcept {
    constexpr std::size_t shortest = 2 + 1 + 3 + 1 + 1;
    constexpr std::size_t longest = 2 + 1 + 10 + 1 + 1;
    if (text.size() < shortest || text.size() > longest || !is_country_code(text.substr(0, 2)) ||
        text[2] != '-' || text[text.size() - 2] != '-' || !is_code_character(text.back())) {
        return false;
    }
    auto const middle = text.substr(3, text.size() - 5);
    return std::all_of(middle.begin(), middle.end(), is_code_character);
}

bool is_gateway_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_lower(c) || is_digit(c) || c == '-';
           });
}

std::string_view country_of(std::string_view agency_code) noexcept {
    return agency_code.substr(0, 2);
}

bool claims_agency(std::string_view uri) noexcept {
    return uri.size() >= agency_uri_prefix.size() &&
           equals_ignoring_case(uri.substr(0, agency_uri_prefix.size()), agency_uri_prefix);
}

std::optional<AgencyUri> parse_agency_uri(std::string_view uri) {
    if (!uri.starts_with(agency_uri_prefix)) {
        return std::nullopt;
    }
    auto const parts = split(uri.substr(agency_uri_prefix.size()), ':');
    if (parts.size() != 3 || !is_agency_code(parts[0])) {
        return std::nullopt;
    }
    AgencyUri parsed{SubjectKind::gateway, std::string(parts[0]), std::string(parts[2])};
    if (parts[1] == "gw" && is_gateway_name(parts[2])) {
        return parsed;
    }
    auto const uuid = Uuid::parse(parts[2]);
    if (parts[1] == "person" && uuid && !uuid->is_nil() && uuid->to_string() == parts[2]) {
        parsed.kind = SubjectKind::person;
        return parsed;
    }
    return std::nullopt;
}

std::string gateway_uri(std::string_view agency_code, std::string_view name) {
    return std::string(agency_uri_prefix) + std::string(agency_code) + ":gw:" + std::string(name);
}

std::string person_uri(std::string_view agency_code, std::string_view uuid) {
    return std::string(agency_uri_prefix) + std::string(agency_code) +
           ":person:" + std::string(uuid);
}

}  // namespace rastro::certs
