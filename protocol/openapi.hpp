// The whole interface as an OpenAPI 3.1 document, generated from the endpoint table, the message
// schemas, the query parameters and the permission table. Extensions: x-rastro-permission (who may,
// rule by rule; cases/permissions.csv), x-rastro-audit (the action that the audit record names, or
// "none"), x-rastro-idempotency, x-rastro-problems (kinds of problem by status), x-rastro-messages
// (what a WebSocket sends).
#pragma once

#include <string>

namespace rastro::protocol {

// JSON text; built on first use, then the same. Throws std::logic_error if its parts do not fit
// together.
[[nodiscard]] std::string const& openapi_document();

}  // namespace rastro::protocol
