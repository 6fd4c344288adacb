// case: who else takes part, seals, links, and what the rules notice.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/linked_objects.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

void put_texts(Context const& context,
               json::value& body,
               std::string_view option,
               std::string_view pointer) {
    json::array items;
    for (auto const& text : context.arguments().all(option)) {
        items.emplace_back(text);
    }
    if (!items.empty()) {
        set_at(body, pointer, std::move(items));
    }
}

Result<ExitCode> share(Context& context) {
    json::value body =
        json::object{{"agency", context.text("agency")},
                     {"relation", context.arguments().text_or("relation", "addressed")},
                     {"onward", context.arguments().text_or("onward", "no")}};
    put_texts(context, body, "group", "/groups");
    put_texts(context, body, "purpose", "/purposes");
    put_text(context, body, {{"until", "/valid_until"}});
    return act_on_linked_case(context, "case_share", std::move(body));
}

Result<ExitCode> member(Context& context) {
    return act_on_linked_case(context,
                              "case_member",
                              json::object{{"user_id", context.text("user")},
                                           {"kind", context.arguments().text_or("kind", "team")}});
}

Result<ExitCode> unseal(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply,
               context.call({.operation = "seal_propose",
                             .path = {{"case_id", id}},
                             .body = json::object{{"user_id", context.text("user")},
                                                  {"reason", context.text("reason")}}}));
    context.print_document(reply);
    context.note("Another person decides: rastro case decide-unsealing " +
                 text_at(reply.document, "/grant_id") + " accepted");
    return ExitCode::ok;
}

Result<ExitCode> decide_unsealing(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "seal_decide",
                             .path = {{"grant_id", context.text("grant")}},
                             .body = json::object{{"decision", context.text("decision")}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> break_glass(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply,
               context.call({.operation = "case_break_glass",
                             .path = {{"case_id", id}},
                             .body = json::object{{"reason", context.text("reason")}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

std::vector<ColumnOf> link_columns() {
    return {{"KIND", {"/kind"}},
            {"FROM", {"/from_number"}},
            {"TO", {"/to_number"}},
            {"STATE", {"/state"}},
            {"TRACE", {"/trace_result/state"}},
            {"OUTCOME", {"/trace_result/outcome_code"}},
            {"BASIS", {"/basis"}},
            {"BY", {"/asserted_agency"}},
            {"LINK", {"/link_id"}}};
}

// Links, and whom to ask about what stays hidden.
void print_links(Context& context, ApiReply const& reply) {
    context.print(reply, [&](json::value const& document) {
        auto text = table_of(items_at(document, "/items"), link_columns(), context.width());
        auto const lines = items_at(document, "/deconfliction");
        if (!lines.empty()) {
            text += "\n" + table_of(lines,
                                    {{"HIDDEN", {"/ground"}},
                                     {"ASK", {"/agency_name"}},
                                     {"AGENCY", {"/agency"}},
                                     {"E-MAIL", {"/contact_email"}},
                                     {"PHONE", {"/contact_phone"}}},
                                    context.width());
        }
        return text;
    });
}

Result<ExitCode> links(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply, context.call({.operation = "case_link_list", .path = {{"case_id", id}}}));
    print_links(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> deconflict(Context& context) {
    RASTRO_TRY(id, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(reply,
               context.call({.operation = "case_deconfliction",
                             .path = {{"case_id", id}},
                             .body = json::object{{"agreed", context.text("answer") == "yes"}}}));
    print_links(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> link(Context& context) {
    RASTRO_TRY(from, linked_case_id_of(context, context.text("case")));
    RASTRO_TRY(to, linked_case_id_of(context, context.text("other")));
    RASTRO_TRY(reply,
               context.call(
                   {.operation = "case_link_add",
                    .path = {{"case_id", from}},
                    .body = json::object{
                        {"to_case", to},
                        {"kind", context.text("kind")},
                        {"basis", context.arguments().text_or("basis", "document")},
                        {"confidence", context.arguments().text_or("confidence", "5")[0] - '0'}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of({&document}, link_columns(), context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> decide_link(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "case_link_decide",
                             .path = {{"link_id", context.text("link")}},
                             .body = json::object{{"state", context.text("decision")}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of({&document}, link_columns(), context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> dispose(Context& context) {
    json::value body =
        json::object{{"rule", context.text("rule")}, {"state", context.text("state")}};
    put_text(context, body, {{"object-id", "/object_id"}, {"note", "/note"}});
    return act_on_linked_case(context, "case_signal", std::move(body));
}

Result<ExitCode> rules(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "signal_rule_list"}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"RULE", {"/rule"}},
                         {"SEVERITY", {"/severity"}},
                         {"CONFIRMED", {"/confirmed"}},
                         {"EXPLAINED", {"/explained"}},
                         {"PRECISION", {"/precision"}},
                         {"BECAUSE", {"/explain"}}},
                        context.width());
    });
    return ExitCode::ok;
}

Option decision(std::string name, std::vector<std::string> choices) {
    return one_of(positional(std::move(name), "Decision"), std::move(choices));
}

std::vector<Command> people_commands() {
    return {
        {.path = "case share",
         .summary = "Let another agency take part, and say what it sees",
         .details = {},
         .options = {linked_case_argument(),
                     positional("agency", "Agency"),
                     required(repeated(one_of(value("--group", "CODE", "Field group that it sees"),
                                              {"S0", "S1", "S2"}))),
                     one_of(value("--relation", "CODE", "It acts, or is told [addressed]"),
                            {"addressed", "copied"}),
                     one_of(value("--onward", "CODE", "May it pass on what it sees? [no]"),
                            {"no", "with_consent", "yes"}),
                     repeated(purpose_of(value("--purpose", "CODE", "For what it may be used"))),
                     value("--until", "DATE", "Last day")},
         .examples = {"rastro case share XA-2026-7K3M9QD-4 XB-TRACE-5 --group S0 --group S1"},
         .run = share},
        {.path = "case member",
         .summary = "Put a colleague on the team of a case",
         .details = "The team sees S2. Named members also see what is protected (S3).",
         .options = {linked_case_argument(),
                     positional("user", "Id of the person (rastro whoami tells the own)"),
                     one_of(value("--kind", "KIND", "Kind of member [team]"), {"team", "named"})},
         .examples = {"rastro case member XA-2026-7K3M9QD-4 "
                      "0190c3a2-7f00-7000-8000-000000000001 --kind named"},
         .run = member},
        {.path = "case break-glass",
         .summary = "Open what is protected of a case for four hours: a life depends on it",
         .details = "No second person is asked. The owner's staff is told, and auditors look at "
                    "it within a day. Read with --purpose emergency_life.",
         .options = {linked_case_argument(),
                     required(
                         value("--reason", "TEXT", "Whose life, and how; 20 letters or more"))},
         .examples = {"rastro case break-glass XA-2026-7K3M9QD-4 --reason 'Held in the house of "
                      "the raid tonight'"},
         .run = break_glass},
        {.path = "case unseal",
         .summary = "Propose to open sealed values (S4) to a named member",
         .details = "Neither who proposes nor who would read decides. It is open for a week.",
         .options = {linked_case_argument(),
                     positional("user", "Id of the person who would read"),
                     required(value("--reason", "TEXT", "Why"))},
         .examples = {"rastro case unseal XA-2026-7K3M9QD-4 "
                      "0190c3a2-7f00-7000-8000-000000000001 --reason hearing"},
         .run = unseal},
        {.path = "case decide-unsealing",
         .summary = "As another person, accept or reject the opening",
         .details = {},
         .options = {positional("grant", "Id that rastro case unseal told"),
                     decision("decision", {"accepted", "rejected"})},
         .examples = {"rastro case decide-unsealing 0190c3a2-7f00-7000-8000-000000000001 accepted"},
         .run = decide_unsealing},
    };
}

std::vector<Command> link_commands() {
    return {
        {.path = "case links",
         .summary = "Links of a case to others that the caller may see",
         .details = {},
         .options = {linked_case_argument()},
         .examples = {"rastro case links XA-2026-7K3M9QD-4"},
         .run = links},
        {.path = "case link",
         .summary = "Link a case to another one",
         .details = {},
         .options = {linked_case_argument(),
                     positional("other", "Number or id of the other case"),
                     required(value("--kind", "CODE", "Kind, as resulted_in")),
                     one_of(value("--basis", "CODE", "On what it rests [document]"),
                            {"document", "analyst", "match"}),
                     one_of(value("--confidence", "N", "1 to 5 [5]"), {"1", "2", "3", "4", "5"})},
         .examples = {"rastro case link XA-2026-7K3M9QD-4 XA-2026-1ABCDEF-6 --kind resulted_in"},
         .run = link},
        {.path = "case deconflict",
         .summary = "Let owners of matching or linked cases know whom to ask",
         .details =
             "Where both owners said yes, each sees agency and contact of the other; nothing "
             "of the cases. No takes it back.",
         .options = {linked_case_argument(), decision("answer", {"yes", "no"})},
         .examples = {"rastro case deconflict XA-2026-7K3M9QD-4 yes"},
         .run = deconflict},
        {.path = "case decide-link",
         .summary = "As another person, confirm or reject a link",
         .details =
             "A confirmed link stands as a fact of both cases; a rejected one counts for nothing.",
         .options = {positional("link", "Id from rastro case links"),
                     decision("decision", {"confirmed", "rejected"})},
         .examples = {"rastro case decide-link 0190c3a2-7f00-7000-8000-000000000001 confirmed"},
         .run = decide_link},
        {.path = "case signal",
         .summary = "Say what became of something that a rule noticed",
         .details = {},
         .options = {linked_case_argument(),
                     positional("rule", "Rule, as corr.single_bid"),
                     decision("state", {"under_review", "confirmed", "explained", "insufficient"}),
                     value("--object-id", "ID", "Object that the rule noticed"),
                     value("--note", "TEXT", "What was found")},
         .examples = {"rastro case signal XA-2026-7K3M9QD-4 judg.no_sentence explained"},
         .run = dispose},
        {.path = "case rules",
         .summary = "Rules that notice something, and how often each was right",
         .details = {},
         .options = {},
         .examples = {"rastro case rules"},
         .run = rules},
    };
}

}  // namespace

std::vector<Command> linked_case_part_commands() {
    auto all = people_commands();
    auto const more = link_commands();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace rastro::client
