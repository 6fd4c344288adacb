// register: lost, stolen, trafficked, smuggled, wanted and destroyed firearms of the own agency.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "cases/trace/illicit_record.hpp"
#include "client/commands/all.hpp"
#include "client/commands/common_options.hpp"
#include "client/context.hpp"
#include "client/json_view.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/ids.hpp"
#include "common/text.hpp"
#include "protocol/catalog.hpp"
#include "protocol/record_json.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

template <class Code>
std::vector<std::string> names_of(Code last) {
    std::vector<std::string> names;
    for (unsigned value = 0; value <= static_cast<unsigned>(last); ++value) {
        names.emplace_back(code_of(static_cast<Code>(value)));
    }
    return names;
}

std::vector<std::string> kind_names() {
    return names_of(cases::RecordKind::destroyed);
}
std::vector<std::string> reason_names() {
    return names_of(cases::ClearReason::entered_in_error);
}

std::string record_text(json::value const& record, std::size_t width) {
    auto text = text_at(record, "/number") + "  " + text_at(record, "/kind") + "  " +
                text_at(record, "/state") + "\n\n";
    return text + document_text(record, width);
}

Result<ExitCode> show(Context& context, ApiReply const& reply) {
    context.print(
        reply, [&](json::value const& document) { return record_text(document, context.width()); });
    return ExitCode::ok;
}

// Id of the record with this id or number.
Result<std::string> record_id_of(Context& context, std::string const& named) {
    if (Uuid::parse(named)) {
        return named;
    }
    RASTRO_TRY(reply, context.call({.operation = "register_list", .query = {{"number", named}}}));
    auto const found = items_at(reply.document, "/items");
    if (found.empty()) {
        return Failure(ExitCode::refused, "The register has no record " + named + "\n");
    }
    return text_at(*found.front(), "/record_id");
}

Result<ExitCode> add_record(Context& context) {
    json::value body = json::object{};
    if (context.has("from")) {
        RASTRO_TRY(given, read_json_input(context.text("from")));
        if (!given.is_object()) {
            return Failure(ExitCode::usage,
                           context.text("from") + " does not hold a JSON object\n");
        }
        body = std::move(given);
    }
    put_text(context,
             body,
             {{"kind", "/kind"},
              {"serial", "/firearm/serial_raw"},
              {"make", "/firearm/make_text"},
              {"type", "/firearm/type_code"},
              {"calibre", "/firearm/calibre_text"},
              {"model", "/firearm/model_text"},
              {"origin-country", "/firearm/origin_country"},
              {"importer", "/firearm/importer_text"},
              {"import-country", "/firearm/import_country"},
              {"remarks", "/firearm/remarks"},
              {"on", "/event_on"},
              {"in", "/event_country"},
              {"case-no", "/agency_case_no"},
              {"purpose", "/purpose"},
              {"legal-basis", "/legal_basis"},
              {"handling", "/handling_code"},
              {"handling-text", "/handling_text"},
              {"valid-until", "/valid_until"}});
    auto& members = body.as_object();
    members.emplace("purpose", "investigation");
    members.emplace("handling_code", "H1");
    if (context.has("silent")) {
        members["silent"] = true;
    }
    RASTRO_TRY(reply, context.call({.operation = "register_add", .body = std::move(body)}));
    return show(context, reply);
}

// ---------------------------------------------------------------- many

// A JSON array of records, or one record a line.
Result<json::array> records_in(std::string const& path) {
    RASTRO_TRY(text, read_input(path));
    auto const begin = text.find_first_not_of(" \t\r\n");
    if (begin != std::string::npos && text[begin] == '[') {
        boost::system::error_code fault;
        auto value = json::parse(text, fault);
        if (fault) {
            return Failure(ExitCode::usage, path + " is not JSON: " + fault.message() + "\n");
        }
        return std::move(value.as_array());
    }
    json::array records;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        auto const line = trim(std::string_view(text).substr(at, end - at));
        at = end + 1;
        ++number;
        if (line.empty()) {
            continue;
        }
        boost::system::error_code fault;
        auto value = json::parse(line, fault);
        if (fault) {
            return Failure(ExitCode::usage,
                           path + ", line " + std::to_string(number) +
                               " is not JSON: " + fault.message() + "\n");
        }
        records.push_back(std::move(value));
    }
    return records;
}

// "firearm.serial_raw: ...; event_on: ..."
std::string faults_of(json::value const& result, protocol::Language language) {
    std::string text;
    for (auto const* fault : items_at(result, "/errors")) {
        auto member = text_at(*fault, "/pointer");
        member.erase(0, member.starts_with('/') ? 1 : 0);
        std::ranges::replace(member, '/', '.');
        std::vector<std::string> params;
        for (auto const* param : items_at(*fault, "/params")) {
            params.push_back(text_at(*param, ""));
        }
        text += (text.empty() ? "" : "; ") + member + ": " +
                protocol::violation_message(language, text_at(*fault, "/code"), params);
    }
    return text;
}

struct Tally {
    std::map<std::string, std::size_t> results;
    std::size_t rows = 0;
};

void print_results(Context& context, json::value const& document, std::size_t first, Tally& tally) {
    auto const language =
        protocol::language_from(context.language()).value_or(protocol::Language::en);
    std::size_t at = first;
    for (auto const* item : items_at(document, "/items")) {
        auto const result = text_at(*item, "/result");
        ++tally.results[result];
        ++tally.rows;
        if (context.json()) {
            auto one = item->as_object();
            one["row"] = static_cast<std::int64_t>(at);  // of the file
            context.out(json::serialize(one) + "\n");
        } else if (!context.has("summary")) {
            auto number = text_at(*item, "/number");
            number.resize(std::max<std::size_t>(number.size(), 20), ' ');
            auto line = std::to_string(at + 1);
            line.resize(std::max<std::size_t>(line.size(), 6), ' ');
            auto what = result;
            what.resize(std::max<std::size_t>(what.size(), 9), ' ');
            auto text =
                printable(line + "  " + what + "  " + number + "  " + faults_of(*item, language));
            text.erase(text.find_last_not_of(' ') + 1);
            context.out((context.width() == 0 ? text : cut_to(text, context.width())) + "\n");
        }
        ++at;
    }
}

Result<ExitCode> import_records(Context& context) {
    auto const path = context.text("file");
    RASTRO_TRY(records, records_in(path));
    if (records.empty()) {
        return Failure(ExitCode::usage, path + " holds no records\n");
    }
    Tally tally;
    bool const table_is_seen = context.width() != 0 && !context.has("summary") && !context.json();
    Progress progress("register", records.size(), !context.quiet() && !table_is_seen);
    if (!context.json() && !context.has("summary")) {
        context.out("ROW     RESULT     NUMBER                WHAT IS WRONG\n");
    }
    for (std::size_t first = 0; first < records.size(); first += protocol::kMaxRecordBatch) {
        auto const last = std::min(first + protocol::kMaxRecordBatch, records.size());
        json::array batch(records.begin() + static_cast<std::ptrdiff_t>(first),
                          records.begin() + static_cast<std::ptrdiff_t>(last));
        auto sent = context.call({.operation = "register_import",
                                  .body = json::object{{"records", std::move(batch)},
                                                       {"dry_run", context.has("dry-run")}}});
        if (!sent) {
            auto failure = sent.error();
            failure.text += "  " + std::to_string(tally.rows) + " of " +
                            std::to_string(records.size()) +
                            " rows are done. The same command again enters the rest; what is there "
                            "is told as a duplicate.\n";
            return failure;
        }
        print_results(context, sent.value().document, first, tally);
        progress.reach(tally.rows);
    }
    if (!context.json()) {
        Listing counts;
        counts.add("rows", std::to_string(tally.rows));
        for (auto const& [result, count] : tally.results) {
            counts.add(result, std::to_string(count));
        }
        context.out("\n" + counts.text(context.width()));
        if (context.has("dry-run")) {
            context.out("\ndry run: nothing was entered\n");
        }
    }
    return tally.results["rejected"] == 0 ? ExitCode::ok : ExitCode::partial;
}

// ---------------------------------------------------------------- reading and acting

Result<ExitCode> list_records(Context& context) {
    ApiCall call{.operation = "register_list",
                 .query = {{"state", context.text("state")},
                           {"kind", context.text("kind")},
                           {"agency_case_no", context.text("case-no")},
                           {"serial", context.text("serial")},
                           {"due_until", context.text("due-until")}}};
    return list_items(context,
                      std::move(call),
                      {{"NUMBER", {"/number"}},
                       {"KIND", {"/kind"}},
                       {"STATE", {"/state"}},
                       {"SERIAL", {"/firearm/serial_raw"}},
                       {"MAKE", {"/firearm/make_text", "/firearm/make_id"}},
                       {"ON", {"/event_on"}},
                       {"CASE", {"/agency_case_no"}},
                       {"SILENT", {"/silent"}},
                       {"DUE", {"/due_at"}}});
}

Result<ExitCode> show_record(Context& context) {
    RASTRO_TRY(id, record_id_of(context, context.text("record")));
    RASTRO_TRY(reply, context.call({.operation = "register_read", .path = {{"record_id", id}}}));
    return show(context, reply);
}

Result<ExitCode> act_on_record(Context& context,
                               std::string_view operation,
                               std::optional<json::value> body) {
    RASTRO_TRY(id, record_id_of(context, context.text("record")));
    ApiCall const read{.operation = "register_read", .path = {{"record_id", id}}};
    ApiCall act{.operation = std::string(operation), .path = {{"record_id", id}}};
    act.body = std::move(body);
    RASTRO_TRY(reply, change_under_etag(context, read, std::move(act)));
    return show(context, reply);
}

Result<ExitCode> clear_record(Context& context) {
    json::value body = json::object{{"reason", context.text("reason")}};
    put_text(context, body, {{"text", "/text"}});
    return act_on_record(context, "register_clear", std::move(body));
}

std::vector<Option> entry_options() {
    return {file(value("--from", "FILE", "A record as JSON; options stand over it")),
            one_of(value("--kind", "CODE", "What happened to it"), kind_names()),
            value("--serial", "TEXT", "Read whole, as marked"),
            value("--make", "NAME", "Maker as marked"),
            value("--type", "CODE", "Kind of firearm, as pistol"),
            value("--calibre", "TEXT", "As marked, as 9x19"),
            value("--model", "TEXT", "As marked"),
            value("--origin-country", "CODE", "Where it was made"),
            value("--importer", "NAME", "As marked"),
            value("--import-country", "CODE", "Country of the import mark"),
            value("--remarks", "TEXT", "Required where the catalogue does not know the maker"),
            value("--on", "DATE", "Day of the theft, loss, warrant or destruction"),
            value("--in", "CODE", "Country where it happened"),
            value("--case-no", "TEXT", "Case number of the own agency"),
            value("--purpose", "CODE", "As investigation, which it is if not said"),
            value("--legal-basis", "TEXT", "By what right it is kept"),
            one_of(value("--handling", "CODE", "H1 if not said"), {"H0", "H1", "H2", "H3"}),
            value("--handling-text", "TEXT", "The restriction in words; required with H3"),
            value("--valid-until", "DATE", "Last day of the record"),
            flag("--silent", "Hits alert the own agency only: who asked sees nothing")};
}

}  // namespace

std::vector<Command> register_commands() {
    auto const record = positional("record", "Number or id of the record");
    return {
        {.path = "register add",
         .summary = "Enter a firearm that was lost, stolen, trafficked, smuggled or destroyed, or "
                    "is wanted",
         .details = "It is compared at once with every trace request that was sent, of all "
                    "agencies, and from then on with every new one; both sides of a hit are told. "
                    "The record has to be confirmed again from time to time, or it expires.",
         .options = entry_options(),
         .examples = {"rastro register add --kind stolen --serial NA7712043 --make 'North Arms' "
                      "--type pistol --calibre 9x19 --on 2026-05-14 --case-no R-12 --legal-basis "
                      "'Firearms Act s. 4'"},
         .run = add_record},
        {.path = "register import",
         .summary = "Enter many from a file; each row gets its own result",
         .details = "The file holds a JSON array of records, or one record a line. A row that is "
                    "wrong is told with what is wrong and the others are entered. The same file "
                    "again enters nothing twice.",
         .options = {file(positional("file", "JSON or JSON lines; - reads standard input")),
                     flag("--dry-run", "Say what would happen and enter nothing"),
                     flag("--summary", "Only the counts")},
         .examples = {"rastro register import stolen.json --dry-run"},
         .run = import_records},
        {.path = "register list",
         .summary = "Records of the own agency, newest first",
         .details = {},
         .options =
             joined({{one_of(value("--state", "STATE", "Only in this state"),
                             {"ACTIVE", "UNCONFIRMED", "EXPIRED", "CLEARED"}),
                      one_of(value("--kind", "CODE", "Only of this kind"), kind_names()),
                      value("--case-no", "TEXT", "Only with this case number"),
                      value("--serial", "TEXT", "Only with a serial number that looks like this"),
                      value("--due-until",
                            "TIME",
                            "Only those to be confirmed by then, as "
                            "2026-12-01T00:00:00Z")},
                     paging_options()}),
         .examples = {"rastro register list --state UNCONFIRMED"},
         .run = list_records},
        {.path = "register show",
         .summary = "One record",
         .details = {},
         .options = {record},
         .examples = {"rastro register show XB-2026-7K3M9QD-4"},
         .run = show_record},
        {.path = "register confirm",
         .summary = "Say that a record is still right",
         .details = "Starts its clock anew; a record that has expired is live again.",
         .options = {record},
         .examples = {"rastro register confirm XB-2026-7K3M9QD-4"},
         .run =
             [](Context& context) {
                 return act_on_record(context, "register_confirm", std::nullopt);
             }},
        {.path = "register clear",
         .summary = "End a record",
         .details = "It is kept, and compared with nothing any more.",
         .options = {record,
                     required(one_of(value("--reason", "CODE", "Why it ends"), reason_names())),
                     value("--text", "TEXT", "What is to be said with it")},
         .examples = {"rastro register clear XB-2026-7K3M9QD-4 --reason recovered"},
         .run = clear_record},
    };
}

}  // namespace rastro::client
