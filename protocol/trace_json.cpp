#include "protocol/trace_json.hpp"

#include <array>

#include "common/text.hpp"
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/trace_content_json.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kReasonText{TextKind::text, 2000};
constexpr std::array<std::string_view, 4> kHandlingCodes{"H0", "H1", "H2", "H3"};

void write_related_members(JsonWriter& json, RelatedCase const& related) {
    json.id("case_id", related.case_id);
    json.text_if("number", related.number);
    json.text_if("state", related.state);
}

void write_time_to_crime(JsonWriter& json, TimeToCrimeMessage const& ttc) {
    json.begin_object("time_to_crime");
    json.integer_if("days", ttc.days);
    json.text_if("bucket", ttc.bucket);
    json.texts_if("flags", ttc.flags);
    json.end_object();
}

void write_related(JsonWriter& json, TraceRequestMessage const& request) {
    if (request.lead) {
        json.begin_object("lead");
        write_related_members(json, *request.lead);
        json.end_object();
    }
    if (!request.likely_duplicates.empty()) {
        json.begin_array("likely_duplicates");
        for (auto const& duplicate : request.likely_duplicates) {
            json.begin_object();
            write_related_members(json, duplicate);
            json.end_object();
        }
        json.end_array();
    }
}

void append_summary(std::string& out, TraceSummary const& request) {
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", request.case_id);
    json.text("number", request.number);
    json.text("state", request.state);
    json.text("priority", request.priority);
    json.text("handling_code", request.handling_code);
    json.integer("version", request.version);
    json.time("created_at", request.created_at);
    json.time("updated_at", request.updated_at);
    json.text_if("agency_case_no", request.agency_case_no);
    write_firearm_summary(json, request.firearm);
    json.text_if("outcome_code", request.outcome_code);
    json.texts("asked_countries", request.asked_countries);
    json.time_if("next_due", request.next_due);
    json.end_object();
}

void append_timeline_entry(std::string& out, TimelineEntry const& entry) {
    JsonWriter json(out);
    json.begin_object();
    json.id("event_id", entry.event_id);
    if (entry.leg_id) {
        json.id("leg_id", *entry.leg_id);
    }
    json.text("object", entry.object);
    json.text("event", entry.event);
    json.text_if("transition", entry.transition);
    json.text_if("from_state", entry.from_state);
    json.text_if("to_state", entry.to_state);
    json.text("actor_kind", entry.actor_kind);
    json.text_if("actor", entry.actor);
    json.text("agency", entry.agency);
    json.text("country", entry.country);
    json.time("occurred_at", entry.occurred_at);
    json.text_if("purpose", entry.purpose);
    json.text_if("reason_code", entry.reason_code);
    json.text_if("text", entry.text);
    json.raw("data", entry.data);
    json.end_object();
}

}  // namespace

Outcome<Reason> read_reason(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        Reason reason;
        reason.text = reader.text("text", kReasonText);
        reason.reason_code = reader.optional_text("reason_code", kCode);
        return reason;
    });
}

Outcome<Closure> read_closure(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        Closure closure;
        closure.outcome = reader.code("outcome_code", cases::outcome_from);
        closure.answer = reader.optional_id<AnswerId>("answer_id");
        closure.text = reader.optional_text("text", kReasonText);
        return closure;
    });
}

Outcome<DuplicateOf> read_duplicate_of(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        DuplicateOf duplicate;
        duplicate.lead = reader.id<CaseId>("lead_case_id");
        duplicate.text = reader.optional_text("text", kReasonText);
        return duplicate;
    });
}

Outcome<HandlingChange> read_handling_change(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        HandlingChange change;
        change.handling_code = reader.listed("handling_code", kHandlingCodes);
        bool const text_given = reader.has("handling_text");
        change.handling_text = reader.optional_text("handling_text", {TextKind::text, 1000});
        if (change.handling_code == "H3" && !text_given) {
            reader.violate("handling_text", "handling_text_required");
        }
        return change;
    });
}

std::string write_trace_request(TraceRequestMessage const& request) {
    std::string out;
    out.reserve(2048);
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", request.case_id);
    json.text("number", request.number);
    json.text("state", request.state);
    json.texts("flags", request.flags);
    json.integer("version", request.version);
    json.text("owner_agency", request.owner_agency);
    json.text("owner_country", request.owner_country);
    json.text_if("author", request.author);
    json.text_if("approver", request.approver);
    json.time("created_at", request.created_at);
    json.time("updated_at", request.updated_at);
    json.time_if("submitted_at", request.submitted_at);
    json.time_if("closed_at", request.closed_at);
    write_related(json, request);
    json.integer("description_version", request.description_version);
    json.text_if("outcome_code", request.outcome_code);
    if (request.time_to_crime) {
        write_time_to_crime(json, *request.time_to_crime);
    }
    json.begin_object("content");
    write_content_members(json, request.content);
    if (!request.content.source_cells.empty()) {
        json.raw("source_cells", request.content.source_cells);
    }
    json.end_object();
    json.texts_if("withheld_groups", request.withheld_groups);
    json.begin_array("legs");
    for (auto const& leg : request.legs) {
        std::string one;
        append_leg(one, leg);
        json.element_raw(one);
    }
    json.end_array();
    json.texts("next_steps", request.next_steps);
    json.texts_if("hints", request.hints);
    json.texts_if("warnings", request.warnings);
    json.end_object();
    return out;
}

std::string write_trace_status(TraceStatusMessage const& status) {
    std::string out;
    out.reserve(192 + 360 * status.legs.size());
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", status.case_id);
    json.text("number", status.number);
    json.text("state", status.state);
    json.integer("version", status.version);
    json.time("updated_at", status.updated_at);
    json.text_if("outcome_code", status.outcome_code);
    json.begin_array("legs");
    for (auto const& leg : status.legs) {
        json.begin_object();
        json.id("leg_id", leg.leg_id);
        json.text("asked_agency", leg.asked_agency);
        json.text("asked_country", leg.asked_country);
        json.text("state", leg.state);
        json.texts_if("flags", leg.flags);
        json.boolean("open", leg.open);
        json.integer("version", leg.version);
        json.text_if("outcome_code", leg.outcome_code);
        json.time("due_at", leg.due_at);
        json.time("updated_at", leg.updated_at);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

std::string write_trace_list(std::vector<TraceSummary> const& requests, std::string_view next) {
    return write_items(requests, append_summary, next);
}

std::string write_timeline(std::vector<TimelineEntry> const& entries, std::string_view next) {
    return write_items(entries, append_timeline_entry, next);
}

}  // namespace rastro::protocol
