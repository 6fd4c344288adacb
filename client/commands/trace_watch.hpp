// trace watch: follows the event feed and tells what changed in one request.
#pragma once

#include <string>
#include <vector>

#include "client/context.hpp"

namespace rastro::client {

[[nodiscard]] Result<ExitCode> watch_request(Context& context);

// Lines for what differs between two replies of trace_status; all of it if there was none before.
[[nodiscard]] std::vector<std::string> changes_between(boost::json::value const& before,
                                                       boost::json::value const& after);
// True for states after which nothing more comes by itself.
[[nodiscard]] bool is_settled(std::string_view state);

}  // namespace rastro::client
