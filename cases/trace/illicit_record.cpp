#include "cases/trace/illicit_record.hpp"

#include <array>
#include <stdexcept>

#include "cases/handling.hpp"
#include "cases/permission_table.hpp"
#include "cases/trace/code_table.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<RecordKind>, 6> kKinds{{
    {RecordKind::lost, "lost"},
    {RecordKind::stolen, "stolen"},
    {RecordKind::trafficked, "trafficked"},
    {RecordKind::smuggled, "smuggled"},
    {RecordKind::wanted, "wanted"},
    {RecordKind::destroyed, "destroyed"},
}};
constexpr std::array<CodeRow<ClearReason>, 6> kReasons{{
    {ClearReason::recovered, "recovered"},
    {ClearReason::returned_to_owner, "returned_to_owner"},
    {ClearReason::destroyed, "destroyed"},
    {ClearReason::proceedings_ended, "proceedings_ended"},
    {ClearReason::replaced, "replaced"},
    {ClearReason::entered_in_error, "entered_in_error"},
}};

bool is_blank(std::string_view text) {
    return trim(text).empty();
}

// NCIC demands of a stolen entry: serial, make, calibre, type, date, case number (4.9).
void check_mandatory(std::vector<Violation>& found, IllicitRecord const& record) {
    auto const& firearm = record.firearm;
    auto const require = [&](bool present, char const* pointer) {
        if (!present) {
            found.push_back({pointer, "required", {}});
        }
    };
    // A record is found by its serial, read whole; what else is wrong with it validate() tells.
    require(!is_blank(firearm.serial_raw), "/firearm/serial_raw");
    require(!firearm.make_id.empty() || !is_blank(firearm.make_text), "/firearm/make_text");
    require(firearm.type_code.has_value(), "/firearm/type_code");
    require(!firearm.calibre_id.empty() || !is_blank(firearm.calibre_text),
            "/firearm/calibre_text");
    require(record.event_on.has_value(), "/event_on");
    require(!is_blank(record.agency_case_no), "/agency_case_no");
    require(!is_blank(record.legal_basis), "/legal_basis");
}

}  // namespace

std::string_view code_of(RecordKind kind) noexcept {
    return code_in(kKinds, kind);
}
std::string_view code_of(ClearReason reason) noexcept {
    return code_in(kReasons, reason);
}
std::optional<RecordKind> record_kind_from(std::string_view code) noexcept {
    return value_in(kKinds, code);
}
std::optional<ClearReason> clear_reason_from(std::string_view code) noexcept {
    return value_in(kReasons, code);
}

bool needs_validation(RecordKind kind) noexcept {
    return kind != RecordKind::destroyed;
}

std::vector<Violation> check_record(IllicitRecord const& record, bool make_known, Date today) {
    std::vector<Violation> found;
    check_mandatory(found, record);
    for (auto violation : validate(record.firearm, DescriptionStage::draft)) {
        violation.pointer = "/firearm" + violation.pointer;
        found.push_back(std::move(violation));
    }
    bool const make_given = !record.firearm.make_id.empty() || !is_blank(record.firearm.make_text);
    if (make_given && !make_known && is_blank(record.firearm.remarks)) {
        found.push_back({"/firearm/remarks", "remarks_for_unknown_make", {}});
    }
    if (record.event_on && *record.event_on > today) {
        found.push_back({"/event_on", "in_the_future", {}});
    }
    if (record.valid_until && *record.valid_until < today) {
        found.push_back({"/valid_until", "in_the_past", {}});
    }
    auto const handling = parse_handling_code(record.handling_code);
    if (!handling) {
        found.push_back({"/handling_code", "unknown_code", {record.handling_code}});
    } else if (needs_handling_text(*handling) && is_blank(record.handling_text)) {
        found.push_back({"/handling_text", "required", {}});
    }
    return found;
}

Environment record_environment(RecordFacts const& facts) {
    Environment environment;
    environment.guard = [&facts](std::string_view name) -> GuardVerdict {
        if (name == "deadline_reached") {
            return {facts.deadline_reached, "the clock of this event still runs"};
        }
        if (name == "owner_validates") {
            return {needs_validation(facts.kind), "this kind of record is not confirmed again"};
        }
        if (name == "stays_as_it_is") {
            return {!needs_validation(facts.kind), "this kind of record is confirmed again"};
        }
        throw std::logic_error("no guard '" + std::string(name) + "'");
    };
    environment.in_list = [](std::string_view list, std::string_view code) {
        return list == "clear_reason" && clear_reason_from(code).has_value();
    };
    return environment;
}

KnownNames const& record_known_names() {
    static KnownNames const known = [] {
        KnownNames names;
        for (auto role : all_roles()) {
            names.roles.emplace(to_text(role));
        }
        names.guards = {"deadline_reached", "owner_validates", "stays_as_it_is"};
        names.field_types = {"code", "date", "flag", "text"};
        names.lists = {"record_kind", "clear_reason", "purpose", "handling_code", "firearm_type"};
        names.effects = {"match_again", "notify_owner"};
        names.clocks = {
            "record_first_validation", "record_validation", "record_grace", "record_validity"};
        for (int group = 0; group <= 11; ++group) {
            names.field_groups.insert("G" + std::to_string(group));
        }
        return names;
    }();
    return known;
}

bool is_live_record_state(std::string_view state) noexcept {
    return state == "ACTIVE" || state == "UNCONFIRMED";
}

}  // namespace rastro::cases
