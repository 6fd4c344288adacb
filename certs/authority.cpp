#include "certs/authority.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "certs/certificate_builder.hpp"
#include "certs/certificate_fields.hpp"
#include "certs/key_files.hpp"
#include "certs/openssl_handles.hpp"

namespace rastro::certs {

namespace {

constexpr auto chain_file = "authority.pem";
constexpr auto key_file = "authority.key";
constexpr auto crl_file = "revoked.crl";

Problem wrong(std::string detail) {
    return {ProblemCode::validation_failed, std::move(detail)};
}

X509Ptr own_certificate(std::string_view chain_pem) {
    auto chain = read_pem_certificates(chain_pem);
    if (chain.empty()) {
        return nullptr;
    }
    return std::move(chain.front());
}

PkeyPtr read_public_key(std::string_view pem) {
    auto const bio = reading_bio(pem);
    PkeyPtr key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return key;
}

// Lets OpenSSL decide whether the chain may have issued the certificate: name constraints, path
// lengths, validity and, for end entities, extended key usage of every authority above.
Outcome<void> check_issuable(X509& certificate,
                             std::string_view chain_pem,
                             CertificateProfile const& profile,
                             Instant now) {
    auto const chain = read_pem_certificates(chain_pem);
    X509StorePtr const store(X509_STORE_new());
    X509StoreContextPtr const context(X509_STORE_CTX_new());
    require(store != nullptr && context != nullptr, "make store");
    for (auto const& authority : chain) {
        require(X509_STORE_add_cert(store.get(), authority.get()) == 1, "add to store");
    }
    require(X509_STORE_CTX_init(context.get(), store.get(), &certificate, nullptr) == 1,
            "make context");
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    // An authority whose own issuer is not in the chain still anchors what it issues.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(
        parameters,
        static_cast<std::time_t>(
            std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()));
    if (!profile.is_authority && profile.client_auth) {
        X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT);
    }
    if (!profile.is_authority && profile.server_auth) {
        X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
    }
    if (X509_verify_cert(context.get()) != 1) {
        std::string const reason =
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
        ERR_clear_error();
        return wrong("this authority may not issue that: " + reason);
    }
    return boost::system::in_place_value;
}

// What verification does not look at when the certificate at the end is itself an authority.
Outcome<void> check_authority_below(X509& issuer, CertificateProfile const& profile) {
    auto const path_length = X509_get_pathlen(&issuer);  // -1: no limit
    if (path_length == 0 ||
        (path_length > 0 && (!profile.path_length || *profile.path_length >= path_length))) {
        return wrong("this authority may have no authority of such a path length below it");
    }
    auto const usage = X509_get_extended_key_usage(&issuer);  // all bits set if absent
    bool const anything = !profile.client_auth && !profile.server_auth;
    if (usage != UINT32_MAX &&
        (anything || (profile.client_auth && (usage & XKU_SSL_CLIENT) == 0) ||
         (profile.server_auth && (usage & XKU_SSL_SERVER) == 0))) {
        return wrong("the authority below would have a wider key usage");
    }
    return boost::system::in_place_value;
}

Validity validity_of(CertificateProfile const& profile, Instant now) {
    return {now - backdating, now + profile.validity};
}

Instant end_of(X509 const& certificate) {
    auto const end = instant_of(X509_get0_notAfter(&certificate));
    require(end.has_value(), "read end of validity");
    return *end;
}

}  // namespace

std::string make_signing_request(PrivateKey const& key, std::string_view label) {
    X509ReqPtr const request(X509_REQ_new());
    auto const subject = name_of({"", "", std::string(label)});
    require(request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                X509_REQ_set_subject_name(request.get(), subject.get()) == 1 &&
                X509_REQ_set_pubkey(request.get(), key.native()) == 1 &&
                X509_REQ_sign(
                    request.get(), key.native(), key.is_ed25519() ? nullptr : EVP_sha256()) > 0,
            "make signing request");
    auto const bio = memory_bio();
    require(PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1, "write signing request");
    return text_of(bio.get());
}

Authority::Authority(std::string chain_pem, PrivateKey key, Instant not_after)
    : chain_pem_(std::move(chain_pem)), key_(std::move(key)), not_after_(not_after) {}

Authority Authority::create_root(CertificateProfile const& profile, PrivateKey key, Instant now) {
    auto const certificate = build_certificate(
        profile, *key.native(), nullptr, *key.native(), validity_of(profile, now));
    Authority root(pem_of(*certificate), std::move(key), end_of(*certificate));
    root.publish_revocations(now);
    return root;
}

Outcome<Authority> Authority::create_below(CertificateProfile const& profile,
                                           PrivateKey key,
                                           Instant now) const {
    if (!profile.is_authority) {
        return wrong("not the profile of an authority");
    }
    auto const issuer = own_certificate(chain_pem_);
    RASTRO_CHECK(check_authority_below(*issuer, profile));
    RASTRO_TRY(issued, issue(profile, key.public_key_pem(), now));
    Authority below(issued.pem + chain_pem_, std::move(key), issued.not_after);
    below.publish_revocations(now);
    return below;
}

Outcome<Authority> Authority::from_pem(std::string_view chain_pem,
                                       PrivateKey key,
                                       std::string_view crl_pem) {
    auto const certificate = own_certificate(chain_pem);
    if (!certificate || X509_check_ca(certificate.get()) != 1) {
        return wrong("no certificate of an authority");
    }
    if (X509_check_private_key(certificate.get(), key.native()) != 1) {
        ERR_clear_error();
        return wrong("the key does not belong to the authority's certificate");
    }
    Authority authority(std::string(chain_pem), std::move(key), end_of(*certificate));
    if (crl_pem.empty()) {
        return authority;
    }
    auto const bio = reading_bio(crl_pem);
    X509CrlPtr const crl(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
    if (!crl || X509_CRL_verify(crl.get(), authority.key_.native()) != 1) {
        ERR_clear_error();
        return wrong("the revocation list is not this authority's");
    }
    Asn1IntegerPtr const number(static_cast<ASN1_INTEGER*>(
        X509_CRL_get_ext_d2i(crl.get(), NID_crl_number, nullptr, nullptr)));
    if (!number || ASN1_INTEGER_get_uint64(&authority.crl_number_, number.get()) != 1) {
        ERR_clear_error();
        return wrong("the revocation list has no number");
    }
    auto* const rows = X509_CRL_get_REVOKED(crl.get());
    for (int i = 0; i < sk_X509_REVOKED_num(rows); ++i) {
        auto const* row = sk_X509_REVOKED_value(rows, i);
        std::unique_ptr<ASN1_ENUMERATED, Freed<ASN1_ENUMERATED_free>> const reason(
            static_cast<ASN1_ENUMERATED*>(
                X509_REVOKED_get_ext_d2i(row, NID_crl_reason, nullptr, nullptr)));
        auto const at = instant_of(X509_REVOKED_get0_revocationDate(row));
        authority.revoked_.push_back(
            {hex_of(X509_REVOKED_get0_serialNumber(row)),
             at.value_or(Instant{}),
             static_cast<RevocationReason>(reason ? ASN1_ENUMERATED_get(reason.get()) : 0)});
    }
    authority.crl_pem_ = std::string(crl_pem);
    return authority;
}

Outcome<IssuedCertificate> Authority::issue(CertificateProfile const& profile,
                                            std::string_view public_key_pem,
                                            Instant now) const {
    auto const subject_key = read_public_key(public_key_pem);
    if (auto const weakness = weakness_of(subject_key.get())) {
        return wrong(*weakness);
    }
    auto const issuer = own_certificate(chain_pem_);
    auto validity = validity_of(profile, now);
    validity.until = std::min(validity.until, not_after_);
    auto const certificate =
        build_certificate(profile, *subject_key, issuer.get(), *key_.native(), validity);
    RASTRO_CHECK(check_issuable(*certificate, chain_pem_, profile, now));
    return IssuedCertificate{pem_of(*certificate),
                             der_of(*certificate),
                             serial_of(*certificate),
                             *instant_of(X509_get0_notBefore(certificate.get())),
                             end_of(*certificate)};
}

Outcome<IssuedCertificate> Authority::issue_for_request(CertificateProfile const& profile,
                                                        std::string_view request_pem,
                                                        Instant now) const {
    auto const bio = reading_bio(request_pem);
    X509ReqPtr const request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
    auto* const key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
    if (key == nullptr || X509_REQ_verify(request.get(), key) != 1) {
        ERR_clear_error();
        return wrong("not a signing request signed with its own key");
    }
    auto const pem = memory_bio();
    require(PEM_write_bio_PUBKEY(pem.get(), key) == 1, "write public key");
    return issue(profile, text_of(pem.get()), now);
}

Outcome<void> Authority::revoke(std::string_view serial, RevocationReason reason, Instant now) {
    auto const bytes = serial_bytes(serial);
    if (!bytes) {
        return wrong("not the serial of a certificate");
    }
    auto const canonical = hex_of(integer_of(*bytes).get());
    for (auto const& row : revoked_) {
        if (row.serial == canonical) {
            return Problem(ProblemCode::duplicate, "revoked already");
        }
    }
    revoked_.push_back({canonical, now, reason});
    return boost::system::in_place_value;
}

void Authority::publish_revocations(Instant now, std::chrono::hours lifetime) {
    std::vector<RevokedSerial> rows;
    for (auto const& row : revoked_) {
        rows.push_back({row.serial, row.at, static_cast<int>(row.reason)});
    }
    auto const issuer = own_certificate(chain_pem_);
    auto const crl = build_crl(
        *issuer, *key_.native(), rows, crl_number_ + 1, {now - backdating, now + lifetime});
    auto const bio = memory_bio();
    require(PEM_write_bio_X509_CRL(bio.get(), crl.get()) == 1, "write revocation list");
    crl_pem_ = text_of(bio.get());
    ++crl_number_;
}

Outcome<void> Authority::write_new(std::filesystem::path const& folder) const {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    RASTRO_CHECK(key_.write_new(folder / key_file));
    write_file(folder / chain_file, chain_pem_, FileAccess::all_may_read);
    write_revocations(folder);
    return boost::system::in_place_value;
}

void Authority::write_revocations(std::filesystem::path const& folder) const {
    write_file(folder / crl_file, crl_pem_, FileAccess::all_may_read);
}

Outcome<Authority> Authority::read(std::filesystem::path const& folder) {
    RASTRO_TRY(chain, read_file(folder / chain_file));
    RASTRO_TRY(key, PrivateKey::read(folder / key_file));
    RASTRO_TRY(crl, read_file(folder / crl_file));
    return from_pem(chain, std::move(key), crl);
}

}  // namespace rastro::certs
