// The record of one act, and the leaf of the audit log that it becomes: canonical JSON (RFC 8785)
// of one flat object, under 4 KiB. Members: anchors/security.md 2.4. A leaf holds codes, ids and
// numbers; no names, no serial numbers, no free text: those belong to the detail, of which the leaf
// holds only a commitment.
//
// Canonical form: members in the order of their names, no white space; text and list members that
// are empty are left out, numbers are always there (object_version only if there is one); so one
// record has one leaf.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/digest.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "common/text.hpp"

namespace rastro::cases {

inline constexpr std::uint64_t kAuditSchema = 1;
inline constexpr std::size_t kMaxAuditLeafBytes = 4095;
inline constexpr std::size_t kMaxFieldGroups = 24;
inline constexpr std::uint64_t kMaxAuditNumber = (std::uint64_t{1} << 53) - 1;  // RFC 7493 2.2

enum class AuditOutcome : std::uint8_t { ok, refused, failed };

// The bound of each text, in bytes of UTF-8, stands beside it. Control characters are refused
// everywhere.
struct AuditRecord {
    EventId event_id;         // UUIDv7; required
    Instant time{};           // UTC, microseconds; years 1970 to 9999
    std::string server;       // 64: which rastrod
    std::string request_id;   // 64
    std::string traceparent;  // 64: W3C Trace Context
    std::string action;       // 64, required: the endpoint's audit action or a job's
    AuditOutcome outcome = AuditOutcome::ok;
    std::string refusal_reason;        // 128: code; only with outcome refused or failed
    std::string actor;                 // 64: user or system id; empty before sign-in
    std::string actor_kind;            // 16: user, system, gateway, anonymous ...
    std::string agency;                // 64
    std::string country;               // 3: ISO 3166-1
    std::string role;                  // 64: by which the act was allowed
    std::string authentication_event;  // 64: id of the sign-in this act rests on
    std::string purpose;               // 32: code
    std::string legal_basis;           // 128: code
    std::string case_reference;        // 128: case number that justifies the act
    std::string object_type;           // 64
    std::string object_id;             // 128
    std::optional<std::uint64_t> object_version;
    std::string object_owner;               // 64: agency that owns the object
    std::vector<std::string> field_groups;  // 24 of 8 each: groups disclosed, in the order given
    std::string decision_id;                // 64
    std::string rule;                       // 128: that decided
    std::string policy_version;             // 64
    std::string source;                     // 64: address and port of the caller
    std::string destination;                // 64: address and port that answered
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t duration_us = 0;
    std::optional<Digest> detail;  // commit_detail() of the row in audit_detail

    friend bool operator==(AuditRecord const&, AuditRecord const&) = default;
};

// The exact bytes to store and to hash. Throws std::logic_error if a required member is missing, a
// member is longer than its bound, is not UTF-8 or holds a control character, a number is above
// kMaxAuditNumber, or the leaf would be longer than kMaxAuditLeafBytes: callers check what comes
// from outside before they get here.
[[nodiscard]] std::string to_leaf(AuditRecord const& record);
// Appends the same bytes to `out`.
void append_leaf(std::string& out, AuditRecord const& record);

// Reads exactly what to_leaf writes: to_leaf(parse_leaf(x).value()) == x. Total on any input;
// Problem validation_failed otherwise, with the name of the member where reading stopped.
[[nodiscard]] Outcome<AuditRecord> parse_leaf(std::string_view leaf);

// What a verifier needs of a leaf, without allocation: nullopt exactly where parse_leaf fails.
struct LeafHead {
    EventId event_id;
    Instant time{};
};
[[nodiscard]] std::optional<LeafHead> check_leaf(std::string_view leaf) noexcept;

[[nodiscard]] std::string_view to_text(AuditOutcome outcome) noexcept;

inline constexpr std::size_t kDetailNonceBytes = 32;
// SHA-256(nonce || detail). Throws std::logic_error unless the nonce has 32 bytes.
[[nodiscard]] Digest commit_detail(std::span<std::uint8_t const> nonce,
                                   std::span<std::uint8_t const> detail);

}  // namespace rastro::cases
