#include "server/handlers/receivers.hpp"

#include "server/handlers/new_request.hpp"

namespace rastro::server {

Outcome<FoundReceiver> find_receiver(storage::UnitOfWork& unit,
                                     cases::Recipient const& recipient,
                                     std::string_view priority) {
    cases::TraceRequestContent asked;
    asked.recipients = {recipient};
    auto routing = storage::load_routing(unit, routing_question({&asked}, unit.now()));
    auto receivers = receivers_of(asked.recipients, priority, routing);
    if (!receivers) {
        auto violations = receivers.error().violations();
        for (auto& violation : violations) {
            violation.pointer = recipient.agency.empty() ? "/country" : "/agency";
        }
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    return FoundReceiver{std::move(receivers.value().front()), std::move(routing)};
}

}  // namespace rastro::server
