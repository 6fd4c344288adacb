// The list of an agency's own requests, and for its national contact of those that it approves.
#include <array>

#include "cases/trace/request.hpp"
#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/traces.hpp"

namespace rastro::server {

namespace {

using protocol::KeyPart;
constexpr std::array kListKey{KeyPart::integer, KeyPart::uuid};
constexpr std::string_view kList = "trace_list";

struct ListQuery {
    storage::RequestFilter filter;
    std::string serial;  // as asked
    std::optional<storage::RequestKey> after;
    int limit = 50;
    protocol::QueryParameters query;
};

std::optional<std::string> given(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

std::optional<Instant> moment(Arrival const& arrival,
                              std::string_view name,
                              std::vector<Violation>& violations) {
    auto const text = query_text(arrival, name);
    if (text.empty()) {
        return std::nullopt;
    }
    auto const parsed = parse_rfc3339(text);
    if (!parsed) {
        violations.push_back({"query:/" + std::string(name), "format_date_time", {}});
    }
    return parsed;
}

Outcome<ListQuery> parse_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival,
                                   {"limit",
                                    "after",
                                    "state",
                                    "priority",
                                    "asked_country",
                                    "created_from",
                                    "created_to",
                                    "agency_case_no",
                                    "number",
                                    "serial"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kList, kListKey));
    ListQuery asked;
    asked.query = arrival.query;
    asked.limit = static_cast<int>(limit);
    asked.serial = query_text(arrival, "serial");
    std::vector<Violation> violations;
    asked.filter = {.state = given(query_text(arrival, "state")),
                    .priority = given(query_text(arrival, "priority")),
                    .asked_country = given(query_text(arrival, "asked_country")),
                    .created_from = moment(arrival, "created_from", violations),
                    .created_to = moment(arrival, "created_to", violations),
                    .agency_case_no = query_text(arrival, "agency_case_no"),
                    .number = query_text(arrival, "number"),
                    .serial_skeleton = {},
                    .approving = false};
    if (asked.filter.priority && !cases::priority_from(*asked.filter.priority)) {
        violations.push_back({"query:/priority", "not_in_list", {}});
    }
    if (!asked.serial.empty()) {
        auto const canon = cases::serial_canon(asked.serial);
        asked.filter.serial_skeleton = cases::serial_skeleton_of(canon);
        if (canon.empty()) {
            violations.push_back({"query:/serial", "serial_without_letters_or_digits", {}});
        }
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    if (!key.empty()) {
        asked.after = storage::RequestKey{from_unix_us(std::stoll(key[0])),
                                          CaseId::parse(key[1]).value_or(CaseId{})};
    }
    return asked;
}

protocol::TraceSummary to_message(cases::Decision const& decision,
                                  storage::RequestSummary const& row) {
    protocol::TraceSummary message{.case_id = row.case_id,
                                   .number = row.number,
                                   .state = row.state,
                                   .priority = row.priority,
                                   .handling_code = row.handling_code,
                                   .version = row.version,
                                   .created_at = row.created_at,
                                   .updated_at = row.updated_at,
                                   .agency_case_no = {},
                                   .firearm = {},
                                   .outcome_code = row.outcome_code,
                                   .asked_countries = row.asked_countries,
                                   .next_due = row.next_due};
    if (decision.may_see("G8")) {
        message.agency_case_no = row.agency_case_no;
    }
    if (decision.may_see("G0")) {
        message.firearm.make_text = row.make_text;
        message.firearm.model_text = row.model_text;
        message.firearm.calibre_text = row.calibre_text;
        message.firearm.type_code = row.type_code;
    }
    if (decision.may_see("G1")) {
        message.firearm.serial_raw = row.serial_raw;
        message.firearm.serial_condition = row.serial_condition;
    }
    return message;
}

// What a group hides cannot be searched either.
bool may_ask(cases::Decision const& decision, ListQuery const& asked) {
    return (asked.serial.empty() || decision.may_see("G1")) &&
           (asked.filter.agency_case_no.empty() || decision.may_see("G8"));
}

Outcome<Reply> run_list(Call& call, ListQuery const& asked, storage::UnitOfWork& unit) {
    call.about("trace_request", "", std::nullopt, call.actor.agency);
    if (!asked.serial.empty()) {
        call.audit.detail = "serial " + asked.serial;  // searches are logged (8.5)
    }
    cases::ObjectFacts facts;
    facts.type = "trace_request";
    facts.relations = {cases::Relation::own_agency};
    RASTRO_TRY(decision, call.authorise(facts));
    if (!may_ask(decision, asked)) {
        return Problem(ProblemCode::forbidden).with_audit_reason("hidden_group");
    }
    if (asked.filter.state &&
        trace_type(call).find_object("request")->find_state(*asked.filter.state) == nullptr) {
        return violation("query:/state", "not_in_list");
    }
    // A national contact also finds what waits for its approval (rule T05); it may see no less of
    // it.
    auto filter = asked.filter;
    filter.approving = call.actor.has(cases::Role::national_contact);
    auto rows =
        storage::list_requests(unit, call.actor.agency, filter, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.limit)) {
        rows.pop_back();
        std::array const key{std::to_string(to_unix_us(rows.back().created_at)),
                             rows.back().case_id.to_string()};
        next = protocol::encode_cursor(kList, key);
        reply.link = protocol::next_link("/v1/trace-requests", asked.query, next);
    }
    std::vector<protocol::TraceSummary> messages;
    messages.reserve(rows.size());
    for (auto const& row : rows) {
        messages.push_back(to_message(decision, row));
    }
    call.audit.groups.assign(decision.groups.begin(), decision.groups.end());
    reply.body = protocol::write_trace_list(messages, next);
    return reply;
}

}  // namespace

void bind_trace_lists(Routes& routes) {
    routes.add("trace_list", parse_list, run_list);
}

}  // namespace rastro::server
