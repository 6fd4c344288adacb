// Which problems an operation can answer with: what follows from its row in the endpoint table, and
// what its own rules add. An answer with another one is a fault of this table or of the server (the
// api tests hold each live reply against it).
#pragma once

#include <map>
#include <set>

#include "common/problem.hpp"
#include "protocol/endpoints.hpp"

namespace rastro::protocol {

// HTTP status -> kinds of problem.
[[nodiscard]] std::map<unsigned, std::set<ProblemCode>> problems_of(Endpoint const& endpoint);

}  // namespace rastro::protocol
