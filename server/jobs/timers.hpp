// The clocks of trace requests and the delivery to agencies whose endpoint is this server. Each row
// has a unit of work of its own, so that one that fails blocks no other; however many servers run
// this at once, each deadline fires once: the row is claimed under the lock of its case.
#pragma once

#include "server/services.hpp"
#include "storage/db/connection.hpp"

namespace rastro::server {

struct TimerRound {
    int fired = 0;
    int delivered = 0;
    int failed = 0;
    bool more = false;  // the limit was reached: come again at once
};
// At most `limit` deadlines and as many deliveries. A deadline brings about the event that the case
// type names for its stage, in the name of the agency it binds; one whose event has no place any
// more is only marked as fired; one without event tells both sides that the time is over.
// Throws StorageError if the database cannot be reached.
[[nodiscard]] TimerRound run_timers(storage::Connection& connection,
                                    Services const& services,
                                    int limit);

}  // namespace rastro::server
