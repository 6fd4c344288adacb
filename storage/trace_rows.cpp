#include "storage/trace_rows.hpp"

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

// Canonical form: each member as decimal length, ':', bytes; so no two events share a form.
Digest chain_event(CaseEvent& event, std::optional<Digest> const& previous) {
    event.previous_hash = previous;
    std::string form;
    auto const add = [&](std::string_view member) {
        form += std::to_string(member.size());
        form += ':';
        form += member;
    };
    add(previous ? to_hex(*previous) : "");
    add(event.case_id.to_string());
    add(event.event_id.to_string());
    add(event.leg_id ? event.leg_id->to_string() : "");
    add(event.object);
    add(event.event);
    add(event.transition);
    add(event.from_state);
    add(event.to_state);
    add(event.actor_kind);
    add(event.actor_id);
    add(event.agency);
    add(event.country);
    add(to_rfc3339(event.occurred_at));
    add(event.purpose);
    add(event.decision_id);
    add(event.reason_code);
    add(event.data);
    event.event_hash = sha256(form);
    return event.event_hash;
}

}  // namespace rastro::storage
