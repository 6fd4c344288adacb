// Shared by the files about the register (record_entry, record_acts, record_read) and the job that
// fires its clocks: one way to apply a step of a record's lifecycle, and how a record is shown.
// Private to handlers/ and jobs/.
#pragma once

#include "cases/calendar.hpp"
#include "protocol/record_json.hpp"
#include "server/call.hpp"
#include "server/handlers/make_cache.hpp"
#include "server/handlers/trace_step.hpp"
#include "server/routes.hpp"
#include "storage/illicit_record_repo.hpp"

namespace rastro::server {

void bind_record_entry(Routes& routes);
void bind_record_read(Routes& routes);
void bind_record_acts(Routes& routes);

// The owner is the only side of a record.
[[nodiscard]] StepActor record_actor(Call const& call);

// A record as it is entered: state, number, event and clocks. `record` has passed check_record.
[[nodiscard]] Outcome<storage::NewRecord> make_record(Services const& services,
                                                      StepActor const& actor,
                                                      cases::IllicitRecord record,
                                                      std::string make_key,
                                                      std::string calibre_group,
                                                      cases::Calendar const& calendar,
                                                      Instant now);

struct RecordAct {
    std::string event{};
    std::string reason_code{};
    std::string text{};  // what the actor says with it; kept beside the event
    bool deadline_reached = false;
};
// Decides and applies to a record that is locked: state, clocks, event; tells the owner where the
// definition says so. Problems are those of cases::decide; then nothing has been written.
[[nodiscard]] Outcome<cases::Transition> apply_to_record(Services const& services,
                                                         storage::UnitOfWork& unit,
                                                         storage::RecordRow& row,
                                                         StepActor const& actor,
                                                         RecordAct const& act);

// Found and decided upon; outside the own agency it does not exist.
[[nodiscard]] Outcome<storage::RecordRow> open_record(Call& call,
                                                      storage::UnitOfWork& unit,
                                                      CaseId const& record_id,
                                                      storage::RecordLock lock);
[[nodiscard]] protocol::RecordMessage record_message(Call const& call,
                                                     storage::RecordRow const& row);
[[nodiscard]] Reply record_reply(Call& call, storage::RecordRow const& row, unsigned status);

}  // namespace rastro::server
