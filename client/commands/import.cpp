#include "client/commands/import.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "cases/trace/import_profile.hpp"
#include "client/commands/all.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::size_t bytes_of(protocol::CsvRow const& row) {
    std::size_t bytes = 16;
    for (auto const& field : row.fields) {
        bytes += field.size() + 4;
    }
    return bytes;
}

// As JSON text; line ends as line feeds. A cell with other control characters cannot be sent: null
// stands for it, and the server refuses its row.
json::value cell_of(std::string_view field) {
    std::string text;
    text.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        bool const pair = field[i] == '\r' && i + 1 < field.size() && field[i + 1] == '\n';
        if (!pair) {
            text.push_back(field[i] == '\r' ? '\n' : field[i]);
        }
    }
    return has_control_characters(text) ? json::value(nullptr) : json::value(text);
}

// Reasons of one row in one line: "serial: placeholder; make: unknown_make".
std::string notes_of(json::value const& result) {
    std::string text;
    for (auto const* note : items_at(result, "/notes")) {
        auto const verdict = text_at(*note, "/verdict");
        if (verdict == "review" || verdict == "rejected") {
            text += (text.empty() ? "" : "; ") + text_at(*note, "/field") + ": " +
                    text_at(*note, "/reason");
        }
    }
    for (auto const* missing : items_at(result, "/missing")) {
        text += (text.empty() ? "" : "; ") + text_at(*missing, "/pointer") + " " +
                text_at(*missing, "/code");
    }
    return text;
}

void print_rows(Context& context, json::value const& results, ImportTally& tally) {
    std::vector<json::value const*> const items = items_at(results, "/items");
    for (auto const* item : items) {
        tally.add(*item);
        if (context.json()) {
            context.out(json::serialize(*item) + "\n");
        } else if (!context.has("summary")) {
            auto line = text_at(*item, "/line");
            line.resize(std::max<std::size_t>(line.size(), 6), ' ');
            auto result = text_at(*item, "/result");
            result.resize(std::max<std::size_t>(result.size(), 10), ' ');
            auto number = text_at(*item, "/number");
            number.resize(std::max<std::size_t>(number.size(), 18), ' ');
            auto text = printable(line + "  " + result + "  " + number + "  " + notes_of(*item));
            text.erase(text.find_last_not_of(' ') + 1);
            context.out((context.width() == 0 ? text : cut_to(text, context.width())) + "\n");
        }
    }
}

struct CsvFile {
    std::string name;
    std::string sha256;
    std::vector<std::string> heading;
    std::vector<protocol::CsvRow> rows;  // without the heading
};

Result<CsvFile> read_file(std::string const& path) {
    RASTRO_TRY(text, read_input(path));
    auto rows = protocol::read_csv(text);
    if (!rows) {
        Failure failure(rows.error());
        failure.text = path + " cannot be read as CSV\n" + failure.text;
        return failure;
    }
    if (rows.value().size() < 2) {
        return Failure(ExitCode::usage, path + " holds no rows below a heading\n");
    }
    CsvFile file;
    file.name =
        path == "-" ? "standard-input.csv" : std::filesystem::path(path).filename().string();
    file.sha256 = to_hex(sha256(text));
    file.heading = rows.value().front().fields;
    file.rows.assign(rows.value().begin() + 1, rows.value().end());
    return file;
}

std::int64_t rows_done_before(json::value const& import) {
    std::int64_t done = 0;
    for (auto const* result : {"submitted", "draft", "duplicate", "rejected"}) {
        auto const* count = find_at(import, std::string("/counts/") + result);
        done += count != nullptr && count->is_int64() ? count->get_int64() : 0;
    }
    return done;
}

Result<ExitCode> import_file(Context& context) {
    RASTRO_TRY(file, read_file(context.text("file")));
    ApiCall start{.operation = "import_start"};
    start.body =
        json::object{{"file_name", file.name},
                     {"file_sha256", file.sha256},
                     {"profile", context.arguments().text_or("profile-columns", "court-case")},
                     {"announced_rows", file.rows.size()},
                     {"dry_run", context.has("dry-run")},
                     {"submit", context.has("submit")}};
    RASTRO_TRY(started, context.call(start));
    auto const id = text_at(started.document, "/import_id");
    if (auto const before = rows_done_before(started.document); before > 0) {
        context.note(std::to_string(before) +
                     " rows of this file are done; their first results are told again.");
    }

    ImportTally tally;
    // A table on the same terminal shows by itself how far it is.
    bool const table_is_seen = context.width() != 0 && !context.has("summary") && !context.json();
    Progress progress("import", file.rows.size(), !context.quiet() && !table_is_seen);
    if (!context.json() && !context.has("summary")) {
        context.out("LINE    RESULT      REQUEST             WHAT TO LOOK AT\n");
    }
    for (auto const& batch : batches_of(file.rows)) {
        ApiCall send{.operation = "import_rows", .path = {{"import_id", id}}};
        send.body = rows_body(file.heading, batch);
        auto sent = context.call(send);
        if (!sent) {
            auto failure = sent.error();
            failure.text += "  " + std::to_string(tally.rows()) + " of " +
                            std::to_string(file.rows.size()) +
                            " rows are done. The same command goes on where this one ended.\n";
            return failure;
        }
        print_rows(context, sent.value().document, tally);
        progress.reach(tally.rows());
    }
    if (tally.rows() != file.rows.size()) {
        return Failure(ExitCode::unavailable,
                       "The server answered for " + std::to_string(tally.rows()) + " of " +
                           std::to_string(file.rows.size()) + " rows\n");
    }
    if (!context.json()) {
        context.out("\n" + tally.text(context.width()));
        context.out("\nimport " + id + (context.has("dry-run") ? "  (nothing was written)" : "") +
                    "\n");
    }
    return tally.rejected() == 0 ? ExitCode::ok : ExitCode::partial;
}

}  // namespace

std::vector<std::span<protocol::CsvRow const>> batches_of(std::span<protocol::CsvRow const> rows) {
    std::vector<std::span<protocol::CsvRow const>> batches;
    while (!rows.empty()) {
        std::size_t count = 0;
        std::size_t bytes = 0;
        while (count < rows.size() && count < kRowsPerBatch) {
            bytes += bytes_of(rows[count]);
            if (count > 0 && bytes > kBytesPerBatch) {
                break;
            }
            ++count;
        }
        batches.push_back(rows.first(count));
        rows = rows.subspan(count);
    }
    return batches;
}

json::value rows_body(std::vector<std::string> const& heading,
                      std::span<protocol::CsvRow const> rows) {
    json::array columns;
    for (auto const& column : heading) {
        columns.emplace_back(column);
    }
    json::array list;
    for (auto const& row : rows) {
        json::array cells;
        for (auto const& field : row.fields) {
            cells.push_back(cell_of(field));
        }
        list.push_back(json::object{{"line", row.line}, {"cells", std::move(cells)}});
    }
    return json::object{{"columns", std::move(columns)}, {"rows", std::move(list)}};
}

void ImportTally::add(json::value const& row_result) {
    ++rows_;
    ++results_[text_at(row_result, "/result")];
    for (auto const* note : items_at(row_result, "/notes")) {
        auto const verdict = text_at(*note, "/verdict");
        if (verdict == "review" || verdict == "rejected") {
            ++reasons_[text_at(*note, "/field") + "  " + text_at(*note, "/reason") + " (" +
                       verdict + ")"];
        }
    }
}

std::uint64_t ImportTally::rejected() const {
    auto const found = results_.find("rejected");
    return found == results_.end() ? 0 : found->second;
}

std::string ImportTally::text(std::size_t width) const {
    Listing results;
    results.add("rows", std::to_string(rows_));
    for (auto const& [result, count] : results_) {
        results.add(result, std::to_string(count));
    }
    auto text = results.text(width);
    if (!reasons_.empty()) {
        std::vector<std::pair<std::uint64_t, std::string>> most;
        for (auto const& [reason, count] : reasons_) {
            most.emplace_back(count, reason);
        }
        std::ranges::stable_sort(most,
                                 [](auto const& a, auto const& b) { return a.first > b.first; });
        Table table({"CELLS", "WHAT TO LOOK AT"});
        for (auto const& [count, reason] : most) {
            table.add({std::to_string(count), reason});
        }
        text += "\n" + table.text(width);
    }
    return text;
}

std::vector<Command> import_commands() {
    return {{
        .path = "import",
        .summary = "Write trace requests from a spreadsheet, row by row",
        .details =
            "Every row becomes a draft (or, with --submit, a sent request if it is complete), a "
            "duplicate or a rejected row with column and reason; nothing is dropped silently.\n"
            "The same file gives the same import: repeating the command after an interruption goes "
            "on, and rows that are done are told with their first result.\n"
            "With --json, one JSON object a line, one line a row.",
        .options = {file(positional("file", "CSV with a heading; - is standard input")),
                    flag("--dry-run", "Only tell what would become of each row"),
                    flag("--submit", "Send the rows that are complete"),
                    flag("--summary", "Only the counts, not each row"),
                    one_of(value("--profile-columns", "NAME", "What the columns mean [court-case]"),
                           cases::import_profile_names())},
        .examples = {"rastro import seizures.csv --dry-run --summary",
                     "rastro import seizures.csv --submit",
                     "rastro import seizures.csv --json > results.ndjson"},
        .run = import_file,
    }};
}

}  // namespace rastro::client
