// Table A of the RANDOT report: formal cooperation for which the Convention or a Protocol provided
// a legal basis. Rules R1-R3, R7-R10, R13 and R14 of domain/linked-cases.md 6.1.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "cases/reports/randot_facts.hpp"

namespace rastro::cases {

struct CooperationRow {
    // As the reporting country stands to it. Empty cells in the hemispheric table, where every case
    // has two sides.
    Cell out;
    Cell in;
    Cell joint;
    Cell total;
    std::map<Reliance, Cell> by_reliance;                    // the strongest of the case (R8)
    std::map<std::string, Cell, std::less<>> by_instrument;  // every one that carries it
    Cell executed;                                           // by 31 December of the year
    Cell refused;
    Cell pending;
};

struct CooperationTable {
    bool reported = true;  // false: no source handed in data; "n/a" rather than 0 (R13)
    std::array<CooperationRow, 4> rows;  // in the order of CooperationKind
    CooperationRow total;
    Cell active;                      // counted, or sent earlier and not ended before the year
    Cell invoked_not_relied;          // of the year, with such a basis only
    std::vector<Exclusion> excluded;  // sorted
};

// Reasons: not_a_party_to_case, not_formal, no_date, other_year, no_treaty_basis,
// invoked_not_relied, cited_only, treaty_not_in_force.
[[nodiscard]] CooperationTable cooperation_table(RandotQuestion const& question,
                                                 std::vector<CooperationFact> const& facts,
                                                 TreatyTable const& treaties);

}  // namespace rastro::cases
