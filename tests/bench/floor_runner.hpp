// Runs a floor: a number of PostgreSQL connections, each with one statement under way at any time,
// driven by one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/db/connection.hpp"
#include "tests/bench/floor_statements.hpp"
#include "tests/bench/round.hpp"

namespace rastro::bench {

class FloorRunner {
 public:
    // Throws std::runtime_error if the database cannot be reached or the statement is refused.
    FloorRunner(storage::ConnectionSettings const& database,
                FloorStatement statement,
                std::size_t connections,
                std::size_t requests_a_statement);
    ~FloorRunner();
    FloorRunner(FloorRunner const&) = delete;
    FloorRunner& operator=(FloorRunner const&) = delete;

    // A request's latency is that of its statement. `made`: ids of the cases written, if not null.
    [[nodiscard]] Round run(FloorIdentity& identity,
                            Bound const& bound,
                            std::vector<std::string>* made = nullptr);

 private:
    struct Link;
    void send(Link& link, FloorIdentity& identity, std::vector<std::string>* made);

    FloorStatement statement_;
    std::size_t requests_a_statement_;
    std::vector<std::unique_ptr<Link>> links_;
};

}  // namespace rastro::bench
