#include "storage/type_version_repo.hpp"

#include <algorithm>

namespace rastro::storage {

namespace {

#define RASTRO_TYPE_VERSION_COLUMNS                                      \
    "case_type, version, agency, digest, note, proposed_by, " RASTRO_US( \
        "proposed_at") ", state, decided_by, " RASTRO_US("decided_at") " from case_type_version "

constexpr Query kInsert{
    "type_version_insert",
    "insert into case_type_version (case_type, version, agency, definition, digest, note, "
    "proposed_by, proposed_at) values (:type, :version::integer, :agency, :definition, "
    ":digest::bytea, :note, :proposed_by::uuid, :now::timestamptz)"};
constexpr Query kFind{"type_version_find",
                      "select definition, " RASTRO_TYPE_VERSION_COLUMNS
                      "where case_type = :type and version = :version::integer"};
constexpr Query kFindForUpdate{
    "type_version_find_for_update",
    "select definition, " RASTRO_TYPE_VERSION_COLUMNS
    "where case_type = :type and version = :version::integer for update"};
constexpr Query kList{"type_version_list",
                      "select " RASTRO_TYPE_VERSION_COLUMNS
                      "where case_type = :type order by version desc"};
constexpr Query kDecide{"type_version_decide",
                        "update case_type_version set state = :state, decided_by = "
                        ":decided_by::uuid, decided_at = :decided_at::timestamptz where case_type "
                        "= :type and version = :version::integer"};
constexpr Query kHighest{
    "type_version_highest",
    "select coalesce(max(version), 0) as highest from case_type_version where case_type = :type"};
constexpr Query kAccepted{
    "type_version_accepted",
    "select version from case_type_version where agency = :agency and case_type = :type and state "
    "= 'accepted' order by version desc limit 1"};
constexpr Query kAllAccepted{
    "type_versions_accepted",
    "select case_type, max(version) as version from case_type_version where agency = :agency and "
    "state = 'accepted' group by case_type"};
constexpr Query kMove{"case_version_move",
                      "select move_case_version(:case_id::uuid, :to::integer, :states::text[], "
                      ":fields::text[], :who, :now::timestamptz)"};

TypeVersion to_version(Row const& row) {
    TypeVersion found;
    found.type = row.text("case_type");
    found.version = static_cast<int>(row.integer("version"));
    found.agency = row.text("agency");
    auto const digest = row.bytes("digest");
    std::copy_n(digest.begin(), std::min(digest.size(), found.digest.size()), found.digest.begin());
    found.note = row.text("note");
    found.proposed_by = row.id<UserId>("proposed_by");
    found.proposed_at = row.instant("proposed_at");
    found.state = row.text("state");
    if (auto const user = row.maybe_uuid("decided_by")) {
        found.decided_by = UserId{*user};
    }
    found.decided_at = row.maybe_instant("decided_at");
    return found;
}

}  // namespace

void insert_type_version(UnitOfWork& unit, TypeVersion const& version) {
    unit.sql().run(kInsert,
                   {{"type", version.type},
                    {"version", version.version},
                    {"agency", version.agency},
                    {"definition", version.definition},
                    {"digest", Bytes(version.digest.begin(), version.digest.end())},
                    {"note", version.note},
                    {"proposed_by", version.proposed_by},
                    {"now", version.proposed_at}});
}

std::optional<TypeVersion> find_type_version(UnitOfWork& unit,
                                             std::string_view type,
                                             int version,
                                             Lock lock) {
    auto const rows = unit.sql().run(lock == Lock::for_update ? kFindForUpdate : kFind,
                                     {{"type", type}, {"version", version}});
    if (rows.empty()) {
        return std::nullopt;
    }
    auto found = to_version(rows.front());
    found.definition = rows.front().text("definition");
    return found;
}

std::vector<TypeVersion> list_type_versions(UnitOfWork& unit, std::string_view type) {
    std::vector<TypeVersion> versions;
    auto const rows = unit.sql().run(kList, {{"type", type}});
    for (auto const row : rows) {
        versions.push_back(to_version(row));
    }
    return versions;
}

void decide_type_version(UnitOfWork& unit, TypeVersion const& version) {
    unit.sql().run(kDecide,
                   {{"state", version.state},
                    {"decided_by", version.decided_by},
                    {"decided_at", version.decided_at},
                    {"type", version.type},
                    {"version", version.version}});
}

int highest_type_version(UnitOfWork& unit, std::string_view type) {
    return static_cast<int>(unit.sql().run(kHighest, {{"type", type}}).front().integer("highest"));
}

std::optional<int> accepted_type_version(UnitOfWork& unit,
                                         std::string_view type,
                                         std::string_view agency) {
    auto const rows = unit.sql().run(kAccepted, {{"agency", agency}, {"type", type}});
    return rows.empty() ? std::nullopt
                        : std::optional(static_cast<int>(rows.front().integer("version")));
}

std::vector<AcceptedVersion> accepted_type_versions(UnitOfWork& unit, std::string_view agency) {
    std::vector<AcceptedVersion> versions;
    auto const rows = unit.sql().run(kAllAccepted, {{"agency", agency}});
    for (auto const row : rows) {
        versions.push_back({row.text("case_type"), static_cast<int>(row.integer("version"))});
    }
    return versions;
}

void move_case_version(UnitOfWork& unit,
                       LinkedCase& file,
                       int to_version,
                       std::vector<MovedState> const& states,
                       std::vector<MovedField> const& fields,
                       std::string_view by) {
    std::vector<std::string> state_rows;
    for (auto const& move : states) {
        state_rows.insert(state_rows.end(), {move.object, move.from, move.to});
        if (move.object == "case" && move.from == file.state) {
            file.state = move.to;
        }
    }
    std::vector<std::string> field_rows;
    for (auto const& move : fields) {
        field_rows.insert(field_rows.end(), {move.object, move.from, move.to, move.group});
    }
    unit.sql().run(kMove,
                   {{"case_id", file.case_id},
                    {"to", to_version},
                    {"states", state_rows},
                    {"fields", field_rows},
                    {"who", by},
                    {"now", unit.now()}});
    file.type_version = to_version;
}

}  // namespace rastro::storage
