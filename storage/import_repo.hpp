// Imported files and what became of each of their rows. Rows are never changed: a line that is
// stored has its result for good, which is what makes an import safe to repeat and to resume.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/digest.hpp"
#include "common/ids.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::storage {

struct ImportFile {
    ImportId id;
    std::string agency;
    std::string file_sha256;  // hexadecimal
    std::string file_name;
    std::string profile;
    bool dry_run = false;
    bool submit = false;
    std::optional<int> announced_rows;
    std::string common = "{}";  // JSON: what all requests of the file share
    std::string created_by;
    Instant created_at{};
};

struct ImportCounts {
    int submitted = 0;
    int draft = 0;
    int duplicate = 0;
    int rejected = 0;
    int ready = 0;  // of all but the rejected: complete and without open questions
};

struct ImportRow {
    int line = 0;
    Digest row_sha256{};
    std::string result;  // submitted, draft, duplicate, rejected
    bool ready = false;
    std::optional<CaseId> case_id;
    std::string number;                   // of the case; read only
    std::string notes = "[]";             // JSON
    std::optional<Digest> duplicate_key;  // of two rows about one recovery the same
    std::string make_key;
};

// An earlier row of the same file with the same key that became (in a dry run: would become) a
// request.
struct ImportTwin {
    Digest key{};
    int line = 0;
    std::string make_key;
    std::optional<CaseId> case_id;  // none in a dry run
    std::string number;
};

// The same line of the same file, imported before in another way (submit or not).
struct ImportedBefore {
    int line = 0;
    Digest row_sha256{};
    CaseId case_id;
    std::string number;
};

// What is looked for among the requests of an agency.
struct RecoveryKey {
    std::string serial_canon;
    std::string agency_case_no;  // empty: not compared
    std::string recovered_on;    // ISO date; empty: not compared
};
struct RecoveryTwin {
    CaseId case_id;
    std::string number;
    std::string serial_canon;
    std::string agency_case_no;
    std::string recovered_on;  // days only
    std::string make_id;
    std::string make_text;
};

class ImportRepo {
 public:
    explicit ImportRepo(UnitOfWork& unit) : unit_(unit) {}

    // The import of the same agency, file, profile and submit, made now if there is none; `file`
    // becomes the stored one. True if it was made. A dry run is always made anew.
    bool find_or_insert(ImportFile& file);
    [[nodiscard]] std::optional<ImportFile> find(ImportId id);
    [[nodiscard]] ImportCounts counts(ImportId id);
    // One call at a time works on an import; until the end of the transaction.
    void lock(ImportId id);

    [[nodiscard]] std::vector<ImportRow> rows_at(ImportId id, std::span<int const> lines);
    // Lines after `after`, in order; empty `result`: any.
    [[nodiscard]] std::vector<ImportRow> rows_after(ImportId id,
                                                    int after,
                                                    std::string const& result,
                                                    int limit);
    void insert(ImportFile const& file, std::span<ImportRow const> rows);

    [[nodiscard]] std::vector<ImportedBefore> imported_before(ImportFile const& file,
                                                              std::span<int const> lines);
    [[nodiscard]] std::vector<ImportTwin> twins_in_file(ImportId id, std::span<Digest const> keys);
    // Requests of the agency, oldest first, with one of these serials and the case number or the
    // day of recovery that goes with it. The maker is not compared here.
    [[nodiscard]] std::vector<RecoveryTwin> twins_among_requests(std::string const& agency,
                                                                 std::span<RecoveryKey const> keys);

 private:
    UnitOfWork& unit_;
};

}  // namespace rastro::storage
