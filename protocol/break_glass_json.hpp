// Opening protected data in an emergency, and its review, as messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

inline constexpr std::size_t kFewestReasonBytes = 20;

struct BreakGlassOpen {
    std::string reason;  // at least kFewestReasonBytes
};
[[nodiscard]] Outcome<BreakGlassOpen> read_break_glass(std::string_view body);

struct BreakGlassReview {
    std::string finding;  // justified, unjustified
    std::string note;
};
[[nodiscard]] Outcome<BreakGlassReview> read_break_glass_review(std::string_view body);

struct BreakGlassMessage {
    std::string grant_id;
    CaseId case_id;
    std::string number;
    UserId user_id;
    std::string agency;
    std::string reason;
    Instant opened_at{};
    Instant valid_until{};
    Instant review_due{};
    bool overdue = false;  // no review, and its time is over
    bool often = false;    // the person opens more than the rule takes for usual
    std::string finding;   // empty: not reviewed yet, like what follows
    std::optional<UserId> reviewed_by;
    std::optional<Instant> reviewed_at;
    std::string review_note;
};
[[nodiscard]] std::string write_break_glass(BreakGlassMessage const& message);
[[nodiscard]] std::string write_break_glass_list(std::vector<BreakGlassMessage> const& items);

}  // namespace rastro::protocol
