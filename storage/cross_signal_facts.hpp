// What rules that look across cases are told (cases/linked/cross_signals), fetched from the cases
// of all agencies. System access: what comes of it is told only to whom the rule lets know. Load
// only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/linked/cross_signals.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"
#include "storage/linked_case_repo.hpp"

namespace rastro::storage {

// Present values of the case but those that are sealed (S4).
[[nodiscard]] std::vector<FieldRow> unsealed_values(UnitOfWork& unit, CaseId const& case_id);

// Values of other cases that equal one of this by the blind index.
[[nodiscard]] std::vector<cases::BlindHit> blind_hits(UnitOfWork& unit, LinkedCase const& file);

// First detections that the case stands for.
[[nodiscard]] std::vector<cases::OwnFirst> own_firsts(UnitOfWork& unit, CaseId const& case_id);

// Detections of a substance in a country on each of the thirty days before `day` and, last, on it.
[[nodiscard]] std::vector<int> detections_by_day(UnitOfWork& unit,
                                                 std::string_view country,
                                                 std::string_view substance,
                                                 Date day);

// When any of these names of a substance was first detected in the country, and since when one of
// them is controlled there.
struct ControlState {
    std::optional<Date> first_detected;
    std::optional<Date> controlled;
};
[[nodiscard]] ControlState control_state(UnitOfWork& unit,
                                         std::string_view country,
                                         std::vector<std::string> const& names);

// Notices to the consignee of this one, by the blind index, this one among them.
[[nodiscard]] std::vector<cases::NoticeFact> notices_to_consignee(UnitOfWork& unit,
                                                                  CaseId const& case_id);

// What a unit of the goods was worth in lines of other traders, twelve months before the day.
struct GoodsAsked {
    CaseId case_id;
    std::string hs6;
    std::string unit;
    std::string origin;
    std::string currency;
    Date day{};
};
[[nodiscard]] std::vector<double> comparable_unit_values(UnitOfWork& unit, GoodsAsked const& asked);

}  // namespace rastro::storage
