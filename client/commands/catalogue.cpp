// Makes of firearms, names that matched nothing, code lists.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "cases/trace/catalogue.hpp"
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/context.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/text.hpp"
#include "protocol/csv.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

constexpr std::size_t kMakesPerCall = 1000;

Result<ExitCode> list_makes(Context& context) {
    return list_items(context,
                      {.operation = "make_list", .query = {{"q", context.text("query")}}},
                      {{"MAKE", {"/make_id"}},
                       {"NAME", {"/name"}},
                       {"COUNTRY", {"/country"}},
                       {"NCIC", {"/ncic_code"}},
                       {"ALSO", {"/aliases"}}});
}

Result<ExitCode> show_list(Context& context) {
    RASTRO_TRY(
        reply,
        context.call({.operation = "code_list_read", .path = {{"list", context.text("list")}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"CODE", {"/code"}},
                         {"MEANING", {"/names/" + context.language()}},
                         {"GROUP", {"/group"}}},
                        context.width());
    });
    return ExitCode::ok;
}

// One make of a row; the column "code" is the NCIC code, "name" or "description" the name.
struct Columns {
    std::size_t code = 0;
    std::size_t name = 0;
};

Result<Columns> columns_of(protocol::CsvRow const& heading) {
    auto const find = [&](std::initializer_list<std::string_view> names) {
        for (std::size_t i = 0; i < heading.fields.size(); ++i) {
            for (auto name : names) {
                if (equals_ignoring_case(trim(heading.fields[i]), name)) {
                    return std::optional<std::size_t>(i);
                }
            }
        }
        return std::optional<std::size_t>();
    };
    auto const code = find({"code", "ncic_code", "literal"});
    auto const name = find({"name", "description", "definition", "meaning"});
    if (!code || !name) {
        return Failure(ExitCode::usage,
                       "The file needs the columns code and name (or description)\n");
    }
    return Columns{*code, *name};
}

// The maker's name taken out of the line, which runs it together with town and remarks; the line
// itself is kept beside it.
json::object make_of(std::string_view code, std::string_view text) {
    auto const entry = cases::make_from_ncic(code, text);
    json::object make{{"make_id", entry.make_id},
                      {"name", entry.name},
                      {"kind", cases::code_of(entry.kind)},
                      {"wording", entry.source}};
    if (!entry.ncic_code.empty()) {
        make["ncic_code"] = entry.ncic_code;
    }
    return make;
}

Result<ExitCode> import_makes(Context& context) {
    RASTRO_TRY(text, read_input(context.text("file")));
    RASTRO_TRY(rows, protocol::read_csv(text));
    if (rows.size() < 2) {
        return Failure(ExitCode::usage, "The file holds no rows below a heading\n");
    }
    RASTRO_TRY(columns, columns_of(rows.front()));
    Progress progress("makes", rows.size() - 1, !context.quiet());
    std::int64_t added = 0;
    std::int64_t aliases = 0;
    std::int64_t joined_lines = 0;
    std::int64_t unchanged = 0;
    for (std::size_t at = 1; at < rows.size();) {
        json::array makes;
        for (; at < rows.size() && makes.size() < kMakesPerCall; ++at) {
            auto const& fields = rows[at].fields;
            if (fields.size() <= std::max(columns.code, columns.name)) {
                return Failure(ExitCode::usage,
                               "Line " + std::to_string(rows[at].line) + " is too short\n");
            }
            auto const code = trim(fields[columns.code]);
            makes.push_back(make_of(code, trim(fields[columns.name])));
        }
        ApiCall call{.operation = "make_import"};
        call.body = json::object{
            {"source", context.arguments().text_or("source", "NCIC gun makes")}, {"makes", makes}};
        RASTRO_TRY(reply, context.call(call));
        auto const count = [&](std::string_view pointer) {
            auto const* found = find_at(reply.document, pointer);
            return found != nullptr && found->is_int64() ? found->get_int64() : 0;
        };
        added += count("/makes_added");
        aliases += count("/aliases_added");
        joined_lines += count("/joined");
        unchanged += count("/unchanged");
        progress.reach(at - 1);
    }
    if (context.json()) {
        context.out(json::serialize(json::object{{"makes_added", added},
                                                 {"aliases_added", aliases},
                                                 {"joined", joined_lines},
                                                 {"unchanged", unchanged}}) +
                    "\n");
    } else {
        Listing listing;
        listing.add("lines", std::to_string(rows.size() - 1));
        listing.add("new makes", std::to_string(added));
        listing.add("makes known by their code", std::to_string(joined_lines));
        listing.add("loaded before", std::to_string(unchanged));
        listing.add("spellings added", std::to_string(aliases));
        context.out(listing.text(context.width()));
    }
    return ExitCode::ok;
}

Result<ExitCode> reviews(Context& context) {
    return list_items(
        context,
        {.operation = "make_review_list", .query = {{"state", context.text("state")}}},
        {{"NAME", {"/raw_text"}},
         {"SEEN", {"/seen"}},
         {"STATE", {"/state"}},
         {"MAKE", {"/make_id"}},
         {"PERHAPS", {"/suggestions"}},
         {"REVIEW", {"/review_id"}}});
}

Result<ExitCode> decide(Context& context) {
    json::value body = json::object{{"decision", context.has("make") ? "matched" : "rejected"}};
    put_text(context, body, {{"make", "/make_id"}});
    if (context.has("make") == context.has("no-make")) {
        return Failure(ExitCode::usage, "Give either --make ID or --no-make\n");
    }
    ApiCall call{.operation = "make_review_decide",
                 .path = {{"review_id", context.text("review")}}};
    call.body = std::move(body);
    RASTRO_TRY(reply, context.call(call));
    context.print_document(reply);
    return ExitCode::ok;
}

}  // namespace

std::vector<Command> catalogue_commands() {
    return {
        {.path = "catalogue makes",
         .summary = "Makes by name",
         .details = {},
         .options =
             joined({{value("--query", "TEXT", "Only names with this text")}, paging_options()}),
         .examples = {"rastro catalogue makes --query glock"},
         .run = list_makes},
        {.path = "catalogue list",
         .summary = "A code list with its meanings in your language",
         .details = {},
         .options = {positional("list", "Name of the list, as outcome-codes")},
         .examples = {"rastro catalogue list outcome-codes --language es"},
         .run = show_list},
        {.path = "catalogue import-makes",
         .summary = "Add makes from a CSV file with the columns code and name",
         .details = "Safe to repeat: what is there already stays.",
         .options = {file(positional("file", "CSV, as the published list of NCIC gun makes")),
                     value("--source", "TEXT", "Where the list comes from [NCIC gun makes]")},
         .examples = {"rastro catalogue import-makes ncic_gun_makes.csv"},
         .run = import_makes},
        {.path = "catalogue reviews",
         .summary = "Make names that matched nothing and wait for a person",
         .details = {},
         .options = joined(
             {{one_of(value("--state", "STATE", "Only these"), {"open", "matched", "rejected"})},
              paging_options()}),
         .examples = {"rastro catalogue reviews --state open"},
         .run = reviews},
        {.path = "catalogue decide",
         .summary = "Say which make an unknown name means",
         .details = {},
         .options = {positional("review", "Id from rastro catalogue reviews"),
                     value("--make", "ID", "It means this make"),
                     flag("--no-make", "It is no maker's name")},
         .examples = {"rastro catalogue decide 0190c3a2-7f00-7000-8000-000000000001 --make glock"},
         .run = decide},
    };
}

}  // namespace rastro::client
