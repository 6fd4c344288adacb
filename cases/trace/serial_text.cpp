// What a text in a serial field says: placeholders, several marks in one cell, suspicious shapes.
#include <algorithm>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/serial.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view serial_placeholders();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<SerialWarning>, 8> kWarnings{{
    {SerialWarning::patent_number, "patent_number"},
    {SerialWarning::model_designation, "model_designation"},
    {SerialWarning::equals_model, "equals_model"},
    {SerialWarning::too_short, "too_short"},
    {SerialWarning::too_long, "too_long"},
    {SerialWarning::non_latin_letters, "non_latin_letters"},
    {SerialWarning::unreadable_signs, "unreadable_signs"},
    {SerialWarning::starts_with_label, "starts_with_label"},
}};

struct PlaceholderRow {
    std::string words;
    SerialPlaceholder meaning;
};

std::vector<PlaceholderRow> const& placeholder_rows() {
    static std::vector<PlaceholderRow> const rows = [] {
        std::vector<PlaceholderRow> list;
        ReferenceTable const table(embedded::serial_placeholders());
        for (std::size_t i = 0; i < table.size(); ++i) {
            auto const text = table.cell(i, "text");
            list.push_back(
                {fold_words(text),
                 {std::string(text), serial_condition_from(table.cell(i, "condition"))}});
        }
        // Longest first, so that "partially obliterated" is not read as "obliterated".
        std::ranges::stable_sort(
            list, std::ranges::greater{}, [](auto const& row) { return row.words.size(); });
        return list;
    }();
    return rows;
}

bool has_digit(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool consists_of(std::string_view text, char wanted) {
    return !text.empty() && std::ranges::all_of(text, [wanted](char c) { return c == wanted; });
}

bool holds_words(std::string_view text, std::string_view words) {
    return (" " + std::string(text) + " ").find(" " + std::string(words) + " ") !=
           std::string::npos;
}

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> list) {
    return std::ranges::find(list, word) != list.end();
}

std::vector<std::string> words_of(std::string const& folded_words) {
    std::vector<std::string> words;
    for (auto part : split(folded_words, ' ')) {
        if (!part.empty()) {
            words.emplace_back(part);
        }
    }
    return words;
}

bool is_non_latin(std::string_view folded) {
    return std::ranges::any_of(folded, [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; });
}

}  // namespace

std::string_view code_of(SerialWarning warning) noexcept {
    return code_in(kWarnings, warning);
}

std::optional<SerialPlaceholder> recognise_placeholder(std::string_view text) {
    auto const folded = fold_text(text);
    if (folded.empty()) {
        return std::nullopt;
    }
    auto const canon = letters_and_digits(folded);
    if (canon.empty() && !is_non_latin(folded)) {
        return SerialPlaceholder{"-", std::nullopt};
    }
    if (consists_of(canon, '0') || consists_of(canon, 'X')) {
        return SerialPlaceholder{canon.substr(0, 1), std::nullopt};
    }
    auto const words = fold_words(text);
    bool const searched = !has_digit(canon);
    for (auto const& row : placeholder_rows()) {
        // One short word inside a text ("NA", "S N") says too little to stand for the whole.
        bool const inside = searched && row.words.size() >= 4 && holds_words(words, row.words);
        if (words == row.words || inside) {
            return row.meaning;
        }
    }
    return std::nullopt;
}

std::vector<std::string> split_serial_marks(std::string_view text) {
    std::vector<std::string> marks;
    for (auto part : split(text, ';')) {
        if (auto const mark = trim(part); !mark.empty()) {
            marks.emplace_back(mark);
        }
    }
    return marks;
}

std::vector<std::string> split_readings(std::string_view text) {
    auto const folded = fold_text(text);
    std::vector<std::string> readings(1);
    for (auto word : split(folded, ' ')) {
        if (is_any_of(word, {"OR", "O", "OU"})) {
            readings.emplace_back();
            continue;
        }
        auto& reading = readings.back();
        reading += reading.empty() ? "" : " ";
        reading += word;
    }
    if (readings.size() == 1 || !std::ranges::all_of(readings, has_digit)) {
        return {std::string(trim(text))};
    }
    return readings;
}

std::vector<SerialWarning> serial_warnings(std::string_view raw, std::string_view model_text) {
    std::vector<SerialWarning> found;
    auto const folded = fold_text(raw);
    auto const canon = letters_and_digits(folded);
    auto const words = words_of(fold_words(raw));
    bool const leads = words.size() >= 2 && has_digit(words.back());
    if (std::ranges::any_of(words, [](auto const& w) {
            return is_any_of(w, {"PAT", "PATENT", "PATENTE", "BREVET"});
        })) {
        found.push_back(SerialWarning::patent_number);
    }
    if (leads && is_any_of(words.front(), {"MOD", "MODEL", "MODELO", "MODELE", "MDL"})) {
        found.push_back(SerialWarning::model_designation);
    }
    if (!canon.empty() && canon == letters_and_digits(fold_text(model_text))) {
        found.push_back(SerialWarning::equals_model);
    }
    // 4.6: lengths of real serials run from 2 to 25, nearly all from 4 to 15.
    if (canon.size() < 3) {
        found.push_back(SerialWarning::too_short);
    }
    if (canon.size() > 20) {
        found.push_back(SerialWarning::too_long);
    }
    if (is_non_latin(folded)) {
        found.push_back(SerialWarning::non_latin_letters);
    }
    if (folded.find_first_of("?*") != std::string::npos || canon.find("XXX") != std::string::npos) {
        found.push_back(SerialWarning::unreadable_signs);
    }
    bool const label = leads && (is_any_of(words.front(), {"SN", "SERIAL", "SERIE", "NO", "NUM"}) ||
                                 (words.size() >= 3 && words[0] == "S" && words[1] == "N"));
    if (label) {
        found.push_back(SerialWarning::starts_with_label);
    }
    return found;
}

}  // namespace rastro::cases
