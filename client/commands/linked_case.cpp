// case: declared cases, opened, read and acted upon.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/linked_objects.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

void print_case(Context& context, ApiReply const& reply) {
    context.print(reply, [&](json::value const& document) {
        return linked_case_text(document, context.width());
    });
}

Result<ExitCode> open_case(Context& context) {
    json::value body =
        json::object{{"type", context.text("type")},
                     {"handling_code", context.arguments().text_or("handling", "H1")}};
    RASTRO_CHECK(put_fields(context, body));
    RASTRO_TRY(reply, context.call({.operation = "case_create", .body = std::move(body)}));
    print_case(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> list(Context& context) {
    return list_items(context,
                      {.operation = "case_list",
                       .query = {{"type", context.text("type")}, {"state", context.text("state")}}},
                      {{"NUMBER", {"/number"}},
                       {"TYPE", {"/type"}},
                       {"STATE", {"/state"}},
                       {"OWNER", {"/owner_agency"}},
                       {"ABOUT", {"/heading/0/value"}},
                       {"UPDATED", {"/updated_at"}}});
}

Result<ExitCode> show(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply,
               context.call({.operation = "case_read",
                             .path = {{"case_id", id}},
                             .query = {{"purpose", context.text("purpose")}}}));
    print_case(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> act(Context& context) {
    json::value body = json::object{{"event", context.text("step")}};
    put_text(context,
             body,
             {{"object", "/object"},
              {"object-id", "/object_id"},
              {"reason", "/reason"},
              {"document", "/document"}});
    RASTRO_CHECK(put_fields(context, body));
    return act_on_linked_case(context, "case_act", std::move(body));
}

Result<ExitCode> timeline(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply, context.call({.operation = "case_timeline", .path = {{"case_id", id}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"WHEN", {"/occurred_at"}},
                         {"STEP", {"/event"}},
                         {"OBJECT", {"/object"}},
                         {"FROM", {"/from_state"}},
                         {"TO", {"/to_state"}},
                         {"BY", {"/agency"}},
                         {"TEXT", {"/text", "/clock"}}},
                        context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> spawn(Context& context) {
    json::value body = json::object{{"type", context.text("type")}};
    put_text(context, body, {{"seizure", "/seizure_id"}});
    RASTRO_CHECK(put_fields(context, body));
    return act_on_linked_case(context, "case_spawn", std::move(body));
}

}  // namespace

std::vector<Command> linked_case_commands() {
    return {
        {.path = "case open",
         .summary = "Open a case",
         .details = "Who opens it leads it: a named member of its team.",
         .options = {positional("type", "Type, as asset_case"),
                     one_of(value("--handling", "CODE", "Handling code [H1]"),
                            {"H0", "H1", "H2", "H3"}),
                     field_option()},
         .examples = {"rastro case open judgment --field court='First Court'"},
         .run = open_case},
        {.path = "case list",
         .summary = "Cases of the own agency and those that others share with it, newest first",
         .details = {},
         .options = joined({{value("--type", "TYPE", "Only of this type"),
                             value("--state", "STATE", "Only in this state")},
                            paging_options()}),
         .examples = {"rastro case list --type judgment"},
         .run = list},
        {.path = "case show",
         .summary = "One case, as far as the caller may see it",
         .details = "Protected and sealed values are shown only to named members who say for what "
                    "purpose; every such reading is recorded.",
         .options = {linked_case_argument(),
                     purpose_of(value("--purpose", "CODE", "Why protected values are read"))},
         .examples = {"rastro case show XA-2026-7K3M9QD-4"},
         .run = show},
        {.path = "case act",
         .summary = "Take a step, on the case or on one of its objects",
         .details = "rastro case show lists the steps that are open to you. With --object and "
                    "without --object-id a new one is added (step add). A step that needs two "
                    "persons waits until the second one takes it too.",
         .options = {linked_case_argument(),
                     positional("step", "Step, as add"),
                     value("--object", "KIND", "Kind of object, as finding"),
                     value("--object-id", "ID", "Which one"),
                     value("--reason", "TEXT", "Why"),
                     value("--document", "TEXT", "Reference of the document it rests on"),
                     field_option()},
         .examples = {"rastro case act XA-2026-7K3M9QD-4 add --object finding --field "
                      "person_ref=P-1 --field provision=TIP_5"},
         .run = act},
        {.path = "case timeline",
         .summary = "What happened, in order",
         .details = {},
         .options = {linked_case_argument()},
         .examples = {"rastro case timeline XA-2026-7K3M9QD-4"},
         .run = timeline},
        {.path = "case spawn",
         .summary = "Open a case out of an operation, with its day and place",
         .details = "The new case is linked to the operation and named in the answer.",
         .options = {linked_case_argument(),
                     positional("type", "Type of the new case"),
                     value("--seizure", "ID", "Seizure of the operation that it is about"),
                     field_option()},
         .examples = {"rastro case spawn XA-2026-7K3M9QD-4 asset_case"},
         .run = spawn},
    };
}

}  // namespace rastro::client
