#include "protocol/header_fields.hpp"

#include <charconv>

#include "common/text.hpp"

namespace rastro::protocol {

namespace {

Problem header_fault(std::string_view name, std::string_view code) {
    return Problem(ProblemCode::validation_failed,
                   std::vector<Violation>{{"header:/" + std::string(name), std::string(code), {}}});
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text) noexcept {
    Integer value{};
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || text.empty()) {
        return std::nullopt;
    }
    return value;
}

std::string_view without_quotes(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

// The characters of an RFC 8941 string; nothing if the text is not one.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.back() != '"') {
        return std::nullopt;
    }
    std::string plain;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        char c = text[i];
        if (c == '"') {
            return std::nullopt;
        }
        if (c == '\\') {
            ++i;
            if (i + 1 >= text.size() || (text[i] != '"' && text[i] != '\\')) {
                return std::nullopt;
            }
            c = text[i];
        }
        plain.push_back(c);
    }
    return plain;
}

}  // namespace

std::string format_etag(int version) {
    return '"' + std::to_string(version) + '"';
}

Outcome<int> parse_if_match(std::string_view value) {
    value = trim(value);
    if (value.empty()) {
        return Problem(ProblemCode::precondition_required,
                       std::vector<Violation>{{"header:/if-match", "missing_member", {}}});
    }
    auto const inner = without_quotes(value);
    auto const version = whole_number<int>(inner);
    if (inner.size() == value.size() || !version || *version < 1 || inner.front() == '0') {
        return header_fault("if-match", "format_if_match");
    }
    return *version;
}

Outcome<std::string> parse_idempotency_key(std::string_view value) {
    value = trim(value);
    if (value.empty()) {
        return Problem(ProblemCode::idempotency_key_required,
                       std::vector<Violation>{{"header:/idempotency-key", "missing_member", {}}});
    }
    std::optional<std::string> key =
        value.front() == '"' ? unquoted(value) : std::optional<std::string>(value);
    bool fits = key && !key->empty() && key->size() <= 255 && trim(*key).size() == key->size();
    if (fits) {
        for (char const c : *key) {
            fits = fits && c >= 0x20 && c < 0x7F;
        }
    }
    if (!fits) {
        return header_fault("idempotency-key", "format_idempotency_key");
    }
    return *std::move(key);
}

Preferences parse_prefer(std::string_view value) {
    Preferences preferences;
    bool count_seen = false;
    for (auto const item : split(value, ',')) {
        auto const main = trim(item.substr(0, item.find(';')));
        auto const equals = main.find('=');
        auto const name = to_lower_ascii(trim(main.substr(0, equals)));
        auto const setting = equals == std::string_view::npos
                                 ? std::string_view()
                                 : without_quotes(trim(main.substr(equals + 1)));
        if (name == "respond-async") {
            preferences.respond_async = true;
        } else if (name == "count" && !count_seen) {
            count_seen = true;
            preferences.count_estimated = setting == "estimated";
        } else if (name == "wait" && !preferences.wait_s) {
            preferences.wait_s = whole_number<unsigned>(setting);
        }
    }
    return preferences;
}

std::string media_type(std::string_view content_type) {
    auto const parts = split(content_type, ';');
    for (std::size_t i = 1; i < parts.size(); ++i) {
        auto const parameter = trim(parts[i]);
        auto const equals = parameter.find('=');
        if (equals != std::string_view::npos &&
            equals_ignoring_case(trim(parameter.substr(0, equals)), "charset") &&
            !equals_ignoring_case(without_quotes(trim(parameter.substr(equals + 1))), "utf-8")) {
            return {};
        }
    }
    return parts.empty() ? std::string() : to_lower_ascii(trim(parts.front()));
}

}  // namespace rastro::protocol
