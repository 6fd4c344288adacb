// What it means that two statements seem to be about one firearm, and who may learn of it. Source:
// domain rule 4.9 (all rows). A pointer tells: its id, the band, which fields agree, whom to ask,
// the handling code. No person, no place finer than a country.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/matching.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

// duplicate: one agency, one recovery, asked twice. two_agencies: two agencies, one recovery.
// repeat_recovery: the same firearm came into custody twice (evidence diverted, cloned marks, a
// firearm given back). same_firearm: requests of one firearm that do not say whether it is one
// recovery or two. record_hit: a request and a record of a lost, stolen, trafficked, smuggled or
// wanted firearm. destroyed_recovered: a record says that the recovered firearm was destroyed.
enum class HitKind : std::uint8_t {
    duplicate,
    two_agencies,
    repeat_recovery,
    same_firearm,
    record_hit,
    destroyed_recovered,
};
[[nodiscard]] std::string_view code_of(HitKind kind) noexcept;
[[nodiscard]] std::optional<HitKind> hit_kind_from(std::string_view code) noexcept;
// Somebody must look at once (4.9: high-priority alert).
[[nodiscard]] bool is_high_priority(HitKind kind) noexcept;

// Of a recovery, as far as it tells one from another; empty: not stated.
struct RecoveryFacts {
    std::string agency;
    std::string agency_case_no;
    std::optional<Date> day;  // only if the day is known
    std::string country;
    std::string area;
};
[[nodiscard]] HitKind kind_of_pair(RecoveryFacts const& a, RecoveryFacts const& b);

// Who stands on the two sides of a hit. `other`: owner of the older request or of the record.
struct HitSides {
    std::string agency;  // of the newer request: has the firearm in hand
    std::string other;
    std::vector<std::string> contacts;  // national contacts of both countries
    bool silent = false;                // the record is marked silent
};
struct Audience {
    std::vector<std::string> seen_by;  // agencies that learn of it now, each once
    std::string decides;               // whose analyst compares and confirms
};
// Before a person has confirmed: a strong match is told to both sides at once; a possible one waits
// with the analyst of the side that has the firearm in hand, and nobody abroad hears of it. Of a
// silent record only its owner learns, now and later. Weak ones and neighbours are nobody's
// business: empty.
[[nodiscard]] Audience audience_of(HitKind kind, MatchBand band, HitSides const& sides);
[[nodiscard]] Audience audience_when_confirmed(HitKind kind, HitSides const& sides);

}  // namespace rastro::cases
