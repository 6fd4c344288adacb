#include "cases/linked/own_version.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

using Names = std::vector<std::string>;

bool includes(Names const& all, Names const& some) {
    return std::ranges::all_of(some,
                               [&](auto const& name) { return std::ranges::count(all, name) > 0; });
}

// No roles named means every role of the side.
bool opens_to_more(Names const& own, Names const& base) {
    return !base.empty() && (own.empty() || !includes(base, own));
}

// The first thing in which `step` asks for less than `rule`; empty: it asks for as much.
std::string_view what_is_looser(TransitionDefinition const& step,
                                TransitionDefinition const& rule) {
    auto const dropped = [](auto const& own, auto const& base) {
        return !base.empty() && own != base;
    };
    if (!includes(step.guards, rule.guards)) {
        return "guards";
    }
    if (!includes(step.required_inputs, rule.required_inputs)) {
        return "required_inputs";
    }
    if (opens_to_more(step.roles, rule.roles)) {
        return "roles";
    }
    if (rule.side != Side::any && step.side != rule.side) {
        return "side";
    }
    if (dropped(step.reason_list, rule.reason_list)) {
        return "reason_list";
    }
    if (dropped(step.two_person, rule.two_person) && step.two_person != "always") {
        return "two_person";
    }
    if (rule.fresh_authentication && !step.fresh_authentication) {
        return "fresh_authentication";
    }
    if (dropped(step.document, rule.document)) {
        return "document";
    }
    return includes(step.needs_flags, rule.needs_flags) ? "" : "needs_flags";
}

// What a step brings about, beyond who may take it.
std::string_view what_is_missing(TransitionDefinition const& own,
                                 TransitionDefinition const& base) {
    struct Part {
        char const* name;
        Names TransitionDefinition::*names;
    };
    static constexpr Part parts[] = {{"sets_flags", &TransitionDefinition::sets_flags},
                                     {"clears_flags", &TransitionDefinition::clears_flags},
                                     {"starts", &TransitionDefinition::starts},
                                     {"stops", &TransitionDefinition::stops},
                                     {"pauses", &TransitionDefinition::pauses},
                                     {"resumes", &TransitionDefinition::resumes},
                                     {"effects", &TransitionDefinition::effects}};
    for (auto const& part : parts) {
        if (!includes(own.*part.names, base.*part.names)) {
            return part.name;
        }
    }
    return "";
}

std::string place(std::string_view list, std::size_t index, std::string_view member = {}) {
    std::string path = "/" + std::string(list) + "/" + std::to_string(index);
    return member.empty() ? path : path + "/" + std::string(member);
}

template <class Items, class Key, class Name>
std::size_t index_of(Items const& items, Key key, Name const& name) {
    return static_cast<std::size_t>(std::ranges::find(items, name, key) - items.begin());
}

class OwnVersion {
 public:
    OwnVersion(CaseTypeDefinition const& base, CaseTypeDefinition const& own)
        : base_(base), own_(own) {}

    std::vector<DefinitionFault> faults() {
        if (own_.version < kFirstOwnVersion) {
            fault("/version", "versions of an agency begin at " + std::to_string(kFirstOwnVersion));
        }
        objects();
        transitions();
        keep_all("/clocks", base_.clocks, own_.clocks, "clock", [](auto const& a, auto const& b) {
            return a.object == b.object && a.on_due == b.on_due && a.on_escalate == b.on_escalate &&
                   a.on_expire == b.on_expire;
        });
        keep_all("/links", base_.links, own_.links, "link", [](auto const&, auto const&) {
            return true;
        });
        if (!includes(own_.signals, base_.signals)) {
            fault("/signals", "a signal of the base version is missing");
        }
        return std::move(faults_);
    }

 private:
    void fault(std::string path, std::string message) {
        faults_.push_back({std::move(path), std::move(message)});
    }

    // Every named item of the base is there and the same as far as `same` looks.
    template <class Items, class Same>
    void keep_all(std::string const& path,
                  Items const& base,
                  Items const& own,
                  std::string_view kind,
                  Same same) {
        for (auto const& item : base) {
            auto const at = index_of(own, &Items::value_type::name, item.name);
            if (at == own.size()) {
                fault(path,
                      std::string(kind) + " " + item.name + " of the base version is missing");
            } else if (!same(item, own[at])) {
                fault(
                    path + "/" + std::to_string(at),
                    std::string(kind) + " " + item.name + " means another thing than in the base");
            }
        }
    }

    void objects() {
        for (auto const& object : base_.objects) {
            auto const at = index_of(own_.objects, &ObjectDefinition::name, object.name);
            if (at == own_.objects.size()) {
                fault("/objects", "object " + object.name + " of the base version is missing");
                continue;
            }
            auto const path = place("objects", at);
            auto const& own = own_.objects[at];
            if (own.parent != object.parent || own.initial != object.initial) {
                fault(path, "parent and first state of " + object.name + " stay as they are");
            }
            if (!includes(own.flags, object.flags)) {
                fault(path + "/flags", "a flag of the base version is missing");
            }
            keep_all(path + "/states", object.states, own.states, "state", same_state);
            fields(path + "/fields", object, own);
        }
        if (own_.objects.empty() || own_.objects.front().name != base_.objects.front().name) {
            fault("/objects/0", "the first object stays " + base_.objects.front().name);
        }
    }

    static bool same_state(StateDefinition const& base, StateDefinition const& own) {
        return base.open == own.open && base.final == own.final &&
               base.keeps_resume_state == own.keeps_resume_state &&
               base.behaves_as == own.behaves_as && includes(own.runs, base.runs) &&
               base.legal_effect == own.legal_effect;
    }

    void fields(std::string const& path,
                ObjectDefinition const& base,
                ObjectDefinition const& own) {
        keep_all(path, base.fields, own.fields, "field", [](auto const& a, auto const& b) {
            return a.type == b.type && a.list == b.list && a.index == b.index;
        });
        for (std::size_t i = 0; i < own.fields.size(); ++i) {
            auto const& field = own.fields[i];
            auto const* before = base.find_field(field.name);
            auto const here = path + "/" + std::to_string(i);
            if (before == nullptr) {
                continue;
            }
            if (field.group < before->group) {  // S0 < S1 < ... < S4
                fault(here + "/group", "group " + before->group + " of the base is stricter");
            }
            if (!includes(field.validators, before->validators)) {
                fault(here + "/validators", "a validator of the base version is missing");
            }
            if (!includes(field.required_at, before->required_at)) {
                fault(here + "/required_at", "the base version asks for it at further steps");
            }
        }
    }

    void transitions() {
        for (auto const& row : base_.transitions) {
            auto const at = index_of(own_.transitions, &TransitionDefinition::id, row.id);
            if (at == own_.transitions.size()) {
                fault("/transitions", "step " + row.id + " of the base version is missing");
                continue;
            }
            same_step(row, own_.transitions[at], at);
        }
        for (std::size_t i = 0; i < own_.transitions.size(); ++i) {
            auto const& row = own_.transitions[i];
            if (index_of(base_.transitions, &TransitionDefinition::id, row.id) ==
                base_.transitions.size()) {
                new_step(row, i);
            }
        }
    }

    void same_step(TransitionDefinition const& base,
                   TransitionDefinition const& own,
                   std::size_t at) {
        if (own.object != base.object || own.event != base.event || own.to != base.to ||
            own.may_become != base.may_become) {
            fault(place("transitions", at), "step " + base.id + " leads elsewhere in the base");
        }
        for (auto const& state : own.from) {
            auto const* object = base_.find_object(base.object);
            bool const of_base = object != nullptr && object->find_state(state) != nullptr;
            if (of_base && std::ranges::count(base.from, state) == 0) {
                fault(place("transitions", at, "from"), "not taken from " + state + " in the base");
            }
        }
        if (auto const looser = what_is_looser(own, base); !looser.empty()) {
            fault(place("transitions", at, looser), "the base version asks for more");
        }
        if (auto const missing = what_is_missing(own, base); !missing.empty()) {
            fault(place("transitions", at, missing), "the base version brings about more");
        }
    }

    void new_step(TransitionDefinition const& row, std::size_t at) {
        auto const* object = base_.find_object(row.object);
        if (object == nullptr) {
            return;  // an object of the agency's own
        }
        if (row.from.empty()) {
            fault(place("transitions", at, "from"),
                  "objects of the base begin by the steps of the base only");
        } else if (row.to == kToDerived || row.to == kToResume) {
            fault(place("transitions", at, "to"),
                  "a step of an agency names the state it leads to");
        } else if (object->find_state(row.to) != nullptr) {
            bool const as_strict = std::ranges::any_of(base_.transitions, [&](auto const& rule) {
                return rule.object == row.object && rule.to == row.to &&
                       what_is_looser(row, rule).empty();
            });
            if (!as_strict) {
                fault(place("transitions", at),
                      "leads to " + row.to + " with less than any step of the base asks for");
            }
        }
    }

    CaseTypeDefinition const& base_;
    CaseTypeDefinition const& own_;
    std::vector<DefinitionFault> faults_;
};

}  // namespace

std::vector<DefinitionFault> check_own_version(CaseTypeDefinition const& base,
                                               CaseTypeDefinition const& own) {
    return OwnVersion(base, own).faults();
}

}  // namespace rastro::cases
