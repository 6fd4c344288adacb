// Whether a country that was told of a shipment of precursors and says nothing by the day asked for
// agrees: its own rule, as data (config/reference/silence_rules.csv). No row: silence is no
// consent. Source: domain/linked-cases.md 4.4, 4.11 (release without a reply).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

struct SilenceRule {
    std::string country;  // ISO 3166-1 alpha-2
    Date valid_from{};    // until a later rule of the country
    bool consent = false;
};
// Columns country,silence,valid_from,source; silence is "consent" or "objection".
// validation_failed with pointers "/ROW/COLUMN" (row 0 is the first after the heading).
[[nodiscard]] Outcome<std::vector<SilenceRule>> parse_silence_rules(std::string_view csv);
[[nodiscard]] std::vector<SilenceRule> const& silence_rules();  // compiled in

[[nodiscard]] bool silence_is_consent(std::vector<SilenceRule> const& rules,
                                      std::string_view country,
                                      Date day);

}  // namespace rastro::cases
