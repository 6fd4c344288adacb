// A case type as a declared, versioned definition: objects with their own states, fields,
// transitions, clocks and links. Written as JSON (cases/types/*.json), read by
// protocol/case_type_json, checked by check_definition(), held by CaseTypeRegistry, acted upon by
// cases/lifecycle. Contract: domain/linked-cases.md 3 and 12; the trace request:
// domain/tracing.md 9.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

// Text for people in the four languages of the house. All four are given.
struct Label {
    std::string en;
    std::string es;
    std::string pt;
    std::string fr;
};

struct StateDefinition {
    std::string name;  // UPPER_SNAKE, as stored
    Label label;
    bool open = false;   // work is expected; counts for "any open state"
    bool final = false;  // an end: only what reopens, corrects or changes handling leaves it
    // The object waits on top of an earlier state (escalation): what that state allows is allowed
    // and returns to its flow.
    bool keeps_resume_state = false;
    std::string behaves_as;  // what this other state allows is allowed here too; may be empty
    std::vector<std::string> runs;  // clocks that start on entry and stop on leaving
    bool legal_effect = false;      // entered only under a document that the transition names
};

struct FieldDefinition {
    std::string name;  // with its place in the case: "firearm.serial_raw"
    std::string type;  // text, code, date, partial_date, country, flag, integer, place, person, ...
    std::string list;  // code list; set exactly when type is "code" or "codes"
    std::string group;                     // field group that protects it: G0..G11, S0..S4
    std::vector<std::string> required_at;  // events that are refused without it
    std::vector<std::string> validators;   // by name (cases/linked/field_value); all must accept
    std::string index;  // blind index over the value (cases/linked/blind_index); empty: none
    Label label;
};

struct ObjectDefinition {
    std::string name;    // "request", "leg"
    std::string parent;  // empty for the root object
    Label label;
    std::string initial;             // state of a new object
    std::vector<std::string> flags;  // marks beside the state
    std::vector<StateDefinition> states;
    std::vector<FieldDefinition> fields;

    [[nodiscard]] StateDefinition const* find_state(std::string_view state) const noexcept;
    [[nodiscard]] FieldDefinition const* find_field(std::string_view field) const noexcept;
};

// On which side of the case somebody stands. A national contact stands on the side of its country.
// The originator of an item is who gave it; `any` is every side of the case, never a stranger.
enum class Side : std::uint8_t { requester, receiver, originator, system, any };
[[nodiscard]] std::string_view to_text(Side side) noexcept;
[[nodiscard]] std::optional<Side> parse_side(std::string_view text) noexcept;

// Targets of a transition that are no state.
inline constexpr std::string_view kToDerived = "derived";  // computed by the type's own code
inline constexpr std::string_view kToResume = "resume";    // the state kept under an escalation
inline constexpr std::string_view kToSame = "same";        // the state does not change

struct TransitionDefinition {
    std::string id;  // "T7", "T13b": row of the specification
    std::string object;
    std::vector<std::string> from;  // states; empty: makes the object, whose state becomes `to`
    std::string event;
    std::string to;                       // a state, or one of the targets above
    std::vector<std::string> may_become;  // states that a derived target can name
    std::vector<std::string> roles;       // one of them is enough; empty: every role of the side
    Side side = Side::any;
    std::vector<std::string> guards;           // all must hold; "name" or "name:parameter"
    std::string reason_list;                   // the reason must come from it; empty: none asked
    std::vector<std::string> required_inputs;  // names of members that the act must carry
    std::string two_person;  // guard under which a second person must act; "always"; empty: never
    bool fresh_authentication = false;  // step-up (design/access.md)
    std::string document;               // kind of the document it rests on; empty: none
    std::vector<std::string> needs_flags;
    std::vector<std::string> sets_flags;
    std::vector<std::string> clears_flags;
    std::vector<std::string> starts;  // clocks
    std::vector<std::string> stops;
    std::vector<std::string> pauses;
    std::vector<std::string> resumes;
    std::vector<std::string> effects;  // what the caller must bring about in the same transaction
    std::vector<std::string> hints;    // next steps worth weighing after it
};

// A deadline of an object. Its length comes from the deadline rules (cases/deadlines); here only
// which event fires at which stage; empty: nothing at that stage.
struct ClockDefinition {
    std::string name;
    std::string object;
    std::string on_due;
    std::string on_escalate;
    std::string on_expire;
};

struct LinkKind {
    std::string name;
    Label label;
};

struct CaseTypeDefinition {
    std::string id;  // "trace_request"
    int version = 0;
    std::string sha256;  // of the document it was read from; hexadecimal
    Label title;
    std::vector<std::string> heading;       // fields of the root shown beside the number in lists
    std::vector<ObjectDefinition> objects;  // the first is the root
    std::vector<TransitionDefinition> transitions;
    std::vector<ClockDefinition> clocks;
    std::vector<LinkKind> links;
    std::vector<std::string>
        signals;  // rules that look at cases of this type (cases/linked/signals)

    [[nodiscard]] LinkKind const* find_link(std::string_view kind) const noexcept;
    [[nodiscard]] ObjectDefinition const* find_object(std::string_view object) const noexcept;
    [[nodiscard]] ClockDefinition const* find_clock(std::string_view clock) const noexcept;
};

// Trace requests and records of the register have operations of their own; cases of every other
// type are opened, read and acted upon as declared cases.
[[nodiscard]] bool is_declared_case(std::string_view type_id) noexcept;

// Every name that a definition may use and that code, not the definition, gives meaning to.
struct KnownNames {
    std::set<std::string, std::less<>> roles;
    std::set<std::string, std::less<>> guards;
    std::set<std::string, std::less<>> lists;
    std::set<std::string, std::less<>> effects;
    std::set<std::string, std::less<>> hints;
    std::set<std::string, std::less<>> clocks;  // names that have at least one deadline rule
    std::set<std::string, std::less<>> field_groups;
    // Groups that may stand in no heading: lists, notices and exports show headings.
    std::set<std::string, std::less<>> closed_groups;
    std::set<std::string, std::less<>> field_types;
    std::set<std::string, std::less<>> validators;
    std::set<std::string, std::less<>> indexes;
    std::set<std::string, std::less<>> signals;
};

struct DefinitionFault {
    std::string path;     // JSON Pointer into the definition: /transitions/12/guards/0
    std::string message;  // English: what is wrong with what
};

// All faults of a definition, empty if it may be used: unknown role, guard, list, effect, hint,
// clock, field group, field type, validator, index, signal, object, state, event or flag; a state
// that no path reaches; a state without exit that is not final; a state with legal effect entered
// without a document; a closed field in the heading; a transition id or an object, state, field,
// clock or link name used twice; a missing label.
[[nodiscard]] std::vector<DefinitionFault> check_definition(CaseTypeDefinition const& definition,
                                                            KnownNames const& known);

}  // namespace rastro::cases
