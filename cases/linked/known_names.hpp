// Every name that the definition of a linked case may use (cases/case_type.hpp, KnownNames).
#pragma once

#include "cases/case_type.hpp"

namespace rastro::cases {

[[nodiscard]] KnownNames const& linked_known_names();

}  // namespace rastro::cases
