#include "client/commands/linked_objects.hpp"

#include <algorithm>

#include "client/commands/common_options.hpp"
#include "client/table.hpp"
#include "common/ids.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::string section(std::string const& heading, std::string const& text) {
    return text.empty() ? std::string() : "\n" + heading + "\n" + text;
}

std::string part_of(json::value const& document,
                    std::string_view pointer,
                    std::string const& heading,
                    std::vector<ColumnOf> const& columns,
                    std::size_t width) {
    auto const rows = items_at(document, pointer);
    return rows.empty() ? std::string() : section(heading, table_of(rows, columns, width));
}

std::string object_text(json::value const& object, std::string const& case_id, std::size_t width) {
    auto const id = text_at(object, "/object_id");
    auto heading = label_of(text_at(object, "/object")) + "  " + text_at(object, "/state");
    heading += id == case_id ? std::string() : "  " + id;
    Listing listing;
    for (auto const* field : items_at(object, "/fields")) {
        listing.add(label_of(text_at(*field, "/field")), text_at(*field, "/value"));
    }
    for (auto const* clock : items_at(object, "/clocks")) {
        listing.add("Due: " + text_at(*clock, "/clock"), short_time(text_at(*clock, "/due_at")));
    }
    if (auto const events = text_at(object, "/events"); !events.empty()) {
        listing.add("Next steps", events);
    }
    return section(printable(heading), listing.text(width, 2));
}

// The columns that any row has, in the order in which they come: rows of one table differ.
std::vector<std::string> columns_of(json::value const& table) {
    std::vector<std::string> columns;
    for (auto const* row : items_at(table, "/rows")) {
        for (auto const* cell : items_at(*row, "/cells")) {
            auto name = text_at(*cell, "/column");
            if (std::ranges::find(columns, name) == columns.end()) {
                columns.push_back(std::move(name));
            }
        }
    }
    return columns;
}

std::vector<std::string> headings_of(json::value const& table,
                                     std::vector<std::string> const& columns) {
    std::vector<std::string> headings{"ROW"};
    for (auto const& column : columns) {
        headings.push_back(label_of(column));
    }
    auto const rows = items_at(table, "/rows");
    bool const with_months = std::ranges::any_of(
        rows, [](json::value const* row) { return find_at(*row, "/months") != nullptr; });
    if (with_months) {
        headings.emplace_back("MONTHS (MIN/MED/MAX)");
    }
    return headings;
}

std::string table_text(json::value const& table, std::size_t width) {
    auto const columns = columns_of(table);
    Table shown(headings_of(table, columns));
    bool const reported = text_at(table, "/reported") != "false";
    std::string money;
    for (auto const* row : items_at(table, "/rows")) {
        std::vector<std::string> cells(columns.size() + 1);
        cells.front() = text_at(*row, "/row");
        for (auto const* cell : items_at(*row, "/cells")) {
            auto const count = text_at(*cell, "/count");
            auto const at = std::ranges::find(columns, text_at(*cell, "/column"));
            cells.at(1 + static_cast<std::size_t>(at - columns.begin())) = !reported ? "n/a"
                                                                           : count.empty()
                                                                               ? "kept back"
                                                                               : count;
        }
        if (find_at(*row, "/months") != nullptr) {
            cells.push_back(text_at(*row, "/months/min") + "/" + text_at(*row, "/months/median") +
                            "/" + text_at(*row, "/months/max"));
        }
        shown.add(std::move(cells));
        for (auto const* sum : items_at(*row, "/money")) {
            money += text_at(*row, "/row") + "  " + text_at(*sum, "/sanction") + "  " +
                     text_at(*sum, "/amount") + " " + text_at(*sum, "/currency") + "\n";
        }
    }
    auto const name = text_at(table, "/table");
    return section(name.empty() ? std::string() : "Table " + name, shown.text(width)) +
           section("Money", money) +
           part_of(table,
                   "/excluded",
                   "Not counted",
                   {{"CASE", {"/case_id"}}, {"BECAUSE", {"/reason"}}},
                   width);
}

}  // namespace

Option linked_case_argument() {
    return positional("case", "Number or id of the case");
}

Result<std::string> linked_case_id_of(Context& context, std::string const& named) {
    if (Uuid::parse(named)) {
        return named;
    }
    RASTRO_TRY(reply, context.call({.operation = "case_list", .query = {{"number", named}}}));
    auto const items = items_at(reply.document, "/items");
    if (items.size() != 1) {
        return Failure(ExitCode::refused,
                       "No case with the number " + named + " is here for you\n");
    }
    return text_at(*items[0], "/case_id");
}

Option field_option() {
    return repeated(value("--field", "NAME=VALUE", "A value; rastro case type TYPE lists them"));
}

Option purpose_of(Option option) {
    return one_of(std::move(option),
                  {"protection",
                   "investigation",
                   "prosecution",
                   "court_order",
                   "referral",
                   "audit_review",
                   "data_quality",
                   "emergency_life"});
}

Result<void> put_fields(Context const& context, json::value& body) {
    json::array fields;
    for (auto const& text : context.arguments().all("field")) {
        auto const equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) {
            return Failure(ExitCode::usage, "--field " + text + ": NAME=VALUE is expected\n");
        }
        fields.push_back(
            json::object{{"field", text.substr(0, equals)}, {"value", text.substr(equals + 1)}});
    }
    if (!fields.empty()) {
        set_at(body, "/fields", std::move(fields));
    }
    return boost::system::in_place_value;
}

Result<ExitCode> act_on_linked_case(Context& context,
                                    std::string_view operation,
                                    json::value body) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply,
               change_under_etag(context,
                                 {.operation = "case_read", .path = {{"case_id", id}}},
                                 {.operation = std::string(operation),
                                  .path = {{"case_id", id}},
                                  .body = std::move(body)}));
    context.print(reply, [&](json::value const& document) {
        return linked_case_text(document, context.width());
    });
    return ExitCode::ok;
}

std::string linked_case_text(json::value const& document, std::size_t width) {
    auto text = printable(text_at(document, "/number") + "  " + text_at(document, "/type") + "  " +
                          text_at(document, "/state")) +
                "\n";
    auto const case_id = text_at(document, "/case_id");
    for (auto const* object : items_at(document, "/objects")) {
        text += object_text(*object, case_id, width);
    }
    if (auto const kinds = text_at(document, "/new_objects"); !kinds.empty()) {
        text += "\nCan be added: " + kinds + "\n";
    }
    text += part_of(document,
                    "/pending",
                    "Waits for a second person",
                    {{"STEP", {"/event"}}, {"SINCE", {"/proposed_at"}}, {"OBJECT", {"/object_id"}}},
                    width);
    text += part_of(document,
                    "/parties",
                    "Others who take part",
                    {{"AGENCY", {"/agency"}},
                     {"RELATION", {"/relation"}},
                     {"SEES", {"/groups"}},
                     {"PASSES ON", {"/onward"}},
                     {"UNTIL", {"/valid_until"}}},
                    width);
    text += part_of(
        document, "/members", "Team", {{"PERSON", {"/user_id"}}, {"KIND", {"/kind"}}}, width);
    return text + part_of(document,
                          "/signals",
                          "Signals",
                          {{"RULE", {"/rule"}},
                           {"SEVERITY", {"/severity"}},
                           {"STATE", {"/state"}},
                           {"OBJECT", {"/object_id"}},
                           {"BECAUSE", {"/explain"}}},
                          width);
}

std::string report_text(json::value const& report, std::size_t width) {
    auto const country = text_at(report, "/country");
    std::string text = printable((country.empty() ? "Hemisphere" : country) + "  " +
                                 text_at(report, "/year") + "  as of " + text_at(report, "/as_of") +
                                 (text_at(report, "/amended") == "true" ? "  as amended" : "")) +
                       "\n";
    for (auto const* table : items_at(report, "/tables")) {
        text += table_text(*table, width);
    }
    if (find_at(report, "/rows") != nullptr) {
        text += table_text(report, width);
    }
    return text + part_of(report,
                          "/quality",
                          "Stands in the way of clearance",
                          {{"CASE", {"/case_id"}}, {"FAULT", {"/fault"}}},
                          width);
}

}  // namespace rastro::client
