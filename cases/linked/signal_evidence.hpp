// What a rule went by when it noticed something: codes, dates and numbers, never names or values
// of sealed fields (domain/linked-cases.md 3.6).
#pragma once

#include <string>

#include "cases/linked/field_value.hpp"

namespace rastro::cases {

struct SignalEvidence {
    std::string object_id;     // empty: the case
    FieldValues numbers;       // inputs and results
    std::string group = "S1";  // field group that one has to see to hear of it (rules across cases)
};

}  // namespace rastro::cases
