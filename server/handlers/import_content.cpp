#include "server/handlers/import_content.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "common/text.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::server {

namespace {

using cases::ImportField;

// Spreadsheets break lines inside cells; these fields are one line.
std::string one_line(std::string_view text) {
    std::string line;
    for (char c : text) {
        bool const blank = c == '\n' || c == '\r' || c == '\t';
        if (!blank) {
            line.push_back(c);
        } else if (!line.empty() && line.back() != ' ') {
            line.push_back(' ');
        }
    }
    return line;
}

std::string line_feeds(std::string_view text) {
    std::string folded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const before_feed = i + 1 < text.size() && text[i + 1] == '\n';
        if (text[i] != '\r') {
            folded.push_back(text[i]);
        } else if (!before_feed) {
            folded.push_back('\n');
        }
    }
    return folded;
}

std::string source_cells(cases::ImportedTrace const& trace) {
    std::string out;
    if (trace.source_row.empty() && !trace.purchase && trace.source_cells.empty()) {
        return out;
    }
    protocol::JsonWriter json(out);
    json.begin_object();
    json.text_if("row", trace.source_row);
    if (trace.purchase) {
        json.begin_object("purchase");
        json.text_if("date", trace.purchase->date ? trace.purchase->date->to_string() : "");
        json.text_if("country", trace.purchase->country);
        json.text_if("area", trace.purchase->admin_area);
        json.end_object();
    }
    if (!trace.source_cells.empty()) {
        json.begin_object("cells");
        std::map<std::string, int> seen;  // headings may repeat, members may not
        for (auto const& cell : trace.source_cells) {
            auto const times = ++seen[cell.column];
            json.text(times == 1 ? cell.column : cell.column + " (" + std::to_string(times) + ")",
                      cell.text);
        }
        json.end_object();
    }
    json.end_object();
    return out;
}

cases::RecoveryPrecision precision_of(cases::DatePrecision precision) {
    switch (precision) {
        case cases::DatePrecision::day:
            return cases::RecoveryPrecision::day;
        case cases::DatePrecision::month:
            return cases::RecoveryPrecision::month;
        case cases::DatePrecision::year:
            return cases::RecoveryPrecision::year;
    }
    return cases::RecoveryPrecision::unknown;
}

void put_recovery(cases::Recovery& recovery, cases::ImportedRecovery const& read) {
    recovery.country = read.country;
    recovery.area = one_line(read.place_text);
    if (read.date) {
        recovery.recovered_on = read.date->first_day();
        recovery.date_precision = precision_of(read.date->precision);
    }
}

bool is_of_row(Violation const& violation) {
    return violation.pointer.starts_with("/firearm") || violation.pointer.starts_with("/recovery");
}

bool is_missing_recipient(Violation const& violation) {
    return violation.pointer == "/recipients" && violation.code == "required";
}

void add_once(std::vector<Violation>& all, Violation violation) {
    bool const known = std::ranges::any_of(all, [&](Violation const& other) {
        return other.pointer == violation.pointer && other.code == violation.code;
    });
    if (!known) {
        all.push_back(std::move(violation));
    }
}

// Pointers of import_row are relative to the description; its date and country of recovery have
// other names in a request.
std::string request_pointer(std::string const& pointer) {
    if (pointer == "/recovery/date") {
        return "/recovery/recovered_on";
    }
    return pointer.starts_with("/recovery") ? pointer : "/firearm" + pointer;
}

struct FieldOfPointer {
    std::string_view pointer;
    ImportField field;
};
constexpr std::array<FieldOfPointer, 9> kFields{{
    {"/firearm/serial_raw", ImportField::serial},
    {"/firearm/marks", ImportField::serial},
    {"/firearm/make_text", ImportField::make},
    {"/firearm/type_text", ImportField::type},
    {"/firearm/calibre_text", ImportField::calibre},
    {"/firearm/model_text", ImportField::model},
    {"/firearm/importer_text", ImportField::importer},
    {"/firearm/remarks", ImportField::remark},
    {"/recovery/area", ImportField::recovery_place},
}};

cases::CellNote refusal(Violation const& violation, std::vector<cases::ColumnRule> const& columns) {
    cases::CellNote note;
    note.verdict = cases::CellVerdict::rejected;
    note.reason = violation.code;
    note.suggestions = violation.params;
    for (auto const& row : kFields) {
        if (violation.pointer.starts_with(row.pointer)) {
            note.field = row.field;
        }
    }
    auto const column = std::ranges::find(columns, note.field, &cases::ColumnRule::field);
    if (column != columns.end()) {
        note.column = static_cast<std::size_t>(column - columns.begin()) + 1;
    }
    return note;
}

}  // namespace

cases::TraceRequestContent content_of(cases::ImportedTrace const& trace,
                                      cases::TraceRequestContent const& common) {
    auto content = common;
    auto& firearm = content.firearm;
    firearm = trace.description;
    for (auto* text : {&firearm.serial_raw,
                       &firearm.make_text,
                       &firearm.type_text,
                       &firearm.calibre_text,
                       &firearm.model_text,
                       &firearm.importer_text}) {
        *text = one_line(*text);
    }
    for (auto& mark : firearm.marks) {
        mark.text = one_line(mark.text);
    }
    firearm.remarks = line_feeds(firearm.remarks);
    if (trace.recovery) {
        put_recovery(content.recovery, *trace.recovery);
    }
    if (content.recipients.empty() && !firearm.origin_country.empty()) {
        content.recipients.push_back({.country = firearm.origin_country, .agency = {}});
    }
    content.source_cells = source_cells(trace);
    return content;
}

std::vector<Violation> missing_in_common(cases::TraceRequestContent const& common) {
    auto missing = cases::check_for_submission(common);
    std::erase_if(missing, [](Violation const& violation) {
        return is_of_row(violation) || is_missing_recipient(violation);
    });
    return missing;
}

std::vector<Violation> missing_in_row(cases::ImportedRow const& row,
                                      cases::TraceRequestContent const& content,
                                      cases::TraceRequestContent const& common) {
    auto const shared = missing_in_common(common);
    std::vector<Violation> missing;
    for (auto violation : row.missing) {
        violation.pointer = request_pointer(violation.pointer);
        add_once(missing, std::move(violation));
    }
    for (auto& violation : cases::check_for_submission(content)) {
        bool const of_file = std::ranges::any_of(shared, [&](Violation const& other) {
            return other.pointer == violation.pointer && other.code == violation.code;
        });
        // Whom to ask follows from the country of manufacture, which is told by itself.
        if (!of_file && !is_missing_recipient(violation)) {
            add_once(missing, std::move(violation));
        }
    }
    return missing;
}

std::vector<cases::CellNote> refusals_of(cases::TraceRequestContent const& content,
                                         std::vector<cases::ColumnRule> const& columns) {
    auto faults = cases::check_draft(content);
    if (count_code_points(content.recovery.area) > cases::kMaxNameCodePoints) {
        faults.push_back(
            {"/recovery/area", "too_long", {std::to_string(cases::kMaxNameCodePoints)}});
    }
    std::vector<cases::CellNote> notes;
    for (auto const& fault : faults) {
        bool const too_much = fault.code == "too_long" || fault.code == "too_many" ||
                              fault.code == "control_characters";
        if (too_much && is_of_row(fault)) {
            notes.push_back(refusal(fault, columns));
        }
    }
    return notes;
}

std::string make_key_of(std::string const& make_id, std::string const& make_text) {
    return make_id.empty() ? cases::make_words(make_text) : make_id;
}

bool may_be_same_make(std::string const& a, std::string const& b) {
    return a.empty() || b.empty() || a == b;
}

}  // namespace rastro::server
