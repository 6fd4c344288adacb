#include "protocol/record_json.hpp"

#include "cases/handling.hpp"
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kSerial{TextKind::line, cases::kMaxSerialCodePoints};
constexpr TextRule kName{TextKind::line, cases::kMaxNameCodePoints};
constexpr TextRule kRemarks{TextKind::text, cases::kMaxRemarksCodePoints};
constexpr TextRule kLegalBasis{TextKind::line, 300};
constexpr TextRule kWords{TextKind::text, 2000};

// What finds a firearm again; marks and the state of a serial belong to one that is in hand.
cases::FirearmDescription read_firearm(ObjectReader& reader) {
    cases::FirearmDescription firearm;
    firearm.serial_raw = reader.text("serial_raw", kSerial);
    firearm.make_text = reader.optional_text("make_text", kName);
    firearm.make_id = reader.optional_text("make_id", kCode);
    firearm.type_code = reader.code("type_code", cases::type_from);
    firearm.calibre_text = reader.optional_text("calibre_text", kName);
    firearm.calibre_id = reader.optional_text("calibre_id", kCode);
    firearm.model_text = reader.optional_text("model_text", kName);
    firearm.origin_country = reader.optional_text("origin_country", kCountry);
    firearm.importer_text = reader.optional_text("importer_text", kName);
    firearm.import_country = reader.optional_text("import_country", kCountry);
    firearm.remarks = reader.optional_text("remarks", kRemarks);
    return firearm;
}

cases::IllicitRecord read_record(ObjectReader& reader) {
    cases::IllicitRecord record;
    record.kind = reader.code("kind", cases::record_kind_from);
    record.firearm = reader.object("firearm", read_firearm);
    record.event_on = reader.date("event_on");
    record.event_country = reader.optional_text("event_country", kCountry);
    record.agency_case_no = reader.text("agency_case_no", kName);
    record.purpose = reader.code("purpose", cases::purpose_from);
    record.legal_basis = reader.text("legal_basis", kLegalBasis);
    record.handling_code = to_text(reader.code("handling_code", cases::parse_handling_code));
    record.handling_text = reader.optional_text("handling_text", kWords);
    record.silent = reader.boolean_or("silent", false);
    record.valid_until = reader.optional_date("valid_until");
    return record;
}

void write_firearm(JsonWriter& json, cases::FirearmDescription const& firearm) {
    json.begin_object("firearm");
    json.text("serial_raw", firearm.serial_raw);
    json.text_if("make_text", firearm.make_text);
    json.text_if("make_id", firearm.make_id);
    if (firearm.type_code) {
        json.text("type_code", code_of(*firearm.type_code));
    }
    json.text_if("calibre_text", firearm.calibre_text);
    json.text_if("calibre_id", firearm.calibre_id);
    json.text_if("model_text", firearm.model_text);
    json.text_if("origin_country", firearm.origin_country);
    json.text_if("importer_text", firearm.importer_text);
    json.text_if("import_country", firearm.import_country);
    json.text_if("remarks", firearm.remarks);
    json.end_object();
}

void append_result(std::string& out, RecordRowResult const& result) {
    JsonWriter json(out);
    json.begin_object();
    json.integer("row", static_cast<std::int64_t>(result.row));
    json.text("result", result.result);
    if (result.record_id) {
        json.id("record_id", *result.record_id);
    }
    json.text_if("number", result.number);
    if (!result.violations.empty()) {
        json.begin_array("errors");
        for (auto const& violation : result.violations) {
            std::string one;
            JsonWriter error(one);
            error.begin_object();
            error.text("pointer", violation.pointer);
            error.text("code", violation.code);
            error.texts_if("params", violation.params);
            error.end_object();
            json.element_raw(one);
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace

Outcome<cases::IllicitRecord> read_new_record(std::string_view body) {
    return read_body(body, read_record);
}

Outcome<RecordRowsMessage> read_record_rows(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        RecordRowsMessage message;
        message.dry_run = reader.boolean_or("dry_run", false);
        auto const* given = reader.any("records");
        auto const* rows = given == nullptr ? nullptr : given->if_array();
        if (given == nullptr) {
            reader.violate("records", "missing_member");
        } else if (rows == nullptr) {
            reader.violate("records", "wrong_type", {"array"});
        } else if (rows->empty()) {
            reader.violate("records", "too_few_items", {"1"});
        } else if (rows->size() > kMaxRecordBatch) {
            reader.violate("records", "too_many_items", {std::to_string(kMaxRecordBatch)});
        } else {
            for (auto const& row : *rows) {
                Violations violations;
                ObjectReader item(row, Place(), violations);
                auto record = read_record(item);
                item.finish();
                if (violations.empty()) {
                    message.rows.push_back({.record = std::move(record), .violations = {}});
                } else {
                    message.rows.push_back(
                        {.record = std::nullopt, .violations = violations.all()});
                }
            }
        }
        return message;
    });
}

Outcome<RecordClearance> read_record_clearance(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        RecordClearance clearance;
        clearance.reason = reader.code("reason", cases::clear_reason_from);
        clearance.text = reader.optional_text("text", kWords);
        return clearance;
    });
}

void append_record(std::string& out, RecordMessage const& message) {
    auto const& record = message.record;
    JsonWriter json(out);
    json.begin_object();
    json.id("record_id", message.record_id);
    json.text("number", message.number);
    json.text("kind", code_of(record.kind));
    json.text("state", message.state);
    json.text("owner_agency", message.owner_agency);
    json.integer("version", message.version);
    write_firearm(json, record.firearm);
    json.date_if("event_on", record.event_on);
    json.text_if("event_country", record.event_country);
    json.text("agency_case_no", record.agency_case_no);
    json.text("purpose", code_of(record.purpose));
    json.text("legal_basis", record.legal_basis);
    json.text("handling_code", record.handling_code);
    json.text_if("handling_text", record.handling_text);
    json.boolean("silent", record.silent);
    json.date_if("valid_until", record.valid_until);
    json.time("entered_at", message.entered_at);
    json.text("entered_by", message.entered_by);
    json.time("updated_at", message.updated_at);
    json.text_if("confirmed_by", message.confirmed_by);
    json.time_if("confirmed_at", message.confirmed_at);
    json.time_if("due_at", message.due_at);
    json.text_if("clear_reason", message.clear_reason);
    json.time_if("cleared_at", message.cleared_at);
    json.texts("next_steps", message.next_steps);
    json.end_object();
}

std::string write_records(std::vector<RecordMessage> const& records, std::string_view next) {
    return write_items(records, append_record, next);
}

std::string write_record_row_results(std::vector<RecordRowResult> const& results) {
    return write_items(results, append_result, "");
}

}  // namespace rastro::protocol
