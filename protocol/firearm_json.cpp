#include "protocol/firearm_json.hpp"

#include "protocol/json_items.hpp"
#include "protocol/rule_violations.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kSerial{TextKind::line, cases::kMaxSerialCodePoints};
constexpr TextRule kName{TextKind::line, cases::kMaxNameCodePoints};
constexpr TextRule kRemarks{TextKind::text, cases::kMaxRemarksCodePoints};
constexpr TextRule kChangeReason{TextKind::text, 500};

cases::Mark read_mark(ObjectReader& reader) {
    cases::Mark mark;
    mark.kind = reader.code("kind", cases::mark_kind_from);
    mark.place = reader.optional_code("place", cases::mark_place_from);
    mark.state = reader.optional_code("state", cases::mark_state_from);
    mark.text = reader.optional_text("text", kName);
    mark.remarks = reader.optional_text("remarks", kRemarks);
    return mark;
}

cases::Obliteration read_obliteration(ObjectReader& reader) {
    cases::Obliteration obliteration;
    obliteration.method = reader.optional_code("method", cases::obliteration_method_from)
                              .value_or(cases::ObliterationMethod::unknown);
    obliteration.partial_characters = reader.optional_text("partial_characters", kSerial);
    obliteration.lab_result = reader.optional_code("lab_result", cases::lab_result_from)
                                  .value_or(cases::LabResult::not_sent);
    obliteration.lab_case_no = reader.optional_text("lab_case_no", kName);
    obliteration.restored_serial = reader.optional_text("restored_serial", kSerial);
    return obliteration;
}

void write_mark(JsonWriter& json, cases::Mark const& mark) {
    json.begin_object();
    json.text("kind", code_of(mark.kind));
    if (mark.place) {
        json.text("place", code_of(*mark.place));
    }
    if (mark.state) {
        json.text("state", code_of(*mark.state));
    }
    json.text_if("text", mark.text);
    json.text_if("remarks", mark.remarks);
    json.end_object();
}

void write_obliteration(JsonWriter& json, cases::Obliteration const& obliteration) {
    json.begin_object("obliteration");
    json.text("method", code_of(obliteration.method));
    json.text_if("partial_characters", obliteration.partial_characters);
    json.text("lab_result", code_of(obliteration.lab_result));
    json.text_if("lab_case_no", obliteration.lab_case_no);
    json.text_if("restored_serial", obliteration.restored_serial);
    json.end_object();
}

void append_version(std::string& out, DescriptionVersionMessage const& version) {
    JsonWriter json(out);
    json.begin_object();
    json.integer("version", version.version);
    json.text("stated_by", version.stated_by);
    json.time("stated_at", version.stated_at);
    json.text_if("change_reason", version.change_reason);
    json.begin_object("firearm");
    write_firearm_members(json, version.firearm);
    json.end_object();
    json.end_object();
}

}  // namespace

cases::FirearmDescription read_firearm_members(ObjectReader& reader) {
    cases::FirearmDescription firearm;
    firearm.serial_raw = reader.optional_text("serial_raw", kSerial);
    firearm.serial_condition =
        reader.optional_code("serial_condition", cases::serial_condition_from);
    firearm.make_text = reader.optional_text("make_text", kName);
    firearm.make_id = reader.optional_text("make_id", kCode);
    firearm.type_code = reader.optional_code("type_code", cases::type_from);
    firearm.type_text = reader.optional_text("type_text", kName);
    firearm.calibre_text = reader.optional_text("calibre_text", kName);
    firearm.calibre_id = reader.optional_text("calibre_id", kCode);
    firearm.model_text = reader.optional_text("model_text", kName);
    firearm.origin_country = reader.optional_text("origin_country", kCountry);
    firearm.importer_text = reader.optional_text("importer_text", kName);
    firearm.importer_id = reader.optional_text("importer_id", kCode);
    firearm.importer_mark_absent = reader.boolean_or("importer_mark_absent", false);
    firearm.import_country = reader.optional_text("import_country", kCountry);
    firearm.import_country_text = reader.optional_text("import_country_text", kName);
    firearm.marks = reader.objects("marks", {.max = cases::kMaxMarks}, read_mark);
    firearm.obliteration = reader.optional_object("obliteration", read_obliteration);
    firearm.remarks = reader.optional_text("remarks", kRemarks);
    return firearm;
}

void write_firearm_members(JsonWriter& json, cases::FirearmDescription const& firearm) {
    json.text_if("serial_raw", firearm.serial_raw);
    if (firearm.serial_condition) {
        json.text("serial_condition", code_of(*firearm.serial_condition));
    }
    json.text_if("make_text", firearm.make_text);
    json.text_if("make_id", firearm.make_id);
    if (firearm.type_code) {
        json.text("type_code", code_of(*firearm.type_code));
    }
    json.text_if("type_text", firearm.type_text);
    json.text_if("calibre_text", firearm.calibre_text);
    json.text_if("calibre_id", firearm.calibre_id);
    json.text_if("model_text", firearm.model_text);
    json.text_if("origin_country", firearm.origin_country);
    json.text_if("importer_text", firearm.importer_text);
    json.text_if("importer_id", firearm.importer_id);
    if (firearm.importer_mark_absent) {
        json.boolean("importer_mark_absent", true);
    }
    json.text_if("import_country", firearm.import_country);
    json.text_if("import_country_text", firearm.import_country_text);
    if (!firearm.marks.empty()) {
        json.begin_array("marks");
        for (auto const& mark : firearm.marks) {
            write_mark(json, mark);
        }
        json.end_array();
    }
    if (firearm.obliteration) {
        write_obliteration(json, *firearm.obliteration);
    }
    json.text_if("remarks", firearm.remarks);
}

Outcome<FirearmDescriptionMessage> read_firearm_description(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        FirearmDescriptionMessage message;
        message.firearm = read_firearm_members(reader);
        message.change_reason = reader.optional_text("change_reason", kChangeReason);
        add_rule_violations(reader.violations(),
                            validate(message.firearm, cases::DescriptionStage::draft));
        return message;
    });
}

std::string write_descriptions(std::vector<DescriptionVersionMessage> const& versions) {
    return write_items(versions, append_version, "");
}

}  // namespace rastro::protocol
