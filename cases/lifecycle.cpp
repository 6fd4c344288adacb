#include "cases/lifecycle.hpp"

#include <algorithm>
#include <stdexcept>

namespace rastro::cases {

namespace {

using Names = std::set<std::string, std::less<>>;

// A row that fits the standing, and the state through which it fits.
struct Candidate {
    TransitionDefinition const* row;
    bool through_resume_state;
};

bool names(std::vector<std::string> const& list, std::string_view name) {
    return !name.empty() && std::ranges::find(list, name) != list.end();
}

bool has_flags(TransitionDefinition const& row, Standing const& standing) {
    return std::ranges::all_of(row.needs_flags,
                               [&](auto const& flag) { return standing.flags.contains(flag); });
}

class Rows {
 public:
    Rows(CaseTypeDefinition const& type, std::string_view object, Standing const& standing)
        : type_(type), standing_(standing), object_(type.find_object(object)) {
        if (object_ == nullptr) {
            throw std::logic_error("case type '" + type.id + "' has no object '" +
                                   std::string(object) + "'");
        }
        state_ = object_->find_state(standing.state);
        if (state_ == nullptr && !standing.state.empty()) {
            throw std::logic_error("object '" + object_->name + "' has no state '" +
                                   standing.state + "'");
        }
    }

    [[nodiscard]] ObjectDefinition const& object() const { return *object_; }
    [[nodiscard]] StateDefinition const* state() const { return state_; }

    template <class Take>
    void each(Take take) const {
        for (auto const& row : type_.transitions) {
            if (row.object != object_->name) {
                continue;
            }
            if (state_ == nullptr) {
                if (row.from.empty()) {
                    take(Candidate{&row, false});
                }
                continue;
            }
            if (names(row.from, state_->name) || names(row.from, state_->behaves_as)) {
                take(Candidate{&row, false});
            } else if (state_->keeps_resume_state && row.to != state_->name &&
                       names(row.from, standing_.resume_state)) {
                take(Candidate{&row, true});
            }
        }
    }

 private:
    CaseTypeDefinition const& type_;
    Standing const& standing_;
    ObjectDefinition const* object_;
    StateDefinition const* state_ = nullptr;
};

bool on_side(TransitionDefinition const& row, ActorFacts const& actor) {
    if (row.side == Side::system || actor.is_system) {
        return row.side == Side::system && actor.is_system;
    }
    return row.side == Side::any ? !actor.sides.empty() : actor.sides.contains(row.side);
}

bool may_take(TransitionDefinition const& row, ActorFacts const& actor) {
    return on_side(row, actor) &&
           (row.roles.empty() || std::ranges::any_of(row.roles, [&](auto const& role) {
                return actor.roles.contains(role);
            }));
}

std::string join(std::vector<std::string> const& parts, std::string_view between) {
    std::string text;
    for (auto const& part : parts) {
        text += text.empty() ? "" : std::string(between);
        text += part;
    }
    return text;
}

std::string pointer_to(std::string_view name) {
    std::string pointer = "/" + std::string(name);
    std::ranges::replace(pointer, '.', '/');
    return pointer;
}

std::vector<Violation> missing(TransitionDefinition const& row,
                               ObjectDefinition const& object,
                               Act const& act,
                               Environment const& environment) {
    std::vector<Violation> found;
    auto const need = [&](std::string const& name) {
        if (!act.inputs.contains(name)) {
            found.push_back({pointer_to(name), "required", {}});
        }
    };
    std::ranges::for_each(row.required_inputs, need);
    for (auto const& field : object.fields) {
        if (names(field.required_at, row.event)) {
            need(field.name);
        }
    }
    if (!row.reason_list.empty()) {
        if (act.reason_code.empty()) {
            found.push_back({"/reason_code", "required", {}});
        } else if (!environment.in_list(row.reason_list, act.reason_code)) {
            found.push_back({"/reason_code", "not_in_list", {row.reason_list}});
        }
    }
    return found;
}

Problem guards_not_met(TransitionDefinition const& row, Environment const& environment) {
    std::vector<std::string> texts;
    std::vector<Violation> violations;
    for (auto const& guard : row.guards) {
        auto verdict = environment.guard(guard);
        if (!verdict.met) {
            texts.push_back(verdict.explain);
            auto const colon = guard.find(':');
            violations.push_back({"", "guard." + guard.substr(0, colon), {}});
            if (colon != std::string::npos) {
                violations.back().params.push_back(guard.substr(colon + 1));
            }
        }
    }
    if (violations.empty()) {
        return {};
    }
    Problem problem(ProblemCode::guard_not_met, join(texts, "; "));
    for (auto& violation : violations) {
        problem.add(std::move(violation));
    }
    return problem;
}

bool needs_two(TransitionDefinition const& row, Environment const& environment) {
    return row.two_person == "always" ||
           (!row.two_person.empty() && environment.guard(row.two_person).met);
}

Problem obstacle(TransitionDefinition const& row,
                 ObjectDefinition const& object,
                 Act const& act,
                 ActorFacts const& actor,
                 Environment const& environment) {
    if (auto faults = missing(row, object, act, environment); !faults.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(faults));
    }
    if (auto problem = guards_not_met(row, environment); problem.code() != ProblemCode::none) {
        return problem;
    }
    if (needs_two(row, environment) &&
        (act.first_person.empty() || act.first_person == actor.principal)) {
        return Problem(
            ProblemCode::two_persons_required,
            "'" + row.event + "' has to be prepared by one person and completed by another");
    }
    if (row.fresh_authentication && !actor.is_system &&
        actor.authentication_age > environment.step_up_age) {
        return Problem(ProblemCode::step_up_required,
                       "'" + row.event + "' needs a fresh authentication");
    }
    return {};
}

Standing next_standing(Candidate const& candidate, Rows const& rows, Standing now, Act const& act) {
    auto const& row = *candidate.row;
    auto const state = now.state;
    auto const beneath = now.resume_state;
    if (row.to == kToDerived) {
        if (!names(row.may_become, act.derived_state)) {
            throw std::logic_error("event '" + row.event + "' cannot lead to '" +
                                   act.derived_state + "'");
        }
        now.state = act.derived_state;
    } else if (row.to == kToResume) {
        now.state = beneath;
    } else if (row.to == kToSame) {
        // An act of the asked side ends the escalation above it; an act of others does not.
        if (candidate.through_resume_state && row.side == Side::receiver) {
            now.state = beneath;
        }
    } else {
        now.state = row.to;
    }
    auto const* target = rows.object().find_state(now.state);
    if (target == nullptr) {
        throw std::logic_error("object '" + rows.object().name + "' has no state '" + now.state +
                               "'");
    }
    if (!target->keeps_resume_state) {
        now.resume_state.clear();
    } else if (now.state != state) {
        now.resume_state = state;
    }
    for (auto const& flag : row.clears_flags) {
        now.flags.erase(flag);
    }
    now.flags.insert(row.sets_flags.begin(), row.sets_flags.end());
    return now;
}

Transition make_transition(Candidate const& candidate,
                           Rows const& rows,
                           Standing const& standing,
                           Act const& act) {
    auto const& row = *candidate.row;
    Transition made{.id = row.id,
                    .object = row.object,
                    .event = row.event,
                    .from = standing.state,
                    .to = next_standing(candidate, rows, standing, act),
                    .starts = {row.starts.begin(), row.starts.end()},
                    .stops = {row.stops.begin(), row.stops.end()},
                    .pauses = {row.pauses.begin(), row.pauses.end()},
                    .resumes = {row.resumes.begin(), row.resumes.end()},
                    .effects = row.effects,
                    .hints = row.hints};
    if (made.changes_state()) {
        auto const& entered = rows.object().find_state(made.to.state)->runs;
        Names const running(entered.begin(), entered.end());
        if (rows.state() != nullptr) {
            for (auto const& clock : rows.state()->runs) {
                if (!running.contains(clock)) {
                    made.stops.insert(clock);
                }
            }
        }
        for (auto const& clock : running) {
            if (rows.state() == nullptr || !names(rows.state()->runs, clock)) {
                made.starts.insert(clock);
            }
        }
    }
    return made;
}

Problem no_place(Rows const& rows, Act const& act, bool event_fits, Names const& possible) {
    auto const state = rows.state() == nullptr ? std::string("no state yet") : rows.state()->name;
    if (event_fits) {
        return Problem(
            ProblemCode::transition_not_allowed,
            "'" + act.event + "' needs a mark that this " + act.object + " does not carry");
    }
    return Problem(ProblemCode::transition_not_allowed,
                   "'" + act.event + "' is not possible in " + state +
                       "; possible: " + join({possible.begin(), possible.end()}, ", "));
}

}  // namespace

ActorFacts actor_facts(Actor const& actor, std::set<Side> sides, Instant now) {
    ActorFacts facts{.principal = actor.principal(),
                     .roles = {},
                     .sides = std::move(sides),
                     .is_system = actor.kind == ActorKind::system,
                     .authentication_age = now - actor.authenticated_at};
    for (auto role : actor.roles) {
        facts.roles.emplace(to_text(role));
    }
    return facts;
}

Outcome<Transition> decide(CaseTypeDefinition const& type,
                           Standing const& standing,
                           Act const& act,
                           ActorFacts const& actor,
                           Environment const& environment) {
    Rows const rows(type, act.object, standing);
    std::vector<Candidate> candidates;
    Names possible;
    bool event_fits = false;
    rows.each([&](Candidate candidate) {
        possible.insert(candidate.row->event);
        if (candidate.row->event == act.event) {
            event_fits = true;
            if (has_flags(*candidate.row, standing)) {
                candidates.push_back(candidate);
            }
        }
    });
    if (candidates.empty()) {
        return no_place(rows, act, event_fits, possible);
    }
    std::erase_if(candidates, [&](Candidate const& c) { return !may_take(*c.row, actor); });
    if (candidates.empty()) {
        return Problem(ProblemCode::forbidden,
                       "'" + act.event + "' is not for this role on this side of the case");
    }
    Problem first;
    for (auto const& candidate : candidates) {
        auto problem = obstacle(*candidate.row, rows.object(), act, actor, environment);
        if (problem.code() == ProblemCode::none) {
            return make_transition(candidate, rows, standing, act);
        }
        if (first.code() == ProblemCode::none) {
            first = std::move(problem);
        }
    }
    return first;
}

std::vector<std::string> events_possible(CaseTypeDefinition const& type,
                                         std::string_view object,
                                         Standing const& standing) {
    Names events;
    Rows(type, object, standing).each([&](Candidate candidate) {
        if (has_flags(*candidate.row, standing)) {
            events.insert(candidate.row->event);
        }
    });
    return {events.begin(), events.end()};
}

std::vector<std::string> events_open_to(CaseTypeDefinition const& type,
                                        std::string_view object,
                                        Standing const& standing,
                                        ActorFacts const& actor) {
    Names events;
    Rows(type, object, standing).each([&](Candidate candidate) {
        if (has_flags(*candidate.row, standing) && may_take(*candidate.row, actor)) {
            events.insert(candidate.row->event);
        }
    });
    return {events.begin(), events.end()};
}

}  // namespace rastro::cases
