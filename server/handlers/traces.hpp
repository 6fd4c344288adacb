// Shared by the files of the asking side (trace_read, trace_lists, trace_sending, trace_adding,
// trace_ending): a request found for an act, its whole content, and where it goes. Private to
// handlers/.
#pragma once

#include <vector>

#include "protocol/leg_json.hpp"
#include "protocol/trace_json.hpp"
#include "server/handlers/case_command.hpp"
#include "server/handlers/new_request.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/trace_step.hpp"
#include "server/handlers/trace_view.hpp"
#include "server/routes.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

void bind_trace_read(Routes& routes);
void bind_trace_lists(Routes& routes);
void bind_trace_sending(Routes& routes);
void bind_trace_adding(Routes& routes);
void bind_trace_ending(Routes& routes);

struct NothingMore {};
[[nodiscard]] Outcome<CaseCommand<NothingMore>> parse_case_only(Arrival const& arrival);

// Locked, decided upon, at the version that the caller has seen.
[[nodiscard]] Outcome<storage::TraceCase> open_for_act(Call& call,
                                                       storage::UnitOfWork& unit,
                                                       CaseId const& case_id);

// The whole content whoever acts: what guards and routing look at, never what is shown.
[[nodiscard]] cases::TraceRequestContent whole_content(storage::UnitOfWork& unit,
                                                       storage::TraceCase const& file);

// Where a request goes and who has to agree before.
struct WayOut {
    std::vector<storage::Receiver> receivers;
    cases::OutboundDecision outbound;
    storage::RoutingTables routing;
};
// Violations as of receivers_of.
[[nodiscard]] Outcome<WayOut> way_out(storage::UnitOfWork& unit,
                                      storage::TraceCase const& file,
                                      cases::TraceRequestContent const& content);

// Legs to all receivers (T4: the route table creates legs).
void route_to(TraceStep& step, std::vector<storage::Receiver> const& receivers);

// Marks a request that looks like another of the same agency (T26: suggested, never decided).
[[nodiscard]] Outcome<void> suggest_duplicate(storage::UnitOfWork& unit,
                                              TraceStep& step,
                                              storage::TraceCase const& file,
                                              cases::TraceRequestContent const& content);

// An act of the caller upon the request and nothing else, shown as it is then.
[[nodiscard]] Outcome<Reply> apply_to_request(Call& call,
                                              storage::UnitOfWork& unit,
                                              storage::TraceCase& file,
                                              StepAct const& act);

}  // namespace rastro::server
