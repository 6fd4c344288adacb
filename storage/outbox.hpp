// From outbox to event feed: after commit each message gets its agency's next number, in commit
// order, so that "after N" never skips one (anchors/ecosystem.md 3.2). One sequencer at a time, by
// advisory lock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct FeedMessage {
    std::int64_t seq = 0;
    std::string agency;
    std::string kind;
    std::string case_id;  // empty if none
    std::string object_type;
    std::string object_id;
    int object_version = 0;
    Instant occurred_at{};
};

// Moves up to `limit` committed messages and returns them in the order of their numbers. Empty if
// there is nothing or another server is doing it; `more` tells whether to come again at once.
struct SequencedRound {
    std::vector<FeedMessage> messages;
    bool more = false;
};
[[nodiscard]] SequencedRound sequence_outbox(Connection& connection, Clock const& clock, int limit);

// What the actor's agency may read (row-level security): messages after `after`, oldest first.
[[nodiscard]] std::vector<FeedMessage> read_feed(UnitOfWork& unit,
                                                 std::string const& agency,
                                                 std::int64_t after,
                                                 int limit);
// Newest number of the agency; 0 if none.
[[nodiscard]] std::int64_t feed_head(UnitOfWork& unit, std::string const& agency);

}  // namespace rastro::storage
