// audit: export from the server, verify without it.
#include "client/commands/all.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "client/audit_verify/audit_verify.hpp"
#include "client/commands/common_options.hpp"
#include "client/context.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

Result<ExitCode> verify(Context& context) {
    auto const rest = context.arguments().all("rest");
    std::vector<std::string_view> const words(rest.begin(), rest.end());
    std::string out;
    std::string err;
    int const code = run_audit_verify(words, out, err);
    context.out(out);
    context.err(err);
    switch (code) {
        case kVerifyGood:
            return ExitCode::ok;
        case kVerifyBad:
            return ExitCode::bad_history;
        case kVerifyUsage:
            return ExitCode::usage;
        default:
            return ExitCode::local;
    }
}

// Leaves in one reply; the server gives no more than 200,000 at a time.
constexpr std::uint64_t kLeavesPerCall = 100'000;

// The size that the checkpoint of an export's first line states: the second line of its note.
std::uint64_t size_of_export(std::string_view first_line) {
    boost::system::error_code fault;
    auto const document = json::parse(first_line, fault);
    auto const note = fault ? std::string{} : text_at(document, "/checkpoint");
    std::uint64_t size = 0;
    auto const second = note.find('\n');
    for (auto i = second + 1; second != std::string::npos && i < note.size(); ++i) {
        if (note[i] < '0' || note[i] > '9') {
            break;
        }
        size = size * 10 + static_cast<std::uint64_t>(note[i] - '0');
    }
    return size;
}

// All leaves of the tree of the first checkpoint, in calls of bounded size; what later calls say of
// newer checkpoints is left out, so that the lines together are one export.
Result<void> download(Context& context, std::function<bool(std::string_view)> const& write) {
    std::uint64_t size = 0;
    std::uint64_t from = 0;
    do {
        std::string line;  // the first one of this call
        bool first = true;
        ApiCall call{
            .operation = "audit_export",
            .query = {{"from", std::to_string(from)},
                      {"to",
                       std::to_string(size == 0 ? from + kLeavesPerCall
                                                : std::min(size, from + kLeavesPerCall))}}};
        call.timeout = std::chrono::hours{1};
        call.sink = [&](std::string_view piece) {
            if (!first) {
                return write(piece);
            }
            line += piece;
            auto const end = line.find('\n');
            if (end == std::string::npos) {
                return true;
            }
            first = false;
            bool const is_checkpoint = line.starts_with("{\"checkpoint\"");
            if (from == 0) {
                size = size_of_export(std::string_view(line).substr(0, end));
            }
            return write(is_checkpoint && from > 0 ? std::string_view(line).substr(end + 1)
                                                   : std::string_view(line));
        };
        RASTRO_TRY(reply, context.call(call));
        from += kLeavesPerCall;
    } while (from < size);
    return boost::system::in_place_value;
}

// Downloads beside the file and renames it when it is whole, so that half an export is never taken
// for one.
Result<ExitCode> export_log(Context& context) {
    auto const path = context.text("file");
    if (path == "-") {
        RASTRO_CHECK(download(context, [&](std::string_view piece) {
            context.out(piece);
            return true;
        }));
        return ExitCode::ok;
    }
    if (std::filesystem::exists(path) && !context.has("force")) {
        return Failure(ExitCode::local, path + " is there already; --force writes over it\n");
    }
    auto const part = path + ".part";
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    if (!stream) {
        return Failure(ExitCode::local, part + " cannot be written\n");
    }
    auto done = download(context, [&](std::string_view piece) {
        stream.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        return stream.good();
    });
    stream.close();
    if (!done || !stream) {
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        return done ? Failure(ExitCode::local, part + " could not be written\n") : done.error();
    }
    std::filesystem::rename(part, path);
    context.note("Written to " + path + ". Verify it with:\n  rastro audit verify --export " +
                 path + " --vkey KEY");
    return ExitCode::ok;
}

Result<ExitCode> checkpoint(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "audit_checkpoint"}));
    context.out(reply.body);
    return ExitCode::ok;
}

Result<ExitCode> reading(Context& context) {
    RASTRO_TRY(
        reply,
        context.call({.operation = "audit_reading", .query = {{"day", context.text("day")}}}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"ACTOR", {"/actor"}},
                         {"PURPOSE", {"/purpose"}},
                         {"READS", {"/reads"}},
                         {"AT NIGHT", {"/outside_hours"}},
                         {"MEDIAN", {"/median"}},
                         {"LIMIT", {"/limit"}}},
                        context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> broken_glass(Context& context) {
    RASTRO_TRY(reply, context.call({.operation = "break_glass_list"}));
    context.print(reply, [&](json::value const& document) {
        return table_of(items_at(document, "/items"),
                        {{"OPENED", {"/opened_at"}},
                         {"CASE", {"/number"}},
                         {"BY", {"/user_id"}},
                         {"REVIEW BY", {"/review_due"}},
                         {"OVERDUE", {"/overdue"}},
                         {"OFTEN", {"/often"}},
                         {"FINDING", {"/finding"}},
                         {"BECAUSE", {"/reason"}},
                         {"ID", {"/grant_id"}}},
                        context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> review(Context& context) {
    RASTRO_TRY(reply,
               context.call({.operation = "break_glass_review",
                             .path = {{"grant_id", context.text("opening")}},
                             .body = json::object{{"finding", context.text("finding")},
                                                  {"note", context.text("note")}}}));
    context.print_document(reply);
    return ExitCode::ok;
}

Result<ExitCode> entries(Context& context) {
    return list_items(context,
                      {.operation = "audit_entries",
                       .query = {{"action", context.text("action")},
                                 {"actor", context.text("actor")},
                                 {"object", context.text("object")},
                                 {"from", context.text("from")},
                                 {"to", context.text("to")}}},
                      {{"INDEX", {"/index"}},
                       {"TIME", {"/leaf/time"}},
                       {"ACTION", {"/leaf/action"}},
                       {"ACTOR", {"/leaf/actor"}},
                       {"AGENCY", {"/leaf/agency"}},
                       {"OBJECT", {"/leaf/object_id"}},
                       {"OUTCOME", {"/leaf/outcome"}}});
}

Result<ExitCode> proof(Context& context) {
    RASTRO_TRY(
        reply,
        context.call({.operation = "audit_proof", .path = {{"event_id", context.text("event")}}}));
    context.out(reply.body);
    return ExitCode::ok;
}

}  // namespace

std::vector<Command> audit_commands() {
    return {
        {.path = "audit verify",
         .summary = "Verify an exported audit log without the server; the first bad entry is named",
         .details = "Needs no server and no database: only the files and the keys you trust. "
                    "rastro-audit-verify is the same check as a program of its own.",
         .options = {file(value("--export", "FILE", "Lines of an export; - is standard input")),
                     folder(value("--tiles", "DIR", "Tiles in a folder (C2SP tlog-tiles)")),
                     repeated(file(value("--checkpoint", "FILE", "A signed checkpoint"))),
                     required(
                         repeated(value("--vkey", "KEY", "A trusted key of the log or a witness"))),
                     flag("--any-leaf", "Leaves need not be audit records"),
                     flag("--json", "One JSON object instead of text")},
         .examples = {"rastro audit verify --export log.ndjson --vkey \"$(cat log.vkey)\""},
         .run = verify,
         .passes_arguments = true},
        {.path = "audit export",
         .summary = "Download the audit log with its checkpoint",
         .details = {},
         .options = {file(positional("file", "Where to write it; - is standard output")),
                     flag("--force", "Write over a file that is there")},
         .examples = {"rastro audit export log.ndjson"},
         .run = export_log},
        {.path = "audit checkpoint",
         .summary = "Newest signed checkpoint",
         .details = {},
         .options = {},
         .examples = {"rastro audit checkpoint > checkpoint.txt"},
         .run = checkpoint},
        {.path = "audit entries",
         .summary = "Audit records of the own agency or country",
         .details = {},
         .options = joined({{value("--action", "CODE", "Only this action, as trace_request.create"),
                             value("--actor", "ID", "Only by this person or system"),
                             value("--object", "ID", "Only on this object"),
                             value("--from", "TIME", "Not before, 2026-05-01T00:00:00Z"),
                             value("--to", "TIME", "Before")},
                            paging_options()}),
         .examples = {"rastro audit entries --action session.sign_in"},
         .run = entries},
        {.path = "audit reading",
         .summary = "Who of the own agency read cases unusually often on a day, or at night",
         .details = "More than the median and three times the median absolute deviation of those "
                    "who read for the same purpose, or twenty times between 22 and 6 o'clock. It "
                    "is a reason to ask, not a finding.",
         .options = {value("--day", "DATE", "Day [yesterday]")},
         .examples = {"rastro audit reading --day 2026-05-14"},
         .run = reading},
        {.path = "audit break-glass",
         .summary = "Who opened protected data in an emergency and why; what waits for a review "
                    "first",
         .details = "OVERDUE: nobody has reviewed it within a day. OFTEN: more than three openings "
                    "by this person in thirty days.",
         .options = {},
         .examples = {"rastro audit break-glass"},
         .run = broken_glass},
        {.path = "audit review",
         .summary = "Say whether the glass was broken with reason",
         .details = {},
         .options = {positional("opening", "Id of the opening"),
                     one_of(positional("finding", "Finding"), {"justified", "unjustified"}),
                     required(value("--note", "TEXT", "Why"))},
         .examples = {"rastro audit review 0190c3a2-7f00-7000-8000-000000000001 justified --note "
                      "'Confirmed with the duty officer'"},
         .run = review},
        {.path = "audit proof",
         .summary = "Inclusion proof of one record, as a file that verifies by itself",
         .details = {},
         .options = {positional("event", "Id of the record (header Rastro-Audit-Event)")},
         .examples =
             {"rastro audit proof 0190c3a2-7f00-7000-8000-000000000001 > record.tlog-proof"},
         .run = proof},
    };
}

}  // namespace rastro::client
