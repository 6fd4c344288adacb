// Bodies of the acts on a leg or an answer; see leg_json.hpp.
#include <array>

#include "protocol/firearm_json.hpp"
#include "protocol/leg_json.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/rule_violations.hpp"

#include "common/time_text.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kPrincipal{TextKind::line, 160};
constexpr TextRule kName{TextKind::line, 200};
constexpr TextRule kNote{TextKind::text, 2000};
constexpr TextRule kLong{TextKind::text, 4000};
constexpr std::array<std::string_view, 4> kHandlingCodes{"H0", "H1", "H2", "H3"};
constexpr std::array<std::string_view, 16> kEvaluations{
    "A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4", "X1", "X2", "X3", "X4"};
constexpr std::array<std::string_view, 12> kFieldGroups{
    "G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"};
constexpr std::array<std::string_view, 3> kAnswerKinds{"partial", "full", "no_record"};
constexpr std::array<std::string_view, 9> kChainRoles{"manufacturer",
                                                      "exporter",
                                                      "importer",
                                                      "foreign_importer",
                                                      "wholesaler",
                                                      "retailer",
                                                      "purchaser",
                                                      "end_user",
                                                      "government_stock"};
constexpr std::array<std::string_view, 3> kConfidences{"documented", "stated", "inferred"};
constexpr std::array<std::string_view, 2> kDecisions{"accepted", "rejected"};
constexpr std::size_t kMaxChainLinks = 60;

cases::Recipient read_recipient_members(ObjectReader& reader) {
    bool const both = reader.has("country") == reader.has("agency");
    cases::Recipient recipient{reader.optional_text("country", kCountry),
                               reader.optional_text("agency", kAgency)};
    if (both) {
        reader.violations().add(reader.place().pointer(), "country_or_agency");
    }
    return recipient;
}

ChainLinkMessage read_chain_link(ObjectReader& reader) {
    ChainLinkMessage link;
    link.role = reader.listed("role", kChainRoles);
    link.party_name = reader.optional_text("party_name", kName);
    link.party_country = reader.optional_text("party_country", kCountry);
    link.party_place = reader.optional_text("party_place", kName);
    link.party_licence = reader.optional_text("party_licence", kName);
    link.received_on = reader.optional_text("received_on", kPartialDate);
    link.disposed_on = reader.optional_text("disposed_on", kPartialDate);
    link.document = reader.optional_text("document", kName);
    link.source_record = reader.optional_text("source_record", kName);
    link.confidence = reader.optional_listed("confidence", kConfidences);
    if (link.confidence.empty()) {
        link.confidence = "stated";
    }
    link.second_hand = reader.boolean_or("second_hand", false);
    return link;
}

StateDecision read_state_decision(ObjectReader& reader, cases::RefusalStage stage) {
    StateDecision decision;
    bool const reason_given = reader.has("reason_code");
    auto const before = reader.violations().size();
    decision.reason = reader.code("reason_code", cases::refusal_reason_from);
    if (reason_given && reader.violations().size() == before &&
        !may_be_given_for(decision.reason, stage)) {
        reader.violate("reason_code", "reason_not_for_stage");
    }
    if (stage == cases::RefusalStage::delay) {
        decision.review_on = reader.date("review_on");
    } else {
        decision.review_on = reader.optional_date("review_on");
    }
    decision.appeal_to = reader.optional_text("appeal_to", kName);
    decision.text = reader.optional_text("text", kNote);
    if (stage == cases::RefusalStage::restrict) {
        decision.groups = reader.listed_set("groups", {.max = 12, .min = 1}, kFieldGroups);
    }
    return decision;
}

}  // namespace

Outcome<LegAdd> read_leg_add(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        LegAdd add;
        add.recipient = read_recipient_members(reader);
        add.text = reader.optional_text("text", kNote);
        return add;
    });
}

Outcome<Receipt> read_receipt(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        Receipt receipt;
        receipt.received_at =
            parse_rfc3339(reader.text("received_at", kDateTime)).value_or(Instant{});
        receipt.message_sha256 = reader.text("message_sha256", kSha256);
        auto const text = reader.text("signature", {TextKind::line, 1024, 4});
        if (!text.empty()) {
            if (auto signature = from_base64(text)) {
                receipt.signature = *std::move(signature);
            } else {
                reader.violate("signature", "format_base64");
            }
        }
        return receipt;
    });
}

Outcome<Assignment> read_assignment(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        return Assignment{reader.optional_text("handler", kPrincipal)};
    });
}

Outcome<ClarificationAsk> read_clarification_ask(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        ClarificationAsk ask;
        ask.fields = reader.texts("fields", {.max = 20, .min = 1}, kCode);
        ask.question = reader.text("question", kNote);
        return ask;
    });
}

Outcome<ClarificationReply> read_clarification_reply(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        ClarificationReply reply;
        reply.text = reader.text("text", kLong);
        reply.description = reader.optional_object("description", read_firearm_members);
        if (reply.description) {
            auto rules = validate(*reply.description, cases::DescriptionStage::draft);
            for (auto& rule : rules) {
                rule.pointer = "/description" + rule.pointer;
            }
            add_rule_violations(reader.violations(), std::move(rules));
        }
        return reply;
    });
}

Outcome<StateDecision> read_delay(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        return read_state_decision(reader, cases::RefusalStage::delay);
    });
}

Outcome<StateDecision> read_refusal(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        return read_state_decision(reader, cases::RefusalStage::refuse);
    });
}

Outcome<StateDecision> read_restriction(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        return read_state_decision(reader, cases::RefusalStage::restrict);
    });
}

Outcome<AnswerGive> read_answer_give(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        AnswerGive answer;
        answer.kind = reader.listed("kind", kAnswerKinds);
        answer.outcome = reader.code("outcome_code", cases::outcome_from);
        answer.chain = reader.objects("chain", {.max = kMaxChainLinks}, read_chain_link);
        answer.remarks = reader.optional_text("remarks", kLong);
        answer.handling_code = reader.optional_listed("handling_code", kHandlingCodes);
        bool const text_given = reader.has("handling_text");
        answer.handling_text = reader.optional_text("handling_text", {TextKind::text, 1000});
        answer.evaluation = reader.optional_listed("evaluation", kEvaluations);
        answer.conditions = reader.optional_text("conditions", kNote);
        answer.next_country = reader.optional_text("next_country", kCountry);
        if (answer.handling_code == "H3" && !text_given) {
            reader.violate("handling_text", "handling_text_required");
        }
        return answer;
    });
}

Outcome<Forward> read_forward(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        Forward forward;
        forward.decline = reader.boolean_or("decline", false);
        if (!forward.decline) {
            forward.recipient = read_recipient_members(reader);
        }
        forward.text = reader.optional_text("text", kNote);
        return forward;
    });
}

Outcome<CaseDecision> read_case_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        CaseDecision decision;
        decision.accepted = reader.listed("decision", kDecisions) == "accepted";
        decision.text = reader.optional_text("text", kNote);
        return decision;
    });
}

}  // namespace rastro::protocol
