// Whether a country that was told of a shipment of precursors and says nothing by the day asked for
// agrees: its own rule, as data (config/reference/silence_rules.csv). No row: silence is no
// consent. Source: domain/linked-cases.md 4.4, 4.11 (release without a reply).
#pragma once

#include <string_view>

#include "common/clock.hpp"

namespace rastro::cases {

[[nodiscard]] bool silence_is_consent(std::string_view country, Date day);

}  // namespace rastro::cases
