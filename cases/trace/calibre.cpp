#include "cases/trace/calibre.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view calibres();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<CalibreStatus>, 4> kStatuses{{
    {CalibreStatus::recognised, "recognised"},
    {CalibreStatus::not_stated, "not_stated"},
    {CalibreStatus::ambiguous, "ambiguous"},
    {CalibreStatus::unrecognised, "unrecognised"},
}};

constexpr std::array<std::string_view, 15> kNotStated{"N A",
                                                      "UNKNOWN",
                                                      "UNK",
                                                      "ZZ",
                                                      "ZZZ",
                                                      "NA",
                                                      "NONE",
                                                      "NONE STATED",
                                                      "NOT PROVIDED",
                                                      "NOT STATED",
                                                      "DESCONOCIDO",
                                                      "NO ESPECIFICADO",
                                                      "DESCONHECIDO",
                                                      "INCONNU",
                                                      "DOES NOT HAVE A CALIBER"};

// Words that say "this is a calibre" and nothing about which; gauge words are kept as GA.
bool is_noise(std::string_view word) {
    constexpr std::array<std::string_view, 9> noise{"CAL",
                                                    "CALIBER",
                                                    "CALIBRE",
                                                    "CALIBRES",
                                                    "MILLIMETER",
                                                    "MILIMETROS",
                                                    "CALIBERS",
                                                    "ROUND",
                                                    "DE"};
    return std::ranges::find(noise, word) != noise.end();
}

bool is_gauge(std::string_view word) {
    constexpr std::array<std::string_view, 8> gauge{
        "GA", "GAUGE", "GUAGE", "GAGE", "BORE", "GAUGES", "GAUJE", "GALGA"};
    return std::ranges::find(gauge, word) != gauge.end();
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

// Splits folded text into numbers ("7.62") and words, dropping every other sign except '-' and '/'
// between them, which tell .30-30 from .3030.
std::vector<std::string> tokens_of(std::string const& folded) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < folded.size();) {
        auto end = at;
        if (is_digit(folded[at]) || folded[at] == '.' || folded[at] == ',') {
            std::string number;
            while (end < folded.size() &&
                   (is_digit(folded[end]) || folded[end] == '.' || folded[end] == ',')) {
                bool const point = !is_digit(folded[end]);
                if (!point || number.find('.') == std::string::npos) {
                    number.push_back(point ? '.' : folded[end]);
                }
                ++end;
            }
            if (number.size() > 1 && number.starts_with("0.")) {
                number.erase(0, 1);
            }
            if (number.ends_with('.')) {
                number.pop_back();
            }
            tokens.push_back(std::move(number));
        } else if (is_letter(folded[at])) {
            while (end < folded.size() && is_letter(folded[end])) {
                ++end;
            }
            tokens.push_back(folded.substr(at, end - at));
        } else {
            if (folded[at] == '-' || folded[at] == '/') {
                tokens.emplace_back(1, folded[at]);
            }
            end = at + 1;
        }
        at = end;
    }
    return tokens;
}

// The spelling under which cartridges are compared: tokens without noise and blanks
// ("7.62 x 39 mm" -> "7.62X39MM", "calibre .5 BMG" -> ".5BMG", "12-gauge" -> "12GA").
std::string key_of(std::string_view text) {
    std::string key;
    for (auto token : tokens_of(fold_text(text))) {
        if (is_noise(token)) {
            continue;
        }
        if (is_gauge(token)) {
            if (key.ends_with('-')) {
                key.pop_back();
            }
            token = "GA";
        }
        key += token;
    }
    while (key.ends_with('-') || key.ends_with('/')) {
        key.pop_back();
    }
    return key;
}

std::map<std::string, std::string> const& calibre_keys() {
    static std::map<std::string, std::string> const keys = [] {
        std::map<std::string, std::string> index;
        for (auto const& calibre : all_calibres()) {
            for (auto const& alias : calibre.aliases) {
                index.emplace(key_of(alias), calibre.id);
            }
            index.emplace(key_of(calibre.designation), calibre.id);
        }
        return index;
    }();
    return keys;
}

// As written, then without the leading point, then without "mm".
Calibre const* find_by_key(std::string key) {
    auto const& keys = calibre_keys();
    auto found = keys.find(key);
    if (found == keys.end() && key.starts_with('.')) {
        key.erase(0, 1);
        found = keys.find(key);
    }
    for (auto at = key.find("MM"); found == keys.end() && at != std::string::npos;
         at = key.find("MM")) {
        key.erase(at, 2);
        found = keys.find(key);
    }
    return found == keys.end() ? nullptr : find_calibre(found->second);
}

CalibreReading recognised(Calibre const& calibre) {
    return {CalibreStatus::recognised,
            calibre.id,
            calibre.designation,
            calibre.group,
            calibre.ncic_codes,
            {}};
}

// "7.62 (.308)" and "5.56/.223" name one cartridge twice; "357/20" names two.
CalibreReading read_parts(std::string_view text) {
    std::string const folded = fold_text(text);
    std::vector<Calibre const*> parts;
    for (std::size_t start = 0; start <= folded.size();) {
        auto const end = std::min(folded.find_first_of("/()", start), folded.size());
        if (auto const key = key_of(folded.substr(start, end - start)); !key.empty()) {
            parts.push_back(find_by_key(key));
        }
        start = end + 1;
    }
    if (parts.size() < 2 || std::ranges::find(parts, nullptr) != parts.end()) {
        return {};
    }
    // The part that names a cartridge, not only a bore diameter, decides if the other is its
    // family.
    Calibre const* best = nullptr;
    for (auto const* part : parts) {
        bool const family = part->id.ends_with("-unspecified");
        best = best == nullptr || (best->id.ends_with("-unspecified") && !family) ? part : best;
    }
    auto const agrees = [best](Calibre const* part) {
        return part->id == best->id ||
               (part->id.ends_with("-unspecified") && !part->ncic_codes.empty() &&
                std::ranges::find(best->ncic_codes, part->ncic_codes.front()) !=
                    best->ncic_codes.end());
    };
    if (std::ranges::all_of(parts, agrees)) {
        return recognised(*best);
    }
    CalibreReading reading;
    reading.status = CalibreStatus::ambiguous;
    for (auto const* part : parts) {
        reading.candidates.push_back(part->id);
    }
    return reading;
}

}  // namespace

std::string_view code_of(CalibreStatus status) noexcept {
    return code_in(kStatuses, status);
}

std::vector<Calibre> const& all_calibres() {
    static std::vector<Calibre> const calibres = [] {
        std::vector<Calibre> list;
        ReferenceTable const table(embedded::calibres());
        for (std::size_t i = 0; i < table.size(); ++i) {
            list.push_back({std::string(table.cell(i, "id")),
                            std::string(table.cell(i, "designation")),
                            std::string(table.cell(i, "group")),
                            table.list(i, "ncic_code"),
                            table.list(i, "aliases")});
        }
        return list;
    }();
    return calibres;
}

Calibre const* find_calibre(std::string_view id) {
    auto const& all = all_calibres();
    auto const found = std::ranges::find(all, id, &Calibre::id);
    return found == all.end() ? nullptr : &*found;
}

CalibreReading parse_calibre(std::string_view text) {
    auto const words = fold_words(text);
    CalibreReading reading;
    if (words.empty() || std::ranges::find(kNotStated, words) != kNotStated.end()) {
        reading.status = CalibreStatus::not_stated;
        return reading;
    }
    if (auto const* calibre = find_by_key(key_of(text))) {
        return recognised(*calibre);
    }
    return read_parts(text);
}

}  // namespace rastro::cases
