// What an agency may change of a case type, and how a case moves between versions.
#include "cases/linked/own_version.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "cases/linked/version_mapping.hpp"

using namespace rastro::cases;

namespace {

Label const kLabel{"a", "b", "c", "d"};

TransitionDefinition step(std::string id,
                          std::string event,
                          std::vector<std::string> from,
                          std::string to) {
    TransitionDefinition row;
    row.id = std::move(id);
    row.object = "case";
    row.event = std::move(event);
    row.from = std::move(from);
    row.to = std::move(to);
    return row;
}

CaseTypeDefinition base() {
    CaseTypeDefinition type;
    type.id = "judgment";
    type.version = 1;
    type.title = kLabel;
    ObjectDefinition root;
    root.name = "case";
    root.label = kLabel;
    root.initial = "OPEN";
    root.states = {{.name = "OPEN", .label = kLabel, .open = true},
                   {.name = "CLOSED", .label = kLabel, .final = true}};
    root.fields = {{.name = "court", .type = "text", .group = "S1", .label = kLabel},
                   {.name = "victim", .type = "text", .group = "S4", .label = kLabel}};
    type.objects = {root};
    auto closing = step("T2", "close", {"OPEN"}, "CLOSED");
    closing.roles = {"prosecutor", "unit_lead"};
    closing.guards = {"all_decided"};
    closing.two_person = "always";
    closing.effects = {"tell_parties"};
    type.transitions = {step("T1", "open", {}, "OPEN"), closing};
    type.links = {{"same_subject", kLabel}};
    type.signals = {"judg.no_sentence"};
    return type;
}

// The base as an agency's version, changed by `change`; places of its faults.
template <class Change>
std::vector<std::string> faults_of(Change change) {
    auto own = base();
    own.version = kFirstOwnVersion;
    change(own);
    std::vector<std::string> places;
    for (auto const& fault : check_own_version(base(), own)) {
        places.push_back(fault.path);
    }
    return places;
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("an agency adds states, fields and steps, and makes what there is stricter") {
    CHECK(faults_of([](auto&) {}).empty());
    CHECK(faults_of([](CaseTypeDefinition& own) {
              auto& root = own.objects.front();
              root.states.push_back({.name = "APPEAL", .label = kLabel, .open = true});
              root.fields.push_back(
                  {.name = "room", .type = "text", .group = "S0", .label = kLabel});
              root.fields[0].group = "S2";
              own.transitions.push_back(step("X1", "appeal", {"OPEN"}, "APPEAL"));
              own.transitions[1].roles = {"prosecutor"};
              own.transitions[1].guards.emplace_back("no_appeal");
              own.transitions[1].fresh_authentication = true;
              own.transitions[1].from.emplace_back("APPEAL");
          }).empty());
}

TEST_CASE("an agency takes nothing away and opens nothing") {
    CHECK(faults_of([](auto& own) { own.version = 2; }) == Places{"/version"});
    CHECK(faults_of([](auto& own) { own.objects[0].fields.pop_back(); }) ==
          Places{"/objects/0/fields"});
    CHECK(faults_of([](auto& own) { own.objects[0].fields[1].group = "S3"; }) ==
          Places{"/objects/0/fields/1/group"});
    CHECK(faults_of([](auto& own) { own.objects[0].fields[0].type = "code"; }) ==
          Places{"/objects/0/fields/0"});
    CHECK(faults_of([](auto& own) { own.objects[0].states[1].final = false; }) ==
          Places{"/objects/0/states/1"});
    CHECK(faults_of([](auto& own) { own.transitions.pop_back(); }) == Places{"/transitions"});
    CHECK(faults_of([](auto& own) { own.transitions[1].guards.clear(); }) ==
          Places{"/transitions/1/guards"});
    CHECK(faults_of([](auto& own) { own.transitions[1].roles.clear(); }) ==
          Places{"/transitions/1/roles"});
    CHECK(faults_of([](auto& own) { own.transitions[1].roles.emplace_back("partner"); }) ==
          Places{"/transitions/1/roles"});
    CHECK(faults_of([](auto& own) { own.transitions[1].two_person.clear(); }) ==
          Places{"/transitions/1/two_person"});
    CHECK(faults_of([](auto& own) { own.transitions[1].effects.clear(); }) ==
          Places{"/transitions/1/effects"});
    CHECK(faults_of([](auto& own) { own.transitions[1].to = "OPEN"; }) == Places{"/transitions/1"});
    CHECK(faults_of([](auto& own) { own.links.clear(); }) == Places{"/links"});
    CHECK(faults_of([](auto& own) { own.signals.clear(); }) == Places{"/signals"});
}

TEST_CASE("a step of an agency goes around no rule of the base") {
    auto const bypass = [](CaseTypeDefinition& own) {
        own.transitions.push_back(step("X1", "drop", {"OPEN"}, "CLOSED"));
    };
    CHECK(faults_of(bypass) == Places{"/transitions/2"});
    CHECK(faults_of([&](CaseTypeDefinition& own) {
              bypass(own);
              own.transitions[2].roles = {"prosecutor"};
              own.transitions[2].guards = {"all_decided"};
              own.transitions[2].two_person = "always";
          }).empty());
    CHECK(faults_of([](CaseTypeDefinition& own) {
              own.transitions.push_back(step("X1", "open_quickly", {}, "OPEN"));
          }) == Places{"/transitions/2/from"});
    CHECK(faults_of([](CaseTypeDefinition& own) {
              own.transitions.push_back(step("X1", "back", {"CLOSED"}, std::string(kToResume)));
          }) == Places{"/transitions/2/to"});
}

namespace {

// Two versions of an agency: the second calls "room" "chamber", has no "note", and APPEAL is HELD.
CaseTypeDefinition version_with(std::string const& state, std::vector<FieldDefinition> fields) {
    auto own = base();
    auto& root = own.objects.front();
    root.states.push_back({.name = state, .label = kLabel, .open = true});
    root.fields.insert(root.fields.end(), fields.begin(), fields.end());
    return own;
}

std::vector<std::string> mapping_faults(VersionMapping const& mapping) {
    FieldDefinition const room{.name = "room", .type = "text", .group = "S1", .label = kLabel};
    FieldDefinition const note{.name = "note", .type = "text", .group = "S2", .label = kLabel};
    FieldDefinition const chamber{
        .name = "chamber", .type = "text", .group = "S2", .label = kLabel};
    FieldDefinition const seats{.name = "seats", .type = "integer", .group = "S2", .label = kLabel};
    std::vector<std::string> places;
    for (auto const& fault : check_mapping(version_with("APPEAL", {room, note}),
                                           version_with("HELD", {chamber, seats}),
                                           mapping)) {
        places.push_back(fault.path);
    }
    return places;
}

VersionMapping whole() {
    return {.states = {{"case", "APPEAL", "HELD"}},
            .fields = {{"case", "room", "chamber"}, {"case", "note", ""}}};
}

}  // namespace

TEST_CASE("a mapping names a place for everything that is there no more, and for nothing else") {
    CHECK(mapping_faults(whole()).empty());
    CHECK(mapping_faults({}) == Places{"/states", "/fields", "/fields"});
    auto closed = whole();
    closed.states[0].to = "CLOSED";  // is final
    CHECK(mapping_faults(closed) == Places{"/states/0/to"});
    auto kept = whole();
    kept.states.push_back({"case", "OPEN", "HELD"});  // is still there
    CHECK(mapping_faults(kept) == Places{"/states/1/from"});
    auto other_kind = whole();
    other_kind.fields[0].to = "seats";
    CHECK(mapping_faults(other_kind) == Places{"/fields/0/to"});
    auto taken = whole();
    taken.fields[0].to = "court";
    CHECK(mapping_faults(taken) == Places{"/fields/0/to"});
    auto twice = whole();
    twice.fields[1].to = "chamber";
    CHECK(mapping_faults(twice) == Places{"/fields/1/to"});
    auto again = whole();
    again.fields.push_back({"case", "note", ""});
    CHECK(mapping_faults(again) == Places{"/fields/2/from"});
}

TEST_CASE("no move makes protected data less protected") {
    auto from = base();
    auto to = base();
    to.objects[0].fields[1].group = "S3";
    auto const faults = check_mapping(from, to, {});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].path == "/fields");
    std::swap(from, to);  // the other way round it is stricter
    CHECK(check_mapping(from, to, {}).empty());
}
