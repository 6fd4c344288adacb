// case type: what there is, and versions of an agency's own.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "cases/linked/own_version.hpp"
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/linked_objects.hpp"
#include "protocol/case_type_json.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<ExitCode> list_types(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "case_type_list"}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"TYPE", {"/type"}},
                         {"VERSION", {"/version"}},
                         {"TITLE", {"/title/" + context.language(), "/title/en"}}},
                        context.width());
    });
    return ExitCode::ok;
}

std::string type_text(json::value const& type, std::string const& language, std::size_t width) {
    std::string text = text_at(type, "/type") + "  version " + text_at(type, "/version") + "\n";
    for (auto const* object : items_at(type, "/objects")) {
        text += "\nFields of " + text_at(*object, "/name") + "\n" +
                table_of(items_at(*object, "/fields"),
                         {{"FIELD", {"/name"}},
                          {"TYPE", {"/type"}},
                          {"CODES", {"/list"}},
                          {"GROUP", {"/group"}},
                          {"NEEDED FOR", {"/required_at"}},
                          {"MEANING", {"/label/" + language, "/label/en"}}},
                         width);
    }
    return text + "\nSteps\n" +
           table_of(items_at(type, "/transitions"),
                    {{"OBJECT", {"/object"}},
                     {"STEP", {"/event"}},
                     {"FROM", {"/from"}},
                     {"TO", {"/to"}},
                     {"WHO", {"/roles"}},
                     {"SIDE", {"/side"}},
                     {"TWO", {"/two_persons"}},
                     {"IF", {"/guards"}},
                     {"WITH", {"/required_inputs"}}},
                    width);
}

Result<ExitCode> show_type(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "case_type_read",
                             .path = {{"type", context.text("type")}},
                             .query = {{"version", context.text("version")}}}));
    context.print(reply, [&](json::value const& document) {
        return type_text(document, context.language(), context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> versions(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "case_type_version_list",
                             .path = {{"type", context.text("type")}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"VERSION", {"/version"}},
                         {"STATE", {"/state"}},
                         {"AGENCY", {"/agency"}},
                         {"SINCE", {"/decided_at", "/proposed_at"}},
                         {"NOTE", {"/note"}},
                         {"SHA-256", {"/sha256"}}},
                        context.width());
    });
    return ExitCode::ok;
}

// The document compiled in, as the first of the agency's own.
Result<ExitCode> print_template(Context& context) {
    auto const document = protocol::case_type_document(context.text("type"));
    if (document.empty()) {
        return Failure(ExitCode::refused, "No declared case type " + context.text("type") + "\n");
    }
    std::string text(document);
    constexpr std::string_view kBuiltIn = "\"version\": 1,";
    if (auto const at = text.find(kBuiltIn); at != std::string::npos) {
        text.replace(
            at, kBuiltIn.size(), "\"version\": " + std::to_string(cases::kFirstOwnVersion) + ",");
    }
    context.out(text);
    return ExitCode::ok;
}

Result<ExitCode> check(Context& context) {
    RASTRO_TRY(text, read_input(context.text("file")));
    auto const types = protocol::built_in_case_types();
    auto const plain = protocol::read_case_type(text);
    auto const* base = plain ? types.newest(plain->id) : nullptr;
    if (plain && base == nullptr) {
        return Failure(ExitCode::refused, "No declared case type " + plain->id + "\n");
    }
    auto const own = plain ? protocol::read_own_case_type(text, *base) : plain;
    if (own) {
        context.out(own->id + " version " + std::to_string(own->version) + ": no faults\n");
        return ExitCode::ok;
    }
    auto const problem = own.error();
    std::string faults = problem.detail().empty() ? "" : problem.detail() + "\n";
    for (auto const& violation : problem.violations()) {
        faults += violation.pointer + ": " +
                  (violation.params.empty() ? violation.code : violation.params.front()) + "\n";
    }
    return Failure(ExitCode::refused, faults);
}

void print_version(Context& context, ApiReply const& reply) {
    context.print(reply, [&](json::value const& document) {
        return text_at(document, "/type") + " version " + text_at(document, "/version") + ": " +
               text_at(document, "/state") + "\n";
    });
}

Result<ExitCode> load(Context& context) {
    RASTRO_TRY(definition, read_json_input(context.text("file")));
    auto const type = text_at(definition, "/id");
    RASTRO_TRY(reply,
               context.call({.operation = "case_type_version_propose",
                             .path = {{"type", type}},
                             .body = json::object{{"definition", std::move(definition)},
                                                  {"note", context.text("note")}}}));
    print_version(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> decide(Context& context) {
    RASTRO_TRY(reply,
               context.call(
                   {.operation = "case_type_version_decide",
                    .path = {{"type", context.text("type")}, {"version", context.text("version")}},
                    .body = json::object{{"decision", context.text("decision")}}}));
    print_version(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> move(Context& context) {
    json::value body = json::object{};
    if (context.has("mapping")) {
        RASTRO_TRY(given, read_json_input(context.text("mapping")));
        if (!given.is_object()) {
            return Failure(ExitCode::usage,
                           context.text("mapping") + " does not hold a JSON object\n");
        }
        body = std::move(given);
    }
    boost::system::error_code fault;
    auto const version = json::parse(context.text("to"), fault);
    if (fault || !version.is_int64()) {
        return Failure(ExitCode::usage, "--to needs the number of a version\n");
    }
    body.as_object()["to_version"] = version;
    return act_on_linked_case(context, "case_move", std::move(body));
}

}  // namespace

std::vector<Command> case_type_commands() {
    auto const type = positional("type", "Type, as asset_case");
    return {
        {.path = "case types",
         .summary = "Types of declared cases, in the version that new cases get",
         .details = {},
         .options = {},
         .examples = {"rastro case types"},
         .run = list_types},
        {.path = "case type",
         .summary =
             "Fields and steps of a type: who may take each, from where, under what condition",
         .details = {},
         .options = {type,
                     value("--version", "NUMBER", "Which version [the one that new cases get]")},
         .examples = {"rastro case type asset_case"},
         .run = show_type},
        {.path = "case type-versions",
         .summary = "Versions of a type: compiled in, and loaded by agencies",
         .details = {},
         .options = {type},
         .examples = {"rastro case type-versions judgment"},
         .run = versions},
        {.path = "case type-template",
         .summary = "The definition compiled in, as a beginning for a version of your own",
         .details = "Works without a server.",
         .options = {type},
         .examples = {"rastro case type-template judgment > judgment.json"},
         .run = print_template},
        {.path = "case type-check",
         .summary = "Say what keeps a definition from being loaded",
         .details = "Works without a server. A version of an agency adds to the one compiled in "
                    "or makes it stricter; it takes nothing away.",
         .options = {file(positional("file", "Definition, JSON; - is standard input"))},
         .examples = {"rastro case type-check judgment.json"},
         .run = check},
        {.path = "case type-load",
         .summary = "Load a version of your agency; another person accepts it",
         .details = {},
         .options = {file(positional("file", "Definition, JSON; - is standard input")),
                     required(value("--note", "TEXT", "Why, for the person who decides"))},
         .examples = {"rastro case type-load judgment.json --note 'Our courts'"},
         .run = load},
        {.path = "case type-decide",
         .summary = "Accept, reject or retire a version that another person loaded",
         .details = "New cases of the agency are opened under its last accepted version. Cases "
                    "keep the version that they were opened under (rastro case move).",
         .options = {type,
                     positional("version", "Number"),
                     one_of(positional("decision", "Decision"),
                            {"accepted", "rejected", "retired"})},
         .examples = {"rastro case type-decide judgment 1001 accepted"},
         .run = decide},
        {.path = "case move",
         .summary = "Move a case to another version of its type",
         .details = "The mapping names a place for every state and field that the other version "
                    "does not have: {\"states\": [{\"object\", \"from\", \"to\"}], "
                    "\"fields\": [{\"object\", \"from\", \"to\"}]}. A field without \"to\" "
                    "ends: its values stay in the history.",
         .options = {linked_case_argument(),
                     required(value("--to", "VERSION", "The version to move to")),
                     file(value("--mapping", "FILE", "The mapping as JSON; - is standard input"))},
         .examples = {"rastro case move XA-2026-7K3M9QD-4 --to 1001"},
         .run = move},
    };
}

}  // namespace rastro::client
