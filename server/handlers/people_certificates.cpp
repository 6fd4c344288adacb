// Client certificates of the own agency: enrolling binds issuer and serial to it
// (anchors/security.md 6.3), revoking here counts from the next request on, without waiting for a
// revocation list.
#include <algorithm>
#include <array>

#include "certs/identity.hpp"
#include "common/text.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using cases::Role;

// A system works for people who sign in at home; it does not administer, audit or decide policies.
constexpr std::array kGatewayRoles{Role::agency_user,
                                   Role::agency_supervisor,
                                   Role::national_contact,
                                   Role::tracing_analyst,
                                   Role::records_officer,
                                   Role::lab_user};

protocol::CertificateMessage to_message(storage::EnrolledCertificate const& certificate) {
    return {.id = certificate.id.uuid,
            .agency = certificate.agency,
            .kind = certificate.kind,
            .user = certificate.user,
            .name = certificate.name,
            .uri = certificate.uri,
            .issuer_key_id = certificate.issuer_key_id,
            .serial = certificate.serial,
            .sha256 = certificate.sha256,
            .roles = certificate.roles,
            .not_after = certificate.not_after,
            .enrolled_by = certificate.enrolled_by,
            .enrolled_at = certificate.enrolled_at,
            .revoked_at = certificate.revoked_at};
}

// Certificates are an affair of their own agency; for others they do not exist.
Outcome<cases::Decision> authorise_own(Call& call, std::string const& agency) {
    return call.authorise(facts_of(
        "certificate", {agency == call.actor.agency ? Relation::own_agency : Relation::none}));
}

// The DER bytes of a text with exactly one certificate (RFC 7468).
std::optional<std::string> der_of_pem(std::string_view pem) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view end = "-----END CERTIFICATE-----";
    pem = trim(pem);
    if (!pem.starts_with(begin) || !pem.ends_with(end)) {
        return std::nullopt;
    }
    pem.remove_prefix(begin.size());
    pem.remove_suffix(end.size());
    std::string base64;
    for (char c : pem) {
        if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
            base64.push_back(c);
        }
    }
    auto const bytes = from_base64(base64);
    return bytes ? std::optional<std::string>(as_text(*bytes)) : std::nullopt;
}

Outcome<std::string> parse_agency(Arrival const& arrival) {
    return path_text(arrival, "agency");
}

Outcome<Reply> run_list(Call& call, std::string const& agency, storage::UnitOfWork& unit) {
    call.about("certificate", "", std::nullopt, agency.substr(0, 20));
    RASTRO_CHECK(authorise_own(call, agency));
    std::vector<protocol::CertificateMessage> messages;
    for (auto const& certificate : storage::AgencyRepo(unit).certificates(agency)) {
        messages.push_back(to_message(certificate));
    }
    Reply reply;
    reply.body = protocol::write_certificates(messages);
    return reply;
}

struct Enrol {
    std::string agency;
    protocol::CertificateEnrol message;
    certs::CertificateIdentity identity;
};

Outcome<Enrol> parse_enrol(Arrival const& arrival) {
    RASTRO_TRY(message, protocol::read_certificate_enrol(arrival.body));
    auto const der = der_of_pem(message.certificate_pem);
    if (!der) {
        return violation("/certificate_pem", "not_one_certificate");
    }
    auto identity = certs::identity_of(*der);
    if (!identity) {
        return violation(
            "/certificate_pem", "certificate_not_acceptable", {identity.error().detail()});
    }
    bool const is_gateway = identity.value().kind == certs::SubjectKind::gateway;
    if (is_gateway == message.roles.empty()) {
        return violation("/roles", is_gateway ? "gateway_needs_roles" : "person_has_own_roles");
    }
    for (std::size_t i = 0; i < message.roles.size(); ++i) {
        if (std::ranges::find(kGatewayRoles, message.roles[i]) == kGatewayRoles.end()) {
            return violation("/roles/" + std::to_string(i), "not_a_gateway_role");
        }
    }
    return Enrol{.agency = path_text(arrival, "agency"),
                 .message = std::move(message),
                 .identity = std::move(identity).value()};
}

Outcome<Reply> run_enrol(Call& call, Enrol const& command, storage::UnitOfWork& unit) {
    auto const& identity = command.identity;
    storage::EnrolledCertificate row;
    row.id = storage::CertificateId::generate();
    call.about("certificate", row.id.to_string(), std::nullopt, command.agency.substr(0, 20));
    RASTRO_CHECK(authorise_own(call, command.agency));
    if (identity.agency != command.agency) {
        return violation("/certificate_pem", "certificate_of_another_agency");
    }
    if (identity.not_after <= unit.now()) {
        return violation("/certificate_pem", "certificate_expired");
    }
    row.agency = identity.agency;
    row.kind = identity.kind == certs::SubjectKind::gateway ? "gateway" : "person";
    if (row.kind == "person") {
        row.user = UserId::parse(identity.name);
        auto const user = row.user ? storage::PeopleRepo(unit).find(*row.user) : std::nullopt;
        if (!user || user->agency != identity.agency) {
            return violation("/certificate_pem", "unknown_user");
        }
    }
    row.name = identity.name;
    row.uri = identity.uri;
    row.issuer_key_id = identity.issuer_key_id;
    row.serial = identity.serial;
    row.sha256 = identity.sha256;
    row.public_key_pem = identity.public_key_pem;
    for (auto role : command.message.roles) {
        row.roles.emplace_back(to_text(role));
    }
    row.not_after = identity.not_after;
    row.enrolled_by = caller_id(call);
    row.enrolled_at = unit.now();
    try {
        storage::AgencyRepo(unit).enrol(row);
    } catch (storage::StorageError const& error) {
        if (error.fault() == storage::StorageFault::unique_violation) {
            return Problem(ProblemCode::duplicate, "This certificate is enrolled already");
        }
        throw;
    }
    Reply reply;
    reply.status = 201;
    protocol::append_certificate(reply.body, to_message(row));
    reply.location = "/v1/agencies/" + row.agency + "/certificates/" + row.id.to_string();
    return reply;
}

struct Revoke {
    std::string agency;
    storage::CertificateId id;
};

Outcome<Revoke> parse_revoke(Arrival const& arrival) {
    RASTRO_TRY(id, path_id<storage::CertificateId>(arrival, "certificate_id"));
    return Revoke{.agency = path_text(arrival, "agency"), .id = id};
}

Outcome<Reply> run_revoke(Call& call, Revoke const& command, storage::UnitOfWork& unit) {
    call.about("certificate", command.id.to_string(), std::nullopt, command.agency.substr(0, 20));
    RASTRO_CHECK(authorise_own(call, command.agency));
    storage::AgencyRepo agencies(unit);
    auto const certificate = agencies.find_certificate(command.id);
    if (!certificate || certificate->agency != command.agency) {
        return ProblemCode::not_found;
    }
    // Revoking twice has no further effect.
    static_cast<void>(agencies.revoke(command.id));
    Reply reply;
    reply.status = 204;
    return reply;
}

}  // namespace

void bind_certificates(Routes& routes) {
    routes.add("certificate_list", parse_agency, run_list);
    routes.add("certificate_enrol", parse_enrol, run_enrol);
    routes.add("certificate_revoke", parse_revoke, run_revoke);
}

}  // namespace rastro::server
