// The lanes of trace requests: "trace_create" and "trace_status" (design/performance.md, "What this
// forces" 2). Batches run in two round trips; each call has its own decision, outcome and audit
// leaf.
#pragma once

#include "server/lane.hpp"

namespace rastro::server {

struct LaneOperation {
    Lanes::LaneParse parse;
    LaneBatch batch;
};
// `services` must outlive what is returned.
[[nodiscard]] LaneOperation create_lane(Services& services);
[[nodiscard]] LaneOperation status_lane(Services& services);

}  // namespace rastro::server
