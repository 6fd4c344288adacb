// What the acts of the asking side share.
#include <algorithm>

#include "cases/trace/serial.hpp"
#include "server/handlers/traces.hpp"
#include "storage/likely_duplicates.hpp"

namespace rastro::server {

Outcome<CaseCommand<NothingMore>> parse_case_only(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    return CaseCommand<NothingMore>{case_id, {}};
}

Outcome<storage::TraceCase> open_for_act(Call& call,
                                         storage::UnitOfWork& unit,
                                         CaseId const& case_id) {
    RASTRO_TRY(file, open_request(call, unit, case_id, storage::Lock::for_update));
    RASTRO_CHECK(call.check_version(file.version));
    return file;
}

cases::TraceRequestContent whole_content(storage::UnitOfWork& unit,
                                         storage::TraceCase const& file) {
    auto const& groups = cases::all_field_groups();
    return storage::load_content(
        unit, file, {groups.begin(), groups.end()}, true, file.description_version);
}

Outcome<WayOut> way_out(storage::UnitOfWork& unit,
                        storage::TraceCase const& file,
                        cases::TraceRequestContent const& content) {
    auto routing = storage::load_routing(unit, routing_question({&content}, unit.now()));
    RASTRO_TRY(receivers, receivers_of(content.recipients, file.priority, routing));
    auto outbound = outbound_decision(file.owner_country, content, receivers, routing);
    return WayOut{std::move(receivers), outbound, std::move(routing)};
}

void route_to(TraceStep& step, std::vector<storage::Receiver> const& receivers) {
    for (auto const& receiver : receivers) {
        step.route({.agency = receiver.agency,
                    .country = receiver.country,
                    .backup_agency = receiver.backup_agency,
                    .path = {receiver.country},
                    .hop = 0,
                    .parent = std::nullopt});
    }
}

Outcome<void> suggest_duplicate(storage::UnitOfWork& unit,
                                TraceStep& step,
                                storage::TraceCase const& file,
                                cases::TraceRequestContent const& content) {
    if (std::ranges::find(file.flags, "DUPLICATE_SUGGESTED") != file.flags.end()) {
        return {};
    }
    auto const found =
        storage::find_likely_duplicates(unit,
                                        {.serial_canon = comparable_serial(content.firearm),
                                         .agency_case_no = content.agency_case_no,
                                         .recovered_on = content.recovery.recovered_on,
                                         .except = file.case_id});
    if (found.empty()) {
        return {};
    }
    auto const lead = found.front().case_id.to_string();
    StepAct act;
    act.event = "suggest_duplicate";
    act.facts.lead_case = lead;
    act.data = R"({"lead_case_id":")" + lead + "\"}";
    RASTRO_CHECK(step.on_request_as_system(act));
    return {};
}

Outcome<Reply> apply_to_request(Call& call,
                                storage::UnitOfWork& unit,
                                storage::TraceCase& file,
                                StepAct const& act) {
    TraceStep step(call.services(), unit, file, step_actor(call, file, nullptr));
    RASTRO_CHECK(step.on_request(act));
    step.finish();
    return show_request(call, unit, file, 200);
}

}  // namespace rastro::server
