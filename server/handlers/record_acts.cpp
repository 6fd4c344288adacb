// What the owner of a record does with it: confirm that it is still right, or end it.
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/records.hpp"

namespace rastro::server {

namespace {

using storage::RecordLock;

Outcome<CaseId> parse_confirm(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return path_id<CaseId>(arrival, "record_id");
}

struct Clear {
    CaseId record_id;
    protocol::RecordClearance clearance;
};
Outcome<Clear> parse_clear(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(record_id, path_id<CaseId>(arrival, "record_id"));
    RASTRO_TRY(clearance, protocol::read_record_clearance(arrival.body));
    return Clear{record_id, std::move(clearance)};
}

Outcome<Reply> act_on(Call& call,
                      storage::UnitOfWork& unit,
                      CaseId const& record_id,
                      RecordAct const& act) {
    RASTRO_TRY(row, open_record(call, unit, record_id, RecordLock::for_update));
    RASTRO_CHECK(call.check_version(row.file.version));
    RASTRO_CHECK(apply_to_record(call.services(), unit, row, record_actor(call), act));
    auto const present = storage::find_record(unit, record_id, RecordLock::none);
    return record_reply(call, *present, 200);
}

Outcome<Reply> run_confirm(Call& call, CaseId const& record_id, storage::UnitOfWork& unit) {
    return act_on(call, unit, record_id, {.event = "confirm"});
}

Outcome<Reply> run_clear(Call& call, Clear const& command, storage::UnitOfWork& unit) {
    return act_on(call,
                  unit,
                  command.record_id,
                  {.event = "clear",
                   .reason_code = std::string(code_of(command.clearance.reason)),
                   .text = command.clearance.text});
}

}  // namespace

void bind_record_acts(Routes& routes) {
    routes.add("register_confirm", parse_confirm, run_confirm);
    routes.add("register_clear", parse_clear, run_clear);
}

void bind_registers(Routes& routes) {
    bind_record_entry(routes);
    bind_record_read(routes);
    bind_record_acts(routes);
}

}  // namespace rastro::server
