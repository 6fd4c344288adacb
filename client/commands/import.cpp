#include "client/commands/import.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "cases/trace/import_profile.hpp"
#include "client/commands/all.hpp"
#include "client/commands/trace_content.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"
#include "protocol/catalog.hpp"

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

std::vector<std::string> texts_at(json::value const& document, std::string_view pointer) {
    std::vector<std::string> texts;
    for (auto const* item : items_at(document, pointer)) {
        texts.push_back(text_at(*item, ""));
    }
    return texts;
}

bool is_to_be_seen(json::value const& note) {
    auto const verdict = text_at(note, "/verdict");
    return verdict == "review" || verdict == "rejected";
}

// What a note says, in the reader's language; its code where the catalog has no words for it.
std::string words_of(json::value const& note,
                     std::vector<std::string> const& params,
                     protocol::Language language) {
    auto const reason = text_at(note, "/reason");
    auto const text = protocol::catalog_text(language, "import." + reason);
    return text ? protocol::fill_placeholders(*text, params) : reason;
}

std::string words_of(json::value const& note, protocol::Language language) {
    return words_of(note, texts_at(note, "/suggestions"), language);
}

// "/firearm/origin_country" -> "firearm.origin_country"
std::string member_of(std::string const& pointer) {
    auto name = pointer.substr(pointer.starts_with('/') ? 1 : 0);
    std::ranges::replace(name, '/', '.');
    return name;
}

std::string words_of_missing(json::value const& missing, protocol::Language language) {
    return protocol::violation_message(
        language, text_at(missing, "/code"), texts_at(missing, "/params"));
}

// One row in one line: "make: in no list of makers; needs firearm.model_text, recovery.country".
std::string notes_of(json::value const& result, protocol::Language language) {
    std::string text;
    auto const add = [&](std::string const& part) { text += (text.empty() ? "" : "; ") + part; };
    for (auto const* note : items_at(result, "/notes")) {
        if (is_to_be_seen(*note)) {
            auto const field = text_at(*note, "/field");
            add((field.empty() ? "" : field + ": ") + words_of(*note, language));
        }
    }
    std::string needed;
    for (auto const* missing : items_at(result, "/missing")) {
        auto const member = member_of(text_at(*missing, "/pointer"));
        if (text_at(*missing, "/code") == "required") {
            needed += (needed.empty() ? "needs " : ", ") + member;
        } else {
            add(member + ": " + words_of_missing(*missing, language));
        }
    }
    if (!needed.empty()) {
        add(needed);
    }
    return text;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

void print_rows(Context& context, json::value const& results, ImportTally& tally) {
    auto const language =
        protocol::language_from(context.language()).value_or(protocol::Language::en);
    for (auto const* item : items_at(results, "/items")) {
        tally.add(*item);
        if (context.json()) {
            context.out(json::serialize(*item) + "\n");
        } else if (!context.has("summary")) {
            auto text = printable(
                padded(text_at(*item, "/line"), 6) + "  " + padded(text_at(*item, "/result"), 10) +
                "  " + padded(text_at(*item, "/number"), 20) + "  " + notes_of(*item, language));
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

// What the requests of the file share: --common, with options over it.
Result<json::value> common_of(Context& context) {
    json::value common = json::object{};
    if (context.has("common")) {
        RASTRO_TRY(given, read_json_input(context.text("common")));
        if (!given.is_object()) {
            return Failure(ExitCode::usage,
                           context.text("common") + " does not hold a JSON object\n");
        }
        common = std::move(given);
    }
    put_shared(context, common);
    return common;
}

void note_what_all_lack(Context const& context, json::value const& import) {
    std::string lacking;
    for (auto const* missing : items_at(import, "/missing")) {
        lacking += (lacking.empty() ? "" : ", ") + member_of(text_at(*missing, "/pointer"));
    }
    if (context.has("submit") && !lacking.empty()) {
        context.note("No row can be sent: all lack " + lacking +
                     ". Give them with options such as --legal-basis, or with --common FILE.");
    }
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
    RASTRO_TRY(common, common_of(context));
    if (!common.as_object().empty()) {
        start.body->as_object()["common"] = std::move(common);
    }
    RASTRO_TRY(started, context.call(start));
    auto const id = text_at(started.document, "/import_id");
    if (auto const before = rows_done_before(started.document); before > 0) {
        context.note(std::to_string(before) +
                     " rows of this file are done; their first results are told again.");
    }

    note_what_all_lack(context, started.document);
    ImportTally tally(protocol::language_from(context.language()).value_or(protocol::Language::en));
    // A table on the same terminal shows by itself how far it is.
    bool const table_is_seen = context.width() != 0 && !context.has("summary") && !context.json();
    Progress progress("import", file.rows.size(), !context.quiet() && !table_is_seen);
    if (!context.json() && !context.has("summary")) {
        context.out("LINE    RESULT      REQUEST               WHAT TO LOOK AT\n");
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
        context.out("\nimport " + id +
                    (context.has("dry-run") ? "  (dry run: no request was written)" : "") + "\n");
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
        if (is_to_be_seen(*note)) {
            // Which line or request a row repeats differs from row to row.
            std::vector<std::string> const other{"..."};
            auto const words = text_at(*note, "/column") == "0" ? words_of(*note, other, language_)
                                                                : words_of(*note, language_);
            ++reasons_[{text_at(*note, "/field"),
                        text_at(*note, "/verdict") == "rejected" ? "refused" : "look",
                        words}];
        }
    }
    for (auto const* missing : items_at(row_result, "/missing")) {
        ++missing_[{member_of(text_at(*missing, "/pointer")),
                    words_of_missing(*missing, language_)}];
    }
}

std::uint64_t ImportTally::rejected() const {
    auto const found = results_.find("rejected");
    return found == results_.end() ? 0 : found->second;
}

template <class Key>
std::vector<std::pair<Key, std::uint64_t>> most_first(std::map<Key, std::uint64_t> const& counts) {
    std::vector<std::pair<Key, std::uint64_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted,
                             [](auto const& a, auto const& b) { return a.second > b.second; });
    return sorted;
}

std::string ImportTally::text(std::size_t width) const {
    Listing results;
    results.add("rows", std::to_string(rows_));
    for (auto const& [result, count] : results_) {
        results.add(result, std::to_string(count));
    }
    auto text = results.text(width);
    if (!reasons_.empty()) {
        Table table({"CELLS", "FIELD", "VERDICT", "WHAT TO LOOK AT"});
        for (auto const& [reason, count] : most_first(reasons_)) {
            auto const& [field, verdict, words] = reason;
            table.add({std::to_string(count), field, verdict, words});
        }
        text += "\n" + table.text(width);
    }
    if (!missing_.empty()) {
        Table table({"DRAFTS", "MEMBER", "WHAT IT NEEDS"});
        for (auto const& [missing, count] : most_first(missing_)) {
            table.add({std::to_string(count), missing.first, missing.second});
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
            "What a spreadsheet does not say and all its requests share (legal basis, offence, "
            "use, "
            "case number ...) is given once, by options. Without --to each request goes to the "
            "country in which its firearm was made.\n"
            "The same file gives the same import: repeating the command after an interruption goes "
            "on, and rows that are done are told with their first result. A dry run looks anew "
            "each "
            "time.\n"
            "With --json, one JSON object a line, one line a row.",
        .options = joined(
            {{file(positional("file", "CSV with a heading; - is standard input")),
              flag("--dry-run", "Only tell what would become of each row"),
              flag("--submit", "Send the rows that are complete"),
              flag("--summary", "Only the counts, not each row"),
              one_of(value("--profile-columns", "NAME", "What the columns mean [court-case]"),
                     cases::import_profile_names()),
              file(value("--common",
                         "FILE",
                         "What all requests share, as JSON; - is standard input; options go over "
                         "it"))},
             shared_options()}),
        .examples = {"rastro import seizures.csv --dry-run --summary",
                     "rastro import seizures.csv --submit --legal-basis 'CIFTA XIII' --offence "
                     "weapon_trafficking --intended-use evidence --illicit-ground "
                     "unauthorised_transfer",
                     "rastro import seizures.csv --json > results.ndjson"},
        .run = import_file,
    }};
}

}  // namespace rastro::client
