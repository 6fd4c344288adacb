#include "server/case_types.hpp"

#include "cases/linked/known_names.hpp"
#include "cases/linked/own_version.hpp"
#include "common/log.hpp"
#include "protocol/case_type_json.hpp"
#include "storage/type_version_repo.hpp"

namespace rastro::server {

cases::CaseTypeDefinition const* CaseTypes::find(std::string_view type, int version) const {
    if (version < cases::kFirstOwnVersion) {
        return built_in_.find(type, version);
    }
    std::shared_lock const lock(mutex_);
    return own_.find(type, version);
}

Outcome<cases::CaseTypeDefinition const*> CaseTypes::load(storage::UnitOfWork& unit,
                                                          std::string_view type,
                                                          int version) {
    auto const* known = find(type, version);
    if (known != nullptr || version < cases::kFirstOwnVersion) {
        return known;
    }
    auto const stored = storage::find_type_version(unit, type, version, storage::Lock::none);
    auto const* base = built_in_.newest(type);
    if (!stored || base == nullptr) {
        return nullptr;
    }
    auto definition = protocol::read_case_type(stored->definition);
    std::unique_lock const lock(mutex_);
    if (auto const* meanwhile = own_.find(type, version)) {
        return meanwhile;
    }
    auto const added = definition ? own_.add(std::move(*definition), cases::linked_known_names())
                                  : Outcome<cases::CaseTypeDefinition const*>(definition.error());
    if (!added) {
        log::error("case_type_unusable", {{"type", std::string(type)}, {"version", version}});
        return Problem(ProblemCode::internal_error, "a case type cannot be used by this server");
    }
    return *added;
}

Outcome<cases::CaseTypeDefinition const*> CaseTypes::for_new_case(storage::UnitOfWork& unit,
                                                                  std::string_view type,
                                                                  std::string_view agency) {
    auto const own = storage::accepted_type_version(unit, type, agency);
    return own ? load(unit, type, *own) : Outcome<cases::CaseTypeDefinition const*>(newest(type));
}

}  // namespace rastro::server
