// Figures beside the RANDOT report: victims as the public may see them, and how often each rule of
// the signal catalogue was right (domain/linked-cases.md 3.6, 4.1 c).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/linked/suppression.hpp"

namespace rastro::protocol {

struct VictimTableMessage {
    std::string country;
    int year = 0;
    int k = cases::kDefaultK;
    std::vector<std::string> purposes;   // rows
    std::vector<std::string> age_bands;  // columns
    cases::SuppressedTable table;
};
// A cell without a count is kept back.
[[nodiscard]] std::string write_victim_table(VictimTableMessage const& message);

struct SignalRuleMessage {
    std::string rule;
    int version = 1;
    std::string severity;
    std::string explain;
    std::vector<std::string> told_to;
    int under_review = 0;
    int confirmed = 0;
    int explained = 0;
    int insufficient = 0;
    std::optional<double> precision;
};
[[nodiscard]] std::string write_signal_rules(std::vector<SignalRuleMessage> const& items);

}  // namespace rastro::protocol
