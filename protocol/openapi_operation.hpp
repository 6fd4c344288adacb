// One operation of the OpenAPI document. Private to protocol/openapi*.cpp.
#pragma once

#include <boost/json/object.hpp>

#include "protocol/endpoints.hpp"

namespace rastro::protocol {

[[nodiscard]] boost::json::object openapi_operation(Endpoint const& endpoint);
// Responses, header fields and parameters that many operations refer to.
[[nodiscard]] boost::json::object openapi_responses();
[[nodiscard]] boost::json::object openapi_headers();
[[nodiscard]] boost::json::object openapi_parameters();

}  // namespace rastro::protocol
