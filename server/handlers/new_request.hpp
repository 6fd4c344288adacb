// A new trace request as one value, ready to be stored: the content with its catalogue entries, the
// events of its first steps (T0, T1, T4b, T5), the legs with path, hop and first deadline, and the
// messages to whom it concerns. Pure: the tables that routing needs are handed in.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/access.hpp"
#include "cases/actor.hpp"
#include "cases/case_type.hpp"
#include "cases/lifecycle.hpp"
#include "cases/trace/catalogue.hpp"
#include "cases/trace/guards.hpp"
#include "cases/trace/outbound.hpp"
#include "common/outcome.hpp"
#include "storage/db/unit_of_work.hpp"
#include "storage/likely_duplicates.hpp"
#include "storage/routing.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::server {

// Who writes requests, under which decision, with what knowledge. Everything outlives the calls.
struct AskingSide {
    cases::CaseTypeDefinition const& type;
    cases::Actor const& actor;
    std::string const& decision_id;
    storage::RoutingTables const& routing;
    Instant now{};
};

struct NewRequest {
    storage::NewTraceRequest row;
    std::vector<storage::OutboxMessage> messages;
};

// `content` has passed check_draft, and check_for_submission if it is to be submitted.
// `likely_duplicates` are shown to the author (T26: suggested, never decided by the system).
[[nodiscard]] Outcome<NewRequest> make_new_request(
    AskingSide const& side,
    cases::TraceRequestContent content,
    bool submit,
    std::vector<storage::LikelyDuplicate> const& likely_duplicates);

// A number for a new case of this country, drawn at random (cases/trace/trace_number).
[[nodiscard]] std::string new_case_number(std::string_view country, Instant now);

// ---------------------------------------------------------------- parts, for acts on stored
// requests

// Fills in make_id, importer_id and calibre_id where the texts name one entry of a catalogue;
// returns the calibre's group. What the sender has set stays.
std::string complete_description(cases::FirearmDescription& firearm,
                                 storage::RoutingTables const& routing);
// Entries of catalogues that stood for texts which `after` words otherwise are removed, so that
// they are looked up anew; entries that the sender has set with the new text stay.
void forget_stale_entries(cases::FirearmDescription const& before,
                          cases::FirearmDescription& after);
// What the request's row tells of its content.
void take_over_content(storage::TraceCase& file, cases::TraceRequestContent const& content);
// A placeholder in the place of a serial number is equal to nothing.
[[nodiscard]] std::string comparable_serial(cases::FirearmDescription const& firearm);
// Keys under which routing has to look up the makes of a description.
void add_make_keys(std::set<std::string>& keys, cases::FirearmDescription const& firearm);
// What routing has to know for these contents.
[[nodiscard]] storage::RoutingQuestion routing_question(
    std::vector<cases::TraceRequestContent const*> const& contents, Instant now);

// Who receives what the request asks for: one for each recipient. Violations at
// "/recipients/N": no_route, unknown_agency, duplicate_item.
[[nodiscard]] Outcome<std::vector<storage::Receiver>> receivers_of(
    std::vector<cases::Recipient> const& recipients,
    std::string_view priority,
    storage::RoutingTables const& routing);

// Whether the agency's rule approves by itself, and who else has to agree.
[[nodiscard]] cases::OutboundDecision outbound_decision(
    std::string const& own_country,
    cases::TraceRequestContent const& content,
    std::vector<storage::Receiver> const& receivers,
    storage::RoutingTables const& routing);
// Agencies outside the own one that approve: the national contact of the own country.
[[nodiscard]] std::vector<std::string> approvers_of(cases::Actor const& actor,
                                                    std::string_view priority,
                                                    storage::RoutingTables const& routing);

// A leg in its first state with its deadlines; its event is the "route" of T4d.
struct NewLeg {
    storage::LegRow leg;
    std::vector<storage::DeadlineRow> deadlines;
    storage::CaseEvent event;
    storage::OutboxMessage message;
};
[[nodiscard]] NewLeg make_leg(AskingSide const& side,
                              storage::TraceCase const& file,
                              storage::Receiver const& receiver,
                              std::vector<std::string> path,
                              int hop,
                              std::optional<LegId> const& parent);

// An event of the acting person or system on a request, still without its place in the chain.
// `actor` null: the system within the actor's call.
[[nodiscard]] storage::CaseEvent make_event(AskingSide const& side,
                                            storage::TraceCase const& file,
                                            cases::Transition const& step,
                                            bool by_system);

}  // namespace rastro::server
