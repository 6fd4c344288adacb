#include "cases/trace/catalogue.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::embedded {
std::string_view makes();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<MakeKind>, 6> kKinds{{
    {MakeKind::maker, "maker"},
    {MakeKind::brand, "brand"},
    {MakeKind::importer, "importer"},
    {MakeKind::privately_made, "privately_made"},
    {MakeKind::not_stated, "not_stated"},
    {MakeKind::country_only, "country_only"},
}};
constexpr std::array<CodeRow<MakeMatchKind>, 6> kMatches{{
    {MakeMatchKind::exact, "exact"},
    {MakeMatchKind::alias, "alias"},
    {MakeMatchKind::normalised, "normalised"},
    {MakeMatchKind::prefix, "prefix"},
    {MakeMatchKind::not_stated, "not_stated"},
    {MakeMatchKind::none, "none"},
}};

bool is_corporate(std::string_view word) {
    constexpr std::array<std::string_view, 30> forms{"INC",
                                                     "LLC",
                                                     "LLLC",
                                                     "LTD",
                                                     "LTDA",
                                                     "CO",
                                                     "COMPANY",
                                                     "CORP",
                                                     "CORPORATION",
                                                     "MFG",
                                                     "MFGR",
                                                     "MFR",
                                                     "MANUFACTURING",
                                                     "GMBH",
                                                     "SPA",
                                                     "SRL",
                                                     "SA",
                                                     "AG",
                                                     "AS",
                                                     "KG",
                                                     "SARL",
                                                     "PLC",
                                                     "JSC",
                                                     "OJSC",
                                                     "INTL",
                                                     "ENTERPRISES",
                                                     "LIMITED",
                                                     "INCORPORATED",
                                                     "GESMBH",
                                                     "THE"};
    return std::ranges::find(forms, word) != forms.end();
}

// "S.P.A." and "F.N." arrive as single letters; they are one word to a reader.
std::string join_initials(std::string const& words) {
    std::string out;
    bool after_letter = false;
    for (auto word : split(words, ' ')) {
        bool const letter = word.size() == 1 && word.front() >= 'A' && word.front() <= 'Z';
        if (!out.empty() && !(letter && after_letter)) {
            out.push_back(' ');
        }
        out += word;
        after_letter = letter;
    }
    return out;
}

bool begins(std::string_view text, std::string_view start) {
    return text.size() > start.size() && text.starts_with(start) && text[start.size()] == ' ';
}

}  // namespace

std::string_view code_of(MakeKind kind) noexcept {
    return code_in(kKinds, kind);
}
std::optional<MakeKind> make_kind_from(std::string_view code) noexcept {
    return value_in(kKinds, code);
}
std::string_view code_of(MakeMatchKind kind) noexcept {
    return code_in(kMatches, kind);
}

std::string make_words(std::string_view text) {
    std::string spelled;
    for (char c : fold_text(text)) {
        spelled += c == '&' || c == '+' ? std::string(" AND ") : std::string(1, c);
    }
    return join_initials(fold_words(spelled));
}

std::string make_key(std::string_view text) {
    auto const words = make_words(text);
    std::string key;
    for (auto word : split(words, ' ')) {
        if (!is_corporate(word)) {
            key += key.empty() ? "" : " ";
            key += word;
        }
    }
    return key.empty() ? words : key;
}

MakeCatalogue::MakeCatalogue(std::vector<MakeEntry> entries) : entries_(std::move(entries)) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        auto const& entry = entries_[i];
        ranks_.insert(entry.rank);
        ids_.emplace(entry.make_id, i);
        add_to(names_, make_words(entry.name), i);
        add_to(keys_, make_key(entry.name), i);
        for (auto const& alias : entry.aliases) {
            add_to(aliases_, make_words(alias), i);
            add_to(keys_, make_key(alias), i);
        }
    }
}

void MakeCatalogue::add_to(Index& index, std::string key, std::size_t entry) {
    if (key.empty()) {
        return;
    }
    auto& list = index[std::move(key)];
    if (std::ranges::find(list, entry) == list.end()) {
        list.push_back(entry);
    }
}

std::vector<std::size_t> MakeCatalogue::of_rank(Index const& index,
                                                std::string_view key,
                                                unsigned rank) const {
    auto const found = index.find(key);
    if (found == index.end()) {
        return {};
    }
    auto list = found->second;
    std::erase_if(list, [&](std::size_t i) { return entries_[i].rank != rank; });
    return list;
}

std::vector<std::size_t> MakeCatalogue::starting_with(std::string_view words) const {
    std::vector<std::size_t> found;
    for (auto at = keys_.lower_bound(words); at != keys_.end() && at->first.starts_with(words);
         ++at) {
        for (auto i : at->second) {
            // The start of a maker's name may be the name of a country; that is no maker.
            if (begins(at->first, words) && entries_[i].kind != MakeKind::country_only) {
                found.push_back(i);
            }
        }
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<std::size_t> MakeCatalogue::contained_at_start_of(std::string_view words) const {
    for (auto end = words.rfind(' '); end != std::string_view::npos && end > 0;
         end = words.rfind(' ', end - 1)) {
        for (auto rank : ranks_) {
            if (auto list = of_rank(keys_, words.substr(0, end), rank); !list.empty()) {
                return list;
            }
        }
    }
    return {};
}

MakeMatch MakeCatalogue::resolve(std::string_view text) const {
    MakeMatch match;
    auto const words = make_words(text);
    auto const key = make_key(text);
    if (words.empty()) {
        match.kind = MakeMatchKind::not_stated;
        return match;
    }
    auto const settle = [&](MakeMatchKind kind, std::vector<std::size_t> const& found) {
        if (found.size() != 1) {
            for (auto i : found) {
                match.suggestions.push_back(entries_[i].make_id);
            }
            return !found.empty();
        }
        auto const& entry = entries_[found.front()];
        bool const stated = entry.kind != MakeKind::not_stated;
        match = {stated ? kind : MakeMatchKind::not_stated, stated ? &entry : nullptr, {}};
        return true;
    };
    // Own entries answer before imported ones, whichever way each of them was found.
    for (auto rank : ranks_) {
        bool const settled = settle(MakeMatchKind::exact, of_rank(names_, words, rank)) ||
                             settle(MakeMatchKind::alias, of_rank(aliases_, words, rank)) ||
                             settle(MakeMatchKind::normalised, of_rank(names_, key, rank)) ||
                             settle(MakeMatchKind::normalised, of_rank(aliases_, key, rank)) ||
                             settle(MakeMatchKind::normalised, of_rank(keys_, key, rank));
        if (settled) {
            return match;
        }
    }
    if (key.size() >= 4 && settle(MakeMatchKind::prefix, starting_with(key))) {
        return match;
    }
    for (auto i : contained_at_start_of(key)) {
        if (entries_[i].kind != MakeKind::not_stated) {
            match.suggestions.push_back(entries_[i].make_id);
        }
    }
    return match;
}

std::set<std::string> MakeCatalogue::alias_group(std::string_view make_id) const {
    constexpr std::size_t kShortestStart = 2;
    std::set<std::string> group;
    auto const* own = find(make_id);
    if (own == nullptr) {
        return group;
    }
    group.insert(own->make_id);
    auto const add = [&](std::vector<std::size_t> const& found) {
        for (auto i : found) {
            auto const kind = entries_[i].kind;
            if (kind != MakeKind::country_only && kind != MakeKind::not_stated) {
                group.insert(entries_[i].make_id);
            }
        }
    };
    auto spellings = own->aliases;
    spellings.push_back(own->name);
    for (auto const& spelling : spellings) {
        auto const key = make_key(spelling);
        if (auto const same = keys_.find(key); same != keys_.end()) {
            add(same->second);
        }
        if (key.size() >= kShortestStart) {
            add(starting_with(key));
        }
        for (auto end = key.rfind(' '); end != std::string::npos && end >= kShortestStart;
             end = key.rfind(' ', end - 1)) {
            if (auto const start = keys_.find(key.substr(0, end)); start != keys_.end()) {
                add(start->second);
            }
        }
    }
    return group;
}

MakeEntry const* MakeCatalogue::find(std::string_view make_id) const {
    auto const found = ids_.find(make_id);
    return found == ids_.end() ? nullptr : &entries_[found->second];
}

std::vector<MakeEntry> starter_makes() {
    std::vector<MakeEntry> list;
    ReferenceTable const table(embedded::makes());
    for (std::size_t i = 0; i < table.size(); ++i) {
        MakeEntry entry;
        entry.make_id = std::string(table.cell(i, "make_id"));
        entry.name = std::string(table.cell(i, "name"));
        entry.kind = value_in(kKinds, table.cell(i, "kind")).value_or(MakeKind::maker);
        entry.country = std::string(table.cell(i, "country"));
        entry.ncic_code = std::string(table.cell(i, "ncic_code"));
        entry.aliases = table.list(i, "aliases");
        entry.source = std::string(table.cell(i, "source"));
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace rastro::cases
