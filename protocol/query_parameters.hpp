// The query parameters of every operation, once: the pipeline refuses others, and the OpenAPI
// document describes these.
#pragma once

#include <span>
#include <string_view>

namespace rastro::protocol {

struct QueryParameter {
    std::string_view name;
    std::string_view schema;  // JSON text; "#/components/schemas/..." is a code list or text kind
    std::string_view description;
};

// Empty for an operation that takes none.
[[nodiscard]] std::span<QueryParameter const> query_parameter_table(
    std::string_view operation) noexcept;
// Their names, for parse_query().
[[nodiscard]] std::span<std::string_view const> query_parameters(std::string_view operation);

}  // namespace rastro::protocol
