#include "cases/trace/firearm.hpp"

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<MarkKind>, 21> kKinds{{
    {MarkKind::serial, "serial"},
    {MarkKind::maker_name, "maker_name"},
    {MarkKind::maker_logo, "maker_logo"},
    {MarkKind::model, "model"},
    {MarkKind::calibre, "calibre"},
    {MarkKind::country_of_make, "country_of_make"},
    {MarkKind::place_of_make, "place_of_make"},
    {MarkKind::year_of_make, "year_of_make"},
    {MarkKind::proof_house, "proof_house"},
    {MarkKind::acceptance_or_military, "acceptance_or_military"},
    {MarkKind::importer_name, "importer_name"},
    {MarkKind::importer_place, "importer_place"},
    {MarkKind::import_country, "import_country"},
    {MarkKind::import_year, "import_year"},
    {MarkKind::state_transfer, "state_transfer"},
    {MarkKind::police_or_unit, "police_or_unit"},
    {MarkKind::evidence_no, "evidence_no"},
    {MarkKind::part_no, "part_no"},
    {MarkKind::patent_no, "patent_no"},
    {MarkKind::licence_no, "licence_no"},
    {MarkKind::other, "other"},
}};
constexpr std::array<CodeRow<MarkPlace>, 12> kPlaces{{
    {MarkPlace::frame_or_receiver, "frame_or_receiver"},
    {MarkPlace::slide, "slide"},
    {MarkPlace::barrel, "barrel"},
    {MarkPlace::bolt, "bolt"},
    {MarkPlace::cylinder, "cylinder"},
    {MarkPlace::grip, "grip"},
    {MarkPlace::trigger_guard, "trigger_guard"},
    {MarkPlace::magazine, "magazine"},
    {MarkPlace::lower, "lower"},
    {MarkPlace::upper, "upper"},
    {MarkPlace::silencer_tube, "silencer_tube"},
    {MarkPlace::chassis, "chassis"},
}};
constexpr std::array<CodeRow<MarkState>, 7> kStates{{
    {MarkState::clear, "clear"},
    {MarkState::worn, "worn"},
    {MarkState::partly_removed, "partly_removed"},
    {MarkState::restored, "restored"},
    {MarkState::overstamped, "overstamped"},
    {MarkState::re_marked, "re_marked"},
    {MarkState::unreadable, "unreadable"},
}};
constexpr std::array<CodeRow<ObliterationMethod>, 10> kMethods{{
    {ObliterationMethod::filing, "filing"},
    {ObliterationMethod::grinding, "grinding"},
    {ObliterationMethod::drilling, "drilling"},
    {ObliterationMethod::overstamping, "overstamping"},
    {ObliterationMethod::welding, "welding"},
    {ObliterationMethod::peening, "peening"},
    {ObliterationMethod::corrosion, "corrosion"},
    {ObliterationMethod::fire, "fire"},
    {ObliterationMethod::plate_removed, "plate_removed"},
    {ObliterationMethod::unknown, "unknown"},
}};
constexpr std::array<CodeRow<LabResult>, 5> kLabResults{{
    {LabResult::not_sent, "not_sent"},
    {LabResult::pending, "pending"},
    {LabResult::restored, "restored"},
    {LabResult::partly_restored, "partly_restored"},
    {LabResult::failed, "failed"},
}};

}  // namespace

std::string_view code_of(MarkKind kind) noexcept {
    return code_in(kKinds, kind);
}
std::string_view code_of(MarkPlace place) noexcept {
    return code_in(kPlaces, place);
}
std::string_view code_of(MarkState state) noexcept {
    return code_in(kStates, state);
}
std::string_view code_of(ObliterationMethod method) noexcept {
    return code_in(kMethods, method);
}
std::string_view code_of(LabResult result) noexcept {
    return code_in(kLabResults, result);
}

std::optional<MarkKind> mark_kind_from(std::string_view code) noexcept {
    return value_in(kKinds, code);
}
std::optional<MarkPlace> mark_place_from(std::string_view code) noexcept {
    return value_in(kPlaces, code);
}
std::optional<MarkState> mark_state_from(std::string_view code) noexcept {
    return value_in(kStates, code);
}
std::optional<ObliterationMethod> obliteration_method_from(std::string_view code) noexcept {
    return value_in(kMethods, code);
}
std::optional<LabResult> lab_result_from(std::string_view code) noexcept {
    return value_in(kLabResults, code);
}

}  // namespace rastro::cases
