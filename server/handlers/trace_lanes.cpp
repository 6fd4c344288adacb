// The two hot operations on trace requests, each as a lane: writing one (performance class S) and
// reading the status of one (class R).
#include "server/handlers/trace_lanes.hpp"
#include "protocol/header_fields.hpp"
#include "protocol/trace_content_json.hpp"
#include "server/handlers/new_request.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/trace_view.hpp"
#include "server/lane_session.hpp"
#include "server/services.hpp"
#include "storage/trace_status.hpp"

namespace rastro::server {

namespace {

// ---------------------------------------------------------------- writing a request

using Create = protocol::TraceRequestCreate;

Outcome<std::shared_ptr<void const>> parse_create(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(command, protocol::read_trace_request_create(arrival.body));
    return std::shared_ptr<void const>(std::make_shared<Create const>(std::move(command)));
}

Create const& create_of(LaneCall const& call) {
    return *static_cast<Create const*>(call.command.get());
}

// What the batch asks of the database before anything is decided.
struct Knowledge {
    std::size_t routing = 0;
    std::size_t duplicates = 0;
};

Knowledge ask_what_is_needed(LaneSession& session, std::span<LaneCall*> calls, Instant now) {
    std::vector<cases::TraceRequestContent const*> contents;
    std::vector<storage::DuplicateQuestion> duplicates;
    for (auto* call : calls) {
        auto const& command = create_of(*call);
        contents.push_back(&command.content);
        auto& question = duplicates.emplace_back();
        if (command.submit) {
            question.serial_canon = comparable_serial(command.content.firearm);
            question.agency_case_no = command.content.agency_case_no;
            question.recovered_on = command.content.recovery.recovered_on;
        }
    }
    auto queries = storage::routing_queries(routing_question(contents, now));
    Knowledge at;
    at.routing = session.ask(std::move(queries.front()));
    for (std::size_t i = 1; i < queries.size(); ++i) {
        static_cast<void>(session.ask(std::move(queries[i])));
    }
    at.duplicates = session.ask(storage::duplicates_query(duplicates));
    return at;
}

Outcome<Reply> write_one(LaneCall& lane,
                         LaneSession& session,
                         storage::RoutingTables const& routing,
                         std::vector<storage::LikelyDuplicate> const& duplicates,
                         std::vector<storage::NewTraceRequest>& rows) {
    auto& call = lane.call;
    auto const& command = create_of(lane);
    call.about("trace_request", "", std::nullopt, call.actor.agency);
    call.audit.legal_basis = command.content.legal_basis;
    cases::ObjectFacts facts;
    facts.type = "trace_request";
    facts.relations = {cases::Relation::own_agency};
    RASTRO_CHECK(call.authorise(facts));
    AskingSide const side{.type = trace_type(call),
                          .actor = call.actor,
                          .decision_id = call.decision.id,
                          .routing = routing,
                          .now = session.unit().now()};
    RASTRO_TRY(made, make_new_request(side, command.content, command.submit, duplicates));
    auto const& file = made.row.file;
    call.about("trace_request",
               file.case_id.to_string(),
               static_cast<std::uint64_t>(file.version),
               file.owner_agency);
    auto message = request_message(call, file, made.row.legs);
    message.content = made.row.content;
    for (auto const& other : duplicates) {
        message.likely_duplicates.push_back({other.case_id, other.number, other.state});
    }
    auto reply = request_reply(call, message, 201);
    for (auto& told : made.messages) {
        session.unit().publish(std::move(told));
    }
    rows.push_back(std::move(made.row));
    return reply;
}

void run_create(Services& services, storage::Connection& connection, std::span<LaneCall*> calls) {
    LaneSession session(services, connection, calls);
    auto const at = ask_what_is_needed(session, calls, session.unit().now());
    session.open();
    auto const routing =
        storage::RoutingTables::read(session.results(at.routing, storage::kRoutingQueries));
    auto const duplicates =
        storage::read_duplicates(session.results(at.duplicates, 1).front(), calls.size());
    std::vector<storage::NewTraceRequest> rows;
    rows.reserve(calls.size());
    session.each([&](LaneCall& call) {
        auto const position =
            static_cast<std::size_t>(std::distance(calls.begin(), std::ranges::find(calls, &call)));
        return write_one(call, session, routing, duplicates[position], rows);
    });
    if (!rows.empty()) {
        session.unit().queue(storage::file_requests_query(rows));
    }
    session.close();
}

// ---------------------------------------------------------------- reading a status

Outcome<std::shared_ptr<void const>> parse_status(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    return std::shared_ptr<void const>(std::make_shared<CaseId const>(case_id));
}

CaseId const& case_of(LaneCall const& call) {
    return *static_cast<CaseId const*>(call.command.get());
}

Outcome<Reply> read_one(LaneCall& lane, std::map<CaseId, storage::RequestStatus> const& known) {
    auto& call = lane.call;
    auto const& case_id = case_of(lane);
    auto const found = known.find(case_id);
    cases::ObjectFacts facts;
    facts.type = "trace_request";
    if (found == known.end()) {
        call.about("trace_request", case_id.to_string(), std::nullopt, "");
        facts.relations = {cases::Relation::none};
        RASTRO_CHECK(call.authorise(facts));
        return Problem(ProblemCode::not_found).with_audit_reason("no_relation");
    }
    auto const& status = found->second;
    call.about("trace_request",
               case_id.to_string(),
               static_cast<std::uint64_t>(status.version),
               status.owner_agency);
    call.audit.case_reference = status.number;
    call.audit.legal_basis = status.legal_basis;
    facts.relations = status.relations;
    facts.handling_code = status.handling_code;
    facts.compartments = status.compartments;
    facts.sensitive = status.sensitive;
    facts.shared_groups = status.shared_groups;
    RASTRO_CHECK(call.authorise(facts));
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    protocol::TraceStatusMessage message;
    message.case_id = case_id;
    message.number = status.number;
    message.state = status.state;
    message.version = status.version;
    message.updated_at = status.updated_at;
    message.outcome_code = status.outcome_code;
    for (auto const& leg : status.legs) {
        message.legs.push_back({.leg_id = leg.leg_id,
                                .asked_agency = leg.asked_agency,
                                .asked_country = leg.asked_country,
                                .state = leg.state,
                                .flags = leg.flags,
                                .open = leg.open,
                                .version = leg.version,
                                .outcome_code = leg.outcome_code,
                                .due_at = leg.due_at,
                                .updated_at = leg.updated_at});
    }
    Reply reply;
    reply.body = protocol::write_trace_status(message);
    reply.etag = protocol::format_etag(status.version);
    return reply;
}

void run_status(Services& services, storage::Connection& connection, std::span<LaneCall*> calls) {
    LaneSession session(services, connection, calls);
    std::set<CaseId> asked;
    for (auto* call : calls) {
        asked.insert(case_of(*call));
    }
    auto queries = storage::status_queries(asked);
    auto const at = session.ask(std::move(queries[0]));
    static_cast<void>(session.ask(std::move(queries[1])));
    session.open();
    auto const known = storage::read_status(session.results(at, storage::kStatusQueries));
    session.each([&](LaneCall& call) { return read_one(call, known); });
    session.close();
}

}  // namespace

LaneOperation create_lane(Services& services) {
    return {parse_create, [&services](storage::Connection& connection, std::span<LaneCall*> calls) {
                run_create(services, connection, calls);
            }};
}

LaneOperation status_lane(Services& services) {
    return {parse_status, [&services](storage::Connection& connection, std::span<LaneCall*> calls) {
                run_status(services, connection, calls);
            }};
}

}  // namespace rastro::server
