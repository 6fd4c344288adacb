// Reading the published NCIC list of gun makes, whose texts mix names, towns and remarks.
#include <algorithm>
#include <array>

#include "cases/trace/catalogue.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<std::string_view, 51> kStates{
    "ALABAMA",       "ALASKA",      "ARIZONA",        "ARKANSAS",      "CALIFORNIA",
    "COLORADO",      "CONNECTICUT", "DELAWARE",       "FLORIDA",       "GEORGIA",
    "HAWAII",        "IDAHO",       "ILLINOIS",       "INDIANA",       "IOWA",
    "KANSAS",        "KENTUCKY",    "LOUISIANA",      "MAINE",         "MARYLAND",
    "MASSACHUSETTS", "MICHIGAN",    "MINNESOTA",      "MISSISSIPPI",   "MISSOURI",
    "MONTANA",       "NEBRASKA",    "NEVADA",         "NEW HAMPSHIRE", "NEW JERSEY",
    "NEW MEXICO",    "NEW YORK",    "NORTH CAROLINA", "NORTH DAKOTA",  "OHIO",
    "OKLAHOMA",      "OREGON",      "PENNSYLVANIA",   "RHODE ISLAND",  "SOUTH CAROLINA",
    "SOUTH DAKOTA",  "TENNESSEE",   "TEXAS",          "UTAH",          "VERMONT",
    "VIRGINIA",      "WASHINGTON",  "WEST VIRGINIA",  "WISCONSIN",     "WYOMING",
    "PUERTO RICO"};

// Words after which the list goes on with something that is no longer the name.
constexpr std::array<std::string_view, 22> kRemarks{
    " BRAND ",     " BRAND OF",    " MODEL OF", " MFD",       " MFG BY",      " MFR.",
    " MFR ",       " MFRS",        " MADE BY",  " IMPORTED",  " IMPORTER",    " USE ",
    " AKA ",       " ALSO ",       " DBA ",     " FORMERLY",  " DO NOT CONF", " NOT SAME",
    " NOT A MAKE", " NAME CHANGE", " SEE ",     " SUBSIDIARY"};

// The last of these words in front of a town ends the name ("ANN ARBOR ARMS | ANN ARBOR, MI").
constexpr std::array<std::string_view, 26> kNameEnds{
    "INC",     "INC.",          "INC,",    "LLC",      "LLC.",     "LTD",         "LTD.",
    "CORP",    "CORP.",         "CO",      "CO.",      "COMPANY",  "CORPORATION", "MFG",
    "MFG.",    "MANUFACTURING", "ARMS",    "ARMORY",   "FIREARMS", "INDUSTRIES",  "TACTICAL",
    "DEFENSE", "GUNS",          "WEAPONS", "ORDNANCE", "PRECISION"};

bool is_state(std::string_view tail) {
    auto const words = fold_words(tail);
    bool const letters = words.size() == 2 &&
                         std::ranges::all_of(words, [](char c) { return c >= 'A' && c <= 'Z'; });
    return letters || std::ranges::find(kStates, words) != kStates.end();
}

// "CO.CHINO" -> "CO. CHINO": the published texts lost the blanks after points.
std::string with_blanks_after_points(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out.push_back(text[i]);
        bool const inside = i + 1 < text.size() && i >= 2 && text[i] == '.';
        if (inside && text[i + 1] != ' ' && text[i + 1] != ',' && text[i - 2] != '.' &&
            text[i - 2] != ' ') {
            out.push_back(' ');
        }
    }
    return out;
}

void cut_at(std::string& text, std::size_t at) {
    if (at != std::string::npos && at > 0) {
        text.resize(at);
    }
}

void cut_place(std::string& text) {
    auto const comma = text.rfind(',');
    if (comma == std::string::npos || !is_state(std::string_view(text).substr(comma + 1))) {
        return;
    }
    auto const before = text.substr(0, comma);
    std::size_t end = std::string::npos;
    std::size_t at = 0;
    for (auto word : split(before, ' ')) {
        at += word.size() + 1;
        if (std::ranges::find(kNameEnds, word) != kNameEnds.end()) {
            end = at - 1;
        }
    }
    if (end != std::string::npos) {
        text.resize(
            std::min(end, text.size()));  // else the town cannot be told from the name: keep all
    }
}

std::string_view without_edges(std::string_view text) {
    constexpr std::string_view edges = " ,;:.-_";
    while (!text.empty() && edges.find(text.back()) != std::string_view::npos) {
        text.remove_suffix(1);
    }
    return trim(text);
}

// Position of the sentence by which the list says that a code stands for a country.
std::size_t country_sentence(std::string_view text) {
    for (std::string_view const sign : {"USE COUNTRY CODE",
                                        "USE CODE BY COUNTRY",
                                        "CODE BY COUNTRY",
                                        "USE COUTNRY",
                                        "USE COUNTY CODE",
                                        "USE COUNRY CODE"}) {
        if (auto const at = text.find(sign); at != std::string_view::npos) {
            return at;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::string maker_name_in_ncic_text(std::string_view text) {
    auto name = with_blanks_after_points(trim(text));
    cut_at(name, country_sentence(name));
    if (country_sentence(text) != std::string_view::npos) {
        cut_at(name, name.find(" OR "));
    }
    cut_at(name, name.find_first_of(";_%*"));
    cut_at(name, name.find(" - "));
    cut_place(name);
    cut_at(name, name.find('('));
    for (auto remark : kRemarks) {
        cut_at(name, name.find(remark));
    }
    auto const clean = without_edges(name);
    return std::string(clean.empty() ? trim(text) : clean);
}

MakeEntry make_from_ncic(std::string_view code, std::string_view text) {
    MakeEntry entry;
    entry.ncic_code = std::string(code);
    entry.make_id = "ncic-" + to_lower_ascii(entry.ncic_code);
    entry.name = maker_name_in_ncic_text(text);
    entry.source = std::string(text);
    entry.rank = 1;
    auto const country = country_sentence(text);
    if (country != std::string_view::npos &&
        text.substr(0, country).find(" OR ") == std::string_view::npos) {
        entry.kind = MakeKind::country_only;
    }
    return entry;
}

std::vector<MakeEntry> makes_from_ncic_csv(std::string_view csv) {
    std::vector<MakeEntry> list;
    ReferenceTable const table(csv);
    for (std::size_t i = 0; i < table.size(); ++i) {
        list.push_back(make_from_ncic(table.cell(i, "code"), table.cell(i, "name")));
    }
    return list;
}

std::vector<MakeEntry> merge_makes(std::vector<MakeEntry> own, std::vector<MakeEntry> imported) {
    for (auto& row : imported) {
        auto const same = std::ranges::find_if(own, [&](MakeEntry const& entry) {
            return entry.rank < row.rank && !row.ncic_code.empty() &&
                   entry.ncic_code == row.ncic_code;
        });
        if (same == own.end() || row.kind == MakeKind::country_only) {
            own.push_back(std::move(row));
            continue;
        }
        auto const known = [&](std::string const& alias) {
            return make_words(alias) == make_words(row.name);
        };
        if (!known(same->name) && std::ranges::none_of(same->aliases, known)) {
            same->aliases.push_back(row.name);
        }
    }
    return own;
}

}  // namespace rastro::cases
