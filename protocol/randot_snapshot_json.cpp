#include "protocol/randot_snapshot_json.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

std::string text_of(json::object const& object, char const* name) {
    return std::string(object.at(name).as_string());
}

void append_snapshot(std::string& out, SnapshotMessage const& message) {
    JsonWriter writer(out);
    writer.begin_object();
    writer.text("snapshot_id", message.snapshot_id);
    writer.text_if("country", message.country);
    writer.integer("year", message.year);
    writer.integer("version", message.version);
    writer.date("as_of", message.as_of);
    writer.boolean("amended", message.amended);
    writer.integer("faults", message.faults);
    writer.text("sha256", message.sha256);
    writer.text("prepared_by", message.prepared_by);
    writer.text("prepared_agency", message.prepared_agency);
    writer.time("prepared_at", message.prepared_at);
    writer.text_if("verified_by", message.verified_by);
    writer.time_if("verified_at", message.verified_at);
    writer.text_if("cleared_by", message.cleared_by);
    writer.time_if("cleared_at", message.cleared_at);
    writer.text_if("signature", message.signature);
    if (!message.changes.empty()) {
        writer.raw("changes", message.changes);
    }
    if (!message.report.empty()) {
        writer.raw("report", message.report);
    }
    writer.end_object();
}

// The cell that tells which cases a row counts.
bool counts_cases(json::object const& cell, std::string_view table) {
    return cell.at("column").as_string() == (table == "A" ? "total" : "cases");
}

cases::ReportRow read_row(std::string const& table, json::object const& row) {
    cases::ReportRow read{.table = table, .row = text_of(row, "row"), .cases = {}};
    for (auto const& value : row.at("cells").as_array()) {
        auto const& cell = value.as_object();
        auto const* ids = counts_cases(cell, table) ? cell.if_contains("cases") : nullptr;
        if (ids != nullptr) {
            for (auto const& id : ids->as_array()) {
                read.cases.emplace(id.as_string());
            }
        }
    }
    return read;
}

}  // namespace

std::string write_snapshot(SnapshotMessage const& message) {
    std::string out;
    append_snapshot(out, message);
    return out;
}

std::string write_snapshots(std::vector<SnapshotMessage> const& items, std::string_view next) {
    return write_items(items, append_snapshot, next);
}

std::string write_changes(std::vector<cases::ReportChange> const& changes) {
    std::string out;
    JsonWriter writer(out);
    writer.begin_array();
    for (auto const& change : changes) {
        writer.begin_object();
        writer.text("table", change.table);
        writer.text("row", change.row);
        writer.text("case_id", change.case_id);
        writer.boolean("entered", change.entered);
        writer.end_object();
    }
    writer.end_array();
    return out;
}

std::vector<cases::ReportRow> read_report_rows(std::string_view report) {
    try {
        std::vector<cases::ReportRow> rows;
        auto const document = json::parse({report.data(), report.size()});
        for (auto const& value : document.as_object().at("tables").as_array()) {
            auto const& table = value.as_object();
            auto const name = text_of(table, "table");
            for (auto const& row : table.at("rows").as_array()) {
                if (row.as_object().at("row").as_string() != "footnotes") {
                    rows.push_back(read_row(name, row.as_object()));
                }
            }
        }
        return rows;
    } catch (std::exception const& fault) {
        throw std::invalid_argument(std::string("not a report with its cases: ") + fault.what());
    }
}

}  // namespace rastro::protocol
