#include "certs/identity.hpp"

#include <openssl/objects.h>
#include <openssl/pem.h>

#include <optional>
#include <vector>

#include "certs/certificate_fields.hpp"
#include "certs/openssl_handles.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::certs {

namespace {

Problem refused(std::string reason) {
    return {ProblemCode::authentication_required,
            "client certificate refused: " + std::move(reason)};
}

std::optional<std::string> weak_signature(X509& certificate) {
    int digest = NID_undef;
    if (X509_get_signature_info(&certificate, &digest, nullptr, nullptr, nullptr) != 1) {
        return "signature algorithm not known";
    }
    if (digest == NID_sha1 || digest == NID_md5_sha1 || digest == NID_md5) {
        return "signed with SHA-1 or older";
    }
    if (digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512) {
        return "signed with a digest other than SHA-256, SHA-384 and SHA-512";
    }
    return std::nullopt;
}

std::optional<std::string> bad_extensions(X509& certificate) {
    if (X509_get_version(&certificate) != X509_VERSION_3) {
        return "not an X.509 version 3 certificate";
    }
    for (int i = 0; i < X509_get_ext_count(&certificate); ++i) {
        X509_EXTENSION* extension = X509_get_ext(&certificate, i);
        if (X509_EXTENSION_get_critical(extension) != 0 &&
            X509_supported_extension(extension) == 0) {
            return "unknown critical extension";
        }
    }
    if ((X509_get_extension_flags(&certificate) & EXFLAG_INVALID) != 0) {
        return "an extension is malformed or repeated";
    }
    if ((X509_get_extension_flags(&certificate) & EXFLAG_CA) != 0) {
        return "CA:TRUE";
    }
    auto const usage = X509_get_key_usage(&certificate);  // all bits set if absent
    if (usage != UINT32_MAX && (usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0) {
        return "key usage of an authority";
    }
    if ((usage & KU_DIGITAL_SIGNATURE) == 0) {
        return "key usage without digitalSignature";
    }
    auto const extended = X509_get_extended_key_usage(&certificate);
    if (extended == UINT32_MAX || (extended & XKU_SSL_CLIENT) == 0) {
        return "no clientAuth";
    }
    return std::nullopt;
}

// The one agency URI, or why there is none.
Outcome<std::string> agency_uri_of(X509 const& certificate) {
    auto const uris = san_uris(certificate);
    if (!uris) {
        return refused("the subject alternative name is malformed or repeated");
    }
    std::vector<std::string> claims;
    for (auto const& uri : *uris) {
        if (claims_agency(uri)) {
            claims.push_back(uri);
        }
    }
    if (claims.empty()) {
        return refused("no agency URI");
    }
    if (claims.size() > 1) {
        return refused("more than one agency URI");
    }
    return claims.front();
}

bool subject_repeats(X509 const& certificate, std::string_view agency) {
    auto const* subject = X509_get_subject_name(&certificate);
    auto const country = name_entries(*subject, NID_countryName);
    auto const organisation = name_entries(*subject, NID_organizationName);
    return country.size() == 1 && country.front() == country_of(agency) &&
           organisation.size() == 1 && organisation.front() == agency;
}

}  // namespace

Outcome<CertificateIdentity> identity_of(std::string_view der) {
    auto const certificate = read_der(der);
    if (!certificate) {
        return refused("not a certificate");
    }
    if (auto reason = bad_extensions(*certificate)) {
        return refused(std::move(*reason));
    }
    if (auto reason = weakness_of(X509_get0_pubkey(certificate.get()))) {
        return refused(std::move(*reason));
    }
    if (auto reason = weak_signature(*certificate)) {
        return refused(std::move(*reason));
    }
    RASTRO_TRY(uri, agency_uri_of(*certificate));
    auto parsed = parse_agency_uri(uri);
    if (!parsed) {
        return refused("malformed agency URI or agency code");
    }
    if (!subject_repeats(*certificate, parsed->agency)) {
        return refused("the subject does not repeat country and agency of the URI");
    }
    CertificateIdentity identity;
    identity.kind = parsed->kind;
    identity.agency = std::move(parsed->agency);
    identity.name = std::move(parsed->name);
    identity.uri = std::move(uri);
    identity.issuer_key_id = authority_key_id_of(*certificate);
    if (identity.issuer_key_id.empty()) {
        return refused("no authority key identifier");
    }
    identity.serial = serial_of(*certificate);
    if (identity.serial.empty()) {
        return refused("the serial is not a positive number");
    }
    auto const not_after = instant_of(X509_get0_notAfter(certificate.get()));
    if (!not_after) {
        return refused("the end of validity cannot be read");
    }
    identity.not_after = *not_after;
    identity.sha256 = to_hex(rastro::sha256(der));
    auto pem = memory_bio();
    require(PEM_write_bio_PUBKEY(pem.get(), X509_get0_pubkey(certificate.get())) == 1,
            "write public key");
    identity.public_key_pem = text_of(pem.get());
    return identity;
}

}  // namespace rastro::certs
