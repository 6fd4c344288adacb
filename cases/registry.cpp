#include "cases/registry.hpp"

namespace rastro::cases {

Outcome<CaseTypeDefinition const*> CaseTypeRegistry::add(CaseTypeDefinition definition,
                                                         KnownNames const& known) {
    auto const faults = check_definition(definition, known);
    if (!faults.empty()) {
        Problem problem(ProblemCode::validation_failed,
                        "case type '" + definition.id + "' cannot be used: " + faults[0].path +
                            ": " + faults[0].message);
        for (auto const& fault : faults) {
            problem.add({fault.path, "definition", {fault.message}});
        }
        return problem;
    }
    auto& versions = types_[definition.id];
    auto const version = definition.version;
    if (versions.contains(version)) {
        return Problem(ProblemCode::duplicate,
                       "case type '" + definition.id + "' version " + std::to_string(version) +
                           " is already there");
    }
    auto const added = versions.emplace(version, std::move(definition)).first;
    return &added->second;
}

CaseTypeDefinition const* CaseTypeRegistry::find(std::string_view id, int version) const noexcept {
    auto const type = types_.find(id);
    if (type == types_.end()) {
        return nullptr;
    }
    auto const found = type->second.find(version);
    return found == type->second.end() ? nullptr : &found->second;
}

CaseTypeDefinition const* CaseTypeRegistry::newest(std::string_view id) const noexcept {
    auto const type = types_.find(id);
    return type == types_.end() ? nullptr : &type->second.rbegin()->second;
}

std::vector<CaseTypeDefinition const*> CaseTypeRegistry::all() const {
    std::vector<CaseTypeDefinition const*> found;
    for (auto const& [id, versions] : types_) {
        for (auto const& [version, definition] : versions) {
            found.push_back(&definition);
        }
    }
    return found;
}

}  // namespace rastro::cases
