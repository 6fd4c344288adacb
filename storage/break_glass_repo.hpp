// Openings of protected data in an emergency, and what auditors found of them. Load and store only
// (migration break_glass).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"
#include "storage/linked_case_parts.hpp"

namespace rastro::storage {

struct BreakGlass {
    GrantId grant_id = GrantId::generate();
    CaseId case_id;
    std::string case_number;
    UserId user_id;
    std::string agency;
    std::string reason;
    Instant opened_at{};
    Instant valid_until{};
    Instant review_due{};
    std::optional<UserId> reviewed_by;
    std::optional<Instant> reviewed_at;
    std::string finding;  // justified, unjustified; empty: not reviewed yet
    std::string review_note;
    int of_person = 0;  // openings by the same person in the thirty days up to this one
};

void insert_break_glass(UnitOfWork& unit, BreakGlass const& opening);
[[nodiscard]] std::optional<BreakGlass> find_break_glass(UnitOfWork& unit, GrantId const& id);
// Those that wait for a review first, the longest waiting before the others; then the newest.
[[nodiscard]] std::vector<BreakGlass> list_break_glass(UnitOfWork& unit, int limit);
// False if somebody has reviewed it meanwhile.
[[nodiscard]] bool review_break_glass(UnitOfWork& unit, BreakGlass const& opening);

}  // namespace rastro::storage
