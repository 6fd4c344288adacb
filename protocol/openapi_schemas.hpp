// The schemas of all messages (JSON Schema 2020-12), read from protocol/schemas/*.json. On top of
// that language the files use two members, which are resolved here and never sent:
//   "x-members": ["Content"]   the properties and required names of that entry of "members" are
//                              part of this object: a reply and a request may share them although
//                              both are closed (additionalProperties false)
//   "x-merge-patch": true      RFC 7396: every property, also of the objects below, may be null;
//                              nothing is required
#pragma once

#include <boost/json/object.hpp>

namespace rastro::protocol {

// Name -> schema, the code lists (openapi_codes) included. Built once; throws std::logic_error,
// saying where, if the files do not fit together.
[[nodiscard]] boost::json::object const& message_schemas();

}  // namespace rastro::protocol
