#include "server/handlers/new_request.hpp"

#include <algorithm>

#include "cases/deadlines.hpp"
#include "cases/trace/calibre.hpp"
#include "cases/trace/present_fields.hpp"
#include "cases/trace/serial.hpp"
#include "cases/trace/trace_number.hpp"
#include "common/digest.hpp"
#include "server/handlers/first_steps.hpp"

namespace rastro::server {

namespace {

std::uint64_t random_number() {
    std::uint64_t value = 0;
    for (auto const byte : random_bytes(8)) {
        value = (value << 8U) | byte;
    }
    return value;
}

int year_of(Instant now) {
    return static_cast<int>(Date{std::chrono::floor<std::chrono::days>(now)}.year());
}

storage::TraceCase new_file(AskingSide const& side, cases::TraceRequestContent const& content) {
    storage::TraceCase file;
    file.case_id = CaseId::generate();
    file.number = new_case_number(side.actor.country, side.now);
    file.owner_agency = side.actor.agency;
    file.owner_country = side.actor.country;
    file.created_at = side.now;
    file.updated_at = side.now;
    take_over_content(file, content);
    file.author = side.actor.principal();
    file.relations = {cases::Relation::owner};
    return file;
}

std::string const& resolved_make(storage::RoutingTables const& routing,
                                 std::string const& text,
                                 std::string& id) {
    if (!id.empty() || text.empty()) {
        return id;
    }
    id = routing.make_of(cases::make_words(text));
    if (id.empty()) {
        id = routing.make_of(cases::make_key(text));
    }
    return id;
}

}  // namespace

std::string new_case_number(std::string_view country, Instant now) {
    return cases::make_trace_number(country, year_of(now), random_number());
}

std::string complete_description(cases::FirearmDescription& firearm,
                                 storage::RoutingTables const& routing) {
    resolved_make(routing, firearm.make_text, firearm.make_id);
    resolved_make(routing, firearm.importer_text, firearm.importer_id);
    if (firearm.calibre_id.empty() && !firearm.calibre_text.empty()) {
        firearm.calibre_id = cases::parse_calibre(firearm.calibre_text).id;
    }
    auto const* calibre = cases::find_calibre(firearm.calibre_id);
    return calibre == nullptr ? std::string() : calibre->group;
}

void forget_stale_entries(cases::FirearmDescription const& before,
                          cases::FirearmDescription& after) {
    auto const forget = [](std::string const& old_text,
                           std::string const& old_id,
                           std::string const& text,
                           std::string& id) {
        if (text != old_text && id == old_id) {
            id.clear();
        }
    };
    forget(before.make_text, before.make_id, after.make_text, after.make_id);
    forget(before.importer_text, before.importer_id, after.importer_text, after.importer_id);
    forget(before.calibre_text, before.calibre_id, after.calibre_text, after.calibre_id);
}

void take_over_content(storage::TraceCase& file, cases::TraceRequestContent const& content) {
    file.handling_code = content.handling_code;
    file.priority = std::string(code_of(content.priority));
    file.purpose = std::string(code_of(content.purpose));
    file.legal_basis = content.legal_basis;
    file.sensitive = content.sensitive;
    file.forward_consent = content.forward_consent;
    file.requested_groups = content.requested_groups;
    file.shared_groups = content.shared_groups;
}

std::string comparable_serial(cases::FirearmDescription const& firearm) {
    return firearm.serial_raw.empty() || cases::recognise_placeholder(firearm.serial_raw)
               ? std::string()
               : cases::serial_canon(firearm.serial_raw);
}

void add_make_keys(std::set<std::string>& keys, cases::FirearmDescription const& firearm) {
    auto const add = [&](std::string const& text, std::string const& id) {
        if (id.empty() && !text.empty()) {
            keys.insert(cases::make_words(text));
            keys.insert(cases::make_key(text));
        }
    };
    add(firearm.make_text, firearm.make_id);
    add(firearm.importer_text, firearm.importer_id);
}

storage::RoutingQuestion routing_question(
    std::vector<cases::TraceRequestContent const*> const& contents, Instant now) {
    storage::RoutingQuestion question;
    question.day = Date{std::chrono::floor<std::chrono::days>(now)};
    for (auto const* content : contents) {
        add_make_keys(question.make_keys, content->firearm);
        for (auto const& recipient : content->recipients) {
            if (recipient.agency.empty()) {
                question.countries.insert(recipient.country);
            } else {
                question.agencies.insert(recipient.agency);
            }
        }
    }
    return question;
}

Outcome<std::vector<storage::Receiver>> receivers_of(
    std::vector<cases::Recipient> const& recipients,
    std::string_view priority,
    storage::RoutingTables const& routing) {
    std::vector<storage::Receiver> receivers;
    std::vector<Violation> violations;
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        auto const& recipient = recipients[i];
        auto const pointer = "/recipients/" + std::to_string(i);
        bool const by_country = recipient.agency.empty();
        auto const* receiver = by_country ? routing.for_country(recipient.country, priority)
                                          : routing.agency(recipient.agency);
        if (receiver == nullptr) {
            violations.push_back({pointer,
                                  by_country ? "no_route" : "unknown_agency",
                                  {by_country ? recipient.country : recipient.agency}});
        } else if (std::ranges::any_of(receivers, [&](storage::Receiver const& other) {
                       return other.agency == receiver->agency;
                   })) {
            violations.push_back({pointer, "duplicate_item", {}});
        } else {
            receivers.push_back(*receiver);
            if (by_country) {
                receivers.back().country = recipient.country;
            }
        }
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    return receivers;
}

cases::OutboundDecision outbound_decision(std::string const& own_country,
                                          cases::TraceRequestContent const& content,
                                          std::vector<storage::Receiver> const& receivers,
                                          storage::RoutingTables const& routing) {
    cases::OutboundFacts facts;
    facts.asking_country = own_country;
    facts.urgent = content.priority == cases::Priority::urgent;
    facts.asks_protected_groups = cases::asks_for_protected_groups(content);
    cases::OutboundRule rule;
    rule.auto_approve_routine =
        routing.approves_automatically(cases::code_of(cases::Priority::routine));
    for (auto const& receiver : receivers) {
        facts.asked_countries.push_back(receiver.country);
        // The stored rule of an agency speaks of every country.
        rule.auto_countries.insert(receiver.country);
    }
    return cases::decide_outbound(rule, facts);
}

std::vector<std::string> approvers_of(cases::Actor const& actor,
                                      std::string_view priority,
                                      storage::RoutingTables const& routing) {
    auto const* contact = routing.for_country(actor.country, priority);
    if (actor.agency_is_national_contact || contact == nullptr || contact->agency == actor.agency) {
        return {};
    }
    return {contact->agency};
}

NewLeg make_leg(AskingSide const& side,
                storage::TraceCase const& file,
                storage::Receiver const& receiver,
                std::vector<std::string> path,
                int hop,
                std::optional<LegId> const& parent) {
    auto const step = FirstSteps(side).route_leg();
    NewLeg made;
    auto& leg = made.leg;
    leg.case_id = file.case_id;
    leg.leg_id = LegId::generate();
    leg.asking_agency = file.owner_agency;
    leg.asking_country = file.owner_country;
    leg.asked_agency = receiver.agency;
    leg.asked_country = receiver.country;
    leg.backup_agency = receiver.backup_agency;
    leg.state = step.to.state;
    leg.priority = file.priority;
    leg.path = std::move(path);
    leg.hop = hop;
    leg.parent_leg_id = parent;
    leg.description_version = file.description_version;
    leg.routed_at = side.now;
    leg.updated_at = side.now;
    leg.due_at = side.now;
    for (auto const& clock : step.starts) {
        auto times = deadlines_for(leg, clock, side.now);
        for (auto& row : times) {
            if (row.stage == "due") {
                leg.due_at = row.due_at;
            }
            made.deadlines.push_back(std::move(row));
        }
    }
    made.event = make_event(side, file, step, true);
    made.event.leg_id = leg.leg_id;
    made.event.shared = true;
    made.message = {.agency = leg.asked_agency,
                    .kind = "leg.routed",
                    .case_id = file.case_id,
                    .object_type = "leg",
                    .object_id = leg.leg_id.to_string(),
                    .object_version = leg.version};
    return made;
}

storage::CaseEvent make_event(AskingSide const& side,
                              storage::TraceCase const& file,
                              cases::Transition const& step,
                              bool by_system) {
    storage::CaseEvent event;
    event.case_id = file.case_id;
    event.object = step.object;
    event.event = step.event;
    event.transition = step.id;
    event.from_state = step.from;
    event.to_state = step.to.state;
    event.actor_kind = by_system ? "system" : std::string(to_text(side.actor.kind));
    event.actor_id = by_system ? std::string("rule") : side.actor.principal();
    event.agency = side.actor.agency;
    event.country = side.actor.country;
    event.occurred_at = side.now;
    event.purpose = side.actor.purpose;
    event.decision_id = side.decision_id;
    return event;
}

Outcome<NewRequest> make_new_request(AskingSide const& side,
                                     cases::TraceRequestContent content,
                                     bool submit,
                                     std::vector<storage::LikelyDuplicate> const& duplicates) {
    NewRequest made;
    auto& row = made.row;
    row.calibre_group = complete_description(content.firearm, side.routing);
    row.file = new_file(side, content);
    row.content = std::move(content);
    auto& file = row.file;

    FirstSteps steps(side);
    RASTRO_TRY(created, steps.create(row.content));
    file.state = created.to.state;
    row.events.push_back(make_event(side, file, created, false));
    if (submit) {
        RASTRO_TRY(receivers, receivers_of(row.content.recipients, file.priority, side.routing));
        auto const outbound =
            outbound_decision(file.owner_country, row.content, receivers, side.routing);
        RASTRO_TRY(sent, steps.submit(row.content, file, outbound));
        file.state = sent.to.state;
        row.events.push_back(make_event(side, file, sent, false));
        if (outbound.auto_rule_allows) {
            RASTRO_TRY(approved, steps.approve_by_rule(file, outbound));
            file.state = approved.to.state;
            file.submitted_at = side.now;
            row.events.push_back(make_event(side, file, approved, true));
            for (auto const& receiver : receivers) {
                auto leg = make_leg(side, file, receiver, {receiver.country}, 0, std::nullopt);
                row.addressed.push_back(leg.leg.asked_agency);
                row.legs.push_back(std::move(leg.leg));
                std::ranges::move(leg.deadlines, std::back_inserter(row.deadlines));
                row.events.push_back(std::move(leg.event));
                made.messages.push_back(std::move(leg.message));
            }
            RASTRO_TRY(routed, steps.first_leg_routed(file));
            file.state = routed.to.state;
            row.events.push_back(make_event(side, file, routed, true));
            if (!duplicates.empty()) {
                RASTRO_TRY(suggested, steps.suggest_duplicate(file, duplicates.front().case_id));
                file.flags.assign(suggested.to.flags.begin(), suggested.to.flags.end());
                auto event = make_event(side, file, suggested, true);
                event.data =
                    R"({"lead_case_id":")" + duplicates.front().case_id.to_string() + "\"}";
                row.events.push_back(std::move(event));
            }
        } else {
            row.approvers = approvers_of(side.actor, file.priority, side.routing);
            for (auto const& agency : row.approvers) {
                made.messages.push_back({.agency = agency,
                                         .kind = "request.for_approval",
                                         .case_id = file.case_id,
                                         .object_type = "trace_request",
                                         .object_id = file.case_id.to_string(),
                                         .object_version = file.version});
            }
        }
    }
    for (auto& event : row.events) {
        file.last_event_hash = storage::chain_event(event, file.last_event_hash);
    }
    return made;
}

}  // namespace rastro::server
