#include "storage/randot_snapshots.hpp"

#include <algorithm>

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

#define RASTRO_SNAPSHOT_HEAD \
    "select snapshot_id, country, year, version, as_of::text as as_of, amended, "               \
    "definition_version, faults, sha256, prepared_by, prepared_agency, " RASTRO_US("prepared_at") \
        ", coalesce(verified_by, '') as verified_by, " RASTRO_US("verified_at")                   \
        ", coalesce(cleared_by, '') as cleared_by, coalesce(signature, '') as signature, "        \
    RASTRO_US("cleared_at")

constexpr Query kLock{"randot_snapshot_lock",
                      "select pg_advisory_xact_lock(hashtext('randot_snapshot'), hashtext(:country "
                      "|| '-' || :year))"};
constexpr Query kLatest{
    "randot_snapshot_latest",
    RASTRO_SNAPSHOT_HEAD
    ", body, public_body, changes from randot_snapshot where country = :country and year = "
    ":year::smallint order by version desc limit 1"};
constexpr Query kFind{"randot_snapshot_find",
                      RASTRO_SNAPSHOT_HEAD
                      ", body, public_body, changes from randot_snapshot where snapshot_id = "
                      ":id::uuid for update"};
constexpr Query kList{
    "randot_snapshot_list",
    RASTRO_SNAPSHOT_HEAD
    " from randot_snapshot where (:country::text is null or country = :country) and "
    "(:year::smallint "
    "is null or year = :year::smallint) and (:after::uuid is null or snapshot_id < :after::uuid) "
    "order by snapshot_id desc limit :limit::integer"};
constexpr Query kInsert{
    "randot_snapshot_insert",
    "insert into randot_snapshot (snapshot_id, country, year, version, as_of, amended, "
    "definition_version, body, public_body, changes, faults, sha256, prepared_by, prepared_agency, "
    "prepared_at) values (:id::uuid, :country, :year::smallint, :number::integer, :as_of::date, "
    ":amended::boolean, :definition::integer, :body, :public, :changes, :faults::integer, "
    ":sha::bytea, :by, :agency, :now::timestamptz)"};
constexpr Query kVerify{"randot_snapshot_verify",
                        "update randot_snapshot set verified_by = :by, verified_at = "
                        ":at::timestamptz where snapshot_id "
                        "= :id::uuid"};
constexpr Query kClear{"randot_snapshot_clear",
                       "update randot_snapshot set cleared_by = :by, cleared_at = "
                       ":at::timestamptz, signature = :signature where snapshot_id = :id::uuid"};

RandotSnapshot to_head(Row const& row) {
    RandotSnapshot snapshot{
        .snapshot_id = row.id<SnapshotId>("snapshot_id"),
        .country = row.text("country"),
        .year = static_cast<int>(row.integer("year")),
        .version = static_cast<int>(row.integer("version")),
        .as_of = parse_iso_date(row.view("as_of")).value_or(Date{}),
        .amended = row.boolean("amended"),
        .definition_version = static_cast<int>(row.integer("definition_version")),
        .body = {},
        .public_body = {},
        .changes = {},
        .faults = static_cast<int>(row.integer("faults")),
        .sha256 = {},
        .prepared_by = row.text("prepared_by"),
        .prepared_agency = row.text("prepared_agency"),
        .prepared_at = row.instant("prepared_at"),
        .verified_by = row.text("verified_by"),
        .verified_at = row.maybe_instant("verified_at"),
        .cleared_by = row.text("cleared_by"),
        .cleared_at = row.maybe_instant("cleared_at"),
        .signature = row.text("signature")};
    auto const bytes = row.bytes("sha256");
    std::copy_n(
        bytes.begin(), std::min(bytes.size(), snapshot.sha256.size()), snapshot.sha256.begin());
    return snapshot;
}

RandotSnapshot to_snapshot(Row const& row) {
    auto snapshot = to_head(row);
    snapshot.body = row.text("body");
    snapshot.public_body = row.text("public_body");
    snapshot.changes = row.text("changes");
    return snapshot;
}

}  // namespace

std::optional<RandotSnapshot> latest_snapshot(UnitOfWork& unit,
                                              std::string const& country,
                                              int year) {
    unit.sql().run(kLock, {{"country", country}, {"year", std::to_string(year)}});
    auto const rows = unit.sql().run(kLatest, {{"country", country}, {"year", year}});
    return rows.empty() ? std::nullopt : std::optional(to_snapshot(rows.front()));
}

void insert_snapshot(UnitOfWork& unit, RandotSnapshot const& snapshot) {
    unit.sql().run(kInsert,
                   {{"id", snapshot.snapshot_id},
                    {"country", snapshot.country},
                    {"year", snapshot.year},
                    {"number", snapshot.version},
                    {"as_of", to_iso_date(snapshot.as_of)},
                    {"amended", snapshot.amended},
                    {"definition", snapshot.definition_version},
                    {"body", snapshot.body},
                    {"public", snapshot.public_body},
                    {"changes", snapshot.changes},
                    {"faults", snapshot.faults},
                    {"sha", Bytes(snapshot.sha256.begin(), snapshot.sha256.end())},
                    {"by", snapshot.prepared_by},
                    {"agency", snapshot.prepared_agency},
                    {"now", snapshot.prepared_at}});
}

std::optional<RandotSnapshot> find_snapshot(UnitOfWork& unit, SnapshotId const& snapshot_id) {
    auto const rows = unit.sql().run(kFind, {{"id", snapshot_id}});
    return rows.empty() ? std::nullopt : std::optional(to_snapshot(rows.front()));
}

std::vector<RandotSnapshot> list_snapshots(UnitOfWork& unit,
                                           std::string const& country,
                                           std::optional<int> year,
                                           std::optional<SnapshotId> after,
                                           int limit) {
    std::vector<RandotSnapshot> snapshots;
    auto const rows =
        unit.sql().run(kList,
                       {{"country", country.empty() ? Value(std::nullopt) : Value(country)},
                        {"year", year ? Value(*year) : Value(std::nullopt)},
                        {"after", after ? Value(*after) : Value(std::nullopt)},
                        {"limit", limit}});
    for (auto const row : rows) {
        snapshots.push_back(to_head(row));
    }
    return snapshots;
}

void store_verification(UnitOfWork& unit, RandotSnapshot const& snapshot) {
    unit.sql().run(kVerify,
                   {{"by", snapshot.verified_by},
                    {"at", *snapshot.verified_at},
                    {"id", snapshot.snapshot_id}});
}

void store_clearance(UnitOfWork& unit, RandotSnapshot const& snapshot) {
    unit.sql().run(kClear,
                   {{"by", snapshot.cleared_by},
                    {"at", *snapshot.cleared_at},
                    {"signature",
                     snapshot.signature.empty() ? Value(std::nullopt) : Value(snapshot.signature)},
                    {"id", snapshot.snapshot_id}});
}

}  // namespace rastro::storage
