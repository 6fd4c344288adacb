// The members of an audit leaf, once, for its writer and its reader. Private to
// cases/audit_record*.cpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "cases/audit_record.hpp"
#include "common/text.hpp"

namespace rastro::cases::audit_leaf {

inline constexpr std::string_view kOutcomes[] = {"ok", "refused", "failed"};
inline constexpr std::size_t kTimeBytes = 27;  // 2026-05-14T09:12:00.123456Z
inline constexpr std::size_t kGroupBound = 8;

enum class Need : std::uint8_t { optional, required };

// Every member in canonical order (UTF-16 code units of the names, RFC 8785 3.2.3), with its bound.
template <class Record, class Visitor>
void each_member(Record& r, Visitor& v) {
    v.text("action", r.action, 64, Need::required);
    v.text("actor", r.actor, 64);
    v.text("actor_kind", r.actor_kind, 16);
    v.text("agency", r.agency, 64);
    v.text("authentication_event", r.authentication_event, 64);
    v.number("bytes_in", r.bytes_in);
    v.number("bytes_out", r.bytes_out);
    v.text("case_reference", r.case_reference, 128);
    v.text("country", r.country, 3);
    v.text("decision_id", r.decision_id, 64);
    v.text("destination", r.destination, 64);
    v.digest("detail", r.detail);
    v.number("duration_us", r.duration_us);
    v.event_id("event_id", r.event_id);
    v.list("field_groups", r.field_groups);
    v.text("legal_basis", r.legal_basis, 128);
    v.text("object_id", r.object_id, 128);
    v.text("object_owner", r.object_owner, 64);
    v.text("object_type", r.object_type, 64);
    v.number("object_version", r.object_version);
    v.outcome("outcome", r.outcome);
    v.text("policy_version", r.policy_version, 64);
    v.text("purpose", r.purpose, 32);
    v.text("refusal_reason", r.refusal_reason, 128);
    v.text("request_id", r.request_id, 64);
    v.text("role", r.role, 64);
    v.text("rule", r.rule, 128);
    v.schema("schema");
    v.text("server", r.server, 64);
    v.text("source", r.source, 64);
    v.time("time", r.time);
    v.text("traceparent", r.traceparent, 64);
}

inline bool is_version_7(EventId const& id) noexcept {
    return (id.uuid.bytes[6] >> 4) == 7 && (id.uuid.bytes[8] >> 6) == 2;
}

// Bytes at the start of `text` that stand for themselves in a canonical string: printable ASCII but
// '"' and '\'.
inline std::size_t plain_prefix(std::string_view text) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHigh = 0x8080808080808080U;
    constexpr auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHigh; };
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        auto const below_space = (word - kOnes * 0x20) & ~word & kHigh;
        if ((below_space | (word & kHigh) | has_zero(word ^ (kOnes * '"')) |
             has_zero(word ^ (kOnes * '\\')) | has_zero(word ^ (kOnes * 0x7F))) != 0) {
            break;
        }
    }
    for (; at < text.size(); ++at) {
        auto const c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') {
            break;
        }
    }
    return at;
}

inline bool is_clean(std::string_view text) noexcept {
    return is_valid_utf8(text) && !has_control_characters(text) &&
           text.find_first_of("\t\n") == std::string_view::npos;
}

}  // namespace rastro::cases::audit_leaf
