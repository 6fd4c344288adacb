#include "cases/reports/report_note.hpp"

#include "common/time_text.hpp"

namespace rastro::cases {

std::string report_note_text(ReportNote const& note) {
    return std::string(kReportNoteHeader) + "\n" + note.origin + "\n" + note.country + " " +
           std::to_string(note.year) + " " + std::to_string(note.version) + "\n" +
           note.snapshot_id + "\nsha256 " + note.sha256 + "\npublic-sha256 " + note.public_sha256 +
           "\ncleared " + to_rfc3339(note.cleared_at) + "\n";
}

}  // namespace rastro::cases
