#include <algorithm>
#include <map>

#include "cases/case_type.hpp"

namespace rastro::cases {

namespace {

using Names = std::set<std::string, std::less<>>;

class Check {
 public:
    Check(CaseTypeDefinition const& definition, KnownNames const& known)
        : type_(definition), known_(known) {}

    std::vector<DefinitionFault> run() {
        if (type_.id.empty()) {
            fault("/id", "a case type needs an id");
        }
        if (type_.version < 1) {
            fault("/version", "versions count from 1");
        }
        label("/title", type_.title);
        objects();
        clocks();
        transitions();
        paths();
        heading();
        unique("/links", "link", type_.links);
        for (std::size_t i = 0; i < type_.links.size(); ++i) {
            label(at("/links", i) + "/label", type_.links[i].label);
        }
        known_all("/signals", "signal", type_.signals, known_.signals);
        return std::move(faults_);
    }

 private:
    static std::string at(std::string_view list, std::size_t index) {
        return std::string(list) + "/" + std::to_string(index);
    }

    void fault(std::string path, std::string message) {
        faults_.push_back({std::move(path), std::move(message)});
    }

    void label(std::string const& path, Label const& text) {
        if (text.en.empty() || text.es.empty() || text.pt.empty() || text.fr.empty()) {
            fault(path, "a label is given in en, es, pt and fr");
        }
    }

    void known_name(std::string const& path,
                    std::string_view kind,
                    std::string_view name,
                    Names const& names) {
        if (!names.contains(name)) {
            fault(path, "unknown " + std::string(kind) + " '" + std::string(name) + "'");
        }
    }

    void known_all(std::string const& path,
                   std::string_view kind,
                   std::vector<std::string> const& used,
                   Names const& names) {
        for (std::size_t i = 0; i < used.size(); ++i) {
            known_name(at(path, i), kind, used[i], names);
        }
    }

    void guard(std::string const& path, std::string_view spelled) {
        known_name(path, "guard", spelled.substr(0, spelled.find(':')), known_.guards);
    }

    template <class Items>
    void unique(std::string const& path, std::string_view kind, Items const& items) {
        Names seen;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (items[i].name.empty() || !seen.insert(items[i].name).second) {
                fault(at(path, i), std::string(kind) + " '" + items[i].name + "' stands twice");
            }
        }
    }

    void objects() {
        if (type_.objects.empty()) {
            fault("/objects", "a case type has at least its root object");
        }
        unique("/objects", "object", type_.objects);
        for (std::size_t i = 0; i < type_.objects.size(); ++i) {
            object(at("/objects", i), type_.objects[i], i == 0);
        }
    }

    void heading() {
        for (std::size_t i = 0; i < type_.heading.size(); ++i) {
            auto const* field =
                type_.objects.empty() ? nullptr : type_.objects[0].find_field(type_.heading[i]);
            if (field == nullptr) {
                fault(at("/heading", i), "the root object has no field '" + type_.heading[i] + "'");
            } else if (known_.closed_groups.contains(field->group)) {
                fault(at("/heading", i),
                      "field '" + field->name + "' of group " + field->group +
                          " cannot stand in a heading");
            }
        }
    }

    void object(std::string const& path, ObjectDefinition const& object, bool root) {
        label(path + "/label", object.label);
        if (root != object.parent.empty() || (!root && !type_.find_object(object.parent))) {
            fault(path + "/parent", "the first object has no parent, every other a known one");
        }
        unique(path + "/states", "state", object.states);
        unique(path + "/fields", "field", object.fields);
        if (!object.find_state(object.initial)) {
            fault(path + "/initial", "unknown state '" + object.initial + "'");
        }
        for (std::size_t i = 0; i < object.states.size(); ++i) {
            state(at(path + "/states", i), object, object.states[i]);
        }
        Names const events = events_of(object.name);
        for (std::size_t i = 0; i < object.fields.size(); ++i) {
            auto const& field = object.fields[i];
            auto const here = at(path + "/fields", i);
            label(here + "/label", field.label);
            known_name(here + "/group", "field group", field.group, known_.field_groups);
            if (field.type == "code" || field.type == "codes") {
                known_name(here + "/list", "list", field.list, known_.lists);
            } else if (!field.list.empty()) {
                fault(here + "/list", "only a code has a list");
            }
            known_name(here + "/type", "field type", field.type, known_.field_types);
            known_all(here + "/required_at", "event", field.required_at, events);
            known_all(here + "/validators", "validator", field.validators, known_.validators);
            if (!field.index.empty()) {
                known_name(here + "/index", "index", field.index, known_.indexes);
            }
        }
    }

    void state(std::string const& path, ObjectDefinition const& object, StateDefinition const& s) {
        label(path + "/label", s.label);
        if (s.open && s.final) {
            fault(path, "state '" + s.name + "' is both open and final");
        }
        if (!s.behaves_as.empty() && (s.behaves_as == s.name || !object.find_state(s.behaves_as))) {
            fault(path + "/behaves_as", "unknown state '" + s.behaves_as + "'");
        }
        clocks_of(path + "/runs", object.name, s.runs);
    }

    [[nodiscard]] Names events_of(std::string_view object) const {
        Names events;
        for (auto const& t : type_.transitions) {
            if (t.object == object) {
                events.insert(t.event);
            }
        }
        return events;
    }

    void clocks() {
        unique("/clocks", "clock", type_.clocks);
        for (std::size_t i = 0; i < type_.clocks.size(); ++i) {
            auto const& clock = type_.clocks[i];
            auto const path = at("/clocks", i);
            known_name(path + "/name", "clock", clock.name, known_.clocks);
            if (!type_.find_object(clock.object)) {
                fault(path + "/object", "unknown object '" + clock.object + "'");
                continue;
            }
            fires(path + "/on_due", clock, clock.on_due);
            fires(path + "/on_escalate", clock, clock.on_escalate);
            fires(path + "/on_expire", clock, clock.on_expire);
        }
    }

    void fires(std::string const& path, ClockDefinition const& clock, std::string const& event) {
        bool const known = std::ranges::any_of(type_.transitions, [&](auto const& t) {
            return t.object == clock.object && t.event == event && t.side == Side::system;
        });
        if (!event.empty() && !known) {
            fault(path, "no event '" + event + "' of '" + clock.object + "' for the system");
        }
    }

    void clocks_of(std::string const& path,
                   std::string_view object,
                   std::vector<std::string> const& used) {
        for (std::size_t i = 0; i < used.size(); ++i) {
            auto const* clock = type_.find_clock(used[i]);
            if (clock == nullptr || clock->object != object) {
                fault(at(path, i),
                      "unknown clock '" + used[i] + "' of '" + std::string(object) + "'");
            }
        }
    }

    void transitions() {
        if (type_.transitions.empty()) {
            fault("/transitions", "a case type has transitions");
        }
        std::map<std::string, std::size_t> seen;
        for (std::size_t i = 0; i < type_.transitions.size(); ++i) {
            auto const& t = type_.transitions[i];
            auto const path = at("/transitions", i);
            if (auto const [first, added] = seen.emplace(t.id, i); !added || t.id.empty()) {
                fault(path + "/id",
                      "transition id '" + t.id + "' stands already at " +
                          at("/transitions", first->second));
            }
            auto const* object = type_.find_object(t.object);
            if (object == nullptr) {
                fault(path + "/object", "unknown object '" + t.object + "'");
                continue;
            }
            ends(path, t, *object);
            who_and_when(path, t, *object);
        }
    }

    void ends(std::string const& path,
              TransitionDefinition const& t,
              ObjectDefinition const& object) {
        auto const known_state = [&](std::string const& where, std::string const& name) {
            if (!object.find_state(name)) {
                fault(where, "unknown state '" + name + "' of '" + object.name + "'");
            }
        };
        for (std::size_t i = 0; i < t.from.size(); ++i) {
            known_state(at(path + "/from", i), t.from[i]);
        }
        for (std::size_t i = 0; i < t.may_become.size(); ++i) {
            known_state(at(path + "/may_become", i), t.may_become[i]);
        }
        if (t.event.empty()) {
            fault(path + "/event", "a transition has an event");
        }
        if ((t.to == kToDerived) == t.may_become.empty()) {
            fault(path + "/may_become", "exactly a derived target says what it may become");
        }
        if (t.from.empty() && t.to != object.initial) {
            fault(path + "/to", "what makes an object leads to its initial state");
        }
        bool const keeps = std::ranges::any_of(t.from, [&](std::string const& name) {
            auto const* state = object.find_state(name);
            return state != nullptr && state->keeps_resume_state;
        });
        if (t.to == kToResume && !keeps) {
            fault(path + "/to", "nothing to resume: no state of 'from' keeps a resume state");
        }
        if (t.to != kToDerived && t.to != kToResume && t.to != kToSame) {
            known_state(path + "/to", t.to);
        }
    }

    void who_and_when(std::string const& path,
                      TransitionDefinition const& t,
                      ObjectDefinition const& object) {
        known_all(path + "/roles", "role", t.roles, known_.roles);
        if (t.side == Side::any && t.roles.empty()) {
            fault(path + "/roles", "a transition for every role of every side has no owner");
        }
        if (t.side == Side::system && !t.roles.empty()) {
            fault(path + "/roles", "the system has no roles");
        }
        for (std::size_t i = 0; i < t.guards.size(); ++i) {
            guard(at(path + "/guards", i), t.guards[i]);
        }
        if (!t.two_person.empty() && t.two_person != "always") {
            guard(path + "/two_person", t.two_person);
        }
        if (!t.reason_list.empty()) {
            known_name(path + "/reason_list", "list", t.reason_list, known_.lists);
        }
        Names const flags(object.flags.begin(), object.flags.end());
        known_all(path + "/needs_flags", "flag", t.needs_flags, flags);
        known_all(path + "/sets_flags", "flag", t.sets_flags, flags);
        known_all(path + "/clears_flags", "flag", t.clears_flags, flags);
        clocks_of(path + "/starts", t.object, t.starts);
        clocks_of(path + "/stops", t.object, t.stops);
        clocks_of(path + "/pauses", t.object, t.pauses);
        clocks_of(path + "/resumes", t.object, t.resumes);
        known_all(path + "/effects", "effect", t.effects, known_.effects);
        known_all(path + "/hints", "hint", t.hints, known_.hints);
        auto const* entered = object.find_state(t.to);
        bool const binding = entered != nullptr && entered->legal_effect;
        if (binding && t.document.empty()) {
            fault(path + "/document", "state '" + t.to + "' has legal effect: name the document");
        }
    }

    // Every state is reached from the initial one, and left again unless it is final.
    void paths() {
        for (std::size_t i = 0; i < type_.objects.size(); ++i) {
            auto const& object = type_.objects[i];
            Names const reached = reach(object);
            for (std::size_t s = 0; s < object.states.size(); ++s) {
                auto const& state = object.states[s];
                auto const path = at(at("/objects", i) + "/states", s);
                if (!reached.contains(state.name)) {
                    fault(path, "state '" + state.name + "' cannot be reached");
                }
                if (!state.final && !has_exit(object, state)) {
                    fault(path, "state '" + state.name + "' has no exit and is not final");
                }
            }
        }
    }

    [[nodiscard]] static bool leaves(TransitionDefinition const& t, StateDefinition const& state) {
        auto const from = [&](std::string const& name) {
            return !name.empty() && std::ranges::find(t.from, name) != t.from.end();
        };
        return from(state.name) || from(state.behaves_as);
    }

    [[nodiscard]] Names targets(TransitionDefinition const& t) const {
        if (t.to == kToDerived) {
            return {t.may_become.begin(), t.may_become.end()};
        }
        return t.to == kToSame || t.to == kToResume ? Names{} : Names{t.to};
    }

    [[nodiscard]] bool has_exit(ObjectDefinition const& object, StateDefinition const& s) const {
        return std::ranges::any_of(type_.transitions, [&](auto const& t) {
            if (t.object != object.name || !leaves(t, s)) {
                return false;
            }
            auto const to = targets(t);
            return t.to == kToResume ||
                   std::ranges::any_of(to, [&](std::string const& name) { return name != s.name; });
        });
    }

    [[nodiscard]] Names reach(ObjectDefinition const& object) const {
        Names reached{object.initial};
        for (bool grew = true; grew;) {
            grew = false;
            for (auto const& state : object.states) {
                if (!reached.contains(state.name)) {
                    continue;
                }
                for (auto const& t : type_.transitions) {
                    if (t.object == object.name && leaves(t, state)) {
                        for (auto const& name : targets(t)) {
                            grew = reached.insert(name).second || grew;
                        }
                    }
                }
            }
        }
        return reached;
    }

    CaseTypeDefinition const& type_;
    KnownNames const& known_;
    std::vector<DefinitionFault> faults_;
};

}  // namespace

std::vector<DefinitionFault> check_definition(CaseTypeDefinition const& definition,
                                              KnownNames const& known) {
    return Check(definition, known).run();
}

}  // namespace rastro::cases
