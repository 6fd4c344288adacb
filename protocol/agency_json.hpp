// Messages about agencies, routes and client certificates. As protocol/people_json: readers give
// commands and all violations at once, writers append one JSON value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// domain/tracing.md 9.4 T4; urgent requests always need a person, so only routine ones can be
// automatic.
struct OutboundRuleMessage {
    std::string priority;  // routine, urgent
    bool auto_approve = false;
    std::optional<Date> valid_from;  // absent: today
    std::string source;              // legal or organisational basis
};

struct AgencyMessage {
    std::string agency;
    std::string country;
    std::string name;
    std::string kind;
    bool national_contact = false;
    std::string time_zone = "UTC";
    std::string endpoint_kind = "hosted";
    std::optional<std::string> backup_agency;
    bool auto_acknowledge = false;
    std::optional<std::string> contact_email;
    std::optional<std::string> contact_phone;
    std::string state = "active";
    int version = 1;
    std::optional<std::vector<OutboundRuleMessage>> outbound_rules;  // in force; own country only
};
void append_agency(std::string& out, AgencyMessage const& agency);
[[nodiscard]] std::string write_agencies(std::vector<AgencyMessage> const& agencies,
                                         std::string_view next);

struct RouteMessage {
    std::string country;
    std::string request_kind = "trace_request";
    std::string priority = "any";  // any, routine, urgent
    std::string agency;
    std::optional<std::string> backup_agency;
    std::optional<Date> valid_from;  // absent: today
    std::string source;
};
void append_route(std::string& out, RouteMessage const& route);
[[nodiscard]] std::string write_routes(std::vector<RouteMessage> const& routes);
// Body of PUT /v1/routes/{country}; the country comes from the address.
[[nodiscard]] Outcome<RouteMessage> read_route_change(std::string_view body);

// "agency" must be a code with a right check character (cases/agency_code); the country is its
// beginning. "route" makes the new agency the one that receives requests for its country.
struct AgencyCreate {
    AgencyMessage agency;
    std::vector<OutboundRuleMessage> outbound_rules;
    std::optional<RouteMessage> route;
};
[[nodiscard]] Outcome<AgencyCreate> read_agency_create(std::string_view body);

// A merge patch (RFC 7396): absent members stay, null (an empty text here) removes.
// `outbound_rules` follow the rules in force from their day on.
struct AgencyChange {
    std::optional<std::string> name;
    std::optional<std::string> time_zone;
    std::optional<std::string> endpoint_kind;
    std::optional<std::string> backup_agency;
    std::optional<bool> auto_acknowledge;
    std::optional<std::string> contact_email;
    std::optional<std::string> contact_phone;
    std::optional<std::string> state;
    std::optional<bool> national_contact;
    std::vector<OutboundRuleMessage> outbound_rules;
};
[[nodiscard]] Outcome<AgencyChange> read_agency_change(std::string_view body);

struct CertificateEnrol {
    std::string certificate_pem;
    std::vector<cases::Role>
        roles;  // of an agency's system; a person's certificate has none of its own
};
[[nodiscard]] Outcome<CertificateEnrol> read_certificate_enrol(std::string_view body);

struct CertificateMessage {
    Uuid id;
    std::string agency;
    std::string kind;  // gateway, person
    std::optional<UserId> user;
    std::string name;
    std::string uri;
    std::string issuer_key_id;
    std::string serial;
    std::string sha256;
    std::vector<std::string> roles;
    Instant not_after{};
    std::optional<UserId> enrolled_by;
    Instant enrolled_at{};
    std::optional<Instant> revoked_at;
};
void append_certificate(std::string& out, CertificateMessage const& certificate);
[[nodiscard]] std::string write_certificates(std::vector<CertificateMessage> const& certificates);

}  // namespace rastro::protocol
