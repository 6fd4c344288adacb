// How a trace request is shown: stored rows become messages, cut to what the decision discloses.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cases/lifecycle.hpp"
#include "protocol/trace_json.hpp"
#include "server/call.hpp"
#include "storage/leg_repo.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

// What the access decision looks at.
[[nodiscard]] cases::ObjectFacts request_facts(storage::TraceCase const& file);

// What is passed on with a forward: under H0 all that the owner shares, else what is enough to
// trace on (domain/tracing.md 8.3, third-party rule).
[[nodiscard]] std::vector<std::string> onward_groups(storage::TraceCase const& file);

// A leg as its request lists it: no answers, clarifications or decisions.
[[nodiscard]] protocol::LegMessage leg_summary(storage::LegRow const& leg,
                                               storage::TraceCase const& file);

// Without content. `next_steps` and withheld groups follow from the call's actor and decision.
[[nodiscard]] protocol::TraceRequestMessage request_message(
    Call const& call, storage::TraceCase const& file, std::vector<storage::LegRow> const& legs);

// The reply to a read or act: body, ETag, Location for a new one. Notes in the audit record which
// groups were disclosed.
[[nodiscard]] Reply request_reply(Call& call,
                                  protocol::TraceRequestMessage const& message,
                                  unsigned status);

// Finds the request, names it in the audit record and decides. An unknown or invisible case is
// not_found, and the refusal is recorded with the id that was asked for.
[[nodiscard]] Outcome<storage::TraceCase> open_request(Call& call,
                                                       storage::UnitOfWork& unit,
                                                       CaseId const& case_id,
                                                       storage::Lock lock);

// The stored request as the caller may see it now.
[[nodiscard]] Reply show_request(Call& call,
                                 storage::UnitOfWork& unit,
                                 storage::TraceCase const& file,
                                 unsigned status);

[[nodiscard]] cases::CaseTypeDefinition const& trace_type(Call const& call);

// Sides of the lifecycle on which the caller's agency stands.
[[nodiscard]] std::set<cases::Side> sides_of(std::set<cases::Relation> const& relations);

}  // namespace rastro::server
