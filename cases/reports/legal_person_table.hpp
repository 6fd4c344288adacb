// Table C of the RANDOT report: cases in which legal persons were found liable criminally, civilly
// or administratively for conduct that the Convention or a Protocol describes as an offence. Rules
// R1, R2, R6, R13 and R14 of domain/linked-cases.md 6.1.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "cases/reports/randot_facts.hpp"

namespace rastro::cases {

struct LegalPersonRow {
    Cell all;                                           // persons: legal persons
    std::map<std::string, int, std::less<>> sanctions;  // how many of each kind
    // Sums in minor units by kind and currency; currencies are never added to one another.
    std::map<std::string, std::map<std::string, std::int64_t>, std::less<>> money;
};

struct LegalPersonTable {
    bool reported = true;
    std::array<LegalPersonRow, 3> rows;  // in the order of Liability
    LegalPersonRow total;                // distinct cases and legal persons
    std::vector<Exclusion> excluded;
};

// Reasons: not_listed_provision, no_date, other_year, overturned.
[[nodiscard]] LegalPersonTable legal_person_table(RandotQuestion const& question,
                                                  std::vector<LegalPersonFact> const& facts);

}  // namespace rastro::cases
