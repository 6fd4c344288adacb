#include "certs/certificate_builder.hpp"

#include <openssl/objects.h>

#include <array>

#include "certs/certificate_fields.hpp"
#include "common/digest.hpp"

namespace rastro::certs {

namespace {

constexpr std::size_t serial_size = 16;
constexpr std::size_t key_id_size = 20;

using BasicConstraintsPtr = std::unique_ptr<BASIC_CONSTRAINTS, Freed<BASIC_CONSTRAINTS_free>>;
using BitStringPtr = std::unique_ptr<ASN1_BIT_STRING, Freed<ASN1_BIT_STRING_free>>;
using OctetStringPtr = std::unique_ptr<ASN1_OCTET_STRING, Freed<ASN1_OCTET_STRING_free>>;
using EnumeratedPtr = std::unique_ptr<ASN1_ENUMERATED, Freed<ASN1_ENUMERATED_free>>;
using ExtendedKeyUsagePtr = std::unique_ptr<EXTENDED_KEY_USAGE, Freed<EXTENDED_KEY_USAGE_free>>;
using AuthorityKeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, Freed<AUTHORITY_KEYID_free>>;
using NameConstraintsPtr = std::unique_ptr<NAME_CONSTRAINTS, Freed<NAME_CONSTRAINTS_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, Freed<GENERAL_NAME_free>>;
using GeneralSubtreePtr = std::unique_ptr<GENERAL_SUBTREE, Freed<GENERAL_SUBTREE_free>>;
using RevokedPtr = std::unique_ptr<X509_REVOKED, Freed<X509_REVOKED_free>>;

void add_extension(X509& certificate, int nid, void* value, bool critical) {
    require(X509_add1_ext_i2d(&certificate, nid, value, critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1,
            "add extension");
}

OctetStringPtr octets_of(std::span<std::uint8_t const> bytes) {
    OctetStringPtr octets(ASN1_OCTET_STRING_new());
    require(
        octets != nullptr &&
            ASN1_OCTET_STRING_set(octets.get(), bytes.data(), static_cast<int>(bytes.size())) == 1,
        "make octets");
    return octets;
}

// The leftmost 160 bits of the SHA-256 of the public key: RFC 7093 section 2, method 1.
OctetStringPtr key_id_of(X509 const& certificate) {
    auto const* bits = X509_get0_pubkey_bitstr(&certificate);
    auto const digest = sha256(
        std::span(ASN1_STRING_get0_data(bits), static_cast<std::size_t>(ASN1_STRING_length(bits))));
    return octets_of(std::span(digest).first(key_id_size));
}

AuthorityKeyIdPtr authority_key_id(X509 const& issuer) {
    AuthorityKeyIdPtr id(AUTHORITY_KEYID_new());
    require(id != nullptr, "make authority key identifier");
    auto const* own =
        X509_get0_subject_key_id(const_cast<X509*>(&issuer));  // caches, hence not const
    id->keyid = own == nullptr ? key_id_of(issuer).release() : ASN1_OCTET_STRING_dup(own);
    return id;
}

void add_basic_constraints(X509& certificate, CertificateProfile const& profile) {
    BasicConstraintsPtr constraints(BASIC_CONSTRAINTS_new());
    require(constraints != nullptr, "make basic constraints");
    constraints->ca = profile.is_authority ? 0xFF : 0;
    if (profile.is_authority && profile.path_length) {
        constraints->pathlen = ASN1_INTEGER_new();
        require(ASN1_INTEGER_set(constraints->pathlen, *profile.path_length) == 1, "path length");
    }
    add_extension(certificate, NID_basic_constraints, constraints.get(), true);
}

void add_key_usage(X509& certificate, CertificateProfile const& profile) {
    // RFC 5280 section 4.2.1.3: bit 0 digitalSignature, bit 5 keyCertSign, bit 6 cRLSign
    BitStringPtr usage(ASN1_BIT_STRING_new());
    require(usage != nullptr, "make key usage");
    for (int const bit : profile.is_authority ? std::vector{5, 6} : std::vector{0}) {
        require(ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) == 1, "make key usage");
    }
    add_extension(certificate, NID_key_usage, usage.get(), true);
    if (!profile.client_auth && !profile.server_auth) {
        return;
    }
    ExtendedKeyUsagePtr extended(sk_ASN1_OBJECT_new_null());
    require(extended != nullptr, "make extended key usage");
    for (auto const& [wanted, nid] : {std::pair(profile.server_auth, NID_server_auth),
                                      std::pair(profile.client_auth, NID_client_auth)}) {
        if (wanted) {
            require(sk_ASN1_OBJECT_push(extended.get(), OBJ_nid2obj(nid)) > 0,
                    "make extended key usage");
        }
    }
    add_extension(certificate, NID_ext_key_usage, extended.get(), false);
}

void add_text_name(GENERAL_NAMES& names, int type, std::string const& text) {
    GeneralNamePtr name(a2i_GENERAL_NAME(nullptr, nullptr, nullptr, type, text.c_str(), 0));
    require(name != nullptr && sk_GENERAL_NAME_push(&names, name.get()) > 0,
            "make alternative name");
    static_cast<void>(name.release());
}

void add_alternative_names(X509& certificate, CertificateProfile const& profile) {
    GeneralNamesPtr const names(sk_GENERAL_NAME_new_null());
    require(names != nullptr, "make alternative names");
    for (auto const& name : profile.dns_names) {
        add_text_name(*names, GEN_DNS, name);
    }
    for (auto const& address : profile.ip_addresses) {
        add_text_name(*names, GEN_IPADD, address);
    }
    for (auto const& uri : profile.uris) {
        add_text_name(*names, GEN_URI, uri);
    }
    if (sk_GENERAL_NAME_num(names.get()) > 0) {
        add_extension(certificate, NID_subject_alt_name, names.get(), false);
    }
}

void add_name_constraints(X509& certificate, DistinguishedName const& permitted) {
    NameConstraintsPtr const constraints(NAME_CONSTRAINTS_new());
    require(constraints != nullptr, "make name constraints");
    constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
    GeneralSubtreePtr subtree(GENERAL_SUBTREE_new());
    require(constraints->permittedSubtrees != nullptr && subtree != nullptr,
            "make name constraints");
    GENERAL_NAME_set0_value(subtree->base, GEN_DIRNAME, name_of(permitted).release());
    require(sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree.get()) > 0,
            "make name constraints");
    static_cast<void>(subtree.release());
    add_extension(certificate, NID_name_constraints, constraints.get(), true);
}

}  // namespace

X509NamePtr name_of(DistinguishedName const& parts) {
    X509NamePtr name(X509_NAME_new());
    require(name != nullptr, "make name");
    for (auto const& [nid, text] : {std::pair(NID_countryName, &parts.country),
                                    std::pair(NID_organizationName, &parts.organisation),
                                    std::pair(NID_commonName, &parts.common_name)}) {
        if (text->empty()) {
            continue;
        }
        auto const* bytes = reinterpret_cast<unsigned char const*>(text->data());
        int const length = static_cast<int>(text->size());
        require(
            X509_NAME_add_entry_by_NID(name.get(), nid, MBSTRING_UTF8, bytes, length, -1, 0) == 1,
            "make name");
    }
    return name;
}

X509Ptr build_certificate(CertificateProfile const& profile,
                          EVP_PKEY& subject_key,
                          X509 const* issuer,
                          EVP_PKEY& issuer_key,
                          Validity validity) {
    X509Ptr certificate(X509_new());
    require(certificate != nullptr, "make certificate");
    auto const serial = integer_of(random_bytes(serial_size));
    auto const subject = name_of(profile.subject);
    require(X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                X509_set_serialNumber(certificate.get(), serial.get()) == 1 &&
                X509_set_subject_name(certificate.get(), subject.get()) == 1 &&
                X509_set_issuer_name(
                    certificate.get(),
                    issuer == nullptr ? subject.get() : X509_get_subject_name(issuer)) == 1 &&
                X509_set1_notBefore(certificate.get(), time_of(validity.from).get()) == 1 &&
                X509_set1_notAfter(certificate.get(), time_of(validity.until).get()) == 1 &&
                X509_set_pubkey(certificate.get(), &subject_key) == 1,
            "fill certificate");
    add_basic_constraints(*certificate, profile);
    add_key_usage(*certificate, profile);
    add_extension(*certificate, NID_subject_key_identifier, key_id_of(*certificate).get(), false);
    add_extension(
        *certificate,
        NID_authority_key_identifier,
        authority_key_id(issuer == nullptr ? static_cast<X509 const&>(*certificate) : *issuer)
            .get(),
        false);
    add_alternative_names(*certificate, profile);
    if (profile.permitted_subjects) {
        add_name_constraints(*certificate, *profile.permitted_subjects);
    }
    require(X509_sign(certificate.get(), &issuer_key, EVP_sha256()) > 0, "sign certificate");
    // Parsed anew, so that no state of the building stays cached in the object.
    auto fresh = read_der(der_of(*certificate));
    require(fresh != nullptr, "read own certificate");
    return fresh;
}

X509CrlPtr build_crl(X509 const& issuer,
                     EVP_PKEY& issuer_key,
                     std::vector<RevokedSerial> const& revoked,
                     std::uint64_t number,
                     Validity validity) {
    X509CrlPtr crl(X509_CRL_new());
    Asn1IntegerPtr const crl_number(ASN1_INTEGER_new());
    require(
        crl != nullptr && crl_number != nullptr &&
            ASN1_INTEGER_set_uint64(crl_number.get(), number) == 1 &&
            X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1 &&
            X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(&issuer)) == 1 &&
            X509_CRL_set1_lastUpdate(crl.get(), time_of(validity.from).get()) == 1 &&
            X509_CRL_set1_nextUpdate(crl.get(), time_of(validity.until).get()) == 1 &&
            X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, crl_number.get(), 0, 0) == 1 &&
            X509_CRL_add1_ext_i2d(
                crl.get(), NID_authority_key_identifier, authority_key_id(issuer).get(), 0, 0) == 1,
        "fill revocation list");
    for (auto const& entry : revoked) {
        auto const bytes = serial_bytes(entry.serial);
        RevokedPtr row(X509_REVOKED_new());
        require(bytes && row != nullptr, "make revocation entry");
        require(X509_REVOKED_set_serialNumber(row.get(), integer_of(*bytes).get()) == 1 &&
                    X509_REVOKED_set_revocationDate(row.get(), time_of(entry.at).get()) == 1,
                "fill revocation entry");
        if (entry.reason != 0) {
            EnumeratedPtr const reason(ASN1_ENUMERATED_new());
            require(
                reason != nullptr && ASN1_ENUMERATED_set(reason.get(), entry.reason) == 1 &&
                    X509_REVOKED_add1_ext_i2d(row.get(), NID_crl_reason, reason.get(), 0, 0) == 1,
                "fill revocation entry");
        }
        require(X509_CRL_add0_revoked(crl.get(), row.get()) == 1, "add revocation entry");
        static_cast<void>(row.release());
    }
    require(
        X509_CRL_sort(crl.get()) == 1 && X509_CRL_sign(crl.get(), &issuer_key, EVP_sha256()) > 0,
        "sign revocation list");
    return crl;
}

}  // namespace rastro::certs
