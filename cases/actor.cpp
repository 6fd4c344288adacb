#include "cases/actor.hpp"

#include <array>
#include <utility>

namespace rastro::cases {

namespace {

constexpr std::array<std::pair<Role, std::string_view>, 29> kRoles{{
    {Role::agency_user, "agency_user"},
    {Role::agency_supervisor, "agency_supervisor"},
    {Role::national_contact, "national_contact"},
    {Role::tracing_analyst, "tracing_analyst"},
    {Role::records_officer, "records_officer"},
    {Role::lab_user, "lab_user"},
    {Role::holder_user, "holder_user"},
    {Role::policy_officer, "policy_officer"},
    {Role::statistician, "statistician"},
    {Role::auditor, "auditor"},
    {Role::system_admin, "system_admin"},
    {Role::liaison, "liaison"},
    {Role::investigator, "investigator"},
    {Role::unit_lead, "unit_lead"},
    {Role::prosecutor, "prosecutor"},
    {Role::court_liaison, "court_liaison"},
    {Role::victim_advocate, "victim_advocate"},
    {Role::asset_tracer, "asset_tracer"},
    {Role::asset_manager, "asset_manager"},
    {Role::ews_focal, "ews_focal"},
    {Role::health_authority, "health_authority"},
    {Role::precursor_authority, "precursor_authority"},
    {Role::fiu_analyst, "fiu_analyst"},
    {Role::integrity_officer, "integrity_officer"},
    {Role::customs_analyst, "customs_analyst"},
    {Role::tax_officer, "tax_officer"},
    {Role::central_authority, "central_authority"},
    {Role::secretariat, "secretariat"},
    {Role::partner, "partner"},
}};

}  // namespace

std::string_view to_text(Role role) noexcept {
    for (auto const& [value, text] : kRoles) {
        if (value == role) {
            return text;
        }
    }
    return {};
}

std::optional<Role> parse_role(std::string_view text) noexcept {
    for (auto const& [value, name] : kRoles) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

std::vector<Role> const& all_roles() {
    static std::vector<Role> const roles = [] {
        std::vector<Role> all;
        for (auto const& row : kRoles) {
            all.push_back(row.first);
        }
        return all;
    }();
    return roles;
}

std::optional<std::string_view> conflict_of_roles(std::set<Role> const& roles) {
    if (roles.contains(Role::auditor) && roles.size() > 1) {
        return "auditor_holds_no_other_role";
    }
    if (roles.contains(Role::holder_user) && roles.size() > 1) {
        return "holder_holds_no_other_role";
    }
    return std::nullopt;
}

std::string_view to_text(ActorKind kind) noexcept {
    switch (kind) {
        case ActorKind::person:
            return "person";
        case ActorKind::gateway:
            return "gateway";
        case ActorKind::system:
            break;
    }
    return "system";
}

}  // namespace rastro::cases
