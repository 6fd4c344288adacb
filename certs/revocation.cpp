#include "certs/revocation.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

#include "certs/certificate_fields.hpp"
#include "certs/key_files.hpp"
#include "certs/openssl_handles.hpp"

namespace rastro::certs {

namespace {

Problem wrong(std::filesystem::path const& file, std::string_view what) {
    return {ProblemCode::validation_failed, file.string() + ": " + std::string(what)};
}

std::string issuer_key_id_of(X509_CRL const& crl) {
    std::unique_ptr<AUTHORITY_KEYID, Freed<AUTHORITY_KEYID_free>> const id(
        static_cast<AUTHORITY_KEYID*>(
            X509_CRL_get_ext_d2i(&crl, NID_authority_key_identifier, nullptr, nullptr)));
    ERR_clear_error();
    if (!id || id->keyid == nullptr) {
        return {};
    }
    return to_hex({ASN1_STRING_get0_data(id->keyid),
                   static_cast<std::size_t>(ASN1_STRING_length(id->keyid))});
}

std::string number_of(X509_CRL const& crl) {
    Asn1IntegerPtr const number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(&crl, NID_crl_number, nullptr, nullptr)));
    ERR_clear_error();
    return hex_of(number.get());
}

enum class Signature : std::uint8_t { good, bad, unknown_issuer };

Signature signature_of(X509_CRL& crl,
                       std::string const& key_id,
                       std::vector<X509Ptr> const& authorities) {
    auto result = Signature::unknown_issuer;
    for (auto const& authority : authorities) {
        if (subject_key_id_of(*authority) != key_id ||
            X509_NAME_cmp(X509_get_subject_name(authority.get()), X509_CRL_get_issuer(&crl)) != 0) {
            continue;
        }
        if (X509_CRL_verify(&crl, X509_get0_pubkey(authority.get())) == 1) {
            return Signature::good;
        }
        ERR_clear_error();
        result = Signature::bad;
    }
    return result;
}

// Files to read: those named, and those of folders.
Outcome<std::vector<std::filesystem::path>> files_of(
    std::vector<std::filesystem::path> const& places) {
    std::vector<std::filesystem::path> files;
    for (auto const& place : places) {
        if (!std::filesystem::exists(place)) {
            return wrong(place, "no such file or folder");
        }
        if (!std::filesystem::is_directory(place)) {
            files.push_back(place);
            continue;
        }
        auto const first = static_cast<std::ptrdiff_t>(files.size());
        for (auto const& entry : std::filesystem::directory_iterator(place)) {
            auto const ending = entry.path().extension();
            if (ending == ".crl" || ending == ".pem") {
                files.push_back(entry.path());
            }
        }
        std::sort(files.begin() + first, files.end());
    }
    return files;
}

}  // namespace

Outcome<RevocationLists> RevocationLists::load(std::vector<std::filesystem::path> const& places,
                                               std::string_view authorities_pem) {
    RevocationLists loaded;
    RASTRO_TRY(files, files_of(places));
    for (auto const& file : files) {
        RASTRO_CHECK(loaded.read_one(file, authorities_pem));
    }
    return loaded;
}

Outcome<void> RevocationLists::read_one(std::filesystem::path const& file,
                                        std::string_view authorities_pem) {
    constexpr std::size_t most_bytes = 64U << 20;
    RASTRO_TRY(text, read_file(file, most_bytes));
    auto const authorities = read_pem_certificates(authorities_pem);
    auto const bio = reading_bio(text);
    std::size_t found = 0;
    while (X509CrlPtr const crl{PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)}) {
        ++found;
        RevocationList list;
        list.file = file;
        list.issuer = name_text(*X509_CRL_get_issuer(crl.get()));
        list.issuer_key_id = issuer_key_id_of(*crl);
        list.number = number_of(*crl);
        list.next_update = instant_of(X509_CRL_get0_nextUpdate(crl.get()));
        auto const this_update = instant_of(X509_CRL_get0_lastUpdate(crl.get()));
        if (list.issuer_key_id.empty() || !this_update) {
            return wrong(file, "a revocation list without authority key identifier or time");
        }
        list.this_update = *this_update;
        auto const signature = signature_of(*crl, list.issuer_key_id, authorities);
        if (signature == Signature::bad) {
            return wrong(file, "a revocation list that its issuer did not sign");
        }
        list.verified = signature == Signature::good;
        auto* const rows = X509_CRL_get_REVOKED(crl.get());
        for (int i = 0; i < sk_X509_REVOKED_num(rows); ++i) {
            auto const* serial = X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(rows, i));
            revoked_.emplace(list.issuer_key_id, hex_of(serial));
            ++list.revoked;
        }
        lists_.push_back(std::move(list));
        auto const out = memory_bio();
        require(PEM_write_bio_X509_CRL(out.get(), crl.get()) == 1, "write revocation list");
        pem_ += text_of(out.get());
    }
    // The loop ends well only at the end of the text, where no further PEM block starts.
    bool const ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (found == 0 || !ended) {
        return wrong(file, "not a revocation list in PEM");
    }
    return boost::system::in_place_value;
}

std::vector<RevocationList> RevocationLists::stale(Instant now) const {
    std::vector<RevocationList> found;
    std::copy_if(
        lists_.begin(), lists_.end(), std::back_inserter(found), [now](RevocationList const& list) {
            return !list.next_update || *list.next_update <= now;
        });
    return found;
}

bool RevocationLists::is_revoked(CertificateIdentity const& identity) const {
    return revoked_.contains({identity.issuer_key_id, identity.serial});
}

ExpiryAlarm expiry_alarm(Instant not_after, Instant now) noexcept {
    using std::chrono::days;
    if (now >= not_after) {
        return ExpiryAlarm::expired;
    }
    auto const left = not_after - now;
    for (auto const& [mark, alarm] : {std::pair(days{1}, ExpiryAlarm::days_1),
                                      std::pair(days{7}, ExpiryAlarm::days_7),
                                      std::pair(days{14}, ExpiryAlarm::days_14),
                                      std::pair(days{30}, ExpiryAlarm::days_30)}) {
        if (left <= mark) {
            return alarm;
        }
    }
    return ExpiryAlarm::none;
}

std::string_view alarm_text(ExpiryAlarm alarm) noexcept {
    static constexpr std::array<std::string_view, 6> texts{
        "", "30 days", "14 days", "7 days", "1 day", "expired"};
    return texts[static_cast<std::size_t>(alarm)];
}

Outcome<std::vector<CertificateExpiry>> expiries_of(std::vector<std::filesystem::path> const& files,
                                                    Instant now) {
    std::vector<CertificateExpiry> found;
    for (auto const& file : files) {
        RASTRO_TRY(text, read_file(file));
        auto const certificates = read_pem_certificates(text);
        if (certificates.empty()) {
            return wrong(file, "no certificate in PEM");
        }
        for (auto const& certificate : certificates) {
            auto const not_after = instant_of(X509_get0_notAfter(certificate.get()));
            if (!not_after) {
                return wrong(file, "the end of validity cannot be read");
            }
            found.push_back({file,
                             name_text(*X509_get_subject_name(certificate.get())),
                             serial_of(*certificate),
                             *not_after,
                             expiry_alarm(*not_after, now)});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) {
        return a.not_after < b.not_after;
    });
    return found;
}

}  // namespace rastro::certs
