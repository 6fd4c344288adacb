#include "cases/linked/cross_signals.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "cases/linked/first_detection.hpp"
#include "cases/linked/unit_value.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using Facts = CrossFacts;
using Found = std::vector<SignalEvidence>;
using std::chrono::sys_days;

std::string number_text(double value, int places = 2) {
    std::array<char, 64> text{};
    auto const written = std::to_chars(
        text.data(), text.data() + text.size(), value, std::chars_format::fixed, places);
    return {text.data(), written.ptr};
}

bool is_trafficking(BlindHit const& hit) {
    return hit.other_type == "tip_case" || hit.other_type == "som_case";
}

bool is_restrained(std::string const& state) {
    static constexpr std::array<std::string_view, 5> kStates{
        "FROZEN", "SEIZED", "UNDER_MANAGEMENT", "INTERIM_SOLD", "FORFEITURE_ORDERED"};
    return std::ranges::find(kStates, state) != kStates.end();
}

// One signal an object of this case: by which indexes, in how many cases, and the numbers of those
// that are the own agency's.
template <class Fires>
Found same_elsewhere(Facts const& f, Fires fires) {
    struct Sum {
        std::set<std::string> indexes;
        std::set<std::string> cases;
        std::set<std::string> own;
        std::string group = "S2";
    };
    std::map<std::string, Sum> by_object;
    for (auto const& hit : f.hits) {
        if (!fires(hit)) {
            continue;
        }
        auto& sum = by_object[hit.object_id];
        sum.indexes.insert(hit.index);
        sum.cases.insert(hit.other_case);
        // The strictest that any of it rests on; sealed values are told of with what is protected.
        sum.group = std::max(sum.group, hit.group == "S4" ? std::string("S3") : hit.group);
        if (hit.same_agency) {
            sum.own.insert(hit.other_number);
        }
    }
    auto const joined = [](std::set<std::string> const& parts) {
        std::string text;
        for (auto const& part : parts) {
            text += (text.empty() ? "" : "|") + part;
        }
        return text;
    };
    Found found;
    for (auto const& [object_id, sum] : by_object) {
        SignalEvidence evidence{
            object_id,
            {{"same", joined(sum.indexes)}, {"other_cases", std::to_string(sum.cases.size())}},
            sum.group};
        if (!sum.own.empty()) {
            evidence.numbers["own_cases"] = joined(sum.own);
        }
        found.push_back(std::move(evidence));
    }
    return found;
}

}  // namespace

namespace across {

Found shared_recruiter(Facts const& f) {
    return same_elsewhere(f, [](BlindHit const& hit) {
        return hit.object == "suspect" && hit.other_object == "suspect" && is_trafficking(hit);
    });
}

Found asset_conflict(Facts const& f) {
    return same_elsewhere(f, [](BlindHit const& hit) {
        return hit.object == "asset" && hit.other_object == "asset" && hit.index == "blind_code" &&
               is_restrained(hit.state) && is_restrained(hit.other_state);
    });
}

// Of the last 31 December, when the figures of a year are made.
Found unconverted(Facts const& f) {
    Date const report_date{
        f.today.year() - std::chrono::years(1), std::chrono::December, std::chrono::day(31)};
    std::vector<AssetLine> due;
    std::ranges::copy_if(f.assets, std::back_inserter(due), [&](AssetLine const& line) {
        return line.value_date <= report_date && line.state != "RELEASED" && line.state != "LOST";
    });
    Found found;
    for (auto const& id : roll_up(due, "USD", report_date, f.rates).unconverted) {
        found.push_back({id, {{"report_date", to_iso_date(report_date)}}, "S1"});
    }
    return found;
}

namespace {

Found first_in(Facts const& f, bool region) {
    Found found;
    for (auto const& first : f.firsts) {
        if ((first.scope == kRegion) == region) {
            found.push_back({"",
                             {{"scope", first.scope},
                              {"collected_on", to_iso_date(first.collected_on)},
                              {"level", region ? "L2" : "L3"},
                              {"corrects_a_later_one", first.corrected ? "true" : "false"}},
                             "S1"});
        }
    }
    return found;
}

}  // namespace

Found first_country(Facts const& f) {
    return first_in(f, false);
}
Found first_region(Facts const& f) {
    return first_in(f, true);
}

Found detection_spike(Facts const& f) {
    if (!f.detections_today) {
        return {};
    }
    auto const verdict = spike(*f.detections_today, f.detections_before);
    if (!verdict.fires) {
        return {};
    }
    return {{"",
             {{"detections", std::to_string(*f.detections_today)},
              {"own_high", std::to_string(verdict.own_high)},
              {"p", number_text(verdict.p, 4)}},
             "S1"}};
}

Found legal_gap(Facts const& f) {
    if (!f.first_detected || f.controlled) {
        return {};
    }
    auto const gap = legal_gap_days(*f.first_detected, f.controlled, f.today);
    if (gap < kLegalGapSignalDays) {
        return {};
    }
    return {{"",
             {{"first_detected", to_iso_date(*f.first_detected)}, {"days", std::to_string(gap)}},
             "S0"}};
}

Found split(Facts const& f) {
    Found found;
    for (auto const& group : split_notices(f.notices)) {
        if (std::ranges::find(group, f.case_id) == group.end()) {
            continue;
        }
        std::int64_t grams = 0;
        std::int64_t threshold = 0;
        for (auto const& notice : f.notices) {
            if (std::ranges::find(group, notice.case_id) != group.end()) {
                grams += notice.grams;
                threshold = std::max(threshold, notice.threshold_grams);
            }
        }
        found.push_back({"",
                         {{"notices", std::to_string(group.size())},
                          {"sum_g", std::to_string(grams)},
                          {"threshold_g", std::to_string(threshold)}},
                         "S1"});
    }
    return found;
}

Found reroute(Facts const& f) {
    auto const found = rerouted_notices(f.notices);
    if (std::ranges::find(found, f.case_id) == found.end()) {
        return {};
    }
    auto const objected =
        std::ranges::count_if(f.notices, [](NoticeFact const& notice) { return notice.objected; });
    return {{"", {{"objected_before", std::to_string(objected)}}, "S1"}};
}

Found unit_value(Facts const& f) {
    Found found;
    for (auto const& line : f.goods) {
        auto const reference = unit_value_reference(line.comparables);
        auto const verdict = judge_unit_value(line.unit_value, reference);
        if (verdict.level == UnitValueLevel::insufficient_reference ||
            verdict.level == UnitValueLevel::none) {
            continue;
        }
        found.push_back(
            {line.object_id,
             {{"level", verdict.strong ? "strong" : std::string(to_text(verdict.level))},
              {"unit_value", number_text(line.unit_value)},
              {"median", number_text(reference.median)},
              {"q1", number_text(reference.q1)},
              {"q3", number_text(reference.q3)},
              {"robust_z", number_text(verdict.robust_z)},
              {"comparables", std::to_string(reference.n)}},
             "S1"});
    }
    return found;
}

Found duplicate_request(Facts const& f) {
    static constexpr std::array<std::string_view, 3> kEnded{"EXECUTED", "REFUSED", "WITHDRAWN"};
    bool const ended = std::ranges::find(kEnded, f.state) != kEnded.end();
    return same_elsewhere(f, [&](BlindHit const& hit) {
        bool const other_ended = std::ranges::find(kEnded, hit.other_state) != kEnded.end();
        return !ended && hit.other_type == "coop_request" && hit.other_open && !other_ended &&
               !hit.own_requested.empty() && hit.own_requested == hit.other_requested;
    });
}

// Only where both owners have agreed that they may learn of each other.
Found restricted_hit(Facts const& f) {
    return same_elsewhere(f, [](BlindHit const& hit) { return hit.hidden && hit.agreed; });
}

}  // namespace across

}  // namespace rastro::cases
