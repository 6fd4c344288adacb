#include "cases/linked/version_mapping.hpp"

#include <algorithm>
#include <set>

namespace rastro::cases {

namespace {

std::string place(std::string_view list, std::size_t index, std::string_view member) {
    return "/" + std::string(list) + "/" + std::to_string(index) + "/" + std::string(member);
}

class Mapping {
 public:
    Mapping(CaseTypeDefinition const& from,
            CaseTypeDefinition const& to,
            VersionMapping const& mapping)
        : from_(from), to_(to), mapping_(mapping) {}

    std::vector<DefinitionFault> faults() {
        for (auto const& object : from_.objects) {
            auto const* target = to_.find_object(object.name);
            if (target == nullptr) {
                fault("", "object " + object.name + " is not there");
                continue;
            }
            for (auto const& state : object.states) {
                if (target->find_state(state.name) == nullptr && !is_moved(object, state)) {
                    fault("/states", object.name + " " + state.name + " has no place");
                }
            }
            for (auto const& field : object.fields) {
                auto const* there = target->find_field(field.name);
                if (there == nullptr ? !is_moved(object, field) : !means_the_same(field, *there)) {
                    fault("/fields", object.name + " " + field.name + " has no place");
                }
            }
        }
        for (auto const& clock : from_.clocks) {
            if (to_.find_clock(clock.name) == nullptr) {
                fault("", "clock " + clock.name + " is not there");
            }
        }
        for (auto const& link : from_.links) {
            if (to_.find_link(link.name) == nullptr) {
                fault("", "link " + link.name + " is not there");
            }
        }
        for (std::size_t i = 0; i < mapping_.states.size(); ++i) {
            state_move(mapping_.states[i], i);
        }
        for (std::size_t i = 0; i < mapping_.fields.size(); ++i) {
            field_move(mapping_.fields[i], i);
        }
        return std::move(faults_);
    }

 private:
    void fault(std::string path, std::string message) {
        faults_.push_back({std::move(path), std::move(message)});
    }

    bool is_moved(ObjectDefinition const& object, StateDefinition const& state) const {
        return std::ranges::any_of(mapping_.states, [&](auto const& move) {
            return move.object == object.name && move.from == state.name;
        });
    }
    bool is_moved(ObjectDefinition const& object, FieldDefinition const& field) const {
        return std::ranges::any_of(mapping_.fields, [&](auto const& move) {
            return move.object == object.name && move.from == field.name;
        });
    }

    static bool means_the_same(FieldDefinition const& from, FieldDefinition const& to) {
        return from.type == to.type && from.list == to.list && from.index == to.index &&
               from.group <= to.group;
    }

    void state_move(StateMove const& move, std::size_t at) {
        auto const* object = from_.find_object(move.object);
        auto const* target = to_.find_object(move.object);
        auto const* state = object != nullptr ? object->find_state(move.from) : nullptr;
        auto const* place_of = target != nullptr ? target->find_state(move.to) : nullptr;
        if (state == nullptr || (target != nullptr && target->find_state(move.from) != nullptr)) {
            fault(place("states", at, "from"), "only states that are there no more are moved");
        } else if (place_of == nullptr) {
            fault(place("states", at, "to"), "no such state");
        } else if (place_of->open != state->open || place_of->final != state->final ||
                   place_of->legal_effect != state->legal_effect) {
            fault(place("states", at, "to"), "open, final and legal effect are not the same");
        }
        if (!moved_.insert(move.object + " state " + move.from).second) {
            fault(place("states", at, "from"), "named twice");
        }
    }

    void field_move(FieldMove const& move, std::size_t at) {
        auto const* object = from_.find_object(move.object);
        auto const* target = to_.find_object(move.object);
        auto const* field = object != nullptr ? object->find_field(move.from) : nullptr;
        auto const* place_of = target != nullptr ? target->find_field(move.to) : nullptr;
        if (field == nullptr || (target != nullptr && target->find_field(move.from) != nullptr)) {
            fault(place("fields", at, "from"), "only fields that are there no more are moved");
        } else if (!move.to.empty() && place_of == nullptr) {
            fault(place("fields", at, "to"), "no such field");
        } else if (!move.to.empty() && (object->find_field(move.to) != nullptr ||
                                        !moved_.insert(move.object + " to " + move.to).second)) {
            fault(place("fields", at, "to"), "values of another field stand there");
        } else if (place_of != nullptr && !means_the_same(*field, *place_of)) {
            fault(place("fields", at, "to"), "type, list, index or a stricter group differ");
        }
        if (!moved_.insert(move.object + " field " + move.from).second) {
            fault(place("fields", at, "from"), "named twice");
        }
    }

    CaseTypeDefinition const& from_;
    CaseTypeDefinition const& to_;
    VersionMapping const& mapping_;
    std::set<std::string> moved_;
    std::vector<DefinitionFault> faults_;
};

}  // namespace

std::vector<DefinitionFault> check_mapping(CaseTypeDefinition const& from,
                                           CaseTypeDefinition const& to,
                                           VersionMapping const& mapping) {
    return Mapping(from, to, mapping).faults();
}

}  // namespace rastro::cases
