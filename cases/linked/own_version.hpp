// An agency's own version of a case type: what it may change of the version compiled in. Source:
// domain/linked-cases.md 12.
#pragma once

#include <string>
#include <vector>

#include "cases/case_type.hpp"

namespace rastro::cases {

// Versions below are compiled in, those from here on are an agency's own.
inline constexpr int kFirstOwnVersion = 1001;

// What keeps `own` from standing in the place of `base`, the version compiled in. An agency adds
// objects, states, fields, steps and links, and makes rules stricter; it takes nothing away, opens
// nothing that is protected and goes around no rule, so that what others rely on (statistics,
// seals, two persons, access by field group) holds in every version:
//   every object, state, field, step, clock, link and signal of the base is there and means the
//   same; a field's group is as strict or stricter, and its validators, index and required_at stay;
//   a step keeps its guards, reason, required inputs, document, second person, fresh
//   authentication, flags, clocks and effects, and is open to no further role, side or state;
//   a new step leads into a state of the base only if it is as strict as some step of the base that
//   leads there.
[[nodiscard]] std::vector<DefinitionFault> check_own_version(CaseTypeDefinition const& base,
                                                             CaseTypeDefinition const& own);

}  // namespace rastro::cases
