#include "protocol/import_json.hpp"

#include <set>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr int kMaxLine = 100'000'000;
constexpr TextRule kCell{TextKind::text, 8192, 0};

ImportRow read_row(ObjectReader& reader) {
    ImportRow row;
    row.line = static_cast<int>(reader.integer("line", 1, kMaxLine));
    row.cells = reader.texts("cells", {.max = 256, .min = 1}, kCell);
    return row;
}

void append_result(std::string& out, ImportRowResult const& result) {
    JsonWriter json(out);
    json.begin_object();
    json.integer("line", result.line);
    json.text("result", result.result);
    if (result.case_id) {
        json.id("case_id", *result.case_id);
    }
    json.text_if("number", result.number);
    json.begin_array("notes");
    for (auto const& note : result.notes) {
        json.begin_object();
        json.integer("column", note.column);
        json.text_if("field", note.field);
        json.text("verdict", note.verdict);
        json.text_if("reason", note.reason);
        json.texts_if("suggestions", note.suggestions);
        json.end_object();
    }
    json.end_array();
    if (!result.missing.empty()) {
        json.begin_array("missing");
        for (auto const& violation : result.missing) {
            json.begin_object();
            json.text("pointer", violation.pointer);
            json.text("code", violation.code);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace

Outcome<ImportStart> read_import_start(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        ImportStart start;
        start.file_sha256 = reader.text("file_sha256", kSha256);
        start.file_name = reader.optional_text("file_name", {TextKind::line, 255});
        start.profile = reader.text("profile", kCode);
        start.dry_run = reader.boolean_or("dry_run", false);
        start.submit = reader.boolean_or("submit", false);
        if (auto const rows = reader.optional_integer("announced_rows", 0, kMaxLine)) {
            start.announced_rows = static_cast<int>(*rows);
        }
        return start;
    });
}

Outcome<ImportRows> read_import_rows(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        ImportRows message;
        message.columns = reader.texts("columns", {.max = 256, .min = 1}, {TextKind::text, 200, 0});
        message.rows = reader.objects("rows", {.max = kMaxImportBatch, .min = 1}, read_row);
        if (reader.violations().empty()) {
            std::set<int> lines;
            for (std::size_t i = 0; i < message.rows.size(); ++i) {
                if (!lines.insert(message.rows[i].line).second) {
                    reader.violations().add("/rows/" + std::to_string(i) + "/line",
                                            "repeated_item");
                }
            }
        }
        return message;
    });
}

std::string write_import(ImportMessage const& import) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.id("import_id", import.import_id);
    json.text("file_sha256", import.file_sha256);
    json.text_if("file_name", import.file_name);
    json.text("profile", import.profile);
    json.boolean("dry_run", import.dry_run);
    json.boolean("submit", import.submit);
    json.integer_if("announced_rows", import.announced_rows);
    json.time("created_at", import.created_at);
    json.begin_object("counts");
    json.integer("submitted", import.submitted);
    json.integer("draft", import.drafts);
    json.integer("duplicate", import.duplicates);
    json.integer("rejected", import.rejected);
    json.end_object();
    json.end_object();
    return out;
}

std::string write_import_results(std::vector<ImportRowResult> const& results,
                                 std::string_view next) {
    return write_items(results, append_result, next);
}

}  // namespace rastro::protocol
