// The case types that this server knows, by id and version. A case keeps the version it was begun
// with, so old versions stay.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/case_type.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

class CaseTypeRegistry {
 public:
    // Refuses with validation_failed and every fault as a violation (code "definition", the message
    // as parameter) if check_definition() finds any, with `duplicate` if id and version are there.
    // The pointer stays valid as long as the registry.
    [[nodiscard]] Outcome<CaseTypeDefinition const*> add(CaseTypeDefinition definition,
                                                         KnownNames const& known);

    [[nodiscard]] CaseTypeDefinition const* find(std::string_view id, int version) const noexcept;
    // The newest version, for new cases; null if the id is unknown.
    [[nodiscard]] CaseTypeDefinition const* newest(std::string_view id) const noexcept;
    [[nodiscard]] std::vector<CaseTypeDefinition const*> all() const;

 private:
    std::map<std::string, std::map<int, CaseTypeDefinition>, std::less<>> types_;
};

}  // namespace rastro::cases
