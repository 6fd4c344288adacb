// trace: the asked side, and the asker's reply and appeal.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/trace_content.hpp"
#include "client/commands/trace_objects.hpp"
#include "client/context.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<ExitCode> inbox(Context& context) {
    return list_items(context,
                      {.operation = "inbox",
                       .query = {{"state", context.text("state")},
                                 {"priority", context.text("priority")},
                                 {"number", context.text("number")}}},
                      {{"NUMBER", {"/number"}},
                       {"FROM", {"/asking_agency"}},
                       {"STATE", {"/state"}},
                       {"PRIORITY", {"/priority"}},
                       {"DUE", {"/due_at"}},
                       {"MAKE", {"/firearm/make_text"}},
                       {"MODEL", {"/firearm/model_text"}},
                       {"LEG", {"/leg_id"}}});
}

Result<ExitCode> show_leg(Context& context) {
    RASTRO_TRY(id, leg_id_of(context, context.text("leg"), Side::asked));
    RASTRO_TRY(reply, context.call({.operation = "leg_read", .path = {{"leg_id", id}}}));
    context.print(reply,
                  [&](json::value const& document) { return leg_text(document, context.width()); });
    return ExitCode::ok;
}

Result<ExitCode> assign(Context& context) {
    json::value body = json::object{};
    put_text(context, body, {{"to", "/handler"}});
    return act_on_leg(context, "leg_assign", Side::asked, std::move(body), "ACKNOWLEDGED");
}

Result<ExitCode> ask_requester(Context& context) {
    json::array fields;
    for (auto const& field : context.arguments().all("field")) {
        fields.emplace_back(field);
    }
    return act_on_leg(context,
                      "leg_ask",
                      Side::asked,
                      json::object{{"fields", fields}, {"question", context.text("question")}},
                      "SEARCHING");
}

Result<ExitCode> reply_to(Context& context) {
    json::value body = json::object{{"text", context.text("text")}};
    if (context.has("file")) {
        RASTRO_TRY(description, body_from_file(context));
        set_at(body, "/description", std::move(description));
    }
    RASTRO_CHECK(put_firearm(context, body, "/description"));
    return act_on_leg(
        context, "leg_reply", Side::asking, std::move(body), "CLARIFICATION_REQUESTED");
}

json::value decision_body(Context const& context) {
    json::value body = json::object{{"reason_code", context.text("reason")}};
    put_text(context,
             body,
             {{"review-on", "/review_on"}, {"appeal-to", "/appeal_to"}, {"text", "/text"}});
    return body;
}

Result<ExitCode> forward(Context& context) {
    json::value body = recipient_of(context.text("to"));
    put_text(context, body, {{"text", "/text"}});
    return act_on_leg(context, "leg_forward", Side::asked, std::move(body), "SEARCHING");
}

Result<ExitCode> appeal(Context& context) {
    json::value body = json::object{{"text", context.text("reason")}};
    return act_on_leg(context, "leg_appeal", Side::asking, std::move(body), "REFUSED");
}

Result<ExitCode> decide_appeal(Context& context) {
    json::value body = json::object{{"decision", context.text("decision")}};
    put_text(context, body, {{"text", "/text"}});
    return act_on_leg(context, "leg_appeal_decide", Side::asked, std::move(body), "REFUSED");
}

Option text_option() {
    return value("--text", "TEXT", "What is to be said");
}

}  // namespace

std::vector<Command> leg_commands() {
    return {
        {.path = "trace inbox",
         .summary = "Requests that wait for the own agency, most urgent first",
         .details = {},
         .options =
             joined({{value("--state", "STATE", "Only in this state, as DELIVERED"),
                      one_of(value("--priority", "CODE", "Only these"), {"routine", "urgent"}),
                      value("--number", "NUMBER", "Only of this request")},
                     paging_options()}),
         .examples = {"rastro trace inbox", "rastro trace inbox --priority urgent"},
         .run = inbox},
        {.path = "trace leg",
         .summary = "One leg with the question as asked",
         .details = {},
         .options = {leg_argument()},
         .examples = {"rastro trace leg XA-2026-7K3M9QD-4"},
         .run = show_leg},
        {.path = "trace acknowledge",
         .summary = "Acknowledge receipt",
         .details = {},
         .options = {leg_argument()},
         .examples = {"rastro trace acknowledge XA-2026-7K3M9QD-4"},
         .run =
             [](Context& context) {
                 return act_on_leg(
                     context, "leg_acknowledge", Side::asked, std::nullopt, "DELIVERED");
             }},
        {.path = "trace assign",
         .summary = "Give it to an analyst; the search begins",
         .details = {},
         .options = {leg_argument(), value("--to", "PERSON", "Analyst; yourself if not given")},
         .examples = {"rastro trace assign XA-2026-7K3M9QD-4"},
         .run = assign},
        {.path = "trace ask",
         .summary = "Ask the requester for missing data",
         .details = {},
         .options = {leg_argument(),
                     required(repeated(
                         value("--field", "NAME", "What is missing, as firearm.serial_raw"))),
                     required(value("--question", "TEXT", "The question"))},
         .examples =
             {"rastro trace ask XA-2026-7K3M9QD-4 --field firearm.serial_raw --question 'Is the "
              "third character a B or an 8?'"},
         .run = ask_requester},
        {.path = "trace reply",
         .summary = "Answer the question of the asked authority",
         .details = "Options of the firearm make a new version of the description, so it must be "
                    "complete.",
         .options = joined({{leg_argument(),
                             required(value("--text", "TEXT", "The answer")),
                             file(value("--file", "FILE", "The corrected description as JSON"))},
                            firearm_options()}),
         .examples = {"rastro trace reply XA-2026-7K3M9QD-4 --text 'It is a B'"},
         .run = reply_to},
        {.path = "trace delay",
         .summary = "Delay with coded reason and review date",
         .details = {},
         .options = {leg_argument(),
                     required(one_of(value("--reason", "CODE", "Why"), refusal_codes())),
                     required(value("--review-on", "DATE", "When it is looked at again")),
                     value("--appeal-to", "TEXT", "Who reviews the delay"),
                     text_option()},
         .examples =
             {"rastro trace delay XA-2026-7K3M9QD-4 --reason ongoing_investigation --review-on "
              "2026-09-01"},
         .run =
             [](Context& context) {
                 return act_on_leg(
                     context, "leg_delay", Side::asked, decision_body(context), "SEARCHING");
             }},
        {.path = "trace resume",
         .summary = "End a delay and search on",
         .details = {},
         .options = {leg_argument()},
         .examples = {"rastro trace resume XA-2026-7K3M9QD-4"},
         .run =
             [](Context& context) {
                 return act_on_leg(context, "leg_resume", Side::asked, std::nullopt, "DELAYED");
             }},
        {.path = "trace refuse",
         .summary = "Refuse with coded reason",
         .details = {},
         .options = {leg_argument(),
                     required(one_of(value("--reason", "CODE", "Why"), refusal_codes())),
                     value("--review-on", "DATE", "When it could be looked at again"),
                     value("--appeal-to", "TEXT", "Who decides an appeal"),
                     text_option()},
         .examples =
             {"rastro trace refuse XA-2026-7K3M9QD-4 --reason requires_mla --text 'Please send a "
              "letter rogatory'"},
         .run =
             [](Context& context) {
                 return act_on_leg(
                     context, "leg_refuse", Side::asked, decision_body(context), "SEARCHING");
             }},
        {.path = "trace forward",
         .summary = "Pass on to the next country, if consent was given",
         .details = {},
         .options = {leg_argument(),
                     required(value("--to", "CC|AGENCY", "Where to")),
                     text_option()},
         .examples = {"rastro trace forward XA-2026-7K3M9QD-4 --to XC"},
         .run = forward},
        {.path = "trace appeal",
         .summary = "Ask for a refusal or restriction to be reviewed",
         .details = {},
         .options = {leg_argument(), required(value("--reason", "TEXT", "Why"))},
         .examples =
             {"rastro trace appeal XA-2026-7K3M9QD-4 --reason 'A letter rogatory is on its way'"},
         .run = appeal},
        {.path = "trace decide-appeal",
         .summary = "As receiving national contact, decide an appeal",
         .details = {},
         .options = {leg_argument(),
                     one_of(positional("decision", "Decision"), {"accepted", "rejected"}),
                     text_option()},
         .examples = {"rastro trace decide-appeal XA-2026-7K3M9QD-4 accepted"},
         .run = decide_appeal},
    };
}

}  // namespace rastro::client
