#include "protocol/patch_text.hpp"

#include "common/text.hpp"

namespace rastro::protocol {

std::optional<std::string> read_patch_text(ObjectReader& reader,
                                           std::string_view name,
                                           TextRule rule) {
    auto const* value = reader.any(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->is_null()) {
        return "";
    }
    auto const* string = value->if_string();
    if (string == nullptr) {
        reader.violate(name, "wrong_type", {"string"});
        return std::nullopt;
    }
    std::string_view const text(string->data(), string->size());
    auto const length = count_code_points(text);
    if (length < rule.min) {
        reader.violate(name, "too_short", {std::to_string(rule.min)});
    } else if (length > rule.max) {
        reader.violate(name, "too_long", {std::to_string(rule.max)});
    } else if (!is_of_kind(rule.kind, text)) {
        reader.violate(name, violation_of(rule.kind));
    }
    return std::string(text);
}

}  // namespace rastro::protocol
