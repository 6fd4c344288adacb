// Versions of case types that agencies loaded, and the move of a case to another version. Load and
// store only (migration case_type_versions).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/digest.hpp"
#include "storage/linked_case_repo.hpp"

namespace rastro::storage {

struct TypeVersion {
    std::string type;
    int version = 0;
    std::string agency;
    std::string definition;  // JSON; empty in lists
    Digest digest{};         // SHA-256 of the definition
    std::string note;        // why, in the agency's words
    UserId proposed_by;
    Instant proposed_at{};
    std::string state = "proposed";  // accepted, rejected; retired: for no new case
    std::optional<UserId> decided_by;
    std::optional<Instant> decided_at;
};

// StorageError (unique_violation) if the number is in use.
void insert_type_version(UnitOfWork& unit, TypeVersion const& version);
[[nodiscard]] std::optional<TypeVersion> find_type_version(UnitOfWork& unit,
                                                           std::string_view type,
                                                           int version,
                                                           Lock lock);
// Of all agencies, newest first, without the definitions.
[[nodiscard]] std::vector<TypeVersion> list_type_versions(UnitOfWork& unit, std::string_view type);
// State, who and when.
void decide_type_version(UnitOfWork& unit, TypeVersion const& version);
// The highest number in use; 0 if there is none.
[[nodiscard]] int highest_type_version(UnitOfWork& unit, std::string_view type);
// The version that the agency opens new cases under; nothing: the one compiled in.
[[nodiscard]] std::optional<int> accepted_type_version(UnitOfWork& unit,
                                                       std::string_view type,
                                                       std::string_view agency);

struct AcceptedVersion {
    std::string type;
    int version = 0;
};
[[nodiscard]] std::vector<AcceptedVersion> accepted_type_versions(UnitOfWork& unit,
                                                                  std::string_view agency);

// Where values go that do not stay as they are; `to` empty: they end.
struct MovedField {
    std::string object;
    std::string from;
    std::string to;
    std::string group;
};
struct MovedState {
    std::string object;
    std::string from;
    std::string to;
};
void move_case_version(UnitOfWork& unit,
                       LinkedCase& file,
                       int to_version,
                       std::vector<MovedState> const& states,
                       std::vector<MovedField> const& fields,
                       std::string_view by);

}  // namespace rastro::storage
