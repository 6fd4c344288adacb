// What it means that two statements seem to be about one firearm, and who may learn of it. Source:
// domain rule 4.9 (all rows). A pointer tells: its id, the band, which fields agree, whom to ask,
// the handling code. No person, no place finer than a country.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/illicit_record.hpp"
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

// What a record of this kind and a request of the same firearm are.
[[nodiscard]] HitKind kind_of_record_hit(RecordKind kind) noexcept;

// How far others may know of a statement at all.
struct Exposure {
    std::string agency;
    bool silent = false;     // a record whose hits alert its owner only
    bool sensitive = false;  // a request under cover (domain rule 7, complaint 20)
    std::string handling_code;
    bool in_compartment = false;
};
// Other agencies learn nothing of it: silent, under cover, or under a restriction in words (H3)
// that a machine cannot weigh.
[[nodiscard]] bool is_hidden_from_others(Exposure const& exposure) noexcept;
// In a compartment not even the own agency is one public: persons who are cleared compare
// themselves.
[[nodiscard]] bool takes_part_in_matching(Exposure const& exposure) noexcept;

// Whom to ask about a hit: the agency itself, or the national contact of its country, as its
// country has decided (config/reference/pointer_contacts.csv; 4.9: "contact data only, if policy
// allows").
enum class PointerContact : std::uint8_t { agency, national_contact };
// The most specific row in force on the day: country and kind, then country, then kind.
[[nodiscard]] PointerContact pointer_contact(std::string_view country, HitKind kind, Date on);

// Who stands on the two sides of a hit. `other`: owner of the older request or of the record.
struct HitSides {
    std::string agency;  // of the newer request: has the firearm in hand
    std::string other;
    std::vector<std::string> contacts;  // national contacts of both countries
    bool silent = false;                // what `other` has stated is hidden from others
    bool covert = false;                // what `agency` has stated is
};
struct Audience {
    std::vector<std::string> seen_by;  // agencies that learn of it now, each once
    std::string decides;               // whose analyst compares and confirms
};
// Before a person has confirmed: a strong match is told to both sides at once; a possible one waits
// with the analyst of the side that has the firearm in hand, and nobody abroad hears of it. Of a
// silent record only its owner learns, now and later; of a request under cover only who asked; of
// both together nobody. Weak ones and neighbours are nobody's business: empty.
[[nodiscard]] Audience audience_of(HitKind kind, MatchBand band, HitSides const& sides);
[[nodiscard]] Audience audience_when_confirmed(HitKind kind, HitSides const& sides);

}  // namespace rastro::cases
