#include "protocol/import_json.hpp"

#include <set>

#include "common/text.hpp"
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/rule_violations.hpp"
#include "protocol/trace_content_json.hpp"

namespace rastro::protocol {

namespace {

constexpr int kMaxLine = 100'000'000;
constexpr std::size_t kMaxCells = 256;
constexpr std::size_t kMaxCellCodePoints = 8192;

// Stands for a cell that the sender could not write as JSON text: its row is refused for that
// (cases/trace/import_row), and the others of the batch are not.
constexpr std::string_view kUncleanCell = "\x01";

std::vector<std::string> read_cells(ObjectReader& reader) {
    std::vector<std::string> cells;
    auto const* value = reader.any("cells");
    auto const* items = value == nullptr ? nullptr : value->if_array();
    if (value == nullptr) {
        reader.violate("cells", "missing_member");
        return cells;
    }
    if (items == nullptr) {
        reader.violate("cells", "wrong_type", {"array"});
        return cells;
    }
    if (items->empty()) {
        reader.violate("cells", "too_few_items", {"1"});
    }
    if (items->size() > kMaxCells) {
        reader.violate("cells", "too_many_items", {std::to_string(kMaxCells)});
        return cells;
    }
    cells.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
        auto const* text = (*items)[i].if_string();
        auto const member = "/cells/" + std::to_string(i);
        if ((*items)[i].is_null()) {
            cells.emplace_back(kUncleanCell);
        } else if (text == nullptr) {
            reader.violations().add(reader.place().pointer() + member, "wrong_type", {"string"});
        } else if (text->size() > kMaxCellCodePoints &&
                   count_code_points({text->data(), text->size()}) > kMaxCellCodePoints) {
            reader.violations().add(reader.place().pointer() + member,
                                    "too_long",
                                    {std::to_string(kMaxCellCodePoints)});
        } else {
            cells.emplace_back(text->data(), text->size());
        }
    }
    return cells;
}

ImportRow read_row(ObjectReader& reader) {
    ImportRow row;
    row.line = static_cast<int>(reader.integer("line", 1, kMaxLine));
    row.cells = read_cells(reader);
    return row;
}

// check_draft speaks of the request; here its members stand below "common".
void add_common_violations(ObjectReader& reader, cases::TraceRequestContent const& common) {
    auto rules = cases::check_draft(common);
    for (auto& violation : rules) {
        violation.pointer = "/common" + violation.pointer;
    }
    add_rule_violations(reader.violations(), std::move(rules));
}

void write_violations(JsonWriter& json, std::vector<Violation> const& violations) {
    if (violations.empty()) {
        return;
    }
    json.begin_array("missing");
    for (auto const& violation : violations) {
        json.begin_object();
        json.text("pointer", violation.pointer);
        json.text("code", violation.code);
        json.texts_if("params", violation.params);
        json.end_object();
    }
    json.end_array();
}

void write_account_members(JsonWriter& json, ImportRowResult const& result) {
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
    write_violations(json, result.missing);
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
    write_account_members(json, result);
    json.end_object();
}

constexpr TextRule kStored{TextKind::text, 100'000, 0};

ImportNote read_note(ObjectReader& reader) {
    ImportNote note;
    note.column = static_cast<int>(reader.integer("column", 0, kMaxLine));
    note.field = reader.optional_text("field", kStored);
    note.verdict = reader.text("verdict", kStored);
    note.reason = reader.optional_text("reason", kStored);
    note.suggestions = reader.texts("suggestions", {.max = 1000}, kStored);
    return note;
}

Violation read_violation(ObjectReader& reader) {
    return {reader.text("pointer", kStored),
            reader.text("code", kStored),
            reader.texts("params", {.max = 20}, kStored)};
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
        if (auto common = reader.optional_object("common", read_shared_members)) {
            start.common = *std::move(common);
            add_common_violations(reader, start.common);
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
    json.integer("ready", import.ready);
    json.end_object();
    write_violations(json, import.missing);
    json.end_object();
    return out;
}

std::string write_import_common(cases::TraceRequestContent const& common) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    write_shared_members(json, common);
    json.end_object();
    return out;
}

Outcome<cases::TraceRequestContent> read_import_common(std::string_view stored) {
    return read_body(stored, read_shared_members);
}

std::string write_import_account(ImportRowResult const& result) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    write_account_members(json, result);
    json.end_object();
    return out;
}

Outcome<bool> read_import_account(std::string_view stored, ImportRowResult& result) {
    return read_body(stored, [&](ObjectReader& reader) {
        result.notes = reader.objects("notes", {.max = 10'000}, read_note);
        result.missing = reader.objects("missing", {.max = 1000}, read_violation);
        return true;
    });
}

std::string write_import_results(std::vector<ImportRowResult> const& results,
                                 std::string_view next) {
    return write_items(results, append_result, next);
}

}  // namespace rastro::protocol
