// The firearm description on the wire: member names and bounds of cases/trace/firearm. Schema
// "FirearmDescription".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/firearm.hpp"
#include "common/clock.hpp"
#include "common/outcome.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

// Form only: the rules between members are validate(FirearmDescription).
[[nodiscard]] cases::FirearmDescription read_firearm_members(ObjectReader& reader);
// Members without the braces; empty ones are left out.
void write_firearm_members(JsonWriter& json, cases::FirearmDescription const& firearm);

// Body of POST .../descriptions: a description and why it is stated anew.
struct FirearmDescriptionMessage {
    cases::FirearmDescription firearm;
    std::string change_reason;
};
// Form and validate() in stage draft, all violations at once.
[[nodiscard]] Outcome<FirearmDescriptionMessage> read_firearm_description(std::string_view body);

struct DescriptionVersionMessage {
    int version = 1;
    std::string stated_by;
    Instant stated_at{};
    std::string change_reason;
    cases::FirearmDescription firearm;
};
[[nodiscard]] std::string write_descriptions(
    std::vector<DescriptionVersionMessage> const& versions);

}  // namespace rastro::protocol
