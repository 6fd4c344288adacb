// Revocation lists as the server uses them, and alarms before certificates end. TLS itself refuses
// revoked certificates at the handshake (the lists go into its store); this answers what TLS
// cannot: which lists are out of date, and whether the certificate of a connection that is already
// open has been revoked (anchors/security.md 6.5).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certs/identity.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::certs {

struct RevocationList {
    std::filesystem::path file;
    std::string issuer;         // RFC 2253 text
    std::string issuer_key_id;  // lower-case hex
    std::string number;         // CRL number, lower-case hex; empty if there is none
    Instant this_update;
    std::optional<Instant> next_update;
    std::size_t revoked = 0;  // entries
    bool verified = false;    // signed by one of the authorities given to load()
};

// A value that never changes after loading; load anew and swap.
class RevocationLists {
 public:
    RevocationLists() = default;

    // `places`: PEM files, or folders whose *.crl and *.pem files are read in order of name; a
    // place that does not exist is a fault, an empty folder is not. `authorities_pem`: certificates
    // that may have signed them, with their issuers. A file may hold several lists.
    // validation_failed, naming the file, if one cannot be read, has no authority key identifier,
    // or bears a known authority's name and key but not its signature.
    [[nodiscard]] static Outcome<RevocationLists> load(
        std::vector<std::filesystem::path> const& places, std::string_view authorities_pem);

    [[nodiscard]] std::vector<RevocationList> const& lists() const noexcept { return lists_; }
    // Lists whose nextUpdate has passed or that have none. TLS refuses every certificate under such
    // a list.
    [[nodiscard]] std::vector<RevocationList> stale(Instant now) const;
    // By what any loaded list of that issuer says, verified or not: doubt closes the connection.
    [[nodiscard]] bool is_revoked(CertificateIdentity const& identity) const;
    // All lists, for the store of a TLS context.
    [[nodiscard]] std::string const& pem() const noexcept { return pem_; }

 private:
    Outcome<void> read_one(std::filesystem::path const& file, std::string_view authorities_pem);

    std::vector<RevocationList> lists_;
    std::set<std::pair<std::string, std::string>> revoked_;  // issuer key id, serial
    std::string pem_;
};

// How near the end of validity is: the mark that was passed last.
enum class ExpiryAlarm : std::uint8_t { none, days_30, days_14, days_7, days_1, expired };
[[nodiscard]] ExpiryAlarm expiry_alarm(Instant not_after, Instant now) noexcept;
// "30 days", "14 days", "7 days", "1 day", "expired"; empty for none.
[[nodiscard]] std::string_view alarm_text(ExpiryAlarm alarm) noexcept;

struct CertificateExpiry {
    std::filesystem::path file;
    std::string subject;  // RFC 2253 text
    std::string serial;
    Instant not_after;
    ExpiryAlarm alarm = ExpiryAlarm::none;
};

// Every certificate of the PEM files, soonest end first. not_found or validation_failed, naming the
// file, if one is missing or holds no certificate.
[[nodiscard]] Outcome<std::vector<CertificateExpiry>> expiries_of(
    std::vector<std::filesystem::path> const& files, Instant now);

}  // namespace rastro::certs
