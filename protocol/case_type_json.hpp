// Reads a case type's definition from its JSON document (cases/types/*.json). Strict: unknown,
// missing, repeated and mistyped members are all told at once with JSON Pointers. Names are not
// looked up here: that is check_definition() of cases/case_type.
//
// Shorthands, resolved while reading: "from": "*" is every state of the object, "from": "@open"
// every open one; "stops": "*" is every clock of the object. Lists that are left out are empty.
#pragma once

#include <string_view>

#include "cases/case_type.hpp"
#include "cases/registry.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

[[nodiscard]] Outcome<cases::CaseTypeDefinition> read_case_type(std::string_view json);

// The definitions compiled into the server, checked. Throws std::logic_error, saying where, if one
// of them cannot be used: such a server must not start.
[[nodiscard]] cases::CaseTypeRegistry built_in_case_types();

}  // namespace rastro::protocol
