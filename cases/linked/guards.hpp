// The guards that the definitions of linked cases name, as small functions over one struct of
// facts. A guard may have a parameter: "has_consent:protection". Source:
// domain/linked-cases.md 4.11 unless its row says otherwise.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/lifecycle.hpp"
#include "cases/linked/field_value.hpp"
#include "cases/linked/treaty.hpp"
#include "common/clock.hpp"

namespace rastro::cases {

// One object of the case as it stands. Holds no sealed (S4) value: no guard needs one.
struct ObjectFact {
    std::string id;
    std::string object;
    std::string state;
    bool open = true;
    FieldValues values;
};

struct LinkedFacts {
    std::string actor;  // principal
    std::string actor_agency;
    std::set<std::string, std::less<>> actor_roles;
    std::string first_person;  // who prepared the act that this one completes; empty: nobody
    std::set<std::string, std::less<>> first_roles;
    Date today{};
    FieldValues root;    // of the case, as it would be stored
    FieldValues object;  // of the object acted upon, as it would be stored; the root's for the root
    std::vector<ObjectFact> objects;
    // Who did which event before: on this object ("seize"), or on the case for its root.
    std::map<std::string, std::set<std::string>, std::less<>> done_by;
    std::set<std::string, std::less<>> links;    // kinds of links that are not rejected
    std::set<std::string, std::less<>> elapsed;  // clocks that have run out
    std::set<std::string, std::less<>> courses;  // valid trainings of the interviewer
    bool has_party = false;                      // another agency stands on the other side
    bool wall_checked =
        false;  // persons were held against the own staff (cases/linked/conflict_wall)
    bool subject_is_victim = false;   // blind index: the suspect is a victim of this case
    bool silence_is_consent = false;  // a country row says so (precursor notices)
    TreatyTable const* treaties = nullptr;
};

struct LinkedGuardRow {
    std::string_view name;
    std::string_view explain;  // English: what has to hold
    bool (*met)(LinkedFacts const&, std::string_view parameter);
};

[[nodiscard]] std::span<LinkedGuardRow const> linked_guards() noexcept;

// Guards over the facts (which must outlive it) and the closed code lists. Throws std::logic_error
// for a guard without a row: check_definition() has let none through.
[[nodiscard]] Environment linked_environment(LinkedFacts const& facts);

}  // namespace rastro::cases
