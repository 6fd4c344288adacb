// Who acts: a signed-in person, an agency's system with its certificate (which names the person it
// acts for), or the server itself. Read in the request's own transaction, never kept past it
// (design/access.md).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"

namespace rastro::cases {

// domain/tracing.md 9.5; from `investigator` on those of linked cases
enum class Role : std::uint8_t {
    agency_user,
    agency_supervisor,
    national_contact,
    tracing_analyst,
    records_officer,
    lab_user,
    holder_user,
    policy_officer,
    statistician,
    auditor,
    system_admin,
    liaison,
    // domain/linked-cases.md 3.2; supervisor, npc, lab_analyst and admin are agency_supervisor,
    // national_contact, lab_user and system_admin
    investigator,
    unit_lead,
    prosecutor,
    court_liaison,
    victim_advocate,
    asset_tracer,
    asset_manager,
    ews_focal,
    health_authority,
    precursor_authority,
    fiu_analyst,
    integrity_officer,
    customs_analyst,
    tax_officer,
    central_authority,
    secretariat,
    partner,
};
[[nodiscard]] std::string_view to_text(Role role) noexcept;
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;
[[nodiscard]] std::vector<Role> const& all_roles();

// Roles that one person may not hold together in one agency; nullopt if the set is allowed, else
// the reason code (domain/tracing.md 9.5: an auditor never holds another role in the same agency).
[[nodiscard]] std::optional<std::string_view> conflict_of_roles(std::set<Role> const& roles);

enum class ActorKind : std::uint8_t { person, gateway, system };
[[nodiscard]] std::string_view to_text(ActorKind kind) noexcept;

struct Actor {
    ActorKind kind = ActorKind::person;
    std::string id;       // user id, certificate id, or the job's name
    std::string agency;   // agency code
    std::string country;  // ISO 3166-1 alpha-2
    std::set<Role> roles;
    std::string acting_for;            // gateways: code of the person in their own system
    std::string authentication_event;  // session or certificate id
    Instant authenticated_at{};     // last time both factors were shown; for gateways the handshake
    bool oversight_agency = false;  // its auditors see the records of all agencies
    bool agency_is_national_contact = false;
    bool administration_agency = false;  // runs the instance: registers agencies of any country
    bool must_change_password = false;
    std::vector<std::string> compartments;
    std::string purpose =
        "investigation";  // code of domain/tracing.md 3.3; bound into every decision
    std::string language = "en";

    [[nodiscard]] bool has(Role role) const noexcept { return roles.contains(role); }
    // For author, approver and handler columns: the person, or the person a gateway acts for.
    [[nodiscard]] std::string principal() const {
        return kind == ActorKind::gateway ? agency + "/" + acting_for : id;
    }
};

}  // namespace rastro::cases
