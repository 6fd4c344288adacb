#include "protocol/catalog.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <map>

#include "common/problem.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view catalog_en();
std::string_view catalog_es();
std::string_view catalog_pt();
std::string_view catalog_fr();
}  // namespace rastro::embedded

namespace rastro::protocol {

namespace {

constexpr std::array<Language, 4> kLanguages{
    Language::en, Language::es, Language::pt, Language::fr};
constexpr std::array<std::string_view, 4> kCodes{"en", "es", "pt", "fr"};

using Texts = std::map<std::string, std::string, std::less<>>;

// The files are part of the program: one that cannot be read is a bug and throws on first use.
Texts read_texts(std::string_view file) {
    Texts texts;
    auto const document = boost::json::parse({file.data(), file.size()});
    for (auto const& member : document.as_object()) {
        auto const& text = member.value().as_string();
        texts.emplace(std::string(member.key().data(), member.key().size()),
                      std::string(text.data(), text.size()));
    }
    return texts;
}

Texts const& texts_of(Language language) {
    static std::array<Texts, 4> const all{read_texts(embedded::catalog_en()),
                                          read_texts(embedded::catalog_es()),
                                          read_texts(embedded::catalog_pt()),
                                          read_texts(embedded::catalog_fr())};
    return all[static_cast<std::size_t>(language)];
}

// Quality in thousandths; 0 for one that is no quality (RFC 9110 section 12.4.2).
int quality_of(std::string_view parameters) noexcept {
    auto const at = parameters.find("q=");
    if (at == std::string_view::npos) {
        return 1000;
    }
    auto const text = trim(parameters.substr(at + 2));
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) {
        return 0;
    }
    int value = (text[0] - '0') * 1000;
    if (text.size() > 1 && text[1] != '.') {
        return 0;
    }
    int unit = 100;
    for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
        if (text[i] < '0' || text[i] > '9') {
            return 0;
        }
        value += (text[i] - '0') * unit;
    }
    return value > 1000 ? 0 : value;
}

std::optional<Language> language_of_range(std::string_view range) noexcept {
    auto const primary = range.substr(0, range.find('-'));
    for (std::size_t i = 0; i < kCodes.size(); ++i) {
        if (equals_ignoring_case(primary, kCodes[i])) {
            return kLanguages[i];
        }
    }
    return range == "*" ? std::optional(Language::en) : std::nullopt;
}

}  // namespace

std::string_view code_of(Language language) noexcept {
    return kCodes[static_cast<std::size_t>(language)];
}

std::optional<Language> language_from(std::string_view code) noexcept {
    for (std::size_t i = 0; i < kCodes.size(); ++i) {
        if (code == kCodes[i]) {
            return kLanguages[i];
        }
    }
    return std::nullopt;
}

std::span<Language const> all_languages() noexcept {
    return kLanguages;
}

Language choose_language(std::string_view accept_language) noexcept {
    auto best = Language::en;
    int best_quality = 0;
    // More than 32 ranges are no preference of a person.
    for (int ranges = 0; ranges < 32 && !accept_language.empty(); ++ranges) {
        auto const comma = accept_language.find(',');
        auto const item = trim(accept_language.substr(0, comma));
        accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size()
                                                                      : comma + 1);
        auto const semicolon = item.find(';');
        auto const language = language_of_range(trim(item.substr(0, semicolon)));
        auto const quality =
            semicolon == std::string_view::npos ? 1000 : quality_of(item.substr(semicolon + 1));
        if (language && quality > best_quality) {
            best = *language;
            best_quality = quality;
        }
    }
    return best;
}

std::optional<std::string_view> catalog_text(Language language, std::string_view key) noexcept {
    auto const& texts = texts_of(language);
    auto const found = texts.find(key);
    return found == texts.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::vector<std::string_view> catalog_keys(Language language) {
    std::vector<std::string_view> keys;
    for (auto const& [key, text] : texts_of(language)) {
        keys.emplace_back(key);
    }
    return keys;
}

std::string fill_placeholders(std::string_view text, std::span<std::string const> params) {
    std::string filled;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' && text[i + 1] >= '0' &&
            text[i + 1] <= '9') {
            auto const index = static_cast<std::size_t>(text[i + 1] - '0');
            if (index < params.size()) {
                filled += params[index];
                i += 3;
                continue;
            }
        }
        filled.push_back(text[i]);
        ++i;
    }
    return filled;
}

std::string violation_message(Language language,
                              std::string_view code,
                              std::span<std::string const> params) {
    auto const text = catalog_text(language, "violation." + std::string(code));
    return fill_placeholders(
        text ? *text : catalog_text(language, "violation.other").value_or(code), params);
}

std::string_view problem_title(Language language, std::string_view slug) noexcept {
    if (auto const text = catalog_text(language, "problem." + std::string(slug))) {
        return *text;
    }
    for (auto const& info : all_problems()) {
        if (info.slug == slug) {
            return info.title;
        }
    }
    return slug;
}

}  // namespace rastro::protocol
