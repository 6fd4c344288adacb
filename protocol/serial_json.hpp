// Messages about the search for serial numbers and about matches: what is asked, what was found
// with its score and the agreement of every field, and what a person decided (domain/tracing.md 4.8
// and 4.9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/matching.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// ---------------------------------------------------------------- bodies

// At most 256 bytes: the bound of cases/trace/serial_query, which judges the text.
struct SerialSearch {
    std::string serial;  // "AB12345", "AB?45*", "A{8B}12"
    std::string make_text;
    std::string make_id;
    std::string calibre_text;
    std::string calibre_id;
    std::optional<cases::TypeCode> type;
    std::string model_text;
    std::string import_country;
    std::optional<CaseId> case_id;  // the own request that the search is made for
    bool show_weak = false;         // also weak matches and neighbours
};
[[nodiscard]] Outcome<SerialSearch> read_serial_search(std::string_view body);

struct MatchNote {
    CaseId case_id;
    CaseId other_case_id;
};
[[nodiscard]] Outcome<MatchNote> read_match_note(std::string_view body);

struct MatchDecision {
    bool confirmed = false;                   // member "decision": confirmed, rejected
    std::vector<cases::MatchField> compared;  // with the firearm in hand; some if confirmed
    std::string text;
};
[[nodiscard]] Outcome<MatchDecision> read_match_decision(std::string_view body);

// ---------------------------------------------------------------- replies

struct SerialHitMessage {
    CaseId case_id;
    std::string number;
    std::string state;
    std::string owner_agency;
    std::optional<Instant> created_at;
    cases::Assessment assessment;
    std::string serial_raw;
    std::string make_text;
    std::string model_text;
    std::string calibre_text;
    std::string type_code;
    std::string import_country;
    std::string recovery_country;
    std::optional<Date> recovered_on;
};
// A live record of the own register.
struct RecordHitMessage {
    CaseId record_id;
    std::string number;
    std::string state;
    std::string kind;
    cases::Assessment assessment;
    std::string serial_raw;
    std::string make_text;
    std::string model_text;
    std::string calibre_text;
    std::string type_code;
};
// Everything that is told of a case of others (4.9).
struct PointerMessage {
    Uuid match_id;
    std::string kind;  // what it would mean: a request of others, or a record of others
    std::string country;
    cases::MatchBand band = cases::MatchBand::strong;
    std::vector<std::string> agreeing;
    std::string agency;
    std::string agency_name;
    std::string contact_email;
    std::string contact_phone;
    std::string handling_code;
};
struct SerialSearchResult {
    std::string serial;  // as understood: "AB?45*"
    bool pattern = false;
    std::string make_id;
    std::string calibre_group;
    std::vector<SerialHitMessage> hits;     // best first
    std::vector<RecordHitMessage> records;  // of the own register, best first
    std::vector<PointerMessage> pointers;
    bool capped = false;  // more candidates than are looked at
    int not_shown = 0;    // weak matches and neighbours that were not asked for
};
[[nodiscard]] std::string write_serial_search_result(SerialSearchResult const& result);

// One side of a match as the caller may see it; the own side names its object.
struct MatchSideMessage {
    std::optional<CaseId> case_id;
    std::optional<Uuid> record_id;
    std::string agency;
    std::string agency_name;
    std::string country;
    std::string contact_email;
    std::string contact_phone;
    std::string handling_code;
    std::string recovery_country;
    std::optional<Date> recovered_on;
    bool lead = false;  // of two agencies with one recovery, the one that leads
};
struct MatchMessage {
    Uuid match_id;
    std::string kind;
    bool high_priority = false;
    std::string state;
    int score = 0;
    std::string band;
    std::vector<std::string> agreeing;
    std::string agreement;   // JSON array of field, agreement, rule, points; empty: not told
    MatchSideMessage newer;  // the request that has the firearm in hand
    MatchSideMessage older;  // the request or record that was there before
    std::string found_by;
    Instant found_at{};
    bool you_decide = false;
    std::vector<std::string> to_compare;  // before it may be confirmed
    std::string decided_agency;
    std::string decided_by;
    std::optional<Instant> decided_at;
    std::vector<std::string> compared;
    std::string decision_text;
    int version = 1;
};
void append_match(std::string& out, MatchMessage const& match);
[[nodiscard]] std::string write_matches(std::vector<MatchMessage> const& matches,
                                        std::string_view next);

// The agreement of every field as a JSON array: stored with a match, and shown.
[[nodiscard]] std::string agreement_json(cases::Assessment const& assessment);

}  // namespace rastro::protocol
