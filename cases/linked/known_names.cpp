#include "cases/linked/known_names.hpp"

#include "cases/actor.hpp"
#include "cases/deadlines.hpp"
#include "cases/linked/field_value.hpp"
#include "cases/linked/guards.hpp"
#include "cases/linked/signals.hpp"
#include "cases/trace/code_lists.hpp"

namespace rastro::cases {

namespace {

KnownNames make_known_names() {
    KnownNames known;
    for (auto role : all_roles()) {
        known.roles.emplace(to_text(role));
    }
    for (auto const& guard : linked_guards()) {
        known.guards.emplace(guard.name);
    }
    for (auto const& rule : default_deadline_rules()) {
        known.clocks.insert(rule.clock);
    }
    for (auto const& rule : signal_rules()) {
        known.signals.emplace(rule.key);
    }
    auto const lists = code_list_names();
    known.lists.insert(lists.begin(), lists.end());
    known.field_types.insert(field_types().begin(), field_types().end());
    known.validators.insert(field_validators().begin(), field_validators().end());
    known.field_groups = {"S0", "S1", "S2", "S3", "S4"};
    known.closed_groups = {"S3", "S4"};
    known.indexes = {"blind_name", "blind_phone", "blind_plate", "blind_code"};
    // What the caller brings about in the transaction of the act.
    known.effects = {
        "notify_parties",     // every other agency of the case hears of it
        "freeze_recipients",  // the recipients of the alert are fixed and it is delivered to them
        "first_detection",    // the first of its substance in the country and in the region
        "create_pseudonym",   // V-XXXX, by which the person is shown
        "recall_shares",      // consent withdrawn: shares end, recipients are told
        "raise_wall",         // persons are held against the own staff; who is hit sees nothing
    };
    return known;
}

}  // namespace

KnownNames const& linked_known_names() {
    static KnownNames const known = make_known_names();
    return known;
}

}  // namespace rastro::cases
