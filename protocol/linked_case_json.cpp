#include "protocol/linked_case_json.hpp"

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

namespace {

void append_values(JsonWriter& json,
                   std::string_view name,
                   std::vector<FieldValueMessage> const& values) {
    if (values.empty()) {
        return;
    }
    json.begin_array(name);
    for (auto const& value : values) {
        json.begin_object();
        json.text("field", value.field);
        json.text("value", value.value);
        json.end_object();
    }
    json.end_array();
}

void append_object(JsonWriter& json, LinkedObjectMessage const& object) {
    json.begin_object();
    json.text("object_id", object.object_id);
    json.text("object", object.object);
    json.text("state", object.state);
    json.boolean("open", object.open);
    json.time("created_at", object.created_at);
    if (!object.fields.empty()) {
        json.begin_array("fields");
        for (auto const& field : object.fields) {
            json.begin_object();
            json.text("field", field.field);
            json.text("group", field.group);
            json.text("value", field.value);
            json.integer("version", field.version);
            json.end_object();
        }
        json.end_array();
    }
    json.texts_if("events", object.events);
    if (!object.clocks.empty()) {
        json.begin_array("clocks");
        for (auto const& clock : object.clocks) {
            json.begin_object();
            json.text("clock", clock.clock);
            json.time("due_at", clock.due_at);
            json.text("source", clock.source);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

void append_party(JsonWriter& json, LinkedPartyMessage const& party) {
    json.begin_object();
    json.text("agency", party.agency);
    json.text("relation", party.relation);
    json.texts_if("groups", party.groups);
    json.texts_if("purposes", party.purposes);
    json.text("onward", party.onward);
    json.time_if("valid_until", party.valid_until);
    json.end_object();
}

void append_signal(JsonWriter& json, LinkedSignalMessage const& signal) {
    json.begin_object();
    json.text("rule", signal.rule);
    json.integer("version", signal.version);
    json.text("severity", signal.severity);
    json.text_if("object_id", signal.object_id);
    json.text("explain", signal.explain);
    append_values(json, "evidence", signal.evidence);
    json.text("state", signal.state);
    json.text_if("note", signal.note);
    json.text_if("decided_agency", signal.decided_agency);
    json.time_if("decided_at", signal.decided_at);
    json.end_object();
}

void append_summary(std::string& out, LinkedSummaryMessage const& summary) {
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", summary.case_id);
    json.text("number", summary.number);
    json.text("type", summary.type);
    json.text("state", summary.state);
    json.text("owner_agency", summary.owner_agency);
    json.text("handling_code", summary.handling_code);
    json.integer("version", summary.version);
    json.time("updated_at", summary.updated_at);
    append_values(json, "heading", summary.heading);
    json.end_object();
}

void append_event(std::string& out, LinkedEventMessage const& event) {
    JsonWriter json(out);
    json.begin_object();
    json.id("event_id", event.event_id);
    json.text_if("object_id", event.object_id);
    json.text("object", event.object);
    json.text("event", event.event);
    json.text_if("transition", event.transition);
    json.text_if("from_state", event.from_state);
    json.text_if("to_state", event.to_state);
    json.text_if("actor", event.actor);
    json.text("agency", event.agency);
    json.text("country", event.country);
    json.time("occurred_at", event.occurred_at);
    json.text_if("clock", event.clock);
    json.text_if("text", event.text);
    json.end_object();
}

void append_link(std::string& out, LinkedLinkMessage const& link) {
    JsonWriter json(out);
    json.begin_object();
    json.text("link_id", link.link_id);
    json.id("from_case", link.from_case);
    json.text("from_number", link.from_number);
    json.text("from_type", link.from_type);
    json.id("to_case", link.to_case);
    json.text("to_number", link.to_number);
    json.text("to_type", link.to_type);
    json.text("kind", link.kind);
    json.text("basis", link.basis);
    json.integer("confidence", link.confidence);
    json.text("state", link.state);
    json.text("asserted_agency", link.asserted_agency);
    json.time("created_at", link.created_at);
    if (link.trace_result) {
        json.begin_object("trace_result");
        json.text("state", link.trace_result->state);
        json.text_if("outcome_code", link.trace_result->outcome_code);
        json.begin_array("legs");
        for (auto const& leg : link.trace_result->legs) {
            json.begin_object();
            json.text("country", leg.country);
            json.text("state", leg.state);
            json.text_if("outcome_code", leg.outcome_code);
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }
    json.end_object();
}

}  // namespace

std::string write_linked_case(LinkedCaseMessage const& message) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", message.case_id);
    json.text("number", message.number);
    json.text("type", message.type);
    json.integer("type_version", message.type_version);
    json.text("state", message.state);
    json.text("owner_agency", message.owner_agency);
    json.text("owner_country", message.owner_country);
    json.text("handling_code", message.handling_code);
    json.integer("version", message.version);
    json.time("created_at", message.created_at);
    json.time("updated_at", message.updated_at);
    json.texts("groups", message.groups);
    json.begin_array("objects");
    for (auto const& object : message.objects) {
        append_object(json, object);
    }
    json.end_array();
    json.texts_if("new_objects", message.new_objects);
    if (!message.parties.empty()) {
        json.begin_array("parties");
        for (auto const& party : message.parties) {
            append_party(json, party);
        }
        json.end_array();
    }
    if (!message.members.empty()) {
        json.begin_array("members");
        for (auto const& member : message.members) {
            json.begin_object();
            json.id("user_id", member.user_id);
            json.text("kind", member.kind);
            json.end_object();
        }
        json.end_array();
    }
    if (!message.pending.empty()) {
        json.begin_array("pending");
        for (auto const& pending : message.pending) {
            json.begin_object();
            json.text("object_id", pending.object_id);
            json.text("event", pending.event);
            json.text("proposed_by", pending.proposed_by);
            json.time("proposed_at", pending.proposed_at);
            json.end_object();
        }
        json.end_array();
    }
    if (!message.signals.empty()) {
        json.begin_array("signals");
        for (auto const& signal : message.signals) {
            append_signal(json, signal);
        }
        json.end_array();
    }
    json.end_object();
    return out;
}

std::string write_linked_cases(std::vector<LinkedSummaryMessage> const& items,
                               std::string_view next) {
    return write_items(items, append_summary, next);
}

std::string write_linked_events(std::vector<LinkedEventMessage> const& items) {
    return write_items(items, append_event, "");
}

std::string write_seal_grant(SealGrantMessage const& message) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("grant_id", message.grant_id);
    json.id("case_id", message.case_id);
    json.id("user_id", message.user_id);
    json.text("reason", message.reason);
    json.id("proposed_by", message.proposed_by);
    if (message.decided_by) {
        json.id("decided_by", *message.decided_by);
    }
    json.text_if("decision", message.decision);
    json.time_if("valid_until", message.valid_until);
    json.end_object();
    return out;
}

std::string write_linked_link(LinkedLinkMessage const& message) {
    std::string out;
    append_link(out, message);
    return out;
}

std::string write_linked_links(LinkedLinksMessage const& message) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.begin_array("items");
    for (auto const& link : message.items) {
        std::string one;
        append_link(one, link);
        json.element_raw(one);
    }
    json.end_array();
    json.boolean("agreed_to_deconfliction", message.agreed);
    json.begin_array("deconfliction");
    for (auto const& line : message.deconfliction) {
        json.begin_object();
        json.text("ground", line.ground);
        json.text("agency", line.agency);
        json.text("agency_name", line.agency_name);
        json.text("contact_email", line.contact_email);
        json.text("contact_phone", line.contact_phone);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

}  // namespace rastro::protocol
