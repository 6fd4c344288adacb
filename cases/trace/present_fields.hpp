// Which fields of the trace request's definition (cases/types/trace_request.json) a content holds:
// what decide() needs to know to refuse a submission that lacks a required one.
#pragma once

#include <set>
#include <string>

#include "cases/trace/request.hpp"

namespace rastro::cases {

// Names as in the definition: "legal_basis", "firearm.serial_raw", "recovery.country". Text counts
// as present when it is not blank; flags and codes with a default always do.
[[nodiscard]] std::set<std::string, std::less<>> present_fields(TraceRequestContent const& content);

}  // namespace rastro::cases
