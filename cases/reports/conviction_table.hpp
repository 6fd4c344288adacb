// Table B of the RANDOT report: cases in which individuals were found guilty of an offence of the
// Convention or a Protocol, with the sentence. Rules R1, R2, R4, R5, R11-R14 of
// domain/linked-cases.md 6.1. Articles 6, 8 and 23 need neither a transnational element nor a group
// (UNTOC 34(2)).
#pragma once

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "cases/reports/randot_facts.hpp"

namespace rastro::cases {

struct ListedProvision {
    std::string_view key;  // "UNTOC 5"
    std::string_view instrument;
    std::string_view article;
};
// UNTOC 5, 6, 8, 23; TIP 5; FAP 5; SOM 6: in the order of the table.
[[nodiscard]] std::array<ListedProvision, 7> const& listed_provisions() noexcept;
// Its row, by instrument and number of the article ("6(1)(b)" is article 6).
[[nodiscard]] std::optional<std::size_t> row_of(Provision const& provision) noexcept;

struct ConvictionRow {
    Cell all;
    Cell final;  // of `all`, final by 31 December
    std::map<SentenceKind, Cell> sentences;
    std::vector<int> custodial_months;  // one value a person, ascending
};

// Over custodial sentences only; the median of an even number is the mean of the middle two.
struct MonthStatistics {
    int min = 0;
    double median = 0;
    int max = 0;
};
[[nodiscard]] std::optional<MonthStatistics> month_statistics(std::vector<int> const& ascending);

struct ConvictionTable {
    bool reported = true;
    std::array<ConvictionRow, 7> rows;
    ConvictionRow total;  // distinct: may be smaller than the sum of the rows
    std::vector<Exclusion> excluded;
};

// Reasons: not_guilty, not_listed_provision, no_date, other_year, overturned. Findings of other
// countries' courts are none of the question's.
[[nodiscard]] ConvictionTable conviction_table(RandotQuestion const& question,
                                               std::vector<ConvictionFact> const& facts);

}  // namespace rastro::cases
