// What each kind of certificate of the house contains (anchors/security.md 6.2, 6.3). A profile
// says everything about a certificate but its key, issuer, serial and start.
//
//   root (one a federation)
//     |- country authority          subjects only under C=<country>
//     |    '- agency authority      pathlen 0, subjects only under C=<country>, O=<agency code>
//     |         |- gateway          urn:rastro:agency:<code>:gw:<name>
//     |         '- person           urn:rastro:agency:<code>:person:<uuid>
//     '- service authority          pathlen 0, servers only
//          '- server                DNS names and addresses
//
// Authorities are bound to their country and agency by a directory name constraint, because URI
// constraints do not apply to URNs (RFC 5280 4.2.1.10); identity_of closes the gap by demanding
// that the subject repeat the agency of the URI. Extended key usage nests: nothing under a country
// can be a server.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/outcome.hpp"

namespace rastro::certs {

// Encoded in this order; empty parts are left out.
struct DistinguishedName {
    std::string country;
    std::string organisation;
    std::string common_name;  // for people who read certificates; no program reads it
};

struct CertificateProfile {
    DistinguishedName subject;
    bool is_authority = false;
    std::optional<int> path_length;  // authorities below this one; none: no limit
    bool server_auth = false;        // neither of the two on an authority: not limited
    bool client_auth = false;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;  // "127.0.0.1", "::1"
    std::vector<std::string> uris;
    std::optional<DistinguishedName> permitted_subjects;  // name constraint, critical
    std::chrono::days validity{90};
};

using std::chrono::days;

// Each returns validation_failed naming the wrong part: a code of the wrong shape, a name over 64
// characters, a period of no or too many days (certificates of a server or gateway: 398, persons:
// 1096).
[[nodiscard]] Outcome<CertificateProfile> root_profile(std::string_view federation,
                                                       days validity = days{3653});
[[nodiscard]] Outcome<CertificateProfile> country_profile(std::string_view country,
                                                          days validity = days{1826});
[[nodiscard]] Outcome<CertificateProfile> agency_profile(std::string_view agency_code,
                                                         days validity = days{1096});
[[nodiscard]] Outcome<CertificateProfile> service_profile(std::string_view operator_name,
                                                          days validity = days{1096});
// At least one name or address. DNS names in lower case, a leading "*." label is refused.
[[nodiscard]] Outcome<CertificateProfile> server_profile(std::vector<std::string> dns_names,
                                                         std::vector<std::string> ip_addresses,
                                                         days validity = days{90});
[[nodiscard]] Outcome<CertificateProfile> gateway_profile(std::string_view agency_code,
                                                          std::string_view name,
                                                          days validity = days{90});
[[nodiscard]] Outcome<CertificateProfile> person_profile(std::string_view agency_code,
                                                         std::string_view uuid,
                                                         days validity = days{365});

}  // namespace rastro::certs
