// The catalogue of makers that all agencies share, and each agency's queue of names that matched
// nothing. Lists may be loaded again and again: what is known stays as it is, nothing is lost
// (every line of a list is kept verbatim with the make it became or was added to).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/catalogue.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using ReviewId = Id<struct ReviewTag>;

// Changes whenever a make or an alias was added or changed.
struct CatalogueVersion {
    std::int64_t makes = 0;
    std::int64_t aliases = 0;
    std::int64_t newest_us = 0;
    friend bool operator==(CatalogueVersion const&, CatalogueVersion const&) = default;
};

struct MakeFilter {
    std::string text;       // contained in a name or alias, as folded words; empty: any
    std::string ncic_code;  // exact; empty: any
    std::string after;      // make_id
    int limit = 50;
};

struct MakeRow {
    std::string make_id;
    std::string name;
    std::string kind;
    std::string country;
    std::string ncic_code;
    std::vector<std::string> aliases;
    std::string source;
};

struct MakeListCounts {
    int added = 0;          // new makes
    int joined = 0;         // lines whose make was known: their names became aliases where new
    int unchanged = 0;      // lines loaded before
    int aliases_added = 0;  // spellings
};

struct MakeReview {
    ReviewId id;
    std::string agency;
    std::string raw_text;  // the first spelling seen
    int seen = 0;          // cells
    std::string state;     // open, matched, rejected
    std::string make_id;   // matched
    std::string decided_by;
    std::optional<Instant> decided_at;
    Instant created_at{};
};

// A name that matched nothing, and in how many cells.
struct UnknownMake {
    std::string text;
    int seen = 1;
};

class CatalogueRepo {
 public:
    explicit CatalogueRepo(UnitOfWork& unit) : unit_(unit) {}

    [[nodiscard]] CatalogueVersion version();
    // Everything, as cases::MakeCatalogue takes it.
    [[nodiscard]] std::vector<cases::MakeEntry> load();
    [[nodiscard]] bool has_make(std::string_view make_id);
    [[nodiscard]] std::vector<MakeRow> list(MakeFilter const& filter);

    // Lines of a list. An entry with the NCIC code of a make of lower rank, or with the make_id of
    // a known make, joins that make; others become makes of `rank`. An entry without make_id gets
    // one: "ncic-CODE", else a slug of its name. `source` of an entry is its line verbatim (the
    // name where empty).
    MakeListCounts add(std::string const& list,
                       unsigned rank,
                       std::span<cases::MakeEntry const> entries);
    void add_alias(std::string const& make_id, std::string const& alias, std::string const& source);

    // One open review for each agency and spelling (as folded words); seen again, it counts up.
    void queue_reviews(std::string const& agency, std::span<UnknownMake const> unknown);
    [[nodiscard]] std::vector<MakeReview> reviews(std::string const& agency,
                                                  std::string const& state,
                                                  std::optional<ReviewId> const& after,
                                                  int limit);
    // Locked against others who decide it. nullopt: absent, or another agency's.
    [[nodiscard]] std::optional<MakeReview> lock_review(ReviewId id);
    void decide_review(MakeReview const& review);

 private:
    UnitOfWork& unit_;
};

// Words of a maker's name as the catalogue compares them; the key of aliases and reviews.
[[nodiscard]] std::string alias_key(std::string_view text);

}  // namespace rastro::storage
