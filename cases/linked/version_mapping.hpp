// How a case moves from one version of its type to another. Source: domain/linked-cases.md 12: each
// case keeps its version; migration is an explicit mapping.
#pragma once

#include <string>
#include <vector>

#include "cases/case_type.hpp"

namespace rastro::cases {

// Where the states and fields of one version go in another. What both have under one name stays
// where it is; only the rest is named here.
struct StateMove {
    std::string object;
    std::string from;
    std::string to;
};
struct FieldMove {
    std::string object;
    std::string from;
    std::string to;  // empty: its values stay in the history only
};
struct VersionMapping {
    std::vector<StateMove> states;
    std::vector<FieldMove> fields;
};

// What keeps a case of version `from` from moving to version `to` by this mapping: an object, clock
// or link kind that is not there; a state or field without a place; a place that is not there, is
// taken or means something else (type, list, index; a less strict group; open, final, legal
// effect). Paths point into the mapping (/states/0/to).
[[nodiscard]] std::vector<DefinitionFault> check_mapping(CaseTypeDefinition const& from,
                                                         CaseTypeDefinition const& to,
                                                         VersionMapping const& mapping);

}  // namespace rastro::cases
