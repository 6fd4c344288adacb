// Reading what is asked of declared cases.
#include <array>

#include "protocol/linked_case_json.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kValue{TextKind::text, 8000, 1};
constexpr TextRule kReasonText{TextKind::text, 2000, 1};
constexpr TextRule kDocumentText{TextKind::line, 200, 1};
constexpr TextRule kName{TextKind::code, 64, 1};
constexpr std::array<std::string_view, 4> kHandling{"H0", "H1", "H2", "H3"};
constexpr std::array<std::string_view, 2> kRelations{"addressed", "copied"};
constexpr std::array<std::string_view, 3> kGroups{"S0", "S1", "S2"};
constexpr std::array<std::string_view, 8> kPurposes{"protection",
                                                    "investigation",
                                                    "prosecution",
                                                    "court_order",
                                                    "referral",
                                                    "audit_review",
                                                    "data_quality",
                                                    "emergency_life"};
constexpr std::array<std::string_view, 3> kOnward{"no", "with_consent", "yes"};
constexpr std::array<std::string_view, 2> kMemberKinds{"team", "named"};
constexpr std::array<std::string_view, 3> kBases{"document", "analyst", "match"};
constexpr std::array<std::string_view, 2> kLinkStates{"confirmed", "rejected"};

constexpr std::array<std::string_view, 4> kSignalStates{
    "under_review", "confirmed", "explained", "insufficient"};

FieldValueMessage read_value(ObjectReader& in) {
    return {.field = in.text("field", kName), .value = in.text("value", kValue)};
}

std::vector<FieldValueMessage> read_values(ObjectReader& in) {
    return in.objects("fields", {.max = 100}, read_value);
}

}  // namespace

Outcome<LinkedCaseCreate> read_linked_create(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedCaseCreate message;
        message.type = in.text("type", kName);
        message.handling_code = in.listed("handling_code", kHandling);
        message.fields = read_values(in);
        return message;
    });
}

Outcome<LinkedCaseAct> read_linked_act(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedCaseAct message;
        message.object = in.optional_text("object", kName);
        if (auto const id = in.optional_text("object_id", kUuid); !id.empty()) {
            message.object_id = Uuid::parse(id);
        }
        message.event = in.text("event", kName);
        message.fields = read_values(in);
        message.reason = in.optional_text("reason", kReasonText);
        message.document = in.optional_text("document", kDocumentText);
        return message;
    });
}

Outcome<LinkedSpawn> read_linked_spawn(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedSpawn message;
        message.type = in.text("type", kName);
        if (auto const id = in.optional_text("seizure_id", kUuid); !id.empty()) {
            message.seizure_id = Uuid::parse(id);
        }
        message.fields = read_values(in);
        return message;
    });
}

Outcome<SignalDisposition> read_signal_disposition(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        SignalDisposition message;
        message.rule = in.text("rule", kName);
        if (auto const id = in.optional_text("object_id", kUuid); !id.empty()) {
            message.object_id = Uuid::parse(id);
        }
        message.state = in.listed("state", kSignalStates);
        message.note = in.optional_text("note", kReasonText);
        return message;
    });
}

Outcome<LinkedShareSet> read_linked_share(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedShareSet message;
        message.agency = in.text("agency", kAgency);
        message.relation = in.listed("relation", kRelations);
        message.groups = in.listed_set("groups", {.max = 3, .min = 1}, kGroups);
        message.purposes = in.listed_set("purposes", {.max = 8}, kPurposes);
        message.onward = in.listed("onward", kOnward);
        if (auto const until = in.optional_date("valid_until")) {
            message.valid_until = Instant(std::chrono::sys_days(*until) + std::chrono::days(1));
        }
        return message;
    });
}

Outcome<LinkedMemberSet> read_linked_member(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedMemberSet message;
        message.user_id = in.id<UserId>("user_id");
        message.kind = in.listed("kind", kMemberKinds);
        return message;
    });
}

Outcome<SealPropose> read_seal_propose(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        SealPropose message;
        message.user_id = in.id<UserId>("user_id");
        message.reason = in.text("reason", kReasonText);
        return message;
    });
}

Outcome<LinkedLinkAdd> read_linked_link(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        LinkedLinkAdd message;
        message.to_case = in.id<CaseId>("to_case");
        message.kind = in.text("kind", kName);
        message.basis = in.listed("basis", kBases);
        message.confidence = static_cast<int>(in.integer("confidence", 1, 5));
        return message;
    });
}

Outcome<DeconflictionSet> read_deconfliction(std::string_view body) {
    return read_body(body, [](ObjectReader& in) { return DeconflictionSet{in.boolean("agreed")}; });
}

Outcome<LinkDecision> read_link_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        return LinkDecision{in.listed("state", kLinkStates) == "confirmed"};
    });
}

}  // namespace rastro::protocol
