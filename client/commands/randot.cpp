// randot: the RANDOT report, its kept versions, and victims in counts.
#include "cases/signed_note.hpp"
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/linked_objects.hpp"
#include "protocol/kept_report_check.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

void print_report(Context& context, ApiReply const& reply) {
    context.print(
        reply, [&](json::value const& document) { return report_text(document, context.width()); });
}

Result<ExitCode> report(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "randot_report",
                             .query = {{"country", context.text("country")},
                                       {"year", context.text("year")},
                                       {"as_of", context.text("as-of")},
                                       {"amended", context.has("amended") ? "true" : ""}}}));
    print_report(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> victims(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "victim_table",
                             .query = {{"country", context.text("country")},
                                       {"year", context.text("year")}}}));
    print_report(context, reply);
    return ExitCode::ok;
}

std::string snapshot_text(json::value const& snapshot, std::size_t width) {
    json::value head = snapshot;
    if (head.is_object()) {
        head.get_object().erase("report");
    }
    auto text = document_text(head, width);
    if (auto const* kept = find_at(snapshot, "/report")) {
        text += "\n" + report_text(*kept, width);
    }
    return text;
}

void print_snapshot(Context& context, ApiReply const& reply) {
    context.print(reply, [&](json::value const& document) {
        return snapshot_text(document, context.width());
    });
}

Result<ExitCode> keep(Context& context) {
    auto const year = context.text("year");
    if (year.size() != 4 || year.find_first_not_of("0123456789") != std::string::npos) {
        return Failure(ExitCode::usage, "--year " + year + ": a year as 2025 is expected\n");
    }
    json::value body = json::object{{"year", std::stoi(year)}};
    put_text(context, body, {{"country", "/country"}, {"as-of", "/as_of"}});
    if (context.has("amended")) {
        set_at(body, "/amended", true);
    }
    RASTRO_TRY(reply, context.call({.operation = "randot_snapshot", .body = std::move(body)}));
    print_snapshot(context, reply);
    return ExitCode::ok;
}

Result<ExitCode> list(Context& context) {
    return list_items(
        context,
        {.operation = "randot_snapshot_list",
         .query = {{"country", context.text("country")}, {"year", context.text("year")}}},
        {{"COUNTRY", {"/country"}},
         {"YEAR", {"/year"}},
         {"VERSION", {"/version"}},
         {"AS OF", {"/as_of"}},
         {"FAULTS", {"/faults"}},
         {"VERIFIED", {"/verified_at"}},
         {"CLEARED", {"/cleared_at"}},
         {"REPORT", {"/snapshot_id"}}});
}

// Reading, verifying and clearing show the kept report; the public one stands alone.
Result<ExitCode> on_kept(Context& context, std::string operation) {
    bool const is_public = operation == "randot_public";
    RASTRO_TRY(reply,
               context.call({.operation = std::move(operation),
                             .path = {{"snapshot_id", context.text("report")}}}));
    if (is_public) {
        print_report(context, reply);
    } else {
        print_snapshot(context, reply);
    }
    return ExitCode::ok;
}

// Bytes to a file, or to where the output goes.
Result<ExitCode> document(Context& context) {
    bool const pdf = context.arguments().text_or("format", "pdf") == "pdf";
    RASTRO_TRY(reply,
               context.call({.operation = pdf ? "randot_pdf" : "randot_xlsx",
                             .path = {{"snapshot_id", context.text("report")}},
                             .query = {{"language", context.arguments().text_or("language", "en")},
                                       {"audience", context.has("public") ? "public" : ""}}}));
    RASTRO_CHECK(write_new(context.text("out"), reply.body, certs::FileAccess::all_may_read));
    context.note("Written: " + context.text("out"));
    return ExitCode::ok;
}

// Without the server: the digest of the report's bytes, and the signature over it.
Result<ExitCode> check(Context& context) {
    RASTRO_TRY(kept, read_input(context.text("file")));
    RASTRO_TRY(key, cases::parse_vkey(context.text("vkey")));
    RASTRO_TRY(checked, protocol::check_kept_report(kept, key));
    context.out(checked + "\n");
    return ExitCode::ok;
}

Command on_kept_command(std::string word,
                        std::string summary,
                        std::string details,
                        std::string operation) {
    return {.path = "randot " + word,
            .summary = std::move(summary),
            .details = std::move(details),
            .options = {positional("report", "Id from rastro randot list")},
            .examples = {"rastro randot " + word + " 0190c3a2-7f00-7000-8000-000000000001"},
            .run = [operation](Context& context) { return on_kept(context, operation); }};
}

std::vector<Option> report_options() {
    return {required(value("--year", "YEAR", "Civil year")),
            value("--country", "CODE", "Reporting country; the hemisphere if not given"),
            value("--as-of", "DATE", "What was known on this day [today]"),
            flag("--amended", "Without what was overturned by that day")};
}

}  // namespace

std::vector<Command> randot_commands() {
    return {
        {.path = "randot report",
         .summary = "Tables A, B and C of a year, computed from the cases as they stand",
         .details = "For the national contact and the statistics office of the country. With "
                    "--json each number names the cases behind it.",
         .options = report_options(),
         .examples = {"rastro randot report --country XA --year 2025"},
         .run = report},
        {.path = "randot keep",
         .summary = "Keep the report as it stands: a numbered version that is never changed",
         .details = {},
         .options = report_options(),
         .examples = {"rastro randot keep --country XA --year 2025"},
         .run = keep},
        {.path = "randot list",
         .summary = "Kept reports, newest first",
         .details = {},
         .options = joined({{value("--country", "CODE", "Only of this country"),
                             value("--year", "YEAR", "Only of this year")},
                            paging_options()}),
         .examples = {"rastro randot list --country XA"},
         .run = list},
        on_kept_command("show",
                        "A kept report, and what changed since the version before",
                        {},
                        "randot_snapshot_read"),
        on_kept_command("verify",
                        "Say that the report was checked",
                        "By somebody other than who prepared it.",
                        "randot_snapshot_verify"),
        on_kept_command("clear",
                        "As national contact, clear the report",
                        "A third person, after it was verified, and only without faults.",
                        "randot_snapshot_clear"),
        on_kept_command("public",
                        "A cleared report as the public may see it",
                        "Without the cases, and without months over few persons.",
                        "randot_public"),
        {.path = "randot document",
         .summary = "A kept report on paper or as a workbook",
         .details =
             "Each figure with what it means; the workbook also holds the cases behind each.",
         .options = {positional("report", "Id from rastro randot list"),
                     required(file(value("--out", "FILE", "File to write; it must not exist"))),
                     one_of(value("--format", "KIND", "Kind of file [pdf]"), {"pdf", "xlsx"}),
                     flag("--public", "As the public may see it; only of a cleared report")},
         .examples = {"rastro randot document 0190c3a2-7f00-7000-8000-000000000001 --language es "
                      "--out randot.pdf"},
         .run = document},
        {.path = "randot check",
         .summary = "Without the server: is this the report that was cleared?",
         .details = "FILE is what rastro --json randot show printed. The digest of the report and "
                    "the signature of the instance over it are computed anew.",
         .options = {file(positional("file", "Kept report as JSON")),
                     required(value("--vkey", "KEY", "Verifier key of the audit log"))},
         .examples = {"rastro randot check randot-2025.json --vkey \"$(cat checkpoint.vkey)\""},
         .run = check},
        {.path = "randot victims",
         .summary = "Victims of trafficking by purpose and age; small counts are kept back",
         .details = {},
         .options = {required(value("--country", "CODE", "Country")),
                     required(value("--year", "YEAR", "Civil year of detection"))},
         .examples = {"rastro randot victims --country XA --year 2025"},
         .run = victims},
    };
}

}  // namespace rastro::client
