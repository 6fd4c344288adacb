// The code lists of the interface with their names in four languages, as one table by list. Names
// of closed lists: config/reference/code_names.csv; calibres, firearm types, offence categories and
// countries have reference files of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

struct CodeName {
    std::string code;
    std::string en, es, pt, fr;
    std::string group;  // outcome group, protecting field group, report row ...; may be empty
};

// In alphabetical order: calibres, chain-roles, countries, offence-categories, outcome-codes ...
[[nodiscard]] std::vector<std::string> code_list_names();
// nullptr for a list that is not there; lives as long as the program.
[[nodiscard]] std::vector<CodeName> const* find_code_list(std::string_view name);

}  // namespace rastro::cases
