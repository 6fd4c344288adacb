// The follow-up of the recommendations for a meeting: what each country says of each measure, how
// many countries stand where (never which is better), what moved since an earlier meeting with its
// proof, and which measures nobody has spoken of. Source: domain/linked-cases.md 8 (8.2: per
// country and distribution, no ranking; 8.4: what is brought to the meeting).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cases/linked/field_value.hpp"

namespace rastro::cases {

struct ProgressEvidence {
    std::string kind;  // code list evidence_kind
    std::string ref;
};
// One case of the type measure_progress.
struct ProgressEntry {
    std::string country;
    std::string case_id;
    std::string number;
    std::string state;
    std::string meeting;
    std::string measure;  // M1..M14
    std::string status;   // code list progress_status; empty: none stated
    FieldValues values;   // of the case
    std::vector<ProgressEvidence> evidence;
};

struct CountrySheet {
    std::string country;
    std::vector<ProgressEntry> entries;  // by measure
    std::vector<std::string> missing;    // measures without an entry
};
struct MeasureMove {
    std::string country;
    std::string measure;
    std::string before;  // empty: no entry
    std::string after;
    std::vector<ProgressEvidence> evidence;
};
struct TrackerReport {
    std::string meeting;
    std::string since;                 // the meeting before; empty: none to compare with
    std::string country;               // empty: the region
    std::vector<CountrySheet> sheets;  // by code of the country
    // Countries by status of each measure.
    std::map<std::string, std::map<std::string, int>> distribution;
    std::vector<MeasureMove> moves;
};

// M1..M14 in their order.
[[nodiscard]] std::vector<std::string> const& tracker_measures();

// `entries` of both meetings, older before newer: of two for one country and measure the newer
// counts.
[[nodiscard]] TrackerReport tracker_report(std::string meeting,
                                           std::string since,
                                           std::string country,
                                           std::vector<ProgressEntry> const& entries);

}  // namespace rastro::cases
