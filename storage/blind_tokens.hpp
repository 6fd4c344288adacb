// The blind index as it is kept: keyed digests of values, which the application's role can compare
// and never read (migration signals). Source: domain/linked-cases.md 9, 12 item 8.
#pragma once

#include <string>
#include <vector>

#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct BlindToken {
    std::string field;
    std::string index;  // blind_name, blind_phone, blind_plate, blind_code
    std::string group;  // field group of the value
    std::string token;  // 64 hex digits; empty: nothing to compare any more
};
// Of values just stored of one object; those of the same fields before are gone.
void keep_blind_tokens(UnitOfWork& unit,
                       CaseId const& case_id,
                       Uuid const& object_id,
                       std::vector<BlindToken> const& tokens);
// Whether somebody of whom the tokens tell is a victim of the same case: one index agrees, and none
// that both have differs.
[[nodiscard]] bool is_victim_of_case(UnitOfWork& unit,
                                     CaseId const& case_id,
                                     std::vector<BlindToken> const& tokens);

// Whom to ask about a case that matches or is linked and stays hidden, once both owners agreed.
struct DeconflictionLine {
    std::string ground;  // match, link
    std::string agency;
    std::string agency_name;
    std::string contact_email;
    std::string contact_phone;
};
[[nodiscard]] std::vector<DeconflictionLine> deconfliction_lines(UnitOfWork& unit,
                                                                 CaseId const& case_id);
// What the owner of the case said; nothing: not asked yet, which is no.
[[nodiscard]] bool agrees_to_deconfliction(UnitOfWork& unit, CaseId const& case_id);
void say_deconfliction(UnitOfWork& unit, CaseId const& case_id, bool agrees, std::string_view by);

}  // namespace rastro::storage
