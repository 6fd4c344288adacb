// Agencies, the rules by which their outbound requests need no person, who receives requests for a
// country, and the client certificates enrolled for an agency. Values in and out; decisions are
// taken before (cases/access).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

using CertificateId = Id<struct CertificateTag>;

struct Agency {
    std::string agency;   // code
    std::string country;  // ISO 3166-1 alpha-2
    std::string name;
    std::string kind;  // police, customs, prosecution, tracing_centre, national_contact, ...
    bool national_contact = false;
    std::string time_zone = "UTC";
    std::string endpoint_kind = "hosted";  // hosted, peer
    std::optional<std::string> backup_agency;
    bool auto_acknowledge = false;
    std::optional<std::string> contact_email;
    std::optional<std::string> contact_phone;
    std::string state = "active";  // active, suspended
    int version = 1;
};

// Members that are absent stay as they are; an empty text removes it where the agency may be
// without.
struct AgencyChanges {
    std::optional<std::string> name;
    std::optional<std::string> time_zone;
    std::optional<std::string> endpoint_kind;
    std::optional<std::string> backup_agency;
    std::optional<bool> auto_acknowledge;
    std::optional<std::string> contact_email;
    std::optional<std::string> contact_phone;
    std::optional<std::string> state;
    std::optional<bool> national_contact;
};

struct AgencyFilter {
    std::string country;  // empty: any
    std::string kind;     // empty: any
    std::string after;    // code
    int limit = 50;
};

// domain/tracing.md 9.4 T4: which outbound requests are routed without a person's approval.
struct OutboundRule {
    std::string priority;  // routine, urgent
    bool auto_approve = false;
    Date valid_from{};
    std::string source;
};

struct RouteRow {
    std::string country;
    std::string request_kind = "trace_request";
    std::string priority = "any";  // any, routine, urgent
    std::string agency;
    std::optional<std::string> backup_agency;
    Date valid_from{};
    std::string source;
};

struct EnrolledCertificate {
    CertificateId id;
    std::string agency;
    std::string kind;  // gateway, person
    std::optional<UserId> user;
    std::string name;
    std::string uri;
    std::string issuer_key_id;
    std::string serial;
    std::string sha256;
    std::string public_key_pem;
    std::vector<std::string> roles;
    Instant not_after{};
    std::optional<UserId> enrolled_by;
    Instant enrolled_at{};
    std::optional<Instant> revoked_at;
};

class AgencyRepo {
 public:
    explicit AgencyRepo(UnitOfWork& unit) : unit_(unit) {}

    [[nodiscard]] bool country_exists(std::string_view country);
    [[nodiscard]] std::vector<Agency> list(AgencyFilter const& filter);
    [[nodiscard]] std::optional<Agency> find(std::string_view agency);
    // StorageError(unique_violation) when the code is taken.
    void insert(Agency const& agency);
    // False if `version` is not the present one.
    [[nodiscard]] bool change(std::string_view agency, int version, AgencyChanges const& changes);

    // In force on `day`, one for each priority.
    [[nodiscard]] std::vector<OutboundRule> outbound_rules(std::string_view agency, Date day);
    // StorageError(unique_violation) when that day has a rule for the priority: rules are never
    // changed, only followed.
    void add_outbound_rule(std::string_view agency, OutboundRule const& rule);

    // In force on `day`: the newest of each country, kind and priority. Empty country: all.
    [[nodiscard]] std::vector<RouteRow> routes(std::string_view country, Date day);
    // Replaces the one of the same country, kind, priority and day.
    void put_route(RouteRow const& route);

    // Newest first, revoked ones included. At most 500.
    [[nodiscard]] std::vector<EnrolledCertificate> certificates(std::string_view agency);
    [[nodiscard]] std::optional<EnrolledCertificate> find_certificate(CertificateId id);
    // StorageError(unique_violation) when issuer and serial are enrolled already.
    void enrol(EnrolledCertificate const& certificate);
    // False if it was revoked before.
    [[nodiscard]] bool revoke(CertificateId id);

 private:
    UnitOfWork& unit_;
};

}  // namespace rastro::storage
