// The names that certificates carry: agency codes, and the URI of a gateway or a person. Only the
// shape of a code is checked here; its check character is a rule of cases/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::certs {

enum class SubjectKind : std::uint8_t { gateway, person };

inline constexpr std::string_view agency_uri_prefix = "urn:rastro:agency:";

struct AgencyUri {
    SubjectKind kind = SubjectKind::gateway;
    std::string agency;  // "XA-POLNAC-7"
    std::string name;    // gateway name, or the person's UUID in lower case
};

// [A-Z]{2}-[A-Z0-9]{3,10}-[A-Z0-9]
[[nodiscard]] bool is_agency_code(std::string_view text) noexcept;
// Two upper-case letters (ISO 3166-1 alpha-2, user-assigned codes included).
[[nodiscard]] bool is_country_code(std::string_view text) noexcept;
// [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?, as a DNS label
[[nodiscard]] bool is_gateway_name(std::string_view text) noexcept;

// "XA" of "XA-POLNAC-7". The code must have the right shape.
[[nodiscard]] std::string_view country_of(std::string_view agency_code) noexcept;

// True if the text claims to name something of an agency, whatever the case of its letters: "urn"
// and the namespace identifier compare without case (RFC 8141 section 3.1), so such a URI must not
// slip past.
[[nodiscard]] bool claims_agency(std::string_view uri) noexcept;
// urn:rastro:agency:<code>:gw:<name> or urn:rastro:agency:<code>:person:<uuid>, exactly as written
// here.
[[nodiscard]] std::optional<AgencyUri> parse_agency_uri(std::string_view uri);

[[nodiscard]] std::string gateway_uri(std::string_view agency_code, std::string_view name);
[[nodiscard]] std::string person_uri(std::string_view agency_code, std::string_view uuid);

}  // namespace rastro::certs
