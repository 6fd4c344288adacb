// Shared by the files about serial numbers: a comparison as a match to be stored, how a match is
// shown and who is told of it. Private to handlers/ and jobs/.
#pragma once

#include "cases/trace/pointer.hpp"
#include "protocol/serial_json.hpp"
#include "server/call.hpp"
#include "server/handlers/make_cache.hpp"
#include "server/routes.hpp"
#include "storage/match_repo.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::server {

void bind_serial_search(Routes& routes, std::shared_ptr<MakeCache> const& makes);
void bind_match_acts(Routes& routes, std::shared_ptr<MakeCache> const& makes);

// Whether other agencies may not learn of the request (cases/trace/pointer).
[[nodiscard]] bool hidden_from_others(storage::TraceCase const& file);

// Score, band and agreement; the sides and the audience are the caller's.
[[nodiscard]] storage::SerialMatch match_of(cases::Assessment const& assessment,
                                            cases::HitKind kind,
                                            std::string found_by,
                                            Instant now);
// Whom the sides of a stored match are.
[[nodiscard]] cases::HitSides sides_of(storage::SerialMatch const& match,
                                       std::vector<std::string> contacts);
// Who learns of it, who decides it and whom each side may ask, by its kind, band and sides; nobody
// may be left. To be called when all of these are set.
void settle_audience(storage::UnitOfWork& unit, storage::SerialMatch& match);
// "match.found", or "match.alert" for high priority.
[[nodiscard]] std::string found_message(storage::SerialMatch const& match);
// One message to each agency that sees it: "match.found", "match.alert" for high priority.
void tell_of_match(storage::UnitOfWork& unit,
                   storage::SerialMatch const& match,
                   std::string const& kind);

[[nodiscard]] protocol::MatchMessage match_message(cases::Actor const& actor,
                                                   storage::SerialMatch const& match);

}  // namespace rastro::server
