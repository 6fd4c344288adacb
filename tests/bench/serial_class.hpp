// Class Q: searching for serial numbers among many descriptions, through the server: each call with
// its decision, scores and audit leaf.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/db/connection.hpp"
#include "tests/bench/load_generator.hpp"

namespace rastro::bench {

struct SerialStage {
    storage::ConnectionSettings owner;  // a superuser, to fill the database
    std::string agency;                 // whose requests they are
    std::string token;                  // session of one of its users
    std::size_t descriptions = 0;
};
struct SerialSpeed {
    std::string kind;
    double p50_ms = 0;
    double p99_ms = 0;
    double recall = 0;  // percent of those asked for that the answer held
    std::size_t failed = 0;
    std::string goal_ms;  // of p99 (design/performance.md); empty: none stated
};
// Fills the database with requests whose serials come in runs, as those of real firearms do, and
// asks one question after the other. `load`: server and certificate. Throws std::runtime_error.
[[nodiscard]] std::vector<SerialSpeed> measure_serials(SerialStage const& stage,
                                                       LoadPlan load,
                                                       Bound const& bound);

}  // namespace rastro::bench
