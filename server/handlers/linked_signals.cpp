// What the rules of a case's type notice in it, what a person makes of it, and how often each rule
// was right (domain/linked-cases.md 3.6).
#include <algorithm>

#include "common/text.hpp"
#include "protocol/figures_json.hpp"
#include "protocol/json_writer.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"
#include "storage/raised_signals.hpp"
#include "storage/signal_repo.hpp"

namespace rastro::server {

namespace {

using storage::UnitOfWork;

struct Command {
    CaseId case_id;
    protocol::SignalDisposition said;
};

Outcome<Command> parse_disposition(Arrival const& arrival) {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(said, protocol::read_signal_disposition(arrival.body));
    return Command{case_id, std::move(said)};
}

std::string evidence_json(cases::SignalEvidence const& evidence) {
    std::string out;
    protocol::JsonWriter json(out);
    json.begin_object();
    for (auto const& [name, value] : evidence.numbers) {
        json.text(name, value);
    }
    json.end_object();
    return out;
}

Outcome<Reply> run_disposition(Call& call, Command const& command, UnitOfWork& unit) {
    RASTRO_TRY(file, open_linked_for_act(call, unit, command.case_id));
    auto const groups = shown_groups(file, "");
    auto const working = working_groups(file);
    auto const objects = storage::objects_of(unit, file.case_id);
    auto const fields = storage::fields_of(unit, file.case_id, working);
    auto const clocks = storage::clocks_of(unit, file.case_id);
    auto const found =
        signals_of(unit, type_of(call, file), file, {objects, fields, clocks, working}, call.now());
    auto const object_id = command.said.object_id.value_or(file.case_id.uuid);
    auto const signal = std::ranges::find_if(found, [&](cases::FoundSignal const& candidate) {
        return candidate.rule->key == command.said.rule &&
               object_of(candidate.evidence, file) == object_id;
    });
    // Only what the rules notice now, in what the caller may see, can be disposed of.
    if (signal == found.end()) {
        return violation("/rule", "not_found");
    }
    storage::add_disposition(unit,
                             {.case_id = file.case_id,
                              .rule = command.said.rule,
                              .object_id = object_id,
                              .rule_version = signal->rule->version,
                              .severity = std::string(cases::to_text(signal->rule->severity)),
                              .state = command.said.state,
                              .evidence = evidence_json(signal->evidence),
                              .note = command.said.note,
                              .decided_by = call.actor.principal(),
                              .decided_agency = call.actor.agency,
                              .decided_at = unit.now()});
    note_in_case(call,
                 unit,
                 file,
                 object_id,
                 "dispose_of_signal",
                 command.said.rule + ": " + command.said.state);
    return show_linked(call, unit, file, groups, 200);
}

Outcome<Reply> run_rules(Call& call, NoCommand const&, UnitOfWork& unit) {
    call.about("signal_rules", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("signal_rules", {cases::Relation::own_agency})));
    auto const tallies = storage::rule_tallies(unit);
    std::vector<protocol::SignalRuleMessage> messages;
    for (auto const& rule : cases::signal_rules()) {
        protocol::SignalRuleMessage message{.rule = std::string(rule.key),
                                            .version = rule.version,
                                            .severity = std::string(cases::to_text(rule.severity)),
                                            .explain = std::string(rule.explain),
                                            .told_to = {}};
        for (auto const role : split(rule.told_to, '|')) {
            message.told_to.emplace_back(role);
        }
        auto const tally = std::ranges::find(tallies, message.rule, &storage::RuleTally::rule);
        if (tally != tallies.end()) {
            message.under_review = tally->under_review;
            message.confirmed = tally->confirmed;
            message.explained = tally->explained;
            message.insufficient = tally->insufficient;
            message.precision = cases::rule_precision(tally->confirmed, tally->explained);
        }
        messages.push_back(std::move(message));
    }
    Reply reply;
    reply.body = protocol::write_signal_rules(messages);
    return reply;
}

}  // namespace

Uuid object_of(cases::SignalEvidence const& evidence, storage::LinkedCase const& file) {
    return Uuid::parse(evidence.object_id).value_or(file.case_id.uuid);
}

std::vector<cases::FoundSignal> signals_of(UnitOfWork& unit,
                                           cases::CaseTypeDefinition const& type,
                                           storage::LinkedCase const& file,
                                           ShownCase const& shown,
                                           Instant now) {
    auto const& [objects, fields, clocks, groups] = shown;
    cases::SignalFacts facts;
    facts.now = now;
    facts.today = Date{std::chrono::floor<std::chrono::days>(now)};
    facts.state = file.state;
    facts.last_activity = Date{std::chrono::floor<std::chrono::days>(file.updated_at)};
    for (auto const& object : objects) {
        cases::ObjectFact fact{
            object.object_id.to_string(), object.object, object.state, object.open, {}};
        for (auto const& field : fields) {
            if (field.object_id == object.object_id) {
                fact.values[field.field] = field.value;
            }
        }
        if (object.object_id == file.case_id.uuid) {
            facts.root = fact.values;
        }
        facts.objects.push_back(std::move(fact));
    }
    for (auto const& clock : clocks) {
        if (clock.state == "running") {
            facts.clocks.push_back(
                {clock.clock, clock.object_id.to_string(), clock.started_at, clock.due_at});
        }
    }
    auto found = cases::find_signals(type.signals, facts);
    for (auto& raised : storage::raised_signals(unit, file.case_id)) {
        auto const* rule = cases::find_signal_rule(raised.rule);
        bool const seen = std::ranges::find(groups, raised.group) != groups.end();
        if (rule != nullptr && seen) {
            found.push_back(
                {rule, {raised.object_id.to_string(), std::move(raised.numbers), raised.group}});
        }
    }
    return found;
}

void bind_linked_signals(Routes& routes) {
    routes.add("case_signal", parse_disposition, run_disposition);
    routes.add("signal_rule_list", parse_nothing, run_rules);
}

}  // namespace rastro::server
