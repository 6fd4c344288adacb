// Versions of case types that agencies load, and the move of a case to another version, as
// messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/linked/version_mapping.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::protocol {

// `definition` is any JSON object; read_case_type() says what it has to be.
struct TypeVersionPropose {
    std::string definition;  // JSON
    std::string note;
};
[[nodiscard]] Outcome<TypeVersionPropose> read_type_version_propose(std::string_view body);

struct TypeVersionDecision {
    std::string decision;  // accepted, rejected, retired
};
[[nodiscard]] Outcome<TypeVersionDecision> read_type_version_decision(std::string_view body);

struct CaseMove {
    int to_version = 0;
    cases::VersionMapping mapping;
};
[[nodiscard]] Outcome<CaseMove> read_case_move(std::string_view body);

struct TypeVersionMessage {
    std::string type;
    int version = 0;
    std::string state;   // built_in, proposed, accepted, rejected, retired
    std::string sha256;  // of the definition; hexadecimal
    std::string agency;  // whose it is; empty: compiled in, like what follows
    std::string note;
    std::string proposed_by;
    std::optional<Instant> proposed_at;
    std::string decided_by;
    std::optional<Instant> decided_at;
};
[[nodiscard]] std::string write_type_version(TypeVersionMessage const& message);
[[nodiscard]] std::string write_type_versions(std::vector<TypeVersionMessage> const& items);

}  // namespace rastro::protocol
