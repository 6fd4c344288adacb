// Reading one request: as it is, every statement of the firearm, and what happened to it.
#include <algorithm>
#include <array>

#include "protocol/firearm_json.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/traces.hpp"
#include "storage/leg_repo.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

void note_groups(Call& call) {
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
}

Outcome<Reply> run_read(Call& call, CaseCommand<NothingMore> const& command, UnitOfWork& unit) {
    RASTRO_TRY(file, open_request(call, unit, command.case_id, Lock::none));
    return show_request(call, unit, file, 200);
}

// ---------------------------------------------------------------- descriptions

// The serial goes to who is asked only if the owner shares it.
bool may_see_serial(Call const& call, storage::TraceCase const& file) {
    using cases::Relation;
    bool const asking_side =
        file.relations.contains(Relation::owner) || file.relations.contains(Relation::approver);
    return call.decision.may_see("G1") &&
           (asking_side || std::ranges::find(file.shared_groups, "G1") != file.shared_groups.end());
}

Outcome<Reply> run_descriptions(Call& call,
                                CaseCommand<NothingMore> const& command,
                                UnitOfWork& unit) {
    RASTRO_TRY(file, open_request(call, unit, command.case_id, Lock::none));
    bool const with_serial = may_see_serial(call, file);
    std::vector<protocol::DescriptionVersionMessage> versions;
    for (auto& row : storage::load_descriptions(unit, file.case_id, with_serial)) {
        versions.push_back({.version = row.version,
                            .stated_by = std::move(row.stated_by),
                            .stated_at = row.stated_at,
                            .change_reason = std::move(row.change_reason),
                            .firearm = std::move(row.description)});
    }
    note_groups(call);
    if (!with_serial) {
        std::erase(call.audit.groups, "G1");
    }
    Reply reply;
    reply.body = protocol::write_descriptions(versions);
    return reply;
}

// ---------------------------------------------------------------- timeline

// The owner sees what its own side did and what is shared of each leg; the approver what it did
// itself and what is shared; the asked agency the same of its own legs. How an answer waits for its
// second person is shown to the agency that answers only (trace_step.hpp).
bool may_see(Call const& call,
             storage::TraceCase const& file,
             std::vector<storage::LegRow> const& legs,
             storage::CaseEvent const& event) {
    using cases::Relation;
    if (event.agency == call.actor.agency && !event.leg_id) {
        return true;
    }
    bool const owner = file.relations.contains(Relation::owner);
    if (!event.leg_id) {
        return owner;
    }
    auto const leg = std::ranges::find(legs, *event.leg_id, &storage::LegRow::leg_id);
    if (leg == legs.end()) {
        return false;
    }
    bool const asked = leg->asked_agency == call.actor.agency;
    return asked || (event.shared && (owner || file.relations.contains(Relation::approver)));
}

protocol::TimelineEntry to_entry(Call const& call, storage::CaseEvent& event) {
    bool const own = event.agency == call.actor.agency;
    return {.event_id = event.event_id,
            .leg_id = event.leg_id,
            .object = std::move(event.object),
            .event = std::move(event.event),
            .transition = std::move(event.transition),
            .from_state = std::move(event.from_state),
            .to_state = std::move(event.to_state),
            .actor_kind = event.actor_kind,
            .actor = own || event.actor_kind == "system" ? event.actor_id : std::string(),
            .agency = std::move(event.agency),
            .country = std::move(event.country),
            .occurred_at = event.occurred_at,
            .purpose = std::move(event.purpose),
            .reason_code = std::move(event.reason_code),
            .text = std::move(event.text),
            .data = std::move(event.data)};
}

constexpr std::array kTimelineKey{protocol::KeyPart::uuid};
constexpr std::string_view kTimeline = "trace_timeline";

struct TimelineQuery {
    CaseId case_id;
    std::optional<EventId> after;
    std::size_t limit = 50;
    protocol::QueryParameters query;
};

Outcome<TimelineQuery> parse_timeline(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after"}));
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kTimeline, kTimelineKey));
    return TimelineQuery{.case_id = case_id,
                         .after = key.empty() ? std::nullopt : EventId::parse(key.front()),
                         .limit = limit,
                         .query = arrival.query};
}

Outcome<Reply> run_timeline(Call& call, TimelineQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(file, open_request(call, unit, asked.case_id, Lock::none));
    auto const legs = storage::legs_of(unit, file.case_id);
    auto events = storage::load_timeline(unit, file.case_id);
    std::erase_if(events, [&](storage::CaseEvent const& event) {
        return (asked.after && event.event_id <= *asked.after) || !may_see(call, file, legs, event);
    });
    Reply reply;
    std::string next;
    if (events.size() > asked.limit) {
        events.resize(asked.limit);
        auto const last = events.back().event_id.to_string();
        next = protocol::encode_cursor(kTimeline, std::span(&last, 1));
        reply.link = protocol::next_link(
            "/v1/trace-requests/" + file.case_id.to_string() + "/timeline", asked.query, next);
    }
    std::vector<protocol::TimelineEntry> entries;
    entries.reserve(events.size());
    for (auto& event : events) {
        entries.push_back(to_entry(call, event));
    }
    note_groups(call);
    reply.body = protocol::write_timeline(entries, next);
    return reply;
}

}  // namespace

void bind_trace_read(Routes& routes) {
    routes.add("trace_read", parse_case_only, run_read);
    routes.add("trace_descriptions", parse_case_only, run_descriptions);
    routes.add("trace_timeline", parse_timeline, run_timeline);
}

}  // namespace rastro::server
