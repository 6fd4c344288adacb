#include "server/credentials.hpp"

#include "common/text.hpp"

namespace rastro::server {

namespace {

// The value of one cookie (RFC 6265 4.2); empty if absent.
std::string_view cookie(std::string_view header, std::string_view name) {
    for (auto part : split(header, ';')) {
        part = trim(part);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=') {
            return part.substr(name.size() + 1);
        }
    }
    return {};
}

bool is_code(std::string_view text) {
    if (text.empty() || text.size() > 64) {
        return false;
    }
    for (char c : text) {
        bool const good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!good) {
            return false;
        }
    }
    return true;
}

Outcome<std::optional<storage::ShownCredential>> of_token(std::string_view text) {
    auto const bytes = from_base64url(text);
    if (!bytes || bytes->size() != 32) {
        return Problem(ProblemCode::session_expired).with_audit_reason("malformed_token");
    }
    return std::optional<storage::ShownCredential>{storage::SessionToken{sha256(*bytes)}};
}

}  // namespace

Outcome<std::optional<storage::ShownCredential>> shown_credential(
    HttpRequest const& request, protocol::Endpoint const& endpoint) {
    auto const authorization = request.headers.get("authorization");
    auto const from_cookie = cookie(request.headers.get("cookie"), kSessionCookie);
    if (!authorization.empty() && !from_cookie.empty()) {
        return Problem(ProblemCode::authentication_required, "Two session tokens were shown");
    }
    if (!authorization.empty()) {
        if (authorization.size() < 8 ||
            !equals_ignoring_case(authorization.substr(0, 7), "Bearer ")) {
            return Problem(ProblemCode::authentication_required,
                           "Authorization must be a bearer token");
        }
        return of_token(trim(authorization.substr(7)));
    }
    if (!from_cookie.empty()) {
        // A page of another origin can make a browser send the cookie but cannot set this header.
        if (endpoint.method != "GET" && request.headers.get("rastro-csrf") != "1") {
            return Problem(ProblemCode::forbidden, "The header Rastro-CSRF: 1 is missing")
                .with_audit_reason("csrf_header_missing");
        }
        return of_token(from_cookie);
    }
    if (auto const& certificate = request.connection->client_certificate) {
        storage::ShownCertificate shown;
        shown.agency = certificate->agency;
        shown.uri = certificate->uri;
        shown.issuer_key_id = certificate->issuer_key_id;
        shown.serial = certificate->serial;
        shown.acting_for = std::string(request.headers.get("rastro-acting-for"));
        bool const is_gateway = certificate->kind == certs::SubjectKind::gateway;
        // A gateway names the person it acts for (design/access.md); a delivery receipt is the
        // system's own act.
        if (is_gateway && endpoint.credential != protocol::Credential::gateway &&
            !is_code(shown.acting_for)) {
            return Problem(
                ProblemCode::validation_failed,
                std::vector<Violation>{{"header:/Rastro-Acting-For", "acting_for_required", {}}});
        }
        return std::optional<storage::ShownCredential>{std::move(shown)};
    }
    return std::optional<storage::ShownCredential>{};
}

}  // namespace rastro::server
