// Comparing what is new with what is there, forwards and backwards: every request that was sent,
// every record that was entered, and what was searched for in the name of a request
// (domain/tracing.md 4.8, 4.9). Finds by the database's candidates, judges by cases/trace/matching,
// and tells whom cases/trace/pointer lets know. Each task has a unit of work of its own; however
// many servers run this at once, a task is done once.
#pragma once

#include "server/handlers/make_cache.hpp"
#include "server/services.hpp"
#include "storage/db/connection.hpp"

namespace rastro::server {

struct MatchRound {
    int done = 0;
    int found = 0;
    int failed = 0;
    bool more = false;  // the limit was reached: come again at once
};
// Throws StorageError if the database cannot be reached.
[[nodiscard]] MatchRound run_matching(storage::Connection& connection,
                                      Services const& services,
                                      MakeCache& makes,
                                      int limit);

}  // namespace rastro::server
