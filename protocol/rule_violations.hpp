// Joins what the rules of a case find with what reading found, so that both are told in one answer.
#pragma once

#include <vector>

#include "protocol/violations.hpp"

namespace rastro::protocol {

// Adds those whose member, or an object around it, was not found faulty by the reading: a member
// that could not be read must not be reported as missing too.
void add_rule_violations(Violations& read, std::vector<Violation> rules);

}  // namespace rastro::protocol
