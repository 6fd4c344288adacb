// trace: the asking side.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/trace_content.hpp"
#include "client/commands/trace_objects.hpp"
#include "client/commands/trace_watch.hpp"
#include "client/context.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<json::value> content_of(Context& context) {
    RASTRO_TRY(body, body_from_file(context));
    RASTRO_CHECK(put_firearm(context, body, "/firearm"));
    RASTRO_CHECK(put_request(context, body));
    return body;
}

Result<ExitCode> create(Context& context, bool submit) {
    RASTRO_TRY(body, content_of(context));
    if (find_at(body, "/firearm") == nullptr) {
        return Failure(ExitCode::usage,
                       "What firearm? --serial, --make, ... or --file; see rastro " +
                           context.command().path + " --help\n");
    }
    if (find_at(body, "/purpose") == nullptr) {
        set_at(body, "/purpose", json::string("investigation"));
    }
    set_at(body, "/submit", submit);
    ApiCall call{.operation = "trace_create"};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> submit(Context& context) {
    if (context.has("request")) {
        return act_on_request(context, "trace_submit", std::nullopt);
    }
    return create(context, true);
}

Result<ExitCode> change(Context& context) {
    RASTRO_TRY(body, content_of(context));
    if (body.get_object().empty()) {
        return Failure(ExitCode::usage, "Nothing to change was named\n");
    }
    return act_on_request(context, "trace_change", std::move(body));
}

// A new version of the whole description: the present one with the options over it.
Result<ExitCode> describe(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    ApiCall const read{.operation = "trace_read", .path = {{"case_id", id}}};
    RASTRO_TRY(present, context.call(read));
    json::value body = json::object{};
    if (context.has("file")) {
        RASTRO_TRY(given, body_from_file(context));
        body = std::move(given);
    } else if (auto const* firearm = find_at(present.document, "/content/firearm");
               firearm != nullptr && firearm->is_object()) {
        body = *firearm;
    }
    RASTRO_CHECK(put_firearm(context, body, ""));
    put_text(context, body, {{"reason", "/change_reason"}});
    ApiCall call{.operation = "trace_describe", .path = {{"case_id", id}}};
    call.body = std::move(body);
    call.if_match = present.etag;
    RASTRO_TRY(reply, context.call(call));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> show(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    RASTRO_TRY(reply, context.call({.operation = "trace_read", .path = {{"case_id", id}}}));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> status(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    RASTRO_TRY(reply, context.call({.operation = "trace_status", .path = {{"case_id", id}}}));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> list(Context& context) {
    return list_items(context,
                      {.operation = "trace_list",
                       .query = {{"state", context.text("state")},
                                 {"priority", context.text("priority")},
                                 {"number", context.text("number")},
                                 {"agency_case_no", context.text("case-no")},
                                 {"asked_country", context.text("asked")},
                                 {"created_from", context.text("created-from")},
                                 {"created_to", context.text("created-to")}}},
                      {{"NUMBER", {"/number"}},
                       {"STATE", {"/state"}},
                       {"PRIORITY", {"/priority"}},
                       {"OUTCOME", {"/outcome_code"}},
                       {"ASKED", {"/asked_countries"}},
                       {"MAKE", {"/firearm/make_text"}},
                       {"CASE NO", {"/agency_case_no"}},
                       {"DUE", {"/next_due"}},
                       {"UPDATED", {"/updated_at"}}});
}

Result<ExitCode> timeline(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    return list_items(context,
                      {.operation = "trace_timeline", .path = {{"case_id", id}}},
                      {{"WHEN", {"/occurred_at"}},
                       {"EVENT", {"/event"}},
                       {"OBJECT", {"/object"}},
                       {"FROM", {"/from_state"}},
                       {"TO", {"/to_state"}},
                       {"BY", {"/agency"}},
                       {"REASON", {"/reason_code"}},
                       {"TEXT", {"/text"}}});
}

Result<ExitCode> descriptions(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    RASTRO_TRY(reply, context.call({.operation = "trace_descriptions", .path = {{"case_id", id}}}));
    context.print(reply, [&](json::value const& document) {
        std::string text;
        for (auto const* version : items_at(document, "/items")) {
            text += (text.empty() ? "" : "\n") + document_text(*version, context.width());
        }
        return text;
    });
    return ExitCode::ok;
}

Result<ExitCode> with_reason(Context& context, std::string_view operation) {
    json::value body = json::object{{"text", context.text("reason")}};
    put_text(context, body, {{"reason-code", "/reason_code"}});
    return act_on_request(context, operation, std::move(body));
}

Result<ExitCode> close(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    ApiCall const read{.operation = "trace_read", .path = {{"case_id", id}}};
    RASTRO_TRY(present, context.call(read));
    json::value body = json::object{
        {"outcome_code",
         context.arguments().text_or("outcome", text_at(present.document, "/outcome_code"))}};
    put_text(context, body, {{"answer", "/answer_id"}, {"text", "/text"}});
    if (text_at(body, "/outcome_code").empty()) {
        return Failure(ExitCode::usage, "Which outcome? --outcome CODE\n");
    }
    ApiCall call{.operation = "trace_close", .path = {{"case_id", id}}};
    call.body = std::move(body);
    call.if_match = present.etag;
    RASTRO_TRY(reply, context.call(call));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> duplicate(Context& context) {
    RASTRO_TRY(lead, case_id_of(context, context.text("lead")));
    json::value body = json::object{{"lead_case_id", lead}};
    put_text(context, body, {{"text", "/text"}});
    return act_on_request(context, "trace_mark_duplicate", std::move(body));
}

Result<ExitCode> add_leg(Context& context) {
    json::value body = recipient_of(context.text("to"));
    put_text(context, body, {{"text", "/text"}});
    return act_on_request(context, "trace_add_leg", std::move(body));
}

Result<ExitCode> tighten(Context& context) {
    json::value body = json::object{{"handling_code", context.text("code")}};
    put_text(context, body, {{"text", "/handling_text"}});
    return act_on_request(context, "trace_handling", std::move(body));
}

Option reason_option() {
    return required(value("--reason", "TEXT", "Why"));
}

Option reason_code_option() {
    return value("--reason-code", "CODE", "The same as a code");
}

std::vector<Command> writing_commands() {
    return {
        {.path = "trace submit",
         .summary = "Send a trace request: a new one from options or a file, or a draft",
         .details =
             "Without REQUEST, a new request is written and sent at once. With it, the draft "
             "or returned request is sent.",
         .options = joined({{optional(request_argument())}, firearm_options(), request_options()}),
         .examples =
             {"rastro trace submit --serial AB123456 --make GLOCK --type pistol --calibre 9x19 "
              "--model 17 --origin-country XC --importer-mark-absent --recovered-on 2026-05-14 "
              "--recovery-country XA --offence robbery --legal-basis 'Code of Procedure art. 12' "
              "--illicit-ground unauthorised_transfer --intended-use 'investigation file' --to XB",
              "rastro trace submit --file request.json",
              "rastro trace submit XA-2026-7K3M9QD-4"},
         .run = submit},
        {.path = "trace draft",
         .summary = "Write a trace request without sending it",
         .details = {},
         .options = joined({firearm_options(), request_options()}),
         .examples = {"rastro trace draft --serial AB123456 --make GLOCK --case-no 2026/117"},
         .run = [](Context& context) { return create(context, false); }},
        {.path = "trace change",
         .summary = "Change a draft or returned request",
         .details = {},
         .options = joined({{request_argument()}, firearm_options(), request_options()}),
         .examples = {"rastro trace change XA-2026-7K3M9QD-4 --legal-basis 'Code art. 12'"},
         .run = change},
        {.path = "trace describe",
         .summary = "Correct the firearm description as a new version",
         .details = "The present description is kept; what the options name is put over it in the "
                    "new version.",
         .options = joined({{request_argument(),
                             value("--reason", "TEXT", "Why it is stated anew"),
                             file(value("--file", "FILE", "The whole description as JSON"))},
                            firearm_options()}),
         .examples = {"rastro trace describe XA-2026-7K3M9QD-4 --serial AB123458 --reason 'read "
                      "again under light'"},
         .run = describe},
        {.path = "trace add-leg",
         .summary = "Ask one more authority",
         .details = {},
         .options = {request_argument(),
                     required(value("--to", "CC|AGENCY", "Whom to ask")),
                     value("--text", "TEXT", "What is to be said")},
         .examples = {"rastro trace add-leg XA-2026-7K3M9QD-4 --to XC"},
         .run = add_leg},
        {.path = "trace tighten",
         .summary = "Tighten the handling code",
         .details = {},
         .options = {request_argument(),
                     one_of(positional("code", "New handling code"), {"H1", "H2", "H3"}),
                     value("--text", "TEXT", "Restriction in words, with H3")},
         .examples = {"rastro trace tighten XA-2026-7K3M9QD-4 H2"},
         .run = tighten},
    };
}

std::vector<Command> reading_commands() {
    return {
        {.path = "trace show",
         .summary = "One request with what you may see of it",
         .details = {},
         .options = {request_argument()},
         .examples = {"rastro trace show XA-2026-7K3M9QD-4",
                      "rastro trace show --json ID | jq .state"},
         .run = show},
        {.path = "trace status",
         .summary = "State of one request and of each leg",
         .details = {},
         .options = {request_argument()},
         .examples = {"rastro trace status XA-2026-7K3M9QD-4"},
         .run = status},
        {.path = "trace list",
         .summary = "Requests of the own agency, newest first",
         .details = {},
         .options =
             joined({{value("--state", "STATE", "Only in this state, as IN_PROGRESS"),
                      one_of(value("--priority", "CODE", "Only these"), {"routine", "urgent"}),
                      value("--number", "NUMBER", "Only this one"),
                      value("--case-no", "TEXT", "Only with this own case number"),
                      value("--asked", "CC", "Only put to this country"),
                      value("--created-from", "TIME", "Not before, 2026-05-01T00:00:00Z"),
                      value("--created-to", "TIME", "Before")},
                     paging_options()}),
         .examples = {"rastro trace list --state ANSWERED", "rastro trace list --all --json"},
         .run = list},
        {.path = "trace watch",
         .summary = "Follow one request until it is closed; Ctrl-C ends it",
         .details = "Prints a line whenever the state of the request or of a leg changes.",
         .options = {request_argument(),
                     value("--until", "STATE", "End when the request reaches this state")},
         .examples = {"rastro trace watch XA-2026-7K3M9QD-4",
                      "rastro trace watch ID --until ANSWERED"},
         .run = watch_request},
        {.path = "trace timeline",
         .summary = "What happened, in order",
         .details = {},
         .options = joined({{request_argument()}, paging_options()}),
         .examples = {"rastro trace timeline XA-2026-7K3M9QD-4"},
         .run = timeline},
        {.path = "trace descriptions",
         .summary = "All versions of the firearm description",
         .details = {},
         .options = {request_argument()},
         .examples = {"rastro trace descriptions XA-2026-7K3M9QD-4"},
         .run = descriptions},
    };
}

std::vector<Command> deciding_commands() {
    return {
        {.path = "trace approve",
         .summary = "National contact or supervisor approves; it is sent on its way",
         .details = {},
         .options = {request_argument()},
         .examples = {"rastro trace approve XA-2026-7K3M9QD-4"},
         .run =
             [](Context& context) {
                 return act_on_request(context, "trace_approve", std::nullopt);
             }},
        {.path = "trace return",
         .summary = "National contact sends it back for correction",
         .details = {},
         .options = {request_argument(), reason_option(), reason_code_option()},
         .examples = {"rastro trace return XA-2026-7K3M9QD-4 --reason 'the calibre does not fit'"},
         .run = [](Context& context) { return with_reason(context, "trace_return"); }},
        {.path = "trace close",
         .summary = "Accept the outcome and close",
         .details = {},
         .options = {request_argument(),
                     one_of(value("--outcome", "CODE", "Outcome; as derived if not given"),
                            outcome_codes()),
                     value("--answer", "ID", "The answer that decided it"),
                     value("--text", "TEXT", "What is to be said")},
         .examples = {"rastro trace close XA-2026-7K3M9QD-4 --outcome purchaser_identified"},
         .run = close},
        {.path = "trace withdraw",
         .summary = "Take the request back",
         .details = {},
         .options = {request_argument(), reason_option(), reason_code_option()},
         .examples = {"rastro trace withdraw XA-2026-7K3M9QD-4 --reason 'solved otherwise'"},
         .run = [](Context& context) { return with_reason(context, "trace_withdraw"); }},
        {.path = "trace duplicate",
         .summary = "Link to the lead request about the same recovery",
         .details = {},
         .options = {request_argument(),
                     positional("lead", "Number or id of the lead request"),
                     value("--text", "TEXT", "What is to be said")},
         .examples = {"rastro trace duplicate XA-2026-7K3M9QD-4 XA-2026-2F8T6RB-1"},
         .run = duplicate},
        {.path = "trace reopen",
         .summary = "Open again: new identifiers, new record or appeal",
         .details = {},
         .options = {request_argument(), reason_option(), reason_code_option()},
         .examples = {"rastro trace reopen XA-2026-7K3M9QD-4 --reason 'serial restored'"},
         .run = [](Context& context) { return with_reason(context, "trace_reopen"); }},
    };
}

}  // namespace

std::vector<Command> trace_commands() {
    std::vector<Command> all = writing_commands();
    for (auto const& list : {reading_commands(), deciding_commands()}) {
        all.insert(all.end(), list.begin(), list.end());
    }
    return all;
}

}  // namespace rastro::client
