// Clocks of declared cases (domain/linked-cases.md 4.12): some days before the end, where the rule
// says so, and at the end, who has to act is told: the owner's staff, the agency that an alert went
// to, the sides of a cooperation. The end is noted in the history of the case. Each notice has a
// unit of work of its own; however many servers run this at once, each is given once.
#pragma once

#include "server/services.hpp"
#include "storage/db/connection.hpp"

namespace rastro::server {

struct ClockRound {
    int told = 0;
    int failed = 0;
    bool more = false;  // the limit was reached: come again at once
};
// Events "case.deadline_near" and "case.deadline_passed".
// Throws StorageError if the database cannot be reached.
[[nodiscard]] ClockRound run_case_clocks(storage::Connection& connection,
                                         Services const& services,
                                         int limit);

}  // namespace rastro::server
