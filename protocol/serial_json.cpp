#include "protocol/serial_json.hpp"

#include <array>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kName{TextKind::line, 200};
constexpr TextRule kSerialQuery{TextKind::line, 256};
constexpr TextRule kWords{TextKind::text, 2000};
constexpr std::array<std::string_view, 2> kDecisions{"confirmed", "rejected"};

void append_field(std::string& out, cases::FieldMatch const& match) {
    JsonWriter json(out);
    json.begin_object();
    json.text("field", code_of(match.field));
    json.text("agreement", code_of(match.agreement));
    json.text("rule", match.rule);
    json.integer("points", match.points);
    json.end_object();
}

void append_hit(std::string& out, SerialHitMessage const& hit) {
    JsonWriter json(out);
    json.begin_object();
    json.id("case_id", hit.case_id);
    json.text("number", hit.number);
    json.text("state", hit.state);
    json.text("owner_agency", hit.owner_agency);
    json.time_if("created_at", hit.created_at);
    json.integer("score", hit.assessment.score);
    json.text("band", code_of(hit.assessment.band));
    json.raw("fields", agreement_json(hit.assessment));
    json.begin_object("firearm");
    json.text_if("serial_raw", hit.serial_raw);
    json.text_if("make_text", hit.make_text);
    json.text_if("type_code", hit.type_code);
    json.text_if("calibre_text", hit.calibre_text);
    json.text_if("model_text", hit.model_text);
    json.text_if("import_country", hit.import_country);
    json.end_object();
    json.text_if("recovery_country", hit.recovery_country);
    json.date_if("recovered_on", hit.recovered_on);
    json.end_object();
}

void append_record_hit(std::string& out, RecordHitMessage const& hit) {
    JsonWriter json(out);
    json.begin_object();
    json.id("record_id", hit.record_id);
    json.text("number", hit.number);
    json.text("kind", hit.kind);
    json.text("state", hit.state);
    json.integer("score", hit.assessment.score);
    json.text("band", code_of(hit.assessment.band));
    json.raw("fields", agreement_json(hit.assessment));
    json.begin_object("firearm");
    json.text_if("serial_raw", hit.serial_raw);
    json.text_if("make_text", hit.make_text);
    json.text_if("type_code", hit.type_code);
    json.text_if("calibre_text", hit.calibre_text);
    json.text_if("model_text", hit.model_text);
    json.end_object();
    json.end_object();
}

void append_pointer(std::string& out, PointerMessage const& pointer) {
    JsonWriter json(out);
    json.begin_object();
    json.text("match_id", pointer.match_id.to_string());
    json.text("kind", pointer.kind);
    json.text("country", pointer.country);
    json.text("band", code_of(pointer.band));
    json.texts("agreeing", pointer.agreeing);
    json.text("agency", pointer.agency);
    json.text("agency_name", pointer.agency_name);
    json.text_if("contact_email", pointer.contact_email);
    json.text_if("contact_phone", pointer.contact_phone);
    json.text("handling_code", pointer.handling_code);
    json.end_object();
}

void write_side(JsonWriter& json, std::string_view name, MatchSideMessage const& side) {
    json.begin_object(name);
    if (side.case_id) {
        json.id("case_id", *side.case_id);
    }
    if (side.record_id) {
        json.text("record_id", side.record_id->to_string());
    }
    json.text_if("agency", side.agency);
    json.text_if("agency_name", side.agency_name);
    json.text_if("country", side.country);
    json.text_if("contact_email", side.contact_email);
    json.text_if("contact_phone", side.contact_phone);
    json.text_if("handling_code", side.handling_code);
    json.text_if("recovery_country", side.recovery_country);
    json.date_if("recovered_on", side.recovered_on);
    if (side.lead) {
        json.boolean("lead", true);
    }
    json.end_object();
}

}  // namespace

Outcome<SerialSearch> read_serial_search(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        SerialSearch search;
        search.serial = reader.text("serial", kSerialQuery);
        search.make_text = reader.optional_text("make_text", kName);
        search.make_id = reader.optional_text("make_id", kCode);
        search.calibre_text = reader.optional_text("calibre_text", kName);
        search.calibre_id = reader.optional_text("calibre_id", kCode);
        search.type = reader.optional_code("type_code", cases::type_from);
        search.model_text = reader.optional_text("model_text", kName);
        search.import_country = reader.optional_text("import_country", kCountry);
        search.case_id = reader.optional_id<CaseId>("case_id");
        search.show_weak = reader.boolean_or("show_weak", false);
        return search;
    });
}

Outcome<MatchNote> read_match_note(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        MatchNote note;
        note.case_id = reader.id<CaseId>("case_id");
        note.other_case_id = reader.id<CaseId>("other_case_id");
        return note;
    });
}

Outcome<MatchDecision> read_match_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        MatchDecision decision;
        decision.confirmed = reader.listed("decision", kDecisions) == "confirmed";
        decision.compared = reader.codes("compared", {.max = 6}, cases::match_field_from);
        decision.text = reader.optional_text("text", kWords);
        return decision;
    });
}

std::string agreement_json(cases::Assessment const& assessment) {
    std::string out = "[";
    for (auto const& match : assessment.fields) {
        if (out.size() > 1) {
            out.push_back(',');
        }
        std::string one;
        append_field(one, match);
        out += one;
    }
    out.push_back(']');
    return out;
}

std::string write_serial_search_result(SerialSearchResult const& result) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.begin_object("query");
    json.text("serial", result.serial);
    json.boolean("pattern", result.pattern);
    json.text_if("make_id", result.make_id);
    json.text_if("calibre_group", result.calibre_group);
    json.end_object();
    json.begin_array("items");
    for (auto const& hit : result.hits) {
        std::string one;
        append_hit(one, hit);
        json.element_raw(one);
    }
    json.end_array();
    json.begin_array("records");
    for (auto const& hit : result.records) {
        std::string one;
        append_record_hit(one, hit);
        json.element_raw(one);
    }
    json.end_array();
    json.begin_array("pointers");
    for (auto const& pointer : result.pointers) {
        std::string one;
        append_pointer(one, pointer);
        json.element_raw(one);
    }
    json.end_array();
    json.boolean("capped", result.capped);
    json.integer("not_shown", result.not_shown);
    json.end_object();
    return out;
}

void append_match(std::string& out, MatchMessage const& match) {
    JsonWriter json(out);
    json.begin_object();
    json.text("match_id", match.match_id.to_string());
    json.text("kind", match.kind);
    json.boolean("high_priority", match.high_priority);
    json.text("state", match.state);
    json.integer("score", match.score);
    json.text("band", match.band);
    json.texts("agreeing", match.agreeing);
    if (!match.agreement.empty()) {
        json.raw("fields", match.agreement);
    }
    write_side(json, "newer", match.newer);
    write_side(json, "older", match.older);
    json.text("found_by", match.found_by);
    json.time("found_at", match.found_at);
    json.boolean("you_decide", match.you_decide);
    json.texts("to_compare", match.to_compare);
    json.text_if("decided_agency", match.decided_agency);
    json.text_if("decided_by", match.decided_by);
    json.time_if("decided_at", match.decided_at);
    json.texts_if("compared", match.compared);
    json.text_if("decision_text", match.decision_text);
    json.integer("version", match.version);
    json.end_object();
}

std::string write_matches(std::vector<MatchMessage> const& matches, std::string_view next) {
    return write_items(matches, append_match, next);
}

}  // namespace rastro::protocol
