#include "cases/linked/blind_index.hpp"

#include "cases/linked/identifiers.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/digest.hpp"

namespace rastro::cases {

namespace {

constexpr std::size_t kFewestSigns = 4;
constexpr std::size_t kPhoneDigits = 8;  // with or without country and area code

std::string last_digits(std::string_view text, std::size_t count) {
    std::string digits;
    for (char c : text) {
        if (c >= '0' && c <= '9') {
            digits += c;
        }
    }
    return digits.size() > count ? digits.substr(digits.size() - count) : digits;
}

}  // namespace

std::string blind_form(std::string_view index, std::string_view value) {
    std::string form;
    if (index == "blind_name") {
        form = phonetic_name_key(value);
    } else if (index == "blind_phone") {
        form = last_digits(value, kPhoneDigits);
    } else {
        form = letters_and_digits(fold_text(value));
    }
    return form.size() < kFewestSigns ? std::string() : form;
}

std::optional<std::string> blind_token(Bytes const& key,
                                       std::string_view index,
                                       std::string_view value) {
    auto const form = blind_form(index, value);
    if (form.empty()) {
        return std::nullopt;
    }
    auto const text = std::string(index) + '\0' + form;
    return to_hex(hmac_sha256(key, as_bytes(text)));
}

}  // namespace rastro::cases
