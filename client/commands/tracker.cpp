// tracker: the follow-up of the RANDOT measures for a meeting.
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/linked_objects.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::vector<Option> meeting_options() {
    return {required(value("--meeting", "NAME", "Meeting that it is for, as \"RANDOT V\"")),
            value("--since", "NAME", "Meeting before: what moved since?"),
            value("--country", "CODE", "Of this country; the region if not given")};
}

std::vector<std::pair<std::string, std::string>> query_of(Context const& context) {
    return {{"meeting", context.text("meeting")},
            {"since", context.text("since")},
            {"country", context.text("country")}};
}

std::string tracker_text(json::value const& report, std::size_t width) {
    std::string text;
    for (auto const* sheet : items_at(report, "/countries")) {
        text += text_at(*sheet, "/country") + "\n" +
                table_of(items_at(*sheet, "/entries"),
                         {{"MEASURE", {"/measure"}},
                          {"STATUS", {"/status"}},
                          {"STATE", {"/state"}},
                          {"EVIDENCE", {"/evidence/0/ref"}},
                          {"CASE", {"/number"}}},
                         width) +
                "\n";
    }
    auto const moves = items_at(report, "/moves");
    if (!moves.empty()) {
        text += table_of(moves,
                         {{"MOVED", {"/country"}},
                          {"MEASURE", {"/measure"}},
                          {"BEFORE", {"/before"}},
                          {"NOW", {"/after"}}},
                         width);
    }
    return text.empty() ? "Nothing is reported for this meeting.\n" : text;
}

Result<ExitCode> show(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "tracker_report", .query = query_of(context)}));
    context.print(reply, [&](json::value const& document) {
        return tracker_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> document(Context& context) {
    bool const pdf = context.arguments().text_or("format", "pdf") == "pdf";
    auto query = query_of(context);
    query.emplace_back("language", context.arguments().text_or("language", "en"));
    RASTRO_TRY(reply,
               context.call({.operation = pdf ? "tracker_pdf" : "tracker_xlsx", .query = query}));
    RASTRO_CHECK(write_new(context.text("out"), reply.body, certs::FileAccess::all_may_read));
    context.note("Written: " + context.text("out"));
    return ExitCode::ok;
}

}  // namespace

std::vector<Command> tracker_commands() {
    return {
        {.path = "tracker show",
         .summary = "What countries say of each measure for a meeting, and what moved",
         .details = "For the national contact and the statistics office of the country; the region "
                    "for the agency that runs the instance. Countries are not ranked.",
         .options = meeting_options(),
         .examples = {"rastro tracker show --meeting \"RANDOT V\" --country XA"},
         .run = show},
        {.path = "tracker document",
         .summary =
             "The follow-up of a meeting on paper or as a workbook, a sheet for each country",
         .details = {},
         .options =
             joined({meeting_options(),
                     {required(file(value("--out", "FILE", "File to write; it must not exist"))),
                      one_of(value("--format", "KIND", "Kind of file [pdf]"), {"pdf", "xlsx"})}}),
         .examples = {"rastro tracker document --meeting \"RANDOT V\" --country XA --language es "
                      "--out follow-up.pdf"},
         .run = document},
    };
}

}  // namespace rastro::client
