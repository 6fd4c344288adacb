// The annual RANDOT report of a country (or of the hemisphere): Tables A, B and C for one civil
// year, what changed against an earlier run, what has to be mended before it may be cleared, and
// the form in which it may be published. Source: domain/linked-cases.md 6.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cases/reports/conviction_table.hpp"
#include "cases/reports/cooperation_table.hpp"
#include "cases/reports/legal_person_table.hpp"

namespace rastro::cases {

inline constexpr int kRandotDefinitionVersion = 1;
// In a public export month statistics over fewer custodial persons are left out (R14, DEFAULT).
inline constexpr std::size_t kPublicMonthMinimum = 3;

struct RandotFacts {
    std::vector<CooperationFact> cooperation;
    std::vector<ConvictionFact> convictions;
    std::vector<LegalPersonFact> legal_persons;
    // Whether any source handed in data: an empty list of a source that was searched is 0, of one
    // that was not it is n/a (R13).
    bool cooperation_reported = true;
    bool convictions_reported = true;
    bool legal_persons_reported = true;
};

struct RandotReport {
    RandotQuestion question;
    CooperationTable cooperation;
    ConvictionTable convictions;
    LegalPersonTable legal_persons;
};

[[nodiscard]] RandotReport randot_report(RandotQuestion const& question,
                                         RandotFacts const& facts,
                                         TreatyTable const& treaties);

// Cases that entered or left a row between two reports of the same country and year.
struct ReportChange {
    std::string table;  // "A", "B", "C"
    std::string row;    // "mla", "TIP 5", "civil", "total"
    std::string case_id;
    bool entered = false;
    friend auto operator<=>(ReportChange const&, ReportChange const&) = default;
};
// Cases by row: what of a report is compared.
struct ReportRow {
    std::string table;
    std::string row;
    std::set<std::string> cases;
};
[[nodiscard]] std::vector<ReportRow> report_rows(RandotReport const& report);
// Rows that only one of them has count as empty in the other.
[[nodiscard]] std::vector<ReportChange> changes_between(std::vector<ReportRow> const& earlier,
                                                        std::vector<ReportRow> const& later);
[[nodiscard]] std::vector<ReportChange> changes_between(RandotReport const& earlier,
                                                        RandotReport const& later);

// What blocks clearance (signal report.quality): provision_missing, date_impossible,
// sentence_incomplete, amount_incomplete, basis_missing.
struct QualityFault {
    std::string case_id;
    std::string code;
    friend auto operator<=>(QualityFault const&, QualityFault const&) = default;
};
[[nodiscard]] std::vector<QualityFault> quality_faults(RandotQuestion const& question,
                                                       RandotFacts const& facts);

// Row of table B for the public: nothing if its months would tell of too few persons.
[[nodiscard]] std::optional<MonthStatistics> public_months(ConvictionRow const& row);

}  // namespace rastro::cases
