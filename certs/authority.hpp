// A certificate authority of the house: issues by profile, revokes, and publishes its revocation
// list. Its whole state is its certificate chain, its key and its last revocation list, so those
// three files are its backup. Serials are 128 random bits; validity starts five minutes early for
// clocks that run behind.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "certs/keys.hpp"
#include "certs/profiles.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::certs {

inline constexpr std::chrono::minutes backdating{5};

struct IssuedCertificate {
    std::string pem;
    std::string der;
    std::string serial;  // lower-case hex, no leading zeros
    Instant not_before;
    Instant not_after;
};

// RFC 5280 section 5.3.1
enum class RevocationReason : std::uint8_t {
    unspecified = 0,
    key_compromise = 1,
    ca_compromise = 2,
    affiliation_changed = 3,
    superseded = 4,
    cessation_of_operation = 5,
};

// A certificate signing request for the key (PKCS#10, PEM). Its subject is only a label: an
// authority takes nothing but the public key from it.
[[nodiscard]] std::string make_signing_request(PrivateKey const& key, std::string_view label);

// Not thread-safe; one process at a time may work on the files of an authority.
class Authority {
 public:
    [[nodiscard]] static Authority create_root(CertificateProfile const& profile,
                                               PrivateKey key,
                                               Instant now);
    // validation_failed if this authority may not have such an authority below it.
    [[nodiscard]] Outcome<Authority> create_below(CertificateProfile const& profile,
                                                  PrivateKey key,
                                                  Instant now) const;
    // `chain_pem`: own certificate first, then its issuers. `crl_pem` may be empty: nothing revoked
    // yet. validation_failed if key, certificate and list do not belong together.
    [[nodiscard]] static Outcome<Authority> from_pem(std::string_view chain_pem,
                                                     PrivateKey key,
                                                     std::string_view crl_pem);

    // Signs a certificate for the public key (SubjectPublicKeyInfo PEM). It ends no later than this
    // authority does. validation_failed if the key is none that identity_of accepts, or the profile
    // is outside what this authority may issue (its name constraint, path length or key usage).
    [[nodiscard]] Outcome<IssuedCertificate> issue(CertificateProfile const& profile,
                                                   std::string_view public_key_pem,
                                                   Instant now) const;
    // As issue, for the key of a request whose own signature proves possession of the private key.
    [[nodiscard]] Outcome<IssuedCertificate> issue_for_request(CertificateProfile const& profile,
                                                               std::string_view request_pem,
                                                               Instant now) const;

    // Takes effect with the next revocation list. duplicate if revoked already, validation_failed
    // if the serial is not hex of 1 to 20 bytes.
    [[nodiscard]] Outcome<void> revoke(std::string_view serial,
                                       RevocationReason reason,
                                       Instant now);
    // Signs the list anew with the next number; it says to come back before now + lifetime.
    void publish_revocations(Instant now, std::chrono::hours lifetime = std::chrono::hours{24});

    [[nodiscard]] std::string const& chain_pem() const noexcept { return chain_pem_; }
    [[nodiscard]] std::string const& crl_pem() const noexcept { return crl_pem_; }
    [[nodiscard]] PrivateKey const& key() const noexcept { return key_; }
    [[nodiscard]] Instant not_after() const noexcept { return not_after_; }

    // authority.pem (chain), authority.key (0600), revoked.crl in one folder, which is created with
    // mode 0700. write_new: conflict if there is a key already. write_revocations: replaces
    // revoked.crl only.
    [[nodiscard]] Outcome<void> write_new(std::filesystem::path const& folder) const;
    void write_revocations(std::filesystem::path const& folder) const;
    [[nodiscard]] static Outcome<Authority> read(std::filesystem::path const& folder);

 private:
    struct Revoked {
        std::string serial;
        Instant at;
        RevocationReason reason;
    };

    Authority(std::string chain_pem, PrivateKey key, Instant not_after);

    std::string chain_pem_;
    PrivateKey key_;
    Instant not_after_;
    std::string crl_pem_;
    std::vector<Revoked> revoked_;
    std::uint64_t crl_number_ = 0;
};

}  // namespace rastro::certs
