// The one way to find who receives what is asked of a country or an agency: the route tables of
// storage/routing, looked up by the rules of new_request. For acts that name one recipient in their
// body; requests name theirs under "/recipients".
#pragma once

#include <string_view>

#include "cases/trace/request.hpp"
#include "common/outcome.hpp"
#include "storage/routing.hpp"

namespace rastro::server {

struct FoundReceiver {
    storage::Receiver receiver;
    storage::RoutingTables routing;  // what it was found in
};
// Violations at "/country" (no_route) or "/agency" (unknown_agency).
[[nodiscard]] Outcome<FoundReceiver> find_receiver(storage::UnitOfWork& unit,
                                                   cases::Recipient const& recipient,
                                                   std::string_view priority);

}  // namespace rastro::server
