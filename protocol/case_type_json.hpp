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

// The same of an agency's version, checked against the version compiled in
// (cases/linked/own_version) too: validation_failed with every fault.
[[nodiscard]] Outcome<cases::CaseTypeDefinition> read_own_case_type(
    std::string_view json, cases::CaseTypeDefinition const& base);

// The document of a declared case's type as it is compiled in, for whoever writes a version of
// their own; empty if there is no such type.
[[nodiscard]] std::string_view case_type_document(std::string_view id);

// The definitions compiled into the server, checked. Throws std::logic_error, saying where, if one
// of them cannot be used: such a server must not start.
[[nodiscard]] cases::CaseTypeRegistry built_in_case_types();

}  // namespace rastro::protocol
