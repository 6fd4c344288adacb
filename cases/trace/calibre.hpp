// Calibres as people write them -> one cartridge of the reference list. Three things are kept apart
// (domain rule 4.5): the cartridge (`id`), the group used in reports, and the NCIC codes, which are
// coarser and ambiguous. Source of the list: config/reference/calibres.csv.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

struct Calibre {
    std::string id;                       // "762x39"
    std::string designation;              // "7.62x39 mm"
    std::string group;                    // report level: "7.62x39 mm"
    std::vector<std::string> ncic_codes;  // best first; empty where the list has none
    std::vector<std::string> aliases;
};

// Codes: recognised, not_stated (empty, Unknown, ZZ...), ambiguous (several cartridges fit or the
// parts of the text disagree: see candidates), unrecognised.
enum class CalibreStatus : std::uint8_t { recognised, not_stated, ambiguous, unrecognised };

struct CalibreReading {
    CalibreStatus status = CalibreStatus::unrecognised;
    std::string id;  // empty unless recognised
    std::string designation;
    std::string group;
    std::vector<std::string> ncic_codes;
    std::vector<std::string> candidates;  // calibre ids, when ambiguous
};

[[nodiscard]] std::string_view code_of(CalibreStatus status) noexcept;
[[nodiscard]] std::vector<Calibre> const& all_calibres();
[[nodiscard]] Calibre const* find_calibre(std::string_view id);

// Total. Understands a decimal comma, a leading zero ("0.5"), a doubled point ("0..308"), a missing
// point
// ("762x39"), blanks anywhere, x written as the multiplication sign, mm/cal/calibre/gauge words in
// en, es, pt and fr, and two names for one cartridge ("5.56 (.223)"). Never converts between
// measures.
[[nodiscard]] CalibreReading parse_calibre(std::string_view text);

}  // namespace rastro::cases
