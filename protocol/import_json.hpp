// Messages of bulk import. The client reads the file and sends its rows in batches; every row gets
// its own result, and sending a batch again gives the same results.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/request.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "common/problem.hpp"

namespace rastro::protocol {

inline constexpr std::size_t kMaxImportBatch = 500;

struct ImportStart {
    std::string file_sha256;
    std::string file_name;
    std::string profile;   // cases/trace/import_profile
    bool dry_run = false;  // says what would happen and writes no case
    bool submit = false;   // sends what is complete; else everything becomes a draft
    std::optional<int> announced_rows;
    // Member "common": what the requests of the file share. Without recipients every request goes
    // to the country in which its firearm was made.
    cases::TraceRequestContent common;
};
[[nodiscard]] Outcome<ImportStart> read_import_start(std::string_view body);

// The shared members as they are kept with an import, and back.
[[nodiscard]] std::string write_import_common(cases::TraceRequestContent const& common);
[[nodiscard]] Outcome<cases::TraceRequestContent> read_import_common(std::string_view stored);

struct ImportRow {
    int line = 0;  // of the file, from 1
    // Verbatim; JSON null for a cell that holds control characters, which no text here may.
    std::vector<std::string> cells;
};
struct ImportRows {
    std::vector<std::string> columns;  // the heading of the file
    std::vector<ImportRow> rows;       // 1 to kMaxImportBatch, each line once
};
[[nodiscard]] Outcome<ImportRows> read_import_rows(std::string_view body);

struct ImportMessage {
    ImportId import_id;
    std::string file_sha256;
    std::string file_name;
    std::string profile;
    bool dry_run = false;
    bool submit = false;
    std::optional<int> announced_rows;
    Instant created_at{};
    int submitted = 0;
    int drafts = 0;
    int duplicates = 0;
    int rejected = 0;
    int ready = 0;  // of all but the rejected: complete and without open questions
    // What the shared members leave open: no row can be sent before it is there.
    std::vector<Violation> missing;
};
[[nodiscard]] std::string write_import(ImportMessage const& import);

// What became of one cell (cases/trace/import_row).
struct ImportNote {
    int column = 0;  // from 1; 0: the row as a whole
    std::string field;
    std::string verdict;
    std::string reason;
    std::vector<std::string> suggestions;
};
struct ImportRowResult {
    int line = 0;
    std::string result;  // submitted, draft, duplicate, rejected
    std::optional<CaseId> case_id;
    std::string number;
    std::vector<ImportNote> notes;
    std::vector<Violation> missing;  // what stands between a draft and its submission
};
// Notes and missing of a row as they are kept, and back into `result`.
[[nodiscard]] std::string write_import_account(ImportRowResult const& result);
[[nodiscard]] Outcome<bool> read_import_account(std::string_view stored, ImportRowResult& result);
[[nodiscard]] std::string write_import_results(std::vector<ImportRowResult> const& results,
                                               std::string_view next);

}  // namespace rastro::protocol
