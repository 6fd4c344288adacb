// Class C: declared cases. Loading and checking the definitions of all types, and the RANDOT report
// of one country and year over many stored cases: fetching the facts and computing Tables A, B, C.
#pragma once

#include <cstddef>
#include <string>

#include "storage/db/connection.hpp"

namespace rastro::bench {

struct CaseStage {
    storage::ConnectionSettings owner;  // a superuser, to fill the database
    storage::ConnectionSettings app;    // as the server connects
    std::string agency;                 // becomes a statistics office of XA
    std::size_t cases = 0;
};
struct CaseSpeed {
    double definitions_ms = 0;  // all types, parsed and checked
    std::size_t definitions = 0;
    double facts_ms = 0;      // from the database
    double tables_ms = 0;     // from the facts
    std::size_t counted = 0;  // cases in the totals of the three tables
};
// The best of a few runs, as a floor is. Throws std::runtime_error if the report counts another
// number of cases than were stored for it.
[[nodiscard]] CaseSpeed measure_cases(CaseStage const& stage);

}  // namespace rastro::bench
