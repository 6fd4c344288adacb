// The closed lists of codes as schemas: each is taken from the table that the code itself uses, so
// that the document cannot fall behind.
#pragma once

#include <boost/json/object.hpp>

namespace rastro::protocol {

// {"OutcomeCode": {"type":"string","enum":[...]}, ...}
[[nodiscard]] boost::json::object code_schemas();

}  // namespace rastro::protocol
