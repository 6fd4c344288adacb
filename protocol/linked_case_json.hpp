// Messages about declared cases (domain/linked-cases.md): types, cases as far as the caller may see
// them, acts, shares, members, seals, links. Values travel in the canonical text of their field
// type (cases/linked/field_value).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_type.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

struct FieldValueMessage {
    std::string field;
    std::string value;
};

// ---------------------------------------------------------------- what is asked

struct LinkedCaseCreate {
    std::string type;
    std::string handling_code;  // H0..H3
    std::vector<FieldValueMessage> fields;
};
struct LinkedCaseAct {
    std::string object;             // empty: the case itself
    std::optional<Uuid> object_id;  // absent: the case, or a new object of that kind
    std::string event;
    std::vector<FieldValueMessage> fields;
    std::string reason;
    std::string document;  // reference of the document the act rests on
};
struct LinkedShareSet {
    std::string agency;
    std::string relation;  // addressed, copied
    std::vector<std::string> groups;
    std::vector<std::string> purposes;
    std::string onward;
    std::optional<Instant> valid_until;
};
struct LinkedMemberSet {
    UserId user_id;
    std::string kind;  // team, named
};
struct SealPropose {
    UserId user_id;
    std::string reason;
};
struct LinkedLinkAdd {
    CaseId to_case;
    std::string kind;
    std::string basis;
    int confidence = 3;
};

// A case out of an operation: what the operation knows is filled in (domain/linked-cases.md 4.10).
struct LinkedSpawn {
    std::string type;
    std::optional<Uuid> seizure_id;  // seizure of the operation that the case is about
    std::vector<FieldValueMessage> fields;
};
struct SignalDisposition {
    std::string rule;
    std::optional<Uuid> object_id;  // absent: the case itself
    std::string state;              // under_review, confirmed, explained, insufficient
    std::string note;
};

[[nodiscard]] Outcome<LinkedSpawn> read_linked_spawn(std::string_view body);
[[nodiscard]] Outcome<SignalDisposition> read_signal_disposition(std::string_view body);
[[nodiscard]] Outcome<LinkedCaseCreate> read_linked_create(std::string_view body);
[[nodiscard]] Outcome<LinkedCaseAct> read_linked_act(std::string_view body);
[[nodiscard]] Outcome<LinkedShareSet> read_linked_share(std::string_view body);
[[nodiscard]] Outcome<LinkedMemberSet> read_linked_member(std::string_view body);
[[nodiscard]] Outcome<SealPropose> read_seal_propose(std::string_view body);
[[nodiscard]] Outcome<LinkedLinkAdd> read_linked_link(std::string_view body);
struct LinkDecision {
    bool confirmed = false;
};
[[nodiscard]] Outcome<LinkDecision> read_link_decision(std::string_view body);
struct DeconflictionSet {
    bool agreed = false;
};
[[nodiscard]] Outcome<DeconflictionSet> read_deconfliction(std::string_view body);

// ---------------------------------------------------------------- what is told

struct LinkedFieldMessage {
    std::string field;
    std::string group;
    std::string value;
    int version = 1;
};
struct LinkedClockMessage {
    std::string clock;
    Instant due_at{};
    std::string source;
};
struct LinkedObjectMessage {
    std::string object_id;
    std::string object;
    std::string state;
    bool open = true;
    Instant created_at{};
    std::vector<LinkedFieldMessage> fields;
    std::vector<std::string> events;  // open to the caller, as far as side and role go
    std::vector<LinkedClockMessage> clocks;
};
struct LinkedPartyMessage {
    std::string agency;
    std::string relation;
    std::vector<std::string> groups;
    std::vector<std::string> purposes;
    std::string onward;
    std::optional<Instant> valid_until;
};
struct LinkedMemberMessage {
    UserId user_id;
    std::string kind;
};
struct LinkedPendingMessage {
    std::string object_id;
    std::string event;
    std::string proposed_by;
    Instant proposed_at{};
};
struct LinkedSignalMessage {
    std::string rule;
    int version = 1;
    std::string severity;
    std::string object_id;
    std::string explain;
    std::vector<FieldValueMessage> evidence;
    std::string state = "new";  // or what a person made of it
    std::string note;
    std::string decided_agency;
    std::optional<Instant> decided_at;
};
struct LinkedCaseMessage {
    CaseId case_id;
    std::string number;
    std::string type;
    int type_version = 1;
    std::string state;
    std::string owner_agency;
    std::string owner_country;
    std::string handling_code;
    int version = 1;
    Instant created_at{};
    Instant updated_at{};
    std::vector<std::string> groups;  // shown in this reply
    std::vector<LinkedObjectMessage> objects;
    std::vector<std::string> new_objects;  // kinds that the caller may add
    std::vector<LinkedPartyMessage> parties;
    std::vector<LinkedMemberMessage> members;
    std::vector<LinkedPendingMessage> pending;  // acts that wait for a second person
    std::vector<LinkedSignalMessage> signals;
};
struct LinkedSummaryMessage {
    CaseId case_id;
    std::string number;
    std::string type;
    std::string state;
    std::string owner_agency;
    std::string handling_code;
    int version = 1;
    Instant updated_at{};
    std::vector<FieldValueMessage> heading;
};
struct LinkedEventMessage {
    EventId event_id;
    std::string object_id;
    std::string object;
    std::string event;
    std::string transition;
    std::string from_state;
    std::string to_state;
    std::string actor;
    std::string agency;
    std::string country;
    Instant occurred_at{};
    std::string clock;  // that ended; empty: the event is no deadline
    std::string text;
};
struct SealGrantMessage {
    std::string grant_id;
    CaseId case_id;
    UserId user_id;
    std::string reason;
    UserId proposed_by;
    std::optional<UserId> decided_by;
    std::string decision;
    std::optional<Instant> valid_until;
};
// How the trace of a firearm that was found with the case stands: states and outcome codes.
struct TraceResultMessage {
    struct Leg {
        std::string country;
        std::string state;
        std::string outcome_code;  // empty: none yet
    };
    std::string state;
    std::string outcome_code;
    std::vector<Leg> legs;
};
struct LinkedLinkMessage {
    std::string link_id;
    CaseId from_case;
    std::string from_number;
    std::string from_type;
    CaseId to_case;
    std::string to_number;
    std::string to_type;
    std::string kind;
    std::string basis;
    int confidence = 3;
    std::string state;
    std::string asserted_agency;
    Instant created_at{};
    std::optional<TraceResultMessage> trace_result;  // for the team, of a confirmed link
};

// Whom to ask about a case that matches or is linked and stays hidden: once both owners agreed.
struct DeconflictionMessage {
    std::string ground;  // match, link
    std::string agency;
    std::string agency_name;
    std::string contact_email;
    std::string contact_phone;
};
struct LinkedLinksMessage {
    std::vector<LinkedLinkMessage> items;
    bool agreed = false;  // this case's owner lets owners of matching cases know
    std::vector<DeconflictionMessage> deconfliction;
};

[[nodiscard]] std::string write_case_types(
    std::vector<cases::CaseTypeDefinition const*> const& types);
[[nodiscard]] std::string write_case_type(cases::CaseTypeDefinition const& type);
[[nodiscard]] std::string write_linked_case(LinkedCaseMessage const& message);
[[nodiscard]] std::string write_linked_cases(std::vector<LinkedSummaryMessage> const& items,
                                             std::string_view next);
[[nodiscard]] std::string write_linked_events(std::vector<LinkedEventMessage> const& items);
[[nodiscard]] std::string write_seal_grant(SealGrantMessage const& message);
[[nodiscard]] std::string write_linked_link(LinkedLinkMessage const& message);
[[nodiscard]] std::string write_linked_links(LinkedLinksMessage const& message);

}  // namespace rastro::protocol
