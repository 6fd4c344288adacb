// Signals of rules that look across cases (domain/linked-cases.md 4.14): every declared case that
// was changed is looked at soon after, and open ones once a day, because days pass too. What is
// new is kept, told to the owner's agency, and written into the audit log; what no longer holds is
// ended. Each case has a unit of work of its own; however many servers run this at once, a case is
// looked at by one of them.
#pragma once

#include "server/services.hpp"
#include "storage/db/connection.hpp"

namespace rastro::server {

struct SignalRound {
    int looked_at = 0;
    int raised = 0;
    int failed = 0;
    bool more = false;  // the limit was reached: come again at once
};
// Throws StorageError if the database cannot be reached.
[[nodiscard]] SignalRound run_signals(storage::Connection& connection,
                                      Services const& services,
                                      int limit);

}  // namespace rastro::server
