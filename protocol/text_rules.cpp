#include "protocol/text_rules.hpp"

#include <algorithm>
#include <array>

#include "common/ids.hpp"
#include "common/time_text.hpp"

namespace rastro::protocol {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
bool is_letter(char c) noexcept {
    return is_upper(c) || is_lower(c);
}

template <class Test>
bool all(std::string_view text, Test test) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

bool is_code(std::string_view text) noexcept {
    return !text.empty() && (is_letter(text.front()) || is_digit(text.front())) &&
           all(text, [](char c) {
               return is_letter(c) || is_digit(c) ||
                      std::string_view("_.:/-").find(c) != std::string_view::npos;
           });
}

bool is_agency(std::string_view text) noexcept {
    if (text.size() < 8 || text.size() > 15) {
        return false;
    }
    auto const alphanumeric = [](char c) { return is_upper(c) || is_digit(c); };
    auto const body = text.substr(3, text.size() - 5);
    return is_upper(text[0]) && is_upper(text[1]) && text[2] == '-' && body.size() >= 3 &&
           body.size() <= 10 && all(body, alphanumeric) && text[text.size() - 2] == '-' &&
           alphanumeric(text.back());
}

bool is_partial_date(std::string_view text) noexcept {
    if (text.size() == 10) {
        return parse_iso_date(text).has_value();
    }
    if (text.size() == 4) {
        return all(text, is_digit) && text != "0000";
    }
    std::string_view const months = "01 02 03 04 05 06 07 08 09 10 11 12";
    return text.size() == 7 && text[4] == '-' && all(text.substr(0, 4), is_digit) &&
           text.substr(0, 4) != "0000" && all(text.substr(5), is_digit) &&
           months.find(text.substr(5)) != std::string_view::npos;
}

bool is_email(std::string_view text) noexcept {
    auto const at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64) {
        return false;
    }
    auto const local = text.substr(0, at);
    auto const domain = text.substr(at + 1);
    auto const local_sign = [](char c) {
        return is_letter(c) || is_digit(c) ||
               std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos;
    };
    auto const domain_sign = [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-';
    };
    auto const well_dotted = [](std::string_view part) {
        return part.front() != '.' && part.back() != '.' &&
               part.find("..") == std::string_view::npos;
    };
    return all(local, local_sign) && all(domain, domain_sign) && well_dotted(local) &&
           well_dotted(domain) && domain.front() != '-' && domain.back() != '-';
}

bool is_time_zone(std::string_view text) noexcept {
    return is_letter(text.empty() ? '\0' : text.front()) && text.back() != '/' &&
           text.find("//") == std::string_view::npos && all(text, [](char c) {
               return is_letter(c) || is_digit(c) || c == '_' || c == '/' || c == '+' || c == '-';
           });
}

}  // namespace

bool is_of_kind(TextKind kind, std::string_view text) noexcept {
    switch (kind) {
        case TextKind::text:
            return true;
        case TextKind::line:
            return text.find_first_of("\t\n") == std::string_view::npos;
        case TextKind::code:
            return is_code(text);
        case TextKind::country:
            return text.size() == 2 && all(text, is_upper);
        case TextKind::agency:
            return is_agency(text);
        case TextKind::date:
            return parse_iso_date(text).has_value();
        case TextKind::partial_date:
            return is_partial_date(text);
        case TextKind::date_time:
            return parse_rfc3339(text).has_value();
        case TextKind::uuid:
            return Uuid::parse(text).has_value();
        case TextKind::email:
            return is_email(text);
        case TextKind::login:
            return all(text, [](char c) {
                return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '@';
            });
        case TextKind::digits:
            return all(text, is_digit);
        case TextKind::sha256:
            return text.size() == 64 &&
                   all(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
        case TextKind::language:
            return text == "en" || text == "es" || text == "pt" || text == "fr";
        case TextKind::time_zone:
            return is_time_zone(text);
    }
    return false;
}

std::string_view violation_of(TextKind kind) noexcept {
    switch (kind) {
        case TextKind::text:
            return "wrong_type";
        case TextKind::line:
            return "format_line";
        case TextKind::code:
            return "format_code";
        case TextKind::country:
            return "format_country";
        case TextKind::agency:
            return "format_agency";
        case TextKind::date:
            return "format_date";
        case TextKind::partial_date:
            return "format_partial_date";
        case TextKind::date_time:
            return "format_date_time";
        case TextKind::uuid:
            return "format_uuid";
        case TextKind::email:
            return "format_email";
        case TextKind::login:
            return "format_login";
        case TextKind::digits:
            return "format_digits";
        case TextKind::sha256:
            return "format_sha256";
        case TextKind::language:
            return "format_language";
        case TextKind::time_zone:
            return "format_time_zone";
    }
    return "wrong_type";
}

}  // namespace rastro::protocol
