// What is signed when a RANDOT report is cleared: the text of a signed note (cases/signed_note)
// that names the report and the digests of its two forms. Its first line keeps it apart from the
// checkpoints that the same key signs: no log has such an origin. Source: domain/linked-cases.md
// 8.4 (content hash, signature), 9.
#pragma once

#include <string>
#include <string_view>

#include "common/clock.hpp"

namespace rastro::cases {

inline constexpr std::string_view kReportNoteHeader = "rastro/randot-report/v1";

struct ReportNote {
    std::string origin;   // name of the audit log of the instance
    std::string country;  // "*": the hemisphere
    int year = 0;
    int version = 1;
    std::string snapshot_id;
    std::string sha256;         // hex, of the kept report
    std::string public_sha256;  // hex, of its public form
    Instant cleared_at{};
};
// Lines, each ended by a line feed.
[[nodiscard]] std::string report_note_text(ReportNote const& note);

}  // namespace rastro::cases
