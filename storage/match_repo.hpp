// Matches: two requests, or a request and a record, that seem to be about one firearm
// (domain/tracing.md 4.9). Load and store, no rules; row-level security shows a match to the
// agencies in `seen_by` only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct SerialMatch {
    Uuid match_id = Uuid::generate_v7();
    std::string kind;
    CaseId case_id;  // the newer request
    std::string case_agency;
    std::string case_handling;
    std::string recovery_country;
    std::optional<Date> recovered_on;
    std::optional<CaseId> other_case_id;
    std::optional<Uuid> record_id;
    std::string other_agency;
    std::string other_handling;
    bool silent = false;
    bool covert = false;        // what the newer side stated is hidden from others
    std::string case_contact;   // whom others ask instead of case_agency; empty: itself
    std::string other_contact;  // the same of other_agency
    int score = 0;
    std::string band;
    std::string agreement;                // JSON array: field, agreement, rule, points
    std::vector<std::string> agreeing;    // fields
    std::vector<std::string> to_compare;  // fields that both sides state
    std::vector<std::string> seen_by;
    std::string decides;
    std::string state = "open";
    std::string found_by;  // matching, search, person
    Instant found_at{};
    std::string decided_by;  // id of the person
    std::string decided_agency;
    std::optional<Instant> decided_at;
    std::vector<std::string> compared;
    std::string decision_text;
    int version = 1;
    // Of the sides that know of it themselves; read only.
    std::string case_name, case_email, case_phone;
    std::string other_name, other_email, other_phone;
};

// hidden: it is there, and the acting agency is none of those who may know.
enum class Added : std::uint8_t { now, before, hidden };
// Stores those that are not there yet; a pair is there once, whichever of the two was first. Those
// that were there get the id that is stored.
[[nodiscard]] std::vector<Added> add_matches(UnitOfWork& unit, std::vector<SerialMatch>& matches);

// A pair that was only possible and is strong now, because one side was described better: the
// stored one takes over score, band, agreement and audience unless somebody has decided it. False
// if there was nothing to take over. System access.
[[nodiscard]] bool strengthen_match(UnitOfWork& unit, SerialMatch const& match);

enum class MatchLock : std::uint8_t { none, for_update };
[[nodiscard]] std::optional<SerialMatch> find_match(UnitOfWork& unit,
                                                    Uuid const& match_id,
                                                    MatchLock lock);

struct MatchFilter {
    std::optional<std::string> state;
    std::optional<std::string> kind;
    std::optional<CaseId> case_id;
    std::string decides;  // empty: any
};
// Newest first; of what the acting agency sees.
[[nodiscard]] std::vector<SerialMatch> list_matches(UnitOfWork& unit,
                                                    MatchFilter const& filter,
                                                    std::optional<Uuid> const& after,
                                                    int limit);
// Stores state, audience and who decided, and raises the version.
void store_decision(UnitOfWork& unit, SerialMatch& match);

}  // namespace rastro::storage
