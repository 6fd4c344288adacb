#include "server/handlers/traces.hpp"

#include "server/handlers/handlers.hpp"
#include "server/handlers/trace_lanes.hpp"
#include "server/lane.hpp"

namespace rastro::server {

void bind_traces(Routes& routes, Lanes& lanes, Services& services) {
    auto const add_lane = [&](char const* operation, LaneOperation lane) {
        lanes.add(operation, std::move(lane.parse), std::move(lane.batch));
        routes.bind_lane(operation);
    };
    add_lane("trace_create", create_lane(services));
    add_lane("trace_status", status_lane(services));
    bind_trace_read(routes);
    bind_trace_lists(routes);
    bind_trace_sending(routes);
    bind_trace_adding(routes);
    bind_trace_ending(routes);
}

}  // namespace rastro::server
