// Messages about code lists and the catalogue of makes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

struct CodeListEntry {
    std::string code;
    std::string en;
    std::string es;
    std::string pt;
    std::string fr;
    std::string group;  // outcome group, report row ...; may be empty
};
[[nodiscard]] std::string write_code_list(std::string_view list,
                                          std::vector<CodeListEntry> const& entries);

struct MakeMessage {
    std::string make_id;
    std::string name;
    std::string kind;
    std::string country;
    std::string ncic_code;
    std::vector<std::string> aliases;
    std::string source;
};
[[nodiscard]] std::string write_makes(std::vector<MakeMessage> const& makes, std::string_view next);

struct MakeImportEntry {
    std::string make_id;  // empty: made from the NCIC code or the name
    std::string name;
    std::string kind = "maker";  // cases/trace/catalogue
    std::string country;
    std::string ncic_code;
    std::vector<std::string> aliases;
    std::string wording;  // the line of the list, verbatim; empty: the name
};
struct MakeImport {
    std::string source;  // where the list comes from
    std::vector<MakeImportEntry> makes;
};
[[nodiscard]] Outcome<MakeImport> read_make_import(std::string_view body);

struct MakeImportResult {
    int makes_added = 0;
    int aliases_added = 0;  // spellings
    int joined = 0;         // lines whose make was known: their names became aliases where new
    int unchanged = 0;      // lines loaded before
};
[[nodiscard]] std::string write_make_import_result(MakeImportResult const& result);

struct MakeReviewMessage {
    Uuid review_id;
    std::string raw_text;
    int seen = 1;
    std::string state;  // open, matched, rejected
    std::string make_id;
    std::vector<std::string> suggestions;
    std::string decided_by;
    std::optional<Instant> decided_at;
    Instant created_at{};
};
void append_make_review(std::string& out, MakeReviewMessage const& review);
[[nodiscard]] std::string write_make_reviews(std::vector<MakeReviewMessage> const& reviews,
                                             std::string_view next);

struct MakeReviewDecision {
    bool matched = false;  // member "decision": matched, rejected
    std::string make_id;   // set exactly when matched
};
[[nodiscard]] Outcome<MakeReviewDecision> read_make_review_decision(std::string_view body);

}  // namespace rastro::protocol
