#include "certs/profiles.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "certs/agency_uri.hpp"
#include "common/text.hpp"

namespace rastro::certs {

namespace {

constexpr std::size_t longest_name =
    64;  // ub-common-name, ub-organization-name: RFC 5280 appendix A.1

Problem wrong(std::string detail) {
    return {ProblemCode::validation_failed, std::move(detail)};
}

Outcome<void> check_period(days validity, days most) {
    if (validity < days{1} || validity > most) {
        return wrong("validity must be 1 to " + std::to_string(most.count()) + " days");
    }
    return boost::system::in_place_value;
}

Outcome<void> check_name(std::string_view name) {
    if (trim(name).empty() || !is_valid_utf8(name) || has_control_characters(name) ||
        count_code_points(name) > longest_name) {
        return wrong("a name must have 1 to 64 characters and no control characters");
    }
    return boost::system::in_place_value;
}

// Letters, digits and hyphens in labels of 1 to 63, 253 in all: RFC 1123 section 2.1, RFC 1035
// section 2.3.4.
bool is_dns_name(std::string_view name) {
    if (name.empty() || name.size() > 253) {
        return false;
    }
    auto const labels = split(name, '.');
    return std::all_of(labels.begin(), labels.end(), is_gateway_name);
}

bool is_ip_address(std::string const& text) {
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    return inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), parsed.data()) == 1;
}

Outcome<CertificateProfile> member_profile(std::string_view agency_code,
                                           std::string_view common_name,
                                           std::string uri,
                                           days validity) {
    if (!parse_agency_uri(uri)) {
        return wrong("not the name of a gateway or person of an agency: " + uri);
    }
    CertificateProfile profile;
    profile.subject = {
        std::string(country_of(agency_code)), std::string(agency_code), std::string(common_name)};
    profile.client_auth = true;
    profile.uris.push_back(std::move(uri));
    profile.validity = validity;
    return profile;
}

}  // namespace

Outcome<CertificateProfile> root_profile(std::string_view federation, days validity) {
    RASTRO_CHECK(check_name(federation));
    RASTRO_CHECK(check_period(validity, days{7305}));
    CertificateProfile profile;
    profile.subject = {"", std::string(federation), "Root authority"};
    profile.is_authority = true;
    profile.path_length = 2;
    profile.validity = validity;
    return profile;
}

Outcome<CertificateProfile> country_profile(std::string_view country, days validity) {
    if (!is_country_code(country)) {
        return wrong("a country code has two capital letters");
    }
    RASTRO_CHECK(check_period(validity, days{3653}));
    CertificateProfile profile;
    profile.subject = {std::string(country), "", "Country authority " + std::string(country)};
    profile.is_authority = true;
    profile.path_length = 1;
    profile.client_auth = true;
    profile.permitted_subjects = DistinguishedName{std::string(country), "", ""};
    profile.validity = validity;
    return profile;
}

Outcome<CertificateProfile> agency_profile(std::string_view agency_code, days validity) {
    if (!is_agency_code(agency_code)) {
        return wrong("not the shape of an agency code");
    }
    RASTRO_CHECK(check_period(validity, days{1826}));
    std::string const country(country_of(agency_code));
    CertificateProfile profile;
    profile.subject = {country, std::string(agency_code), "Agency authority"};
    profile.is_authority = true;
    profile.path_length = 0;
    profile.client_auth = true;
    profile.permitted_subjects = DistinguishedName{country, std::string(agency_code), ""};
    profile.validity = validity;
    return profile;
}

Outcome<CertificateProfile> service_profile(std::string_view operator_name, days validity) {
    RASTRO_CHECK(check_name(operator_name));
    RASTRO_CHECK(check_period(validity, days{1826}));
    CertificateProfile profile;
    profile.subject = {"", std::string(operator_name), "Service authority"};
    profile.is_authority = true;
    profile.path_length = 0;
    profile.server_auth = true;
    profile.validity = validity;
    return profile;
}

Outcome<CertificateProfile> server_profile(std::vector<std::string> dns_names,
                                           std::vector<std::string> ip_addresses,
                                           days validity) {
    if (dns_names.empty() && ip_addresses.empty()) {
        return wrong("a server certificate needs a DNS name or an address");
    }
    for (auto const& name : dns_names) {
        if (!is_dns_name(name)) {
            return wrong("not a DNS name in lower case: " + name);
        }
    }
    for (auto const& address : ip_addresses) {
        if (!is_ip_address(address)) {
            return wrong("not an IP address: " + address);
        }
    }
    RASTRO_CHECK(check_period(validity, days{398}));
    CertificateProfile profile;
    auto const& shown = dns_names.empty() ? ip_addresses.front() : dns_names.front();
    profile.subject.common_name = shown.substr(0, longest_name);
    profile.server_auth = true;
    profile.dns_names = std::move(dns_names);
    profile.ip_addresses = std::move(ip_addresses);
    profile.validity = validity;
    return profile;
}

Outcome<CertificateProfile> gateway_profile(std::string_view agency_code,
                                            std::string_view name,
                                            days validity) {
    RASTRO_CHECK(check_period(validity, days{398}));
    return member_profile(agency_code, name, gateway_uri(agency_code, name), validity);
}

Outcome<CertificateProfile> person_profile(std::string_view agency_code,
                                           std::string_view uuid,
                                           days validity) {
    RASTRO_CHECK(check_period(validity, days{1096}));
    return member_profile(agency_code, uuid, person_uri(agency_code, uuid), validity);
}

}  // namespace rastro::certs
