// What changed, as ids and versions, never content (design/decisions 10): the reply of GET
// /v1/events and the messages of the WebSocket stream are built of the same objects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"

namespace rastro::protocol {

struct EventMessage {
    std::int64_t seq = 0;  // of the agency's feed
    std::string kind;
    std::optional<CaseId> case_id;
    std::string object_type;
    std::string object_id;
    int object_version = 1;
    Instant occurred_at{};
};
void append_event(std::string& out, EventMessage const& event);
// `last` is the number to ask after next time, `newest` that of the newest event of the feed: where
// somebody starts who has read the present state.
[[nodiscard]] std::string write_events(std::vector<EventMessage> const& events,
                                       std::int64_t last,
                                       std::int64_t newest);

}  // namespace rastro::protocol
