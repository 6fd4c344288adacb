// Links of a declared case to others: what both ends may see of each other, what stays hidden, and
// how the traces of firearms stand.
#include <algorithm>
#include <set>

#include "server/handlers/case_command.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "storage/blind_tokens.hpp"
#include "storage/raised_signals.hpp"
#include "storage/trace_status.hpp"

namespace rastro::server {

namespace {

using storage::Lock;
using storage::UnitOfWork;

protocol::LinkedLinkMessage to_message(storage::CaseLink const& link) {
    return {.link_id = link.link_id.to_string(),
            .from_case = link.from_case,
            .from_number = link.from_number,
            .from_type = link.from_type,
            .to_case = link.to_case,
            .to_number = link.to_number,
            .to_type = link.to_type,
            .kind = link.kind,
            .basis = link.basis,
            .confidence = link.confidence,
            .state = link.state,
            .asserted_agency = link.asserted_agency,
            .created_at = link.created_at};
}

Reply to_reply(storage::CaseLink const& link, unsigned status) {
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_linked_link(to_message(link));
    return reply;
}

Outcome<Reply> run_link(Call& call,
                        CaseCommand<protocol::LinkedLinkAdd> const& asked,
                        UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, Lock::none));
    auto const& message = asked.body;
    if (type_of(call, file).find_link(message.kind) == nullptr) {
        return violation("/kind", "not_in_list");
    }
    // What the caller may not see does not exist, as the end of a link too.
    if (message.to_case == file.case_id || !storage::case_is_visible(unit, message.to_case)) {
        return violation("/to_case", "not_found");
    }
    storage::CaseLink link;
    link.from_case = file.case_id;
    link.to_case = message.to_case;
    link.kind = message.kind;
    link.basis = message.basis;
    link.confidence = message.confidence;
    link.asserted_by = call.actor.principal();
    link.asserted_agency = call.actor.agency;
    for (auto const& known : storage::links_of(unit, file.case_id)) {
        if (known.from_case == link.from_case && known.to_case == link.to_case &&
            known.kind == link.kind) {
            return Problem(ProblemCode::duplicate, "This link is there already");
        }
    }
    storage::insert_link(unit, link);
    return to_reply(*storage::find_link(unit, link.link_id), 201);
}

// The trace at the other end of a confirmed link that tells of a firearm.
std::optional<CaseId> trace_of(storage::CaseLink const& link) {
    bool const of_firearm = link.kind == "firearm_seized_with" || link.kind == "instrument_of";
    if (!of_firearm || link.state != "confirmed") {
        return std::nullopt;
    }
    return link.to_type == "trace_request"     ? std::optional(link.to_case)
           : link.from_type == "trace_request" ? std::optional(link.from_case)
                                               : std::nullopt;
}

// States and outcome codes only, and nothing of a trace that is handled more strictly than that.
std::optional<protocol::TraceResultMessage> trace_result(storage::RequestStatus const& status) {
    if (status.sensitive || status.handling_code == "H3" || !status.compartments.empty()) {
        return std::nullopt;
    }
    protocol::TraceResultMessage message{
        .state = status.state, .outcome_code = status.outcome_code, .legs = {}};
    for (auto const& leg : status.legs) {
        message.legs.push_back({leg.asked_country, leg.state, leg.outcome_code});
    }
    return message;
}

// How the traces of the firearms stand, for the team of the case (domain/linked-cases.md 7).
void add_trace_results(UnitOfWork& unit,
                       storage::LinkedCase const& file,
                       std::vector<storage::CaseLink> const& links,
                       std::vector<protocol::LinkedLinkMessage>& messages) {
    bool const team = std::ranges::find(file.groups, "S2") != file.groups.end();
    std::set<CaseId> wanted;
    for (auto const& link : links) {
        if (auto const trace = trace_of(link); trace && team) {
            wanted.insert(*trace);
        }
    }
    if (wanted.empty()) {
        return;
    }
    auto queries = storage::status_queries(wanted);
    auto const known = storage::read_status(unit.sql().run_together(queries));
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto const trace = trace_of(links[i]);
        auto const found = trace ? known.find(*trace) : known.end();
        if (found != known.end()) {
            messages[i].trace_result = trace_result(found->second);
        }
    }
}

// The links that the caller may see from both ends; of what stays hidden, whom to ask.
Reply links_reply(UnitOfWork& unit, storage::LinkedCase const& file) {
    auto const case_id = file.case_id;
    protocol::LinkedLinksMessage message;
    auto const links = storage::links_of(unit, case_id);
    for (auto const& link : links) {
        message.items.push_back(to_message(link));
    }
    add_trace_results(unit, file, links, message.items);
    message.agreed = storage::agrees_to_deconfliction(unit, case_id);
    for (auto& line : storage::deconfliction_lines(unit, case_id)) {
        message.deconfliction.push_back({.ground = std::move(line.ground),
                                         .agency = std::move(line.agency),
                                         .agency_name = std::move(line.agency_name),
                                         .contact_email = std::move(line.contact_email),
                                         .contact_phone = std::move(line.contact_phone)});
    }
    Reply reply;
    reply.body = protocol::write_linked_links(message);
    return reply;
}

Outcome<Reply> run_links(Call& call, CaseId const& case_id, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, case_id, Lock::none));
    return links_reply(unit, file);
}

// The owner's word for this case; taken back by saying no.
Outcome<Reply> run_deconfliction(Call& call,
                                 CaseCommand<protocol::DeconflictionSet> const& asked,
                                 UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, Lock::for_update));
    storage::say_deconfliction(unit, file.case_id, asked.body.agreed, call.actor.principal());
    note_in_case(call,
                 unit,
                 file,
                 file.case_id.uuid,
                 asked.body.agreed ? "agree_to_deconfliction" : "refuse_deconfliction",
                 "");
    storage::queue_signals(unit, file.case_id);
    return links_reply(unit, file);
}

struct LinkDecisionCommand {
    storage::LinkId link_id;
    bool confirmed = false;
};

Outcome<LinkDecisionCommand> parse_link_decision(Arrival const& arrival) {
    RASTRO_TRY(link_id, path_id<storage::LinkId>(arrival, "link_id"));
    RASTRO_TRY(decision, protocol::read_link_decision(arrival.body));
    return LinkDecisionCommand{link_id, decision.confirmed};
}

Outcome<Reply> run_link_decision(Call& call, LinkDecisionCommand const& asked, UnitOfWork& unit) {
    call.about("case_link", asked.link_id.to_string(), std::nullopt, "");
    auto link = storage::find_link(unit, asked.link_id);
    auto const file =
        link ? storage::find_linked_case(unit, link->from_case, Lock::none) : std::nullopt;
    if (!file) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_link");
    }
    cases::ObjectFacts facts;
    facts.type = "case_link";
    facts.relations = file->relations;
    facts.author = link->asserted_by;
    RASTRO_CHECK(call.authorise(facts));
    if (link->state != "proposed") {
        return Problem(ProblemCode::conflict, "This link has been decided");
    }
    auto const state = asked.confirmed ? "confirmed" : "rejected";
    storage::decide_link(unit, asked.link_id, state, call.actor.principal());
    link->state = state;
    return to_reply(*link, 200);
}

}  // namespace

void bind_linked_links(Routes& routes) {
    routes.add("case_link_add", parse_case_body<protocol::read_linked_link>, run_link);
    routes.add("case_link_list", parse_case, run_links);
    routes.add(
        "case_deconfliction", parse_case_body<protocol::read_deconfliction>, run_deconfliction);
    routes.add("case_link_decide", parse_link_decision, run_link_decision);
}

}  // namespace rastro::server
