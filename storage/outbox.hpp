// From outbox to event feed: after commit each message gets its agency's next number, in commit
// order, so that "after N" never skips one (anchors/ecosystem.md 3.2). One sequencer at a time, by
// advisory lock.
#pragma once

#include <cstdint>
#include <map>
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

// Numbers and files up to `limit` committed messages; returns how many. 0 if there is nothing or
// another server is doing it.
int sequence_outbox(Connection& connection, Clock const& clock, int limit);

// What the actor's agency may read (row-level security): messages after `after`, oldest first.
[[nodiscard]] std::vector<FeedMessage> read_feed(UnitOfWork& unit,
                                                 std::string const& agency,
                                                 std::int64_t after,
                                                 int limit);
// Newest number of the agency; 0 if none.
[[nodiscard]] std::int64_t feed_head(UnitOfWork& unit, std::string const& agency);

// What was filed for these agencies after the numbers given, at most `limit` messages each, in the
// order of their numbers; where more than `limit` are waiting, the newest. By whichever server it
// was filed (system access only).
[[nodiscard]] std::vector<FeedMessage> read_feeds(UnitOfWork& unit,
                                                  std::map<std::string, std::int64_t> const& after,
                                                  int limit);

}  // namespace rastro::storage
