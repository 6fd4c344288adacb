// What rules notice that have to look at more than the case itself: the same identifier in another
// case, first detections, clusters, patterns of notices, values of comparable goods. The facts are
// fetched by a job (server/jobs/signals); everything here is decided on them alone. Source:
// domain/linked-cases.md 4.14 (parameters are DEFAULT).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/linked/money.hpp"
#include "cases/linked/notice_patterns.hpp"
#include "cases/linked/signal_evidence.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

// A value of this case that another case holds too, by the blind index.
struct BlindHit {
    std::string object_id;
    std::string object;
    std::string state;
    std::string index;  // blind_name, blind_phone, blind_plate, blind_code
    std::string group;  // field group that one has to see to hear of it
    std::string other_case;
    std::string other_number;
    std::string other_type;
    std::string other_object;
    std::string other_state;
    bool other_open = true;
    bool same_agency = false;
    bool hidden = false;        // neither owner takes part in the other's case
    bool agreed = false;        // both owners let the other know
    std::string own_requested;  // country that a cooperation request goes to
    std::string other_requested;
};

// A first detection that this case stands for.
struct OwnFirst {
    std::string scope;  // country, or "region"
    Date collected_on{};
    bool corrected = false;  // took the place of a later one
};

// A line of goods with what others of its kind were worth.
struct GoodsLine {
    std::string object_id;
    double unit_value = 0;
    std::vector<double> comparables;  // units of other traders, twelve months before
};

struct CrossFacts {
    std::string case_id;
    std::string state;
    Date today{};
    std::vector<BlindHit> hits;
    std::vector<OwnFirst> firsts;
    // Detections of the substance in the country: of the day of this one, and of the thirty before.
    std::optional<int> detections_today;
    std::vector<int> detections_before;
    std::optional<Date> first_detected;  // of the substance in the country
    std::optional<Date> controlled;      // there, since when
    std::vector<NoticeFact> notices;     // to the consignee, this one among them
    std::vector<GoodsLine> goods;
    std::vector<AssetLine> assets;
    std::vector<RateRow> rates;
};

// One function a rule of the catalogue (cases/linked/signals.cpp names them).
namespace across {

// The same phone, plate or name of a suspect in another case of trafficking or smuggling.
[[nodiscard]] std::vector<SignalEvidence> shared_recruiter(CrossFacts const& facts);
// The same identifier restrained in another case.
[[nodiscard]] std::vector<SignalEvidence> asset_conflict(CrossFacts const& facts);
// No rate for the currency at the last 31 December, or at the day of the valuation.
[[nodiscard]] std::vector<SignalEvidence> unconverted(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> first_country(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> first_region(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> detection_spike(CrossFacts const& facts);
// Detected and not controlled for ninety days.
[[nodiscard]] std::vector<SignalEvidence> legal_gap(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> split(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> reroute(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> unit_value(CrossFacts const& facts);
// An open request about the same person to the same country.
[[nodiscard]] std::vector<SignalEvidence> duplicate_request(CrossFacts const& facts);
[[nodiscard]] std::vector<SignalEvidence> restricted_hit(CrossFacts const& facts);

}  // namespace across

}  // namespace rastro::cases
