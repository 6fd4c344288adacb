// What the annual RANDOT report is computed from: cooperation, findings of guilt and decisions
// against legal persons, as the cases hold them. Dates are civil dates of the acting country.
// Source: domain/linked-cases.md 4.7, 4.8 and 6.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/linked/money.hpp"
#include "cases/linked/treaty.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

enum class CooperationKind : std::uint8_t { mla, extradition, joint_investigation, other };
[[nodiscard]] std::string_view to_text(CooperationKind kind) noexcept;
// The three named kinds; every other kind of formal cooperation counts as other.
[[nodiscard]] CooperationKind cooperation_kind(std::string_view declared) noexcept;

enum class CooperationOutcome : std::uint8_t { pending, executed, refused, withdrawn };

struct CooperationFact {
    std::string case_id;
    CooperationKind kind = CooperationKind::other;
    std::string requesting;  // ISO 3166-1 alpha-2
    std::string requested;
    std::optional<Date> transmitted_on;
    std::optional<Date> signed_on;  // joint investigations
    bool formal = true;
    std::vector<LegalBasis> bases;
    CooperationOutcome outcome = CooperationOutcome::pending;
    std::optional<Date> outcome_on;
};

struct Provision {
    std::string instrument;  // "UNTOC"; anything else than the four is a national offence only
    std::string article;     // "6", "6(1)(b)"
};

// In order of severity (R12).
enum class SentenceKind : std::uint8_t {
    life,
    custodial,
    suspended,
    community,
    fine_only,
    other,
    not_available,
};
[[nodiscard]] std::string_view to_text(SentenceKind kind) noexcept;
[[nodiscard]] std::optional<SentenceKind> parse_sentence_kind(std::string_view text) noexcept;

struct Sentence {
    SentenceKind kind = SentenceKind::not_available;
    std::optional<int> months;
    std::optional<Money> fine;
};

// One finding on one person: a count, or several counts under one overall sentence.
struct ConvictionFact {
    std::string case_id;
    std::string country;  // whose court
    std::string person;   // pseudonym; the same person has the same one in every case
    std::vector<Provision> provisions;
    bool guilty = true;
    std::optional<Date> verdict_on;
    std::optional<Date> final_on;
    std::optional<Date> overturned_on;
    bool overall = false;  // one sentence for all its provisions
    std::vector<Sentence> sentences;
};

enum class Liability : std::uint8_t { criminal, civil, administrative };
[[nodiscard]] std::string_view to_text(Liability liability) noexcept;
[[nodiscard]] std::optional<Liability> parse_liability(std::string_view text) noexcept;

struct Sanction {
    std::string kind;  // fine, damages, debarment, licence_suspension, ...
    std::optional<Money> amount;
};

struct LegalPersonFact {
    std::string case_id;
    std::string country;
    std::string entity;  // pseudonym
    Liability liability = Liability::administrative;
    std::optional<Date> decision_on;
    std::optional<Date> overturned_on;
    std::vector<Provision> provisions;
    std::vector<Sanction> sanctions;
};

// What is asked for. `country` empty: the hemisphere, every case once (R10).
struct RandotQuestion {
    std::string country;
    int year = 0;
    Date as_of{};          // facts known on this day; the day of the snapshot
    bool amended = false;  // what was overturned by as_of is taken out, not only by 31 December
};
[[nodiscard]] Date first_day(int year);
[[nodiscard]] Date last_day(int year);

// Cases behind a number, and the persons where it counts persons.
struct Cell {
    std::set<std::string> cases;
    std::set<std::string> persons;
    friend bool operator==(Cell const&, Cell const&) = default;
};

// Why a case is not in a table (R14); one line a case and reason.
struct Exclusion {
    std::string case_id;
    std::string reason;
    friend auto operator<=>(Exclusion const&, Exclusion const&) = default;
};

}  // namespace rastro::cases
