#include "storage/illicit_record_repo.hpp"

#include <map>
#include <set>
#include <tuple>

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"
#include "storage/db/storage_error.hpp"
#include "storage/trace_parts.hpp"

namespace rastro::storage {

namespace {

// clang-format off
#define RASTRO_RECORD_COLUMNS \
    "select c.case_id, c.number, c.state, c.flags, c.owner_agency, c.owner_country, c.handling_code, c.handling_text, " \
    "c.compartments, c.version, " RASTRO_US_AS("c.created_at", "created_at") ", " RASTRO_US_AS("c.updated_at", "updated_at") ", " \
    "c.last_event_hash, r.kind, r.silent, r.event_on, r.event_country, r.agency_case_no, r.purpose, r.legal_basis, " \
    "r.valid_until, r.author_id, r.serial_raw, r.make_text, r.make_id, r.make_key, r.model_text, r.calibre_text, r.calibre_id, " \
    "r.calibre_group, r.type_code, r.origin_country, r.importer_text, r.import_country, r.remarks, r.confirmed_by, " \
    RASTRO_US_AS("r.confirmed_at", "confirmed_at") ", r.clear_reason, " RASTRO_US_AS("r.cleared_at", "cleared_at") ", " \
    RASTRO_US_AS("d.due_at", "due_at") ", c.owner_agency = actor_agency() as owned " \
    "from illicit_record r join case_file c on c.case_id = r.case_id " \
    "left join lateral (select min(x.due_at) as due_at from deadline x where x.case_id = r.case_id and x.state = 'running') d on true "
// clang-format on

constexpr Query kFind{"record_find", RASTRO_RECORD_COLUMNS "where r.case_id = :case_id::uuid"};
constexpr Query kLock{
    "record_lock",
    "select c.case_id from case_file c join illicit_record r on r.case_id = c.case_id where "
    "c.case_id = :case_id::uuid for update of c"};
constexpr Query kList{
    "record_list",
    RASTRO_RECORD_COLUMNS
    "where r.owner_agency = actor_agency() and r.case_id < :after::uuid "
    "and (:state::text is null or c.state = :state) and (:kind::text is null or r.kind = :kind) "
    "and (:number = '' or c.number = :number) "
    "and (:case_no = '' or r.agency_case_no = :case_no) "
    "and (:skeleton = '' or r.serial_skeleton = :skeleton) "
    "and (:due_until::timestamptz is null or d.due_at <= :due_until::timestamptz) "
    "order by r.case_id desc limit :limit::integer"};
constexpr Query kStoreFile{
    "record_store_file",
    "update case_file set state = :state, version = version + 1, updated_at = "
    ":updated_at::timestamptz, closed_at = :closed_at::timestamptz, last_event_hash = "
    ":last_event_hash::bytea where case_id = :case_id::uuid and version = :version::integer"};
constexpr Query kStoreRecord{
    "record_store",
    "update illicit_record set live = :live::boolean, confirmed_by = :confirmed_by, confirmed_at = "
    ":confirmed_at::timestamptz, clear_reason = :clear_reason, cleared_at = "
    ":cleared_at::timestamptz where case_id = :case_id::uuid"};
// The unique index decides what is new; what was there is told by its id.
constexpr Query kAdd{
    "record_add",
    "insert into illicit_record (case_id, owner_agency, kind, live, silent, event_on, "
    "event_country, agency_case_no, purpose, legal_basis, valid_until, author_id, serial_raw, "
    "serial_canon, serial_skeleton, serial_ncic, make_text, make_id, make_key, model_text, "
    "calibre_text, calibre_id, calibre_group, type_code, origin_country, importer_text, "
    "import_country, remarks) select q.* from unnest(:rows::new_illicit_record[]) q "
    "on conflict do nothing returning case_id"};
constexpr Query kThere{
    "record_there",
    "select q.case_id as asked, r.case_id as stored, c.number from unnest(:ids::uuid[], "
    ":kinds::text[], :canons::text[], :makes::text[]) q(case_id, kind, canon, make) "
    "join illicit_record r on r.owner_agency = actor_agency() and r.live and r.kind = q.kind and "
    "r.serial_canon = q.canon and r.make_key = q.make join case_file c on c.case_id = r.case_id"};

InsertShape const kRecordShape(
    "illicit_record",
    {"case_id",       "owner_agency",   "kind",           "live",         "silent",
     "event_on",      "event_country",  "agency_case_no", "purpose",      "legal_basis",
     "valid_until",   "author_id",      "serial_raw",     "serial_canon", "serial_skeleton",
     "serial_ncic",   "make_text",      "make_id",        "make_key",     "model_text",
     "calibre_text",  "calibre_id",     "calibre_group",  "type_code",    "origin_country",
     "importer_text", "import_country", "remarks"});

std::optional<Date> maybe_date(Row const& row, std::string_view column) {
    return row.is_null(column) ? std::nullopt : parse_iso_date(row.view(column));
}

RecordRow to_record(Row const& row) {
    RecordRow found;
    auto& file = found.file;
    file.case_id = row.id<CaseId>("case_id");
    file.number = row.text("number");
    file.state = row.text("state");
    file.flags = row.texts("flags");
    file.owner_agency = row.text("owner_agency");
    file.owner_country = row.text("owner_country");
    file.handling_code = row.text("handling_code");
    file.compartments = row.texts("compartments");
    file.version = static_cast<int>(row.integer("version"));
    file.created_at = row.instant("created_at");
    file.updated_at = row.instant("updated_at");
    if (!row.is_null("last_event_hash")) {
        auto const bytes = row.bytes("last_event_hash");
        Digest digest{};
        std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
        file.last_event_hash = digest;
    }
    if (row.boolean("owned")) {
        file.relations.insert(cases::Relation::owner);
    }
    auto& record = found.record;
    record.kind = cases::record_kind_from(row.view("kind")).value();
    record.silent = row.boolean("silent");
    record.event_on = maybe_date(row, "event_on");
    record.event_country = row.text("event_country");
    record.agency_case_no = row.text("agency_case_no");
    record.purpose = cases::purpose_from(row.view("purpose")).value();
    record.legal_basis = row.text("legal_basis");
    record.handling_code = file.handling_code;
    record.handling_text = row.text("handling_text");
    record.valid_until = maybe_date(row, "valid_until");
    auto& firearm = record.firearm;
    firearm.serial_raw = row.text("serial_raw");
    firearm.make_text = row.text("make_text");
    firearm.make_id = row.text("make_id");
    firearm.model_text = row.text("model_text");
    firearm.calibre_text = row.text("calibre_text");
    firearm.calibre_id = row.text("calibre_id");
    firearm.type_code = cases::type_from(row.view("type_code"));
    firearm.origin_country = row.text("origin_country");
    firearm.importer_text = row.text("importer_text");
    firearm.import_country = row.text("import_country");
    firearm.remarks = row.text("remarks");
    found.calibre_group = row.text("calibre_group");
    found.make_key = row.text("make_key");
    found.author = row.text("author_id");
    found.confirmed_by = row.text("confirmed_by");
    found.confirmed_at = row.maybe_instant("confirmed_at");
    found.due_at = row.maybe_instant("due_at");
    found.clear_reason = row.text("clear_reason");
    found.cleared_at = row.maybe_instant("cleared_at");
    return found;
}

void add_record_row(InsertBatch& batch, RecordRow const& row) {
    auto const& record = row.record;
    auto const& firearm = record.firearm;
    auto const forms = cases::serial_forms(firearm.serial_raw);
    batch.row({row.file.case_id,
               row.file.owner_agency,
               code_of(record.kind),
               cases::is_live_record_state(row.file.state),
               record.silent,
               record.event_on,
               Cell::said(record.event_country),
               record.agency_case_no,
               code_of(record.purpose),
               record.legal_basis,
               record.valid_until,
               row.author,
               firearm.serial_raw,
               forms.canon,
               forms.skeleton,
               forms.ncic,
               Cell::said(firearm.make_text),
               Cell::said(firearm.make_id),
               row.make_key,
               Cell::said(firearm.model_text),
               Cell::said(firearm.calibre_text),
               Cell::said(firearm.calibre_id),
               Cell::said(row.calibre_group),
               code_of(*firearm.type_code),
               Cell::said(firearm.origin_country),
               Cell::said(firearm.importer_text),
               Cell::said(firearm.import_country),
               Cell::said(firearm.remarks)});
}

// File, events and clocks of those that are new.
void add_parts(UnitOfWork& unit,
               std::vector<NewRecord> const& records,
               std::vector<AddedRecord> const& added) {
    InsertBatch files(case_file_shape());
    InsertBatch events(event_shape());
    InsertBatch deadlines(deadline_shape());
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (!added[i].added) {
            continue;
        }
        add_case_file_row(
            files, records[i].row.file, "illicit_record", records[i].row.record.handling_text);
        for (auto const& event : records[i].events) {
            add_event_row(events, event);
        }
        for (auto const& deadline : records[i].deadlines) {
            add_deadline_row(deadlines, deadline);
        }
    }
    std::vector<BoundQuery> queries;
    for (auto* batch : {&files, &events, &deadlines}) {
        if (!batch->empty()) {
            queries.push_back(batch->take());
        }
    }
    if (!queries.empty()) {
        unit.sql().run_together(queries);
    }
}

std::vector<AddedRecord> as_given(std::vector<NewRecord> const& records) {
    std::vector<AddedRecord> result;
    result.reserve(records.size());
    for (auto const& record : records) {
        auto const& file = record.row.file;
        result.push_back({.added = false, .case_id = file.case_id, .number = file.number});
    }
    return result;
}

// Those that were not added, by the id and number of the record that is there instead.
void name_those_there(UnitOfWork& unit,
                      std::vector<NewRecord> const& records,
                      std::vector<AddedRecord>& result) {
    std::map<CaseId, std::size_t> places;
    ArrayText ids;
    ArrayText kinds;
    ArrayText canons;
    ArrayText makes;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (result[i].added) {
            continue;
        }
        auto const& row = records[i].row;
        places.emplace(row.file.case_id, i);
        ids.add(row.file.case_id.to_string());
        kinds.add(code_of(row.record.kind));
        canons.add(cases::serial_canon(row.record.firearm.serial_raw));
        makes.add(row.make_key);
    }
    if (places.empty()) {
        return;
    }
    auto const there = unit.sql().run(kThere,
                                      {{"ids", ids.take()},
                                       {"kinds", kinds.take()},
                                       {"canons", canons.take()},
                                       {"makes", makes.take()}});
    for (auto const row : there) {
        auto& one = result[places.at(row.id<CaseId>("asked"))];
        one.case_id = row.id<CaseId>("stored");
        one.number = row.text("number");
    }
}

}  // namespace

std::vector<AddedRecord> add_records(UnitOfWork& unit, std::vector<NewRecord> const& records) {
    auto result = as_given(records);
    if (records.empty()) {
        return result;
    }
    InsertBatch batch(kRecordShape);
    for (auto const& record : records) {
        add_record_row(batch, record.row);
    }
    std::set<CaseId> fresh;
    for (auto const row : unit.sql().run(kAdd, {{"rows", batch.take_rows()}})) {
        fresh.insert(row.id<CaseId>("case_id"));
    }
    for (auto& one : result) {
        one.added = fresh.contains(one.case_id);
    }
    add_parts(unit, records, result);
    name_those_there(unit, records, result);
    return result;
}

std::vector<AddedRecord> look_up_records(UnitOfWork& unit, std::vector<NewRecord> const& records) {
    auto result = as_given(records);
    name_those_there(unit, records, result);
    std::set<std::tuple<cases::RecordKind, std::string, std::string>> seen;
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto const& row = records[i].row;
        bool const there = result[i].case_id != row.file.case_id;
        auto const canon = cases::serial_canon(row.record.firearm.serial_raw);
        result[i].added = !there && seen.emplace(row.record.kind, canon, row.make_key).second;
    }
    return result;
}

std::optional<RecordRow> find_record(UnitOfWork& unit, CaseId const& case_id, RecordLock lock) {
    if (lock == RecordLock::for_update && unit.sql().run(kLock, {{"case_id", case_id}}).empty()) {
        return std::nullopt;
    }
    auto const rows = unit.sql().run(kFind, {{"case_id", case_id}});
    return rows.empty() ? std::nullopt : std::optional<RecordRow>(to_record(rows.front()));
}

void store_record(UnitOfWork& unit, RecordRow& row) {
    row.file.updated_at = unit.now();
    std::vector<BoundQuery> queries;
    queries.push_back({kStoreFile,
                       {{"state", row.file.state},
                        {"updated_at", row.file.updated_at},
                        {"closed_at", row.cleared_at},
                        {"last_event_hash", bytes_or_null(row.file.last_event_hash)},
                        {"case_id", row.file.case_id},
                        {"version", row.file.version}}});
    queries.push_back({kStoreRecord,
                       {{"live", cases::is_live_record_state(row.file.state)},
                        {"confirmed_by", text_or_null(row.confirmed_by)},
                        {"confirmed_at", row.confirmed_at},
                        {"clear_reason", text_or_null(row.clear_reason)},
                        {"cleared_at", row.cleared_at},
                        {"case_id", row.file.case_id}}});
    auto const results = unit.sql().run_together(queries);
    if (results[0].affected() != 1) {
        throw StorageError(StorageFault::retry, "40001", "", kStoreFile.name);
    }
    ++row.file.version;
}

std::vector<RecordRow> list_records(UnitOfWork& unit,
                                    RecordFilter const& filter,
                                    std::optional<Uuid> const& after,
                                    int limit) {
    std::vector<RecordRow> found;
    auto const rows = unit.sql().run(
        kList,
        {{"after", after ? Value(*after) : Value("ffffffff-ffff-ffff-ffff-ffffffffffff")},
         {"state", filter.state},
         {"kind", filter.kind},
         {"number", filter.number},
         {"case_no", filter.agency_case_no},
         {"skeleton", filter.serial_skeleton},
         {"due_until", filter.due_until},
         {"limit", limit}});
    for (auto const row : rows) {
        found.push_back(to_record(row));
    }
    return found;
}

}  // namespace rastro::storage
