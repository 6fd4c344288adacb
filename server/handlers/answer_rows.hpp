// An answer as given becomes a row: its disposition chain checked (domain/tracing.md 2.4), its
// field groups known. Private to handlers/.
#pragma once

#include "server/handlers/legs.hpp"

namespace rastro::server {

// validation_failed with every fault of the chain, or at /outcome_code for an outcome that the kind
// contradicts. Not stored yet; approval is "pending" if the chain discloses G6 or G7, which a
// second person has to release (9.5), else "not_needed".
[[nodiscard]] Outcome<storage::AnswerRow> make_answer(Call const& call,
                                                      OpenLeg const& open,
                                                      protocol::AnswerGive const& given,
                                                      Instant now);
[[nodiscard]] bool is_pending(storage::AnswerRow const& answer);
// What the guards of an act on this answer look at.
[[nodiscard]] cases::TraceFacts answer_facts(storage::AnswerRow const& answer);

}  // namespace rastro::server
