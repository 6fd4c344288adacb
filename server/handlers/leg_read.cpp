// Reading: the inbox of an agency, one leg.
#include "common/time_text.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/legs.hpp"
#include "server/handlers/parameters.hpp"

namespace rastro::server {

namespace {

using protocol::KeyPart;
constexpr std::array kInboxKey{KeyPart::integer, KeyPart::uuid};
constexpr std::string_view kInbox = "inbox";

struct InboxQuery {
    storage::InboxFilter filter;
    std::optional<storage::InboxKey> after;
    int limit = 50;
    protocol::QueryParameters query;
};

std::optional<std::string> given(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

Outcome<InboxQuery> parse_inbox(Arrival const& arrival) {
    RASTRO_CHECK(
        check_query_names(arrival, {"limit", "after", "state", "priority", "handler", "number"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kInbox, kInboxKey));
    InboxQuery asked;
    asked.query = arrival.query;
    asked.limit = static_cast<int>(limit);
    asked.filter = {.state = given(query_text(arrival, "state")),
                    .priority = given(query_text(arrival, "priority")),
                    .handler = query_text(arrival, "handler"),
                    .number = query_text(arrival, "number")};
    if (!key.empty()) {
        asked.after = storage::InboxKey{from_unix_us(std::stoll(key[0])),
                                        LegId::parse(key[1]).value_or(LegId{})};
    }
    return asked;
}

protocol::InboxEntryMessage to_message(storage::InboxEntry const& entry, bool with_firearm) {
    protocol::InboxEntryMessage message{.leg_id = entry.leg.leg_id,
                                        .case_id = entry.leg.case_id,
                                        .number = entry.number,
                                        .asking_agency = entry.leg.asking_agency,
                                        .asking_country = entry.leg.asking_country,
                                        .state = entry.leg.state,
                                        .flags = entry.leg.flags,
                                        .priority = entry.leg.priority,
                                        .handling_code = entry.handling_code,
                                        .handler = entry.leg.handler,
                                        .version = entry.leg.version,
                                        .due_at = entry.leg.due_at,
                                        .updated_at = entry.leg.updated_at,
                                        .firearm = {}};
    if (with_firearm) {
        message.firearm = {.serial_raw = {},
                           .serial_condition = entry.serial_condition,
                           .make_text = entry.make_text,
                           .model_text = entry.model_text,
                           .calibre_text = entry.calibre_text,
                           .type_code = entry.type_code};
    }
    return message;
}

Outcome<Reply> run_inbox(Call& call, InboxQuery const& asked, storage::UnitOfWork& unit) {
    call.about("leg", "", std::nullopt, call.actor.agency);
    cases::ObjectFacts facts;
    facts.type = "leg";
    facts.relations = {cases::Relation::own_agency};
    RASTRO_TRY(decision, call.authorise(facts));
    auto entries =
        storage::read_inbox(unit, call.actor.agency, asked.filter, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (entries.size() > static_cast<std::size_t>(asked.limit)) {
        entries.pop_back();
        auto const& last = entries.back().leg;
        std::array const key{std::to_string(to_unix_us(last.due_at)), last.leg_id.to_string()};
        next = protocol::encode_cursor(kInbox, key);
        reply.link = protocol::next_link("/v1/inbox", asked.query, next);
    }
    std::vector<protocol::InboxEntryMessage> messages;
    for (auto const& entry : entries) {
        messages.push_back(to_message(entry, decision.may_see("G0")));
    }
    call.audit.groups.assign(decision.groups.begin(), decision.groups.end());
    reply.body = protocol::write_inbox(messages, next);
    return reply;
}

Outcome<Reply> run_leg_read(Call& call,
                            LegCommand<NoBody> const& command,
                            storage::UnitOfWork& unit) {
    RASTRO_TRY(open, open_leg(call, unit, command.leg_id, storage::Lock::none));
    call.audit.legal_basis = open.file.legal_basis;
    return show_leg(call, unit, open, 200);
}

}  // namespace

void bind_leg_read(Routes& routes) {
    routes.add("inbox", parse_inbox, run_inbox);
    routes.add("leg_read", parse_leg_only, run_leg_read);
}

void bind_legs(Routes& routes) {
    bind_leg_read(routes);
    bind_leg_acts(routes);
    bind_leg_decisions(routes);
    bind_answers(routes);
}

}  // namespace rastro::server
