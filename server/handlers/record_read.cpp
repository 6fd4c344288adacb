// Reading the own agency's register: one record, and a list.
#include <algorithm>
#include <array>

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/records.hpp"

namespace rastro::server {

namespace {

constexpr std::array kById{protocol::KeyPart::uuid};
constexpr std::string_view kList = "register_list";
constexpr std::array<std::string_view, 4> kStates{"ACTIVE", "UNCONFIRMED", "EXPIRED", "CLEARED"};

Outcome<CaseId> parse_read(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return path_id<CaseId>(arrival, "record_id");
}

Outcome<Reply> run_read(Call& call, CaseId const& record_id, storage::UnitOfWork& unit) {
    RASTRO_TRY(row, open_record(call, unit, record_id, storage::RecordLock::none));
    return record_reply(call, row, 200);
}

struct ListQuery {
    storage::RecordFilter filter;
    std::string serial;  // as asked
    std::optional<Uuid> after;
    int limit = 50;
    protocol::QueryParameters query;
};

std::optional<std::string> given(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

Outcome<ListQuery> parse_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(
        arrival,
        {"limit", "after", "state", "kind", "number", "agency_case_no", "serial", "due_until"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kList, kById));
    ListQuery asked;
    asked.query = arrival.query;
    asked.limit = static_cast<int>(limit);
    auto& filter = asked.filter;
    filter.state = given(query_text(arrival, "state"));
    filter.kind = given(query_text(arrival, "kind"));
    filter.number = query_text(arrival, "number");
    filter.agency_case_no = query_text(arrival, "agency_case_no");
    asked.serial = query_text(arrival, "serial");
    std::vector<Violation> violations;
    if (filter.state && std::ranges::find(kStates, *filter.state) == kStates.end()) {
        violations.push_back({"query:/state", "not_in_list", {}});
    }
    if (filter.kind && !cases::record_kind_from(*filter.kind)) {
        violations.push_back({"query:/kind", "not_in_list", {}});
    }
    if (auto const due = query_text(arrival, "due_until"); !due.empty()) {
        filter.due_until = parse_rfc3339(due);
        if (!filter.due_until) {
            violations.push_back({"query:/due_until", "format_date_time", {}});
        }
    }
    if (!asked.serial.empty()) {
        filter.serial_skeleton = cases::serial_forms(asked.serial).skeleton;
        if (filter.serial_skeleton.empty()) {
            violations.push_back({"query:/serial", "serial_query_empty", {}});
        }
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    if (!key.empty()) {
        asked.after = Uuid::parse(key.front());
    }
    return asked;
}

Outcome<Reply> run_list(Call& call, ListQuery const& asked, storage::UnitOfWork& unit) {
    call.about("record", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("record", {cases::Relation::own_agency})));
    if (!asked.serial.empty()) {
        call.audit.detail = "serial " + asked.serial;
    }
    auto rows = storage::list_records(unit, asked.filter, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.limit)) {
        rows.pop_back();
        auto const last = rows.back().file.case_id.to_string();
        next = protocol::encode_cursor(kList, std::span(&last, 1));
        reply.link = protocol::next_link("/v1/records", asked.query, next);
    }
    std::vector<protocol::RecordMessage> messages;
    messages.reserve(rows.size());
    for (auto const& row : rows) {
        messages.push_back(record_message(call, row));
    }
    call.audit.groups.assign(call.decision.groups.begin(), call.decision.groups.end());
    reply.body = protocol::write_records(messages, next);
    return reply;
}

}  // namespace

void bind_record_read(Routes& routes) {
    routes.add("register_list", parse_list, run_list);
    routes.add("register_read", parse_read, run_read);
}

}  // namespace rastro::server
