#include "cases/trace/request.hpp"

#include <algorithm>

#include "cases/access.hpp"
#include "cases/trace/offence.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<Priority>, 2> kPriorities{
    {{Priority::routine, "routine"}, {Priority::urgent, "urgent"}}};
constexpr std::array<CodeRow<UrgentGround>, 6> kGrounds{{
    {UrgentGround::homicide_or_officer_shot, "homicide_or_officer_shot"},
    {UrgentGround::mass_casualty, "mass_casualty"},
    {UrgentGround::imminent_threat, "imminent_threat"},
    {UrgentGround::in_custody_clock, "in_custody_clock"},
    {UrgentGround::active_pursuit, "active_pursuit"},
    {UrgentGround::terrorism, "terrorism"},
}};
constexpr std::array<CodeRow<Purpose>, 7> kPurposes{{
    {Purpose::investigation, "investigation"},
    {Purpose::prosecution, "prosecution"},
    {Purpose::intelligence, "intelligence"},
    {Purpose::border_control, "border_control"},
    {Purpose::stock_audit, "stock_audit"},
    {Purpose::sanctions_monitoring, "sanctions_monitoring"},
    {Purpose::statistics, "statistics"},
}};
constexpr std::array<CodeRow<IllicitGround>, 5> kIllicit{{
    {IllicitGround::illicit_under_local_law, "illicit_under_local_law"},
    {IllicitGround::embargo_breach, "embargo_breach"},
    {IllicitGround::unmarked, "unmarked"},
    {IllicitGround::unlicensed_manufacture, "unlicensed_manufacture"},
    {IllicitGround::unauthorised_transfer, "unauthorised_transfer"},
}};
constexpr std::array<CodeRow<RecoveryPrecision>, 4> kPrecisions{{
    {RecoveryPrecision::day, "day"},
    {RecoveryPrecision::month, "month"},
    {RecoveryPrecision::year, "year"},
    {RecoveryPrecision::unknown, "unknown"},
}};
constexpr std::array<CodeRow<PersonRole>, 2> kPersonRoles{
    {{PersonRole::possessor, "possessor"}, {PersonRole::associate, "associate"}}};

constexpr std::size_t kMaxRecipients =
    8;  // parallel legs at submission; more can be added one by one
constexpr std::size_t kMaxPersons = 50;

void require(std::vector<Violation>& violations, bool there, std::string pointer) {
    if (!there) {
        violations.push_back({std::move(pointer), "required", {}});
    }
}

void check_groups(std::vector<Violation>& violations,
                  std::vector<std::string> const& groups,
                  std::string const& pointer) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (std::ranges::find(all_field_groups(), groups[i]) == all_field_groups().end()) {
            violations.push_back({pointer + "/" + std::to_string(i), "unknown_code", {groups[i]}});
        }
    }
}

void check_recovery(std::vector<Violation>& violations, Recovery const& recovery) {
    if (recovery.latitude.has_value() != recovery.longitude.has_value()) {
        violations.push_back(
            {recovery.latitude ? "/recovery/longitude" : "/recovery/latitude", "required", {}});
    }
    if (recovery.latitude && (*recovery.latitude < -90 || *recovery.latitude > 90)) {
        violations.push_back({"/recovery/latitude", "out_of_range", {"-90", "90"}});
    }
    if (recovery.longitude && (*recovery.longitude < -180 || *recovery.longitude > 180)) {
        violations.push_back({"/recovery/longitude", "out_of_range", {"-180", "180"}});
    }
    for (std::size_t i = 0; i < recovery.context.size(); ++i) {
        if (find_offence_category(recovery.context[i]) == nullptr) {
            violations.push_back(
                {"/recovery/context/" + std::to_string(i), "unknown_code", {recovery.context[i]}});
        }
    }
}

void check_recipients(std::vector<Violation>& violations,
                      std::vector<Recipient> const& recipients) {
    if (recipients.size() > kMaxRecipients) {
        violations.push_back({"/recipients", "too_many_items", {std::to_string(kMaxRecipients)}});
    }
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        auto const pointer = "/recipients/" + std::to_string(i);
        if (recipients[i].country.empty() == recipients[i].agency.empty()) {
            violations.push_back({pointer, "country_or_agency", {}});
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (recipients[i] == recipients[j]) {
                violations.push_back({pointer, "duplicate_item", {}});
            }
        }
    }
}

}  // namespace

std::string_view code_of(Priority value) noexcept {
    return code_in(kPriorities, value);
}
std::string_view code_of(UrgentGround value) noexcept {
    return code_in(kGrounds, value);
}
std::string_view code_of(Purpose value) noexcept {
    return code_in(kPurposes, value);
}
std::string_view code_of(IllicitGround value) noexcept {
    return code_in(kIllicit, value);
}
std::string_view code_of(RecoveryPrecision value) noexcept {
    return code_in(kPrecisions, value);
}
std::string_view code_of(PersonRole value) noexcept {
    return code_in(kPersonRoles, value);
}
std::optional<Priority> priority_from(std::string_view code) noexcept {
    return value_in(kPriorities, code);
}
std::optional<UrgentGround> urgent_ground_from(std::string_view code) noexcept {
    return value_in(kGrounds, code);
}
std::optional<Purpose> purpose_from(std::string_view code) noexcept {
    return value_in(kPurposes, code);
}
std::optional<IllicitGround> illicit_ground_from(std::string_view code) noexcept {
    return value_in(kIllicit, code);
}
std::optional<RecoveryPrecision> recovery_precision_from(std::string_view code) noexcept {
    return value_in(kPrecisions, code);
}
std::optional<PersonRole> person_role_from(std::string_view code) noexcept {
    return value_in(kPersonRoles, code);
}

bool asks_for_protected_groups(TraceRequestContent const& content) {
    return std::ranges::any_of(content.requested_groups, [](std::string const& group) {
        return group == "G6" || group == "G7";
    });
}

std::vector<Violation> check_draft(TraceRequestContent const& content) {
    std::vector<Violation> violations;
    for (auto& violation : validate(content.firearm, DescriptionStage::draft)) {
        violation.pointer = "/firearm" + violation.pointer;
        violations.push_back(std::move(violation));
    }
    check_recovery(violations, content.recovery);
    check_recipients(violations, content.recipients);
    check_groups(violations, content.requested_groups, "/requested_groups");
    check_groups(violations, content.shared_groups, "/shared_groups");
    if (content.persons.size() > kMaxPersons) {
        violations.push_back({"/associates", "too_many_items", {std::to_string(kMaxPersons)}});
    }
    if (!content.offence_code.empty() && find_offence_category(content.offence_code) == nullptr) {
        violations.push_back({"/offence_code", "unknown_code", {content.offence_code}});
    }
    if (content.handling_code != "H0" && content.handling_code != "H1" &&
        content.handling_code != "H2" && content.handling_code != "H3") {
        violations.push_back({"/handling_code", "unknown_code", {content.handling_code}});
    }
    // H3 is "another restriction, stated in words" (1.3).
    if (content.handling_code == "H3" && trim(content.handling_text).empty()) {
        violations.push_back({"/handling_text", "required", {}});
    }
    if (content.priority == Priority::routine && content.urgent_ground) {
        violations.push_back({"/urgent_ground", "only_for_urgent", {}});
    }
    // Nothing is urgent without its ground, not even in a draft (2.3).
    require(violations,
            content.priority == Priority::routine || content.urgent_ground.has_value(),
            "/urgent_ground");
    return violations;
}

std::vector<Violation> check_for_submission(TraceRequestContent const& content) {
    auto violations = check_draft(content);
    std::string asked_country;
    if (!content.recipients.empty()) {
        auto const& first = content.recipients.front();
        asked_country = first.country.empty() ? first.agency.substr(0, 2) : first.country;
    }
    for (auto& violation : validate(content.firearm, DescriptionStage::submit, asked_country)) {
        violation.pointer = "/firearm" + violation.pointer;
        bool const known = std::ranges::any_of(violations, [&](Violation const& other) {
            return other.pointer == violation.pointer && other.code == violation.code;
        });
        if (!known) {
            violations.push_back(std::move(violation));
        }
    }
    require(violations, !trim(content.legal_basis).empty(), "/legal_basis");
    require(violations, !content.offence_code.empty(), "/offence_code");
    require(violations, !trim(content.intended_use).empty(), "/intended_use");
    require(violations, content.illicit_ground.has_value(), "/illicit_ground");
    require(violations, !content.recovery.country.empty(), "/recovery/country");
    require(violations,
            content.recovery.recovered_on.has_value() ||
                content.recovery.date_precision == RecoveryPrecision::unknown,
            "/recovery/recovered_on");
    require(violations, !content.recipients.empty(), "/recipients");
    if (content.priority == Priority::urgent) {
        require(violations, !trim(content.urgent_justification).empty(), "/urgent_justification");
    }
    return violations;
}

}  // namespace rastro::cases
