#include "certs/certificate_fields.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "common/text.hpp"

namespace rastro::certs {

namespace {

constexpr int smallest_rsa_bits = 3072;

}  // namespace

std::optional<std::string> weakness_of(EVP_PKEY const* key) {
    if (key == nullptr) {
        return "the public key cannot be read";
    }
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
            if (EVP_PKEY_get_bits(key) < smallest_rsa_bits) {
                return "weak key, RSA under 3072 bits";
            }
            return std::nullopt;
        case EVP_PKEY_EC: {
            int is_explicit = 0;
            if (EVP_PKEY_get_int_param(
                    key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) == 1 &&
                is_explicit != 0) {
                return "weak key, curve given by parameters";
            }
            std::array<char, 64> group{};
            std::size_t length = 0;
            if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) {
                return "weak key, curve without a name";
            }
            int const curve = OBJ_txt2nid(group.data());
            if (curve != NID_X9_62_prime256v1 && curve != NID_secp384r1) {
                return "weak key, curve other than P-256 and P-384";
            }
            return std::nullopt;
        }
        default:
            return "weak key, neither RSA nor EC";
    }
}

X509Ptr read_der(std::string_view der) {
    auto const* position = reinterpret_cast<unsigned char const*>(der.data());
    auto const* const end = position + der.size();
    X509Ptr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    ERR_clear_error();
    if (certificate && position != end) {
        return nullptr;
    }
    return certificate;
}

std::optional<std::vector<std::string>> san_uris(X509 const& certificate) {
    int state = 0;
    GeneralNamesPtr const names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(&certificate, NID_subject_alt_name, &state, nullptr)));
    ERR_clear_error();
    if (!names) {
        // -1: absent; -2: more than one; otherwise present and unreadable (X509_get_ext_d2i(3))
        return state == -1 ? std::optional(std::vector<std::string>{}) : std::nullopt;
    }
    std::vector<std::string> uris;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        auto const* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI) {
            continue;
        }
        auto const* value = name->d.uniformResourceIdentifier;
        std::string uri(reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
                        static_cast<std::size_t>(ASN1_STRING_length(value)));
        if (!std::all_of(uri.begin(), uri.end(), [](char c) { return c > 0x20 && c < 0x7F; })) {
            return std::nullopt;
        }
        uris.push_back(std::move(uri));
    }
    return uris;
}

std::string hex_of(ASN1_INTEGER const* number) {
    if (number == nullptr) {
        return {};
    }
    BignumPtr const value(ASN1_INTEGER_to_BN(number, nullptr));
    require(value != nullptr, "read integer");
    if (BN_is_zero(value.get()) == 1 || BN_is_negative(value.get()) == 1) {
        return {};
    }
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(value.get())));
    BN_bn2bin(value.get(), bytes.data());
    auto hex = to_hex(bytes);
    hex.erase(0, hex.find_first_not_of('0'));
    return hex;
}

std::optional<Bytes> serial_bytes(std::string_view hex) {
    constexpr std::size_t most = 20;  // RFC 5280 section 4.1.2.2
    auto bytes = from_hex(hex.size() % 2 == 0 ? std::string(hex) : "0" + std::string(hex));
    if (!bytes || bytes->empty() || bytes->size() > most ||
        std::all_of(bytes->begin(), bytes->end(), [](std::uint8_t b) { return b == 0; })) {
        return std::nullopt;
    }
    return bytes;
}

Asn1IntegerPtr integer_of(std::span<std::uint8_t const> bytes) {
    BignumPtr const value(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    require(value != nullptr, "make integer");
    Asn1IntegerPtr integer(BN_to_ASN1_INTEGER(value.get(), nullptr));
    require(integer != nullptr, "make integer");
    return integer;
}

Asn1TimePtr time_of(Instant instant) {
    auto const seconds =
        std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
    Asn1TimePtr time(ASN1_TIME_set(nullptr, static_cast<std::time_t>(seconds)));
    require(time != nullptr, "make time");
    return time;
}

std::string pem_of(X509& certificate) {
    auto const bio = memory_bio();
    require(PEM_write_bio_X509(bio.get(), &certificate) == 1, "write certificate");
    return text_of(bio.get());
}

std::string der_of(X509& certificate) {
    unsigned char* der = nullptr;
    int const length = i2d_X509(&certificate, &der);
    require(length > 0, "write certificate");
    std::string text(reinterpret_cast<char const*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return text;
}

std::vector<X509Ptr> read_pem_certificates(std::string_view pem) {
    auto const bio = reading_bio(pem);
    std::vector<X509Ptr> found;
    while (X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        found.push_back(std::move(certificate));
    }
    ERR_clear_error();
    return found;
}

std::string serial_of(X509 const& certificate) {
    return hex_of(X509_get0_serialNumber(&certificate));
}

namespace {

std::string octets_hex(ASN1_OCTET_STRING const* octets) {
    if (octets == nullptr) {
        return {};
    }
    return to_hex(
        {ASN1_STRING_get0_data(octets), static_cast<std::size_t>(ASN1_STRING_length(octets))});
}

}  // namespace

std::string authority_key_id_of(X509 const& certificate) {
    // The accessor caches parsed extensions inside the object, hence its non-const parameter.
    return octets_hex(X509_get0_authority_key_id(const_cast<X509*>(&certificate)));
}

std::string subject_key_id_of(X509 const& certificate) {
    return octets_hex(X509_get0_subject_key_id(const_cast<X509*>(&certificate)));
}

std::optional<Instant> instant_of(ASN1_TIME const* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return std::nullopt;
    }
    return Instant{std::chrono::seconds{timegm(&parts)}};
}

std::vector<std::string> name_entries(X509_NAME const& name, int nid) {
    std::vector<std::string> values;
    int position = -1;
    while ((position = X509_NAME_get_index_by_NID(&name, nid, position)) >= 0) {
        auto const* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(&name, position));
        unsigned char* utf8 = nullptr;
        int const length = ASN1_STRING_to_UTF8(&utf8, data);
        if (length < 0) {
            ERR_clear_error();
            values.emplace_back();
            continue;
        }
        values.emplace_back(reinterpret_cast<char const*>(utf8), static_cast<std::size_t>(length));
        OPENSSL_free(utf8);
    }
    return values;
}

std::string name_text(X509_NAME const& name) {
    auto const bio = memory_bio();
    require(X509_NAME_print_ex(bio.get(), &name, 0, XN_FLAG_RFC2253) >= 0, "print name");
    return text_of(bio.get());
}

}  // namespace rastro::certs
