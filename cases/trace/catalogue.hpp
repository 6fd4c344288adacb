// Makers, brands and importers: free text -> one entry of a catalogue. Codes of others (NCIC) are
// mappings beside our own `make_id`, never keys: one brand has several, some mean a maker or a
// country, and the list grows. Source: domain rule 4.4; starter list: config/reference/makes.csv.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

// Codes: maker, brand, importer, privately_made, not_stated (texts such as "Unknown", "AK style"),
// country_only (NCIC two-letter codes: country known, maker not).
enum class MakeKind : std::uint8_t {
    maker,
    brand,
    importer,
    privately_made,
    not_stated,
    country_only
};

struct MakeEntry {
    std::string make_id;  // slug
    std::string name;
    MakeKind kind = MakeKind::maker;
    std::string
        country;  // ISO 3166-1 alpha-2, only where every firearm of this entry is made there
    std::string ncic_code;
    std::vector<std::string> aliases;
    std::string source;  // for imported lists: the row verbatim
    unsigned rank = 0;   // of two entries that answer to one text the lower rank wins
};

[[nodiscard]] std::string_view code_of(MakeKind kind) noexcept;
[[nodiscard]] std::optional<MakeKind> make_kind_from(std::string_view code) noexcept;

// Words of the name, folded, '&' and '+' as AND; possessive apostrophes dropped ("SMITH AND
// WESSON").
[[nodiscard]] std::string make_words(std::string_view text);
// make_words() without corporate forms (INC, LLC, CO, COMPANY, CORP, MFG, GMBH, SPA...); the words
// themselves if nothing else would remain.
[[nodiscard]] std::string make_key(std::string_view text);

// How the entry was found, best first. Codes: exact (name), alias, normalised (without corporate
// forms), prefix (the text begins the names of one entry only), not_stated, none (for the review
// queue).
enum class MakeMatchKind : std::uint8_t { exact, alias, normalised, prefix, not_stated, none };

struct MakeMatch {
    MakeMatchKind kind = MakeMatchKind::none;
    MakeEntry const* make =
        nullptr;  // null for not_stated and none; lives as long as the catalogue
    // For none: make_ids a reviewer should look at first (several fit, or the text begins with
    // their name).
    std::vector<std::string> suggestions;
};

[[nodiscard]] std::string_view code_of(MakeMatchKind kind) noexcept;

class MakeCatalogue {
 public:
    explicit MakeCatalogue(std::vector<MakeEntry> entries);
    MakeCatalogue(MakeCatalogue const&) = delete;
    MakeCatalogue& operator=(MakeCatalogue const&) = delete;

    // Total. A prefix needs four characters and ends at a word's end.
    [[nodiscard]] MakeMatch resolve(std::string_view text) const;
    [[nodiscard]] MakeEntry const* find(std::string_view make_id) const;
    // The make and those that may be meant by the same words: one spelling names both, or the name
    // of one begins the name of the other ("Century", "Century International"). Empty for an
    // unknown make_id.
    [[nodiscard]] std::set<std::string> alias_group(std::string_view make_id) const;
    [[nodiscard]] std::vector<MakeEntry> const& entries() const noexcept { return entries_; }

 private:
    using Index = std::map<std::string, std::vector<std::size_t>, std::less<>>;

    void add_to(Index& index, std::string key, std::size_t entry);
    [[nodiscard]] std::vector<std::size_t> of_rank(Index const& index,
                                                   std::string_view key,
                                                   unsigned rank) const;
    [[nodiscard]] std::vector<std::size_t> starting_with(std::string_view words) const;
    [[nodiscard]] std::vector<std::size_t> contained_at_start_of(std::string_view words) const;

    std::vector<MakeEntry> entries_;
    std::set<unsigned> ranks_;
    std::map<std::string, std::size_t, std::less<>> ids_;
    Index names_;
    Index aliases_;
    Index keys_;
};

// The compiled-in starter list, rank 0.
[[nodiscard]] std::vector<MakeEntry> starter_makes();

// A row of the list that NIEM publishes, whose text runs maker, town, state and remarks together:
// one entry "ncic-<code>" of rank 1 with the row's text verbatim in `source`, so nothing is lost;
// `name` is the maker alone where it can be told from the rest, else the whole text. Rows that only
// stand for a country become country_only.
[[nodiscard]] MakeEntry make_from_ncic(std::string_view code, std::string_view text);
// The whole list, columns "code,name".
[[nodiscard]] std::vector<MakeEntry> makes_from_ncic_csv(std::string_view csv);
// The maker's name inside such a text; the trimmed text itself where no rule applies.
[[nodiscard]] std::string maker_name_in_ncic_text(std::string_view text);

// `own` followed by `imported`. An imported row whose NCIC code belongs to an own entry becomes an
// alias of it instead of a second entry; a country_only row never does.
[[nodiscard]] std::vector<MakeEntry> merge_makes(std::vector<MakeEntry> own,
                                                 std::vector<MakeEntry> imported);

}  // namespace rastro::cases
