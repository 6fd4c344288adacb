// Shared by the files of the asked side (leg_read, leg_acts, leg_decisions, answers): finding a leg
// with its case, and showing it as far as the caller may see. Private to handlers/.
#pragma once

#include "protocol/leg_json.hpp"
#include "server/handlers/trace_step.hpp"
#include "server/routes.hpp"
#include "storage/leg_repo.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

void bind_leg_read(Routes& routes);
void bind_leg_acts(Routes& routes);
void bind_leg_decisions(Routes& routes);
void bind_answers(Routes& routes);

struct OpenLeg {
    storage::TraceCase file;
    storage::LegRow leg;
    [[nodiscard]] bool asked(Call const& call) const {
        return leg.asked_agency == call.actor.agency;
    }
};

// Finds and, with for_update, locks the case and then the leg; names the leg in the audit record;
// decides, with the relations of the caller to this very leg; checks If-Match. `author`: principal
// whose work the act completes, for the condition not_author.
[[nodiscard]] Outcome<OpenLeg> open_leg(Call& call,
                                        storage::UnitOfWork& unit,
                                        LegId const& leg_id,
                                        storage::Lock lock,
                                        std::string const& author = {});

// The leg as the caller may see it now: the question within the decision's field groups (a leg that
// came by forwarding carries G0, G1 and G9 only, unless the handling code is H0: domain/tracing.md
// 8.3), answers that were released, with what is withheld and why; to the asked agency its own
// pending ones too.
[[nodiscard]] Reply show_leg(Call& call,
                             storage::UnitOfWork& unit,
                             OpenLeg const& open,
                             unsigned status);

// Body of an act together with the leg it is about.
template <class Body>
struct LegCommand {
    LegId leg_id;
    Body body;
};
struct NoBody {};
// `read`: Outcome<Body>(std::string_view).
template <auto read>
[[nodiscard]] auto parse_leg_body(Arrival const& arrival)
    -> Outcome<LegCommand<typename decltype(read(std::string_view{}))::value_type>>;
[[nodiscard]] Outcome<LegId> leg_of(Arrival const& arrival);
[[nodiscard]] Outcome<LegCommand<NoBody>> parse_leg_only(Arrival const& arrival);

template <auto read>
auto parse_leg_body(Arrival const& arrival)
    -> Outcome<LegCommand<typename decltype(read(std::string_view{}))::value_type>> {
    RASTRO_TRY(leg_id, leg_of(arrival));
    RASTRO_TRY(body, read(arrival.body));
    return LegCommand<typename decltype(read(std::string_view{}))::value_type>{leg_id,
                                                                               std::move(body)};
}

// Stores a coded decision about the leg in the name of the caller.
void store_decision(Call const& call,
                    storage::UnitOfWork& unit,
                    OpenLeg const& open,
                    storage::LegDecisionRow row);

}  // namespace rastro::server
