#include "storage/import_repo.hpp"

#include <algorithm>

#include "cases/trace/serial.hpp"
#include "storage/db/insert_batch.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_IMPORT_COLUMNS                                                      \
    "select import_id, agency, file_sha256, file_name, profile, dry_run, submit, " \
    "announced_rows, common::text as common, created_by, " RASTRO_US(              \
        "created_at") " from import_file "

constexpr Query kInsert{
    "import_insert",
    "insert into import_file (import_id, agency, file_sha256, file_name, profile, dry_run, submit, "
    "announced_rows, common, created_by, created_at) values (:id::uuid, :agency, :sha, :name, "
    ":profile, :dry_run::boolean, :submit::boolean, :rows::integer, :common::jsonb, :by, "
    ":at::timestamptz) on conflict (agency, file_sha256, profile, submit) where not dry_run do "
    "nothing"};
constexpr Query kFindSame{
    "import_find_same",
    RASTRO_IMPORT_COLUMNS
    "where agency = :agency and file_sha256 = :sha and profile = :profile and submit = "
    ":submit::boolean and not dry_run"};
constexpr Query kFind{"import_find", RASTRO_IMPORT_COLUMNS "where import_id = :id::uuid"};
constexpr Query kCounts{
    "import_counts",
    "select count(*) filter (where result = 'submitted') as submitted, "
    "count(*) filter (where result = 'draft') as draft, "
    "count(*) filter (where result = 'duplicate') as duplicate, "
    "count(*) filter (where result = 'rejected') as rejected, "
    "count(*) filter (where ready) as ready from import_row where import_id = :id::uuid"};
constexpr Query kLock{"import_lock",
                      "select pg_advisory_xact_lock(hashtextextended('import:' || :id, 0))"};

#define RASTRO_IMPORT_ROW_COLUMNS                                                                  \
    "select w.line, w.row_sha256, w.result, w.ready, w.case_id, w.notes::text as notes, c.number " \
    "from import_row w left join case_file c on c.case_id = w.case_id "

constexpr Query kRowsAt{
    "import_rows_at",
    RASTRO_IMPORT_ROW_COLUMNS
    "where w.import_id = :id::uuid and w.line = any(:lines::integer[]) order by w.line"};
constexpr Query kRowsAfter{
    "import_rows_after",
    RASTRO_IMPORT_ROW_COLUMNS
    "where w.import_id = :id::uuid and w.line > :after::integer and (:result = '' or w.result = "
    ":result) order by w.line limit :limit::integer"};
constexpr Query kTwinsInFile{
    "import_twins_in_file",
    "select w.duplicate_key, w.line, w.make_key, w.case_id, c.number from import_row w left join "
    "case_file c on c.case_id = w.case_id where w.import_id = :id::uuid and "
    "w.duplicate_key = any(:keys::bytea[]) and w.result in ('submitted', 'draft') order by "
    "w.line"};
constexpr Query kImportedBefore{
    "import_before",
    "select w.line, w.row_sha256, w.case_id, c.number from import_file f join import_row w on "
    "w.import_id = f.import_id join case_file c on c.case_id = w.case_id where f.agency = :agency "
    "and f.file_sha256 = :sha and f.profile = :profile and f.import_id <> :id::uuid and not "
    "f.dry_run and w.line = any(:lines::integer[]) and w.result in ('submitted', 'draft')"};
constexpr Query kTwinsAmongRequests{
    "import_twins_among_requests",
    "select distinct c.case_id, c.number, c.created_at, d.serial_canon, t.agency_case_no, "
    "case when r.date_precision = 'day' then r.recovered_on::text end as recovered_on, d.make_id, "
    "d.make_text from unnest(:canons::text[], :skeletons::text[], :numbers::text[], "
    ":days::text[]) as x(canon, skeleton, number, day) "
    "join firearm_description d on d.serial_skeleton = x.skeleton and d.serial_canon = x.canon "
    "join trace_request t on t.case_id = d.case_id and t.description_version = d.version "
    "join case_file c on c.case_id = d.case_id left join recovery r on r.case_id = d.case_id "
    "where c.owner_agency = :agency and c.state not in ('DUPLICATE', 'WITHDRAWN') and ("
    "(x.number <> '' and t.agency_case_no = x.number) or (x.day <> '' and r.date_precision = "
    "'day' and r.recovered_on = nullif(x.day, '')::date)) order by c.created_at, c.case_id"};

InsertShape const kRowShape("import_row",
                            {"import_id",
                             "line",
                             "agency",
                             "row_sha256",
                             "result",
                             "ready",
                             "case_id",
                             "notes",
                             "duplicate_key",
                             "make_key"});

std::string array_of(std::span<int const> lines) {
    ArrayText wanted;
    for (int line : lines) {
        wanted.add(std::to_string(line));
    }
    return wanted.take();
}

Digest digest_at(Row const& row, std::string_view column) {
    Digest digest{};
    auto const bytes = row.bytes(column);
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

ImportFile read_file(Row const& row) {
    ImportFile file;
    file.id = row.id<ImportId>("import_id");
    file.agency = row.text("agency");
    file.file_sha256 = row.text("file_sha256");
    file.file_name = row.text("file_name");
    file.profile = row.text("profile");
    file.dry_run = row.boolean("dry_run");
    file.submit = row.boolean("submit");
    if (auto const rows = row.maybe_integer("announced_rows")) {
        file.announced_rows = static_cast<int>(*rows);
    }
    file.common = row.text("common");
    file.created_by = row.text("created_by");
    file.created_at = row.instant("created_at");
    return file;
}

std::vector<ImportRow> read_rows(Rows const& rows) {
    std::vector<ImportRow> read;
    for (auto const row : rows) {
        ImportRow one;
        one.line = static_cast<int>(row.integer("line"));
        one.row_sha256 = digest_at(row, "row_sha256");
        one.result = row.text("result");
        one.ready = row.boolean("ready");
        if (auto const id = row.maybe_uuid("case_id")) {
            one.case_id = CaseId{*id};
        }
        one.number = row.text("number");
        one.notes = row.text("notes");
        read.push_back(std::move(one));
    }
    return read;
}

}  // namespace

bool ImportRepo::find_or_insert(ImportFile& file) {
    auto const made = unit_.sql().run(kInsert,
                                      {{"id", file.id},
                                       {"agency", file.agency},
                                       {"sha", file.file_sha256},
                                       {"name", file.file_name},
                                       {"profile", file.profile},
                                       {"dry_run", file.dry_run},
                                       {"submit", file.submit},
                                       {"rows", file.announced_rows},
                                       {"common", file.common},
                                       {"by", file.created_by},
                                       {"at", unit_.now()}});
    bool const fresh = made.affected() == 1;
    auto const stored = fresh ? unit_.sql().run(kFind, {{"id", file.id}})
                              : unit_.sql().run(kFindSame,
                                                {{"agency", file.agency},
                                                 {"sha", file.file_sha256},
                                                 {"profile", file.profile},
                                                 {"submit", file.submit}});
    file = read_file(stored.front());
    return fresh;
}

std::optional<ImportFile> ImportRepo::find(ImportId id) {
    auto const rows = unit_.sql().run(kFind, {{"id", id}});
    return rows.empty() ? std::nullopt : std::optional<ImportFile>(read_file(rows.front()));
}

ImportCounts ImportRepo::counts(ImportId id) {
    auto const rows = unit_.sql().run(kCounts, {{"id", id}});
    auto const row = rows.front();
    auto const count = [&](std::string_view column) {
        return static_cast<int>(row.integer(column));
    };
    return {.submitted = count("submitted"),
            .draft = count("draft"),
            .duplicate = count("duplicate"),
            .rejected = count("rejected"),
            .ready = count("ready")};
}

void ImportRepo::lock(ImportId id) {
    unit_.sql().run(kLock, {{"id", id}});
}

std::vector<ImportRow> ImportRepo::rows_at(ImportId id, std::span<int const> lines) {
    return read_rows(unit_.sql().run(kRowsAt, {{"id", id}, {"lines", array_of(lines)}}));
}

std::vector<ImportedBefore> ImportRepo::imported_before(ImportFile const& file,
                                                        std::span<int const> lines) {
    auto const rows = unit_.sql().run(kImportedBefore,
                                      {{"agency", file.agency},
                                       {"sha", file.file_sha256},
                                       {"profile", file.profile},
                                       {"id", file.id},
                                       {"lines", array_of(lines)}});
    std::vector<ImportedBefore> before;
    for (auto const row : rows) {
        before.push_back({.line = static_cast<int>(row.integer("line")),
                          .row_sha256 = digest_at(row, "row_sha256"),
                          .case_id = row.id<CaseId>("case_id"),
                          .number = row.text("number")});
    }
    return before;
}

std::vector<ImportRow> ImportRepo::rows_after(ImportId id,
                                              int after,
                                              std::string const& result,
                                              int limit) {
    return read_rows(unit_.sql().run(
        kRowsAfter, {{"id", id}, {"after", after}, {"result", result}, {"limit", limit}}));
}

void ImportRepo::insert(ImportFile const& file, std::span<ImportRow const> rows) {
    if (rows.empty()) {
        return;
    }
    InsertBatch batch(kRowShape);
    for (auto const& row : rows) {
        batch.row({file.id,
                   row.line,
                   file.agency,
                   row.row_sha256,
                   row.result,
                   row.ready,
                   row.case_id,
                   row.notes,
                   row.duplicate_key,
                   Cell::said(row.make_key)});
    }
    std::vector<BoundQuery> queries;
    queries.push_back(batch.take());
    unit_.sql().run_together(queries);
}

std::vector<ImportTwin> ImportRepo::twins_in_file(ImportId id, std::span<Digest const> keys) {
    ArrayText wanted;
    for (auto const& key : keys) {
        wanted.add_bytes(key);
    }
    auto const rows = unit_.sql().run(kTwinsInFile, {{"id", id}, {"keys", wanted.take()}});
    std::vector<ImportTwin> twins;
    for (auto const row : rows) {
        twins.push_back({.key = digest_at(row, "duplicate_key"),
                         .line = static_cast<int>(row.integer("line")),
                         .make_key = row.text("make_key"),
                         .case_id = {},
                         .number = row.text("number")});
        if (auto const found = row.maybe_uuid("case_id")) {
            twins.back().case_id = CaseId{*found};
        }
    }
    return twins;
}

std::vector<RecoveryTwin> ImportRepo::twins_among_requests(std::string const& agency,
                                                           std::span<RecoveryKey const> keys) {
    ArrayText canons;
    ArrayText skeletons;
    ArrayText numbers;
    ArrayText days;
    for (auto const& key : keys) {
        canons.add(key.serial_canon);
        skeletons.add(cases::serial_skeleton_of(key.serial_canon));
        numbers.add(key.agency_case_no);
        days.add(key.recovered_on);
    }
    auto const rows = unit_.sql().run(kTwinsAmongRequests,
                                      {{"canons", canons.take()},
                                       {"skeletons", skeletons.take()},
                                       {"numbers", numbers.take()},
                                       {"days", days.take()},
                                       {"agency", agency}});
    std::vector<RecoveryTwin> twins;
    for (auto const row : rows) {
        twins.push_back({.case_id = row.id<CaseId>("case_id"),
                         .number = row.text("number"),
                         .serial_canon = row.text("serial_canon"),
                         .agency_case_no = row.text("agency_case_no"),
                         .recovered_on = row.text("recovered_on"),
                         .make_id = row.text("make_id"),
                         .make_text = row.text("make_text")});
    }
    return twins;
}

}  // namespace rastro::storage
