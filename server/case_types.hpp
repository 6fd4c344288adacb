// The case types that this server knows: those compiled in, and versions that agencies loaded, read
// from the database when a case first needs one. What was found stays: definitions never change.
// Thread-safe.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "cases/registry.hpp"
#include "storage/db/unit_of_work.hpp"

namespace rastro::server {

class CaseTypes {
 public:
    explicit CaseTypes(cases::CaseTypeRegistry built_in) : built_in_(std::move(built_in)) {}

    // Null if the version is unknown, or an agency's that no load() has read yet.
    [[nodiscard]] cases::CaseTypeDefinition const* find(std::string_view type, int version) const;
    // The newest version compiled in.
    [[nodiscard]] cases::CaseTypeDefinition const* newest(std::string_view type) const noexcept {
        return built_in_.newest(type);
    }
    [[nodiscard]] std::vector<cases::CaseTypeDefinition const*> built_in() const {
        return built_in_.all();
    }

    // As find(); an agency's version is read from the database if need be. Null if there is none;
    // internal_error, told in the log, if this program can no longer run what is stored.
    [[nodiscard]] Outcome<cases::CaseTypeDefinition const*> load(storage::UnitOfWork& unit,
                                                                 std::string_view type,
                                                                 int version);
    // What the agency opens new cases under: its own accepted version, else the newest compiled in.
    // Null if the type is unknown.
    [[nodiscard]] Outcome<cases::CaseTypeDefinition const*> for_new_case(storage::UnitOfWork& unit,
                                                                         std::string_view type,
                                                                         std::string_view agency);

 private:
    cases::CaseTypeRegistry const built_in_;
    mutable std::shared_mutex mutex_;
    cases::CaseTypeRegistry own_;  // guarded by mutex_; entries stay where they are
};

}  // namespace rastro::server
