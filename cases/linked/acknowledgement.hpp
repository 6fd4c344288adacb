// Who has to acknowledge what by when, and who hears of it when nobody does: one matter for alerts,
// requests and precursor notices. Recipients are fixed when a thing is issued. Source:
// domain/linked-cases.md 4.4 (levels, missed acknowledgement) and 12 item 3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"

namespace rastro::cases {

// A standing wish to hear of alerts: empty members match everything.
struct Subscription {
    std::string agency;
    std::string country;
    std::string family;    // of the substance
    int lowest_level = 1;  // 1..4
};
struct Alert {
    std::string country;  // of the issuer
    std::string family;
    int level = 1;
};
// Agencies whose subscription matches, each once, without the issuer's own; sorted.
[[nodiscard]] std::vector<std::string> fan_out(Alert const& alert,
                                               std::string_view issuer,
                                               std::vector<Subscription> const& subscriptions);

// Ladder of a missed acknowledgement. Each step waits as long again as the first.
enum class LadderStep : std::uint8_t { none, deputy, national_contact, secretariat };
[[nodiscard]] std::string_view to_text(LadderStep step) noexcept;
// `due`: when the acknowledgement was due; `length`: how long the recipient had.
[[nodiscard]] LadderStep ladder_step(Instant due, std::chrono::microseconds length, Instant now);

struct RecipientStatus {
    std::string country;
    std::string state;  // of the recipient object
};
// The issuer's matrix: how many recipients of a country stand in which state, and the share that
// acknowledged or went further, in per cent of all that were asked and could (not_applicable out).
struct AckRow {
    std::string country;
    int recipients = 0;
    int acknowledged = 0;
    int not_applicable = 0;
};
[[nodiscard]] std::vector<AckRow> acknowledgement_matrix(std::vector<RecipientStatus> const& all);

}  // namespace rastro::cases
