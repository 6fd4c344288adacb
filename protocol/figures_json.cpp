#include "protocol/figures_json.hpp"

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

namespace {

void append_cell(JsonWriter& json, std::string_view column, std::optional<int> const& count) {
    json.begin_object();
    json.text("column", column);
    json.integer_if("count", count);
    json.end_object();
}

void append_row(JsonWriter& json,
                std::string_view name,
                std::vector<std::string> const& columns,
                std::vector<std::optional<int>> const& cells,
                std::optional<int> const& total) {
    json.begin_object();
    json.text("row", name);
    json.begin_array("cells");
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append_cell(json, columns[i], cells[i]);
    }
    append_cell(json, "total", total);
    json.end_array();
    json.end_object();
}

void append_rule(std::string& out, SignalRuleMessage const& rule) {
    JsonWriter json(out);
    json.begin_object();
    json.text("rule", rule.rule);
    json.integer("version", rule.version);
    json.text("severity", rule.severity);
    json.text("explain", rule.explain);
    json.texts("told_to", rule.told_to);
    json.integer("under_review", rule.under_review);
    json.integer("confirmed", rule.confirmed);
    json.integer("explained", rule.explained);
    json.integer("insufficient", rule.insufficient);
    if (rule.precision) {
        json.number("precision", *rule.precision);
    }
    json.end_object();
}

}  // namespace

std::string write_victim_table(VictimTableMessage const& message) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("country", message.country);
    json.integer("year", message.year);
    json.integer("k", message.k);
    json.begin_array("rows");
    for (std::size_t i = 0; i < message.purposes.size(); ++i) {
        append_row(json,
                   message.purposes[i],
                   message.age_bands,
                   message.table.cells[i],
                   message.table.row_totals[i]);
    }
    append_row(json, "total", message.age_bands, message.table.column_totals, message.table.total);
    json.end_array();
    json.end_object();
    return out;
}

std::string write_signal_rules(std::vector<SignalRuleMessage> const& items) {
    return write_items(items, append_rule, "");
}

}  // namespace rastro::protocol
