// What precursor notices show only together: shipments of a month that add up to just under the
// licence threshold, and a consignee objected to who reappears under another exporter. Source:
// domain/linked-cases.md 4.4 c) (4), 4.14 prec.split and prec.reroute (DEFAULT).
#pragma once

#include <string>
#include <vector>

#include "common/clock.hpp"

namespace rastro::cases {

struct NoticeFact {
    std::string case_id;
    std::string exporter;
    std::string consignee;  // key or blind token of the name
    std::string substance;
    Date dispatch_on{};
    std::int64_t grams = 0;
    std::int64_t threshold_grams = 0;  // 0: none
    bool objected = false;
};

// Case ids of notices of one consignee, substance and calendar month: three at least, whose sum is
// under the threshold and within five per cent of it. One group a line.
[[nodiscard]] std::vector<std::vector<std::string>> split_notices(
    std::vector<NoticeFact> const& all);

// Case ids of notices to a consignee that was objected to earlier under another exporter.
[[nodiscard]] std::vector<std::string> rerouted_notices(std::vector<NoticeFact> const& all);

}  // namespace rastro::cases
