// serial, match: searching for serial numbers, and what a person decides about what was found.
#include <boost/json/serialize.hpp>

#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/commands/trace_objects.hpp"
#include "client/context.hpp"
#include "client/json_view.hpp"
#include "client/table.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

// "serial look_alike, make equal": what speaks for it, and what against.
std::string agreement_of(json::value const& hit) {
    std::string text;
    for (auto const* field : items_at(hit, "/fields")) {
        auto const agreement = text_at(*field, "/agreement");
        if (agreement == "not_stated" || agreement == "differs") {
            continue;
        }
        auto rule = text_at(*field, "/rule");
        auto const name = text_at(*field, "/field");
        rule = rule.starts_with(name + "_") ? rule.substr(name.size() + 1) : rule;
        text += (text.empty() ? "" : ", ") + name + " " + rule;
    }
    return text;
}

std::string found_text(json::value const& document, std::size_t width) {
    std::string text;
    auto const hits = items_at(document, "/items");
    if (!hits.empty()) {
        Table table({"SCORE", "BAND", "NUMBER", "STATE", "SERIAL", "MAKE", "BECAUSE"});
        for (auto const* hit : hits) {
            table.add({text_at(*hit, "/score"),
                       text_at(*hit, "/band"),
                       text_at(*hit, "/number"),
                       text_at(*hit, "/state"),
                       text_at(*hit, "/firearm/serial_raw"),
                       text_at(*hit, "/firearm/make_text"),
                       agreement_of(*hit)});
        }
        text += table.text(width);
    }
    auto const records = items_at(document, "/records");
    if (!records.empty()) {
        Table table({"SCORE", "BAND", "RECORD", "KIND", "STATE", "SERIAL", "MAKE", "BECAUSE"});
        for (auto const* hit : records) {
            table.add({text_at(*hit, "/score"),
                       text_at(*hit, "/band"),
                       text_at(*hit, "/number"),
                       text_at(*hit, "/kind"),
                       text_at(*hit, "/state"),
                       text_at(*hit, "/firearm/serial_raw"),
                       text_at(*hit, "/firearm/make_text"),
                       agreement_of(*hit)});
        }
        text += std::string(text.empty() ? "" : "\n") + "In the own register\n" + table.text(width);
    }
    auto const pointers = items_at(document, "/pointers");
    if (!pointers.empty()) {
        text += std::string(text.empty() ? "" : "\n") + "Known to other agencies; ask them\n" +
                table_of(pointers,
                         {{"KIND", {"/kind"}},
                          {"COUNTRY", {"/country"}},
                          {"ASK", {"/agency"}},
                          {"NAME", {"/agency_name"}},
                          {"CONTACT", {"/contact_email", "/contact_phone"}},
                          {"AGREES", {"/agreeing"}},
                          {"HANDLING", {"/handling_code"}},
                          {"MATCH", {"/match_id"}}},
                         width);
    }
    if (text.empty()) {
        text = "Nothing found\n";
    }
    if (auto const hidden = text_at(document, "/not_shown"); hidden != "0" && !hidden.empty()) {
        text += "\n" + hidden + " weaker ones or neighbours: --weak shows them\n";
    }
    if (text_at(document, "/capped") == "true") {
        text += "\nThere are more candidates than are looked at: say more of the firearm\n";
    }
    return text;
}

Result<ExitCode> search(Context& context) {
    json::value body = json::object{{"serial", context.text("serial")}};
    put_text(context,
             body,
             {{"make", "/make_text"},
              {"calibre", "/calibre_text"},
              {"type", "/type_code"},
              {"model", "/model_text"},
              {"import-country", "/import_country"}});
    if (context.has("for")) {
        RASTRO_TRY(id, case_id_of(context, context.text("for")));
        set_at(body, "/case_id", json::value(id));
    }
    if (context.has("weak")) {
        set_at(body, "/show_weak", true);
    }
    RASTRO_TRY(reply, context.call({.operation = "serial_search", .body = std::move(body)}));
    context.print(
        reply, [&](json::value const& document) { return found_text(document, context.width()); });
    return ExitCode::ok;
}

Result<ExitCode> list_matches(Context& context) {
    ApiCall call{.operation = "match_list",
                 .query = {{"state", context.text("state")}, {"kind", context.text("kind")}}};
    if (context.has("mine")) {
        call.query.emplace_back("queue", "own");
    }
    return list_items(
        context,
        std::move(call),
        {{"MATCH", {"/match_id"}},
         {"KIND", {"/kind"}},
         {"STATE", {"/state"}},
         {"BAND", {"/band"}},
         {"AGREES", {"/agreeing"}},
         {"NEWER", {"/newer/case_id", "/newer/agency", "/newer/country"}},
         {"OLDER", {"/older/case_id", "/older/record_id", "/older/agency", "/older/country"}}});
}

Result<ExitCode> show_match(Context& context, ApiCall call) {
    RASTRO_TRY(reply, context.call(call));
    context.print(reply, [&](json::value const& document) {
        return document_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> note_match(Context& context) {
    RASTRO_TRY(newer, case_id_of(context, context.text("request")));
    RASTRO_TRY(older, case_id_of(context, context.text("other")));
    return show_match(context,
                      {.operation = "match_note",
                       .body = json::object{{"case_id", newer}, {"other_case_id", older}}});
}

Result<ExitCode> decide(Context& context, std::string_view decision) {
    json::array compared;
    for (auto const& field : context.arguments().all("compared")) {
        compared.emplace_back(field);
    }
    json::value body = json::object{{"decision", decision}, {"compared", compared}};
    put_text(context, body, {{"text", "/text"}});
    return show_match(context,
                      {.operation = "match_decide",
                       .path = {{"match_id", context.text("match")}},
                       .body = std::move(body)});
}

std::vector<std::string> field_names() {
    return {"serial", "make", "calibre", "type", "model", "import_country"};
}

}  // namespace

std::vector<Command> serial_commands() {
    auto const text = value("--text", "TEXT", "What is to be said with it");
    auto const compared = repeated(one_of(
        value("--compared", "FIELD", "What was compared with the firearm in hand"), field_names()));
    return {
        {.path = "serial search",
         .summary = "Requests about firearms whose serial number is or looks like this one",
         .details =
             "? stands for one unknown character, * for a run of unknown ones, {8B3} for one "
             "of these. At least three characters must be known, two of them side by side; "
             "with unknown ones name the make or the calibre too. Every hit says by which "
             "rules it was found. Records of the own register are searched too. Of other "
             "agencies' requests and records only strong matches are pointed at, and only "
             "when the search is made --for an own request.",
         .options = {positional("serial", "As read: AB12345, AB?45*, A{8B}12"),
                     value("--make", "NAME", "Maker as marked"),
                     value("--calibre", "TEXT", "As marked, as 9x19"),
                     value("--type", "CODE", "Kind of firearm, as pistol"),
                     value("--model", "TEXT", "As marked"),
                     value("--import-country", "CODE", "Country of the import mark"),
                     value("--for", "REQUEST", "The own request that the search is made for"),
                     flag("--weak", "Also weak matches and neighbours in a run")},
         .examples = {"rastro serial search NAB51042 --make 'North Arms' --calibre 9x19",
                      "rastro serial search 'AB?45*' --make Glock --for XA-2026-7K3M9QD-4"},
         .run = search},
        {.path = "match list",
         .summary = "Requests and records that seem to be about one firearm, newest first",
         .details = {},
         .options = joined({{one_of(value("--state", "STATE", "Only in this state"),
                                    {"open", "confirmed", "rejected"}),
                             value("--kind", "CODE", "Only these, as repeat_recovery"),
                             flag("--mine", "Only those that the own agency has to decide")},
                            paging_options()}),
         .examples = {"rastro match list --state open --mine"},
         .run = list_matches},
        {.path = "match note",
         .summary = "Note that two requests seem to be about one firearm",
         .details = "Nobody else hears of it before it is confirmed.",
         .options = {positional("request", "The own request that has the firearm in hand"),
                     positional("other", "The request that was there before")},
         .examples = {"rastro match note XA-2026-7K3M9QD-4 XA-2025-1ABCDEF-6"},
         .run = note_match},
        {.path = "match confirm",
         .summary = "Say that it is the same firearm; both sides are told",
         .details = "Only after everything that both sides state was compared with the firearm in "
                    "hand: name each with --compared.",
         .options = {positional("match", "Id of the match"), compared, text},
         .examples = {"rastro match confirm 01a213a9-71ab-7392-8356-dc3fc20d4535 --compared serial "
                      "--compared make"},
         .run = [](Context& context) { return decide(context, "confirmed"); }},
        {.path = "match reject",
         .summary = "Say that these are two firearms",
         .details = {},
         .options = {positional("match", "Id of the match"), compared, text},
         .examples = {"rastro match reject 01a213a9-71ab-7392-8356-dc3fc20d4535 --text 'Other "
                      "calibre'"},
         .run = [](Context& context) { return decide(context, "rejected"); }},
    };
}

}  // namespace rastro::client
