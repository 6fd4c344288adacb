// Replies about legs; the bodies are read in leg_acts_json.cpp.
#include "protocol/leg_json.hpp"

#include "protocol/json_items.hpp"
#include "protocol/trace_content_json.hpp"

namespace rastro::protocol {

namespace {

void write_clarification(JsonWriter& json, ClarificationMessage const& clarification) {
    json.begin_object();
    json.integer("seq", clarification.seq);
    json.texts("fields", clarification.fields);
    json.text("question", clarification.question);
    json.text_if("asked_by", clarification.asked_by);
    json.time("asked_at", clarification.asked_at);
    json.text_if("reply", clarification.reply);
    json.text_if("replied_by", clarification.replied_by);
    json.time_if("replied_at", clarification.replied_at);
    json.integer_if("reply_description_version", clarification.reply_description_version);
    json.end_object();
}

void write_decision(JsonWriter& json, LegDecisionMessage const& decision) {
    json.begin_object();
    json.integer("seq", decision.seq);
    json.text("stage", decision.stage);
    json.text_if("reason_code", decision.reason_code);
    json.date_if("review_on", decision.review_on);
    json.text_if("appeal_to", decision.appeal_to);
    json.text_if("text", decision.text);
    if (decision.upheld) {
        json.boolean("upheld", *decision.upheld);
    }
    json.texts_if("groups", decision.groups);
    json.text_if("decided_by", decision.decided_by);
    json.text("decided_agency", decision.decided_agency);
    json.time("decided_at", decision.decided_at);
    json.end_object();
}

void write_chain_link(JsonWriter& json, ChainLinkMessage const& link) {
    json.begin_object();
    json.text("role", link.role);
    json.text_if("group", link.group);
    json.text_if("party_name", link.party_name);
    json.text_if("party_country", link.party_country);
    json.text_if("party_place", link.party_place);
    json.text_if("party_licence", link.party_licence);
    json.text_if("received_on", link.received_on);
    json.text_if("disposed_on", link.disposed_on);
    json.text_if("document", link.document);
    json.text_if("source_record", link.source_record);
    json.text_if("confidence", link.confidence);
    if (link.second_hand) {
        json.boolean("second_hand", true);
    }
    json.texts_if("flags", link.flags);
    json.end_object();
}

void write_answer_history(JsonWriter& json, AnswerMessage const& answer) {
    json.text_if("approved_by", answer.approved_by);
    json.time_if("approved_at", answer.approved_at);
    if (answer.supersedes) {
        json.id("supersedes", *answer.supersedes);
    }
    if (answer.superseded_by) {
        json.id("superseded_by", *answer.superseded_by);
    }
    json.time_if("recalled_at", answer.recalled_at);
    json.text_if("recall_reason", answer.recall_reason);
    json.text_if("decision_id", answer.decision_id);
    if (!answer.withheld.empty()) {
        json.begin_array("withheld");
        for (auto const& withheld : answer.withheld) {
            json.begin_object();
            json.text("group", withheld.group);
            json.text_if("reason_code", withheld.reason_code);
            json.end_object();
        }
        json.end_array();
    }
}

void write_answer(JsonWriter& json, AnswerMessage const& answer) {
    json.begin_object();
    json.id("answer_id", answer.answer_id);
    json.integer("seq", answer.seq);
    json.text("kind", answer.kind);
    json.text("outcome_code", answer.outcome_code);
    json.integer("description_version", answer.description_version);
    json.text("handling_code", answer.handling_code);
    json.text_if("evaluation", answer.evaluation);
    json.text_if("remarks", answer.remarks);
    json.text_if("conditions", answer.conditions);
    json.text_if("next_country", answer.next_country);
    json.text("approval", answer.approval);
    json.text_if("given_by", answer.given_by);
    json.text("given_agency", answer.given_agency);
    json.time("given_at", answer.given_at);
    write_answer_history(json, answer);
    json.begin_array("chain");
    for (auto const& link : answer.chain) {
        write_chain_link(json, link);
    }
    json.end_array();
    json.end_object();
}

template <class Item, class Write>
void write_list(JsonWriter& json,
                std::string_view name,
                std::vector<Item> const& items,
                Write write) {
    if (items.empty()) {
        return;
    }
    json.begin_array(name);
    for (auto const& item : items) {
        write(json, item);
    }
    json.end_array();
}

void write_clock(JsonWriter& json, ClockMessage const& clock) {
    json.begin_object();
    json.text("clock", clock.clock);
    json.text("stage", clock.stage);
    json.text("state", clock.state);
    json.time("due_at", clock.due_at);
    json.end_object();
}

void write_leg_times(JsonWriter& json, LegMessage const& leg) {
    json.time("due_at", leg.due_at);
    json.time("routed_at", leg.routed_at);
    json.time_if("delivered_at", leg.delivered_at);
    json.time_if("acknowledged_at", leg.acknowledged_at);
    json.time_if("final_at", leg.final_at);
    json.time("updated_at", leg.updated_at);
}

void append_inbox_entry(std::string& out, InboxEntryMessage const& leg) {
    JsonWriter json(out);
    json.begin_object();
    json.id("leg_id", leg.leg_id);
    json.id("case_id", leg.case_id);
    json.text("number", leg.number);
    json.text("asking_agency", leg.asking_agency);
    json.text("asking_country", leg.asking_country);
    json.text("state", leg.state);
    json.texts_if("flags", leg.flags);
    json.text("priority", leg.priority);
    json.text("handling_code", leg.handling_code);
    json.text_if("handler", leg.handler);
    json.integer("version", leg.version);
    json.time("due_at", leg.due_at);
    json.time("updated_at", leg.updated_at);
    write_firearm_summary(json, leg.firearm);
    json.end_object();
}

}  // namespace

void write_firearm_summary(JsonWriter& json, FirearmSummary const& firearm) {
    json.begin_object("firearm");
    json.text_if("serial_raw", firearm.serial_raw);
    json.text_if("serial_condition", firearm.serial_condition);
    json.text_if("make_text", firearm.make_text);
    json.text_if("model_text", firearm.model_text);
    json.text_if("calibre_text", firearm.calibre_text);
    json.text_if("type_code", firearm.type_code);
    json.end_object();
}

void append_leg(std::string& out, LegMessage const& leg) {
    JsonWriter json(out);
    json.begin_object();
    json.id("leg_id", leg.leg_id);
    json.id("case_id", leg.case_id);
    json.text("number", leg.number);
    json.text("asking_agency", leg.asking_agency);
    json.text_if("asking_agency_name", leg.asking_agency_name);
    json.text("asking_country", leg.asking_country);
    json.text("asked_agency", leg.asked_agency);
    json.text_if("asked_agency_name", leg.asked_agency_name);
    json.text("asked_country", leg.asked_country);
    json.text_if("backup_agency", leg.backup_agency);
    json.text("state", leg.state);
    json.text_if("resume_state", leg.resume_state);
    json.texts("flags", leg.flags);
    json.boolean("open", leg.open);
    json.integer("version", leg.version);
    json.text("priority", leg.priority);
    json.text_if("handling_code", leg.handling_code);
    json.texts("path", leg.path);
    json.integer("hop", leg.hop);
    if (leg.parent_leg_id) {
        json.id("parent_leg_id", *leg.parent_leg_id);
    }
    json.integer("description_version", leg.description_version);
    json.text_if("handler", leg.handler);
    json.text_if("outcome_code", leg.outcome_code);
    json.text_if("refusal_reason", leg.refusal_reason);
    write_leg_times(json, leg);
    write_list(json, "clarifications", leg.clarifications, write_clarification);
    write_list(json, "decisions", leg.decisions, write_decision);
    write_list(json, "answers", leg.answers, write_answer);
    write_list(json, "clocks", leg.clocks, write_clock);
    if (leg.question) {
        json.begin_object("question");
        write_content_members(json, *leg.question);
        json.end_object();
    }
    json.texts_if("withheld_groups", leg.withheld_groups);
    json.texts("next_steps", leg.next_steps);
    json.end_object();
}

std::string write_inbox(std::vector<InboxEntryMessage> const& legs, std::string_view next) {
    return write_items(legs, append_inbox_entry, next);
}

}  // namespace rastro::protocol
