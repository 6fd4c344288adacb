// Shared by the files of declared cases (linked_*): a case found and decided upon, how it is shown,
// and one step of it. Private to handlers/.
#pragma once

#include "cases/case_type.hpp"
#include "cases/lifecycle.hpp"
#include "cases/linked/guards.hpp"
#include "cases/linked/signals.hpp"
#include "protocol/linked_case_json.hpp"
#include "server/handlers/parameters.hpp"
#include "server/routes.hpp"
#include "storage/linked_case_parts.hpp"
#include "storage/linked_case_repo.hpp"

namespace rastro::server {

// Definition that the case was opened under; throws std::logic_error if it is not loaded.
[[nodiscard]] cases::CaseTypeDefinition const& type_of(Call const& call,
                                                       storage::LinkedCase const& file);

// Has it loaded: an agency's version is read when a case first needs it.
[[nodiscard]] Outcome<bool> know_type(Call const& call,
                                      storage::UnitOfWork& unit,
                                      storage::LinkedCase const& file);

// The case, named for the audit record and decided upon for the operation of the call.
[[nodiscard]] Outcome<storage::LinkedCase> open_linked(Call& call,
                                                       storage::UnitOfWork& unit,
                                                       CaseId const& case_id,
                                                       storage::Lock lock);
// The same, at the version that the caller has seen.
[[nodiscard]] Outcome<storage::LinkedCase> open_linked_for_act(Call& call,
                                                               storage::UnitOfWork& unit,
                                                               CaseId const& case_id);

// A new case of the type, led by who opens it.
[[nodiscard]] Outcome<storage::LinkedCase> open_new(
    Call& call,
    storage::UnitOfWork& unit,
    cases::CaseTypeDefinition const& type,
    std::string const& handling,
    std::vector<protocol::FieldValueMessage> const& given);
// The case as it stands after an act.
[[nodiscard]] Outcome<Reply> shown_again(Call& call,
                                         storage::UnitOfWork& unit,
                                         CaseId const& case_id);
// Reply to its opening.
[[nodiscard]] Reply show_opened(Call& call, storage::UnitOfWork& unit, CaseId const& case_id);

// Sides of the acting agency in the case.
[[nodiscard]] std::set<cases::Side> sides_of(storage::LinkedCase const& file);

// Groups of the case that may be shown now: S3 and S4 only for a stated purpose.
[[nodiscard]] std::vector<std::string> shown_groups(storage::LinkedCase const& file,
                                                    std::string_view purpose);

// Groups of the case that guards and rules go by when the acting person does something: all but
// what is sealed, which no guard needs. Nothing of it is shown.
[[nodiscard]] std::vector<std::string> working_groups(storage::LinkedCase const& file);

// The case with the groups named; notes groups and names of the fields shown for the audit record.
[[nodiscard]] Reply show_linked(Call& call,
                                storage::UnitOfWork& unit,
                                storage::LinkedCase const& file,
                                std::vector<std::string> const& groups,
                                unsigned status);

// What the rules of the type notice in what is given, and what a job found across cases as far as
// it rests on the groups named.
struct ShownCase {
    std::vector<storage::LinkedObject> const& objects;
    std::vector<storage::FieldRow> const& fields;
    std::vector<storage::ClockRow> const& clocks;
    std::vector<std::string> const& groups;
};
[[nodiscard]] std::vector<cases::FoundSignal> signals_of(storage::UnitOfWork& unit,
                                                         cases::CaseTypeDefinition const& type,
                                                         storage::LinkedCase const& file,
                                                         ShownCase const& shown,
                                                         Instant now);
// The object that a signal is about; the case itself has the case's id.
[[nodiscard]] Uuid object_of(cases::SignalEvidence const& evidence,
                             storage::LinkedCase const& file);

// One step on the case or one of its objects, with everything that it brings about.
[[nodiscard]] Outcome<Reply> take_step(Call& call,
                                       storage::UnitOfWork& unit,
                                       storage::LinkedCase& file,
                                       protocol::LinkedCaseAct const& act);

// Values given for fields of an object, checked against its definition and the writer's groups.
[[nodiscard]] Outcome<std::vector<storage::FieldRow>> checked_fields(
    cases::ObjectDefinition const& definition,
    Uuid const& object_id,
    std::vector<protocol::FieldValueMessage> const& given,
    cases::FieldValues const& present,
    std::vector<std::string> const& writable);

// Stores values of one object, and what the blind index compares of them.
void store_values(Call const& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase const& file,
                  cases::ObjectDefinition const& definition,
                  std::vector<storage::FieldRow> const& fields);
// Whether a value that would be stored of the object is one of a victim of the case.
[[nodiscard]] bool is_of_a_victim(Call const& call,
                                  storage::UnitOfWork& unit,
                                  storage::LinkedCase const& file,
                                  cases::ObjectDefinition const& definition,
                                  cases::FieldValues const& values);

// Writes into the case what is no step of its type (who was added, what was agreed, what became of
// a signal), and stores it.
void note_in_case(Call const& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase& file,
                  Uuid const& object_id,
                  std::string event,
                  std::string const& said);

[[nodiscard]] storage::LinkedEvent linked_event(Call const& call,
                                                storage::UnitOfWork const& unit,
                                                cases::Transition const& transition,
                                                Uuid const& object_id,
                                                std::string const& said);

// What clocks go by.
struct ClockFacts {
    cases::FieldValues values;                  // of the object and its case, as they are now
    std::vector<std::string> running;           // clocks of the state that the object is in now
    std::set<std::string, std::less<>> stated;  // fields that this step states
};
// Starts and stops what the transition says; dates of the object take the place of a rule's length
// where the object has them (an order's own end), and a date stated anew sets its clock anew.
void apply_linked_clocks(storage::UnitOfWork& unit,
                         storage::LinkedCase const& file,
                         Uuid const& object_id,
                         cases::Transition const& transition,
                         ClockFacts const& facts);

}  // namespace rastro::server
