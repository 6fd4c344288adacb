#include "cases/case_type.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<Side>, 5> kSides{{
    {Side::requester, "requester"},
    {Side::receiver, "receiver"},
    {Side::originator, "originator"},
    {Side::system, "system"},
    {Side::any, "any"},
}};

template <class Items>
auto find_named(Items const& items, std::string_view name) noexcept {
    auto const found =
        std::ranges::find_if(items, [&](auto const& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_text(Side side) noexcept {
    return code_in(kSides, side);
}

std::optional<Side> parse_side(std::string_view text) noexcept {
    return value_in(kSides, text);
}

StateDefinition const* ObjectDefinition::find_state(std::string_view state) const noexcept {
    return find_named(states, state);
}

FieldDefinition const* ObjectDefinition::find_field(std::string_view field) const noexcept {
    return find_named(fields, field);
}

ObjectDefinition const* CaseTypeDefinition::find_object(std::string_view object) const noexcept {
    return find_named(objects, object);
}

bool is_declared_case(std::string_view type_id) noexcept {
    return type_id != "trace_request" && type_id != "illicit_record";
}

LinkKind const* CaseTypeDefinition::find_link(std::string_view kind) const noexcept {
    return find_named(links, kind);
}

ClockDefinition const* CaseTypeDefinition::find_clock(std::string_view clock) const noexcept {
    return find_named(clocks, clock);
}

}  // namespace rastro::cases
