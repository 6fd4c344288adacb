// Values of declared fields in one canonical text form, as stored and compared, and what a value
// has to satisfy: its type, its code list, its validators. Source: domain/linked-cases.md 12.
//
//   text          as given            code, country, subdivision  the code
//   codes         codes joined by '|'  countries                  alpha-2 codes joined by '|', in
//   order date          2026-05-14          integer, decimal            digits, '.' before the
//   fraction flag          true, false         money                       "5000.50 USD"
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_type.hpp"
#include "cases/linked/money.hpp"
#include "common/problem.hpp"

namespace rastro::cases {

using FieldValues = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kMostTextBytes = 8000;

[[nodiscard]] std::vector<std::string> const& field_types();
[[nodiscard]] std::vector<std::string> const& field_validators();

// What is wrong with the value (code of a violation, with its parameters); nothing: it may be
// stored. `siblings` are the other values of the object: an asset's identifier is checked as its
// identifier_kind says.
[[nodiscard]] std::optional<Violation> check_field_value(FieldDefinition const& field,
                                                         std::string_view value,
                                                         FieldValues const& siblings);

[[nodiscard]] std::optional<Money> money_value(std::string_view canonical);
[[nodiscard]] std::string canonical_money(Money const& money);

// "" for a field that is not there.
[[nodiscard]] std::string_view value_of(FieldValues const& values, std::string_view field);
[[nodiscard]] std::vector<std::string> codes_of(FieldValues const& values, std::string_view field);

}  // namespace rastro::cases
