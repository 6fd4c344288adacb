#include "protocol/object_reader.hpp"

#include <algorithm>
#include <boost/json/string.hpp>
#include <charconv>

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::protocol {

namespace json = boost::json;

namespace {

std::string number_text(double value) {
    std::array<char, 32> buffer{};
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

// Notes what is wrong with a text; true if nothing is.
bool check_text(std::string_view text, TextRule rule, Place const& place, Violations& violations) {
    auto const points = count_code_points(text);
    if (points < rule.min) {
        violations.add(place.pointer(), "too_short", {std::to_string(rule.min)});
        return false;
    }
    if (points > rule.max) {
        violations.add(place.pointer(), "too_long", {std::to_string(rule.max)});
        return false;
    }
    if (!is_of_kind(rule.kind, text)) {
        violations.add(place.pointer(), violation_of(rule.kind));
        return false;
    }
    return true;
}

}  // namespace

ObjectReader::ObjectReader(json::value const& value,
                           Place place,
                           Violations& violations,
                           Nulls nulls)
    : object_(value.if_object()), place_(place), violations_(violations), nulls_(nulls) {
    if (object_ == nullptr) {
        violations_.add(place_.pointer(), "wrong_type", {"object"});
        return;
    }
    asked_.reserve(32);
}

bool ObjectReader::has(std::string_view name) const noexcept {
    if (object_ == nullptr) {
        return false;
    }
    auto const* value = object_->if_contains({name.data(), name.size()});
    return value != nullptr && !(value->is_null() && nulls_ == Nulls::absent);
}

json::value const* ObjectReader::take(std::string_view name) {
    if (object_ == nullptr) {
        return nullptr;
    }
    asked_.push_back(name);
    auto const* value = object_->if_contains({name.data(), name.size()});
    found_ += value != nullptr ? 1U : 0U;
    return value != nullptr && value->is_null() && nulls_ == Nulls::absent ? nullptr : value;
}

json::value const* ObjectReader::require(std::string_view name, bool required) {
    auto const* value = take(name);
    if (value == nullptr && required && object_ != nullptr) {
        violate(name, "missing_member");
    }
    return value;
}

void ObjectReader::wrong_type(std::string_view name, std::string_view expected) {
    violate(name, "wrong_type", {std::string(expected)});
}

json::string const* ObjectReader::known_text(std::string_view name, bool required) {
    auto const* value = require(name, required);
    if (value == nullptr) {
        return nullptr;
    }
    auto const* text = value->if_string();
    if (text == nullptr) {
        wrong_type(name, "string");
    }
    return text;
}

json::array const* ObjectReader::known_array(std::string_view name, ItemCount count) {
    auto const* value = require(name, count.min > 0);
    if (value == nullptr) {
        return nullptr;
    }
    auto const* items = value->if_array();
    if (items == nullptr) {
        wrong_type(name, "array");
    } else if (items->size() > count.max) {
        violate(name, "too_many_items", {std::to_string(count.max)});
        return nullptr;
    } else if (items->size() < count.min) {
        violate(name, "too_few_items", {std::to_string(count.min)});
    }
    return items;
}

std::string ObjectReader::checked_text(std::string_view name, TextRule rule, bool required) {
    auto const* found = known_text(name, required);
    if (found == nullptr) {
        return {};
    }
    std::string_view const text(found->data(), found->size());
    return check_text(text, rule, Place(&place_, name), violations_) ? std::string(text)
                                                                     : std::string();
}

std::string ObjectReader::text(std::string_view name, TextRule rule) {
    return checked_text(name, rule, true);
}

std::string ObjectReader::optional_text(std::string_view name, TextRule rule) {
    return checked_text(name, rule, false);
}

Date ObjectReader::date(std::string_view name) {
    return parse_iso_date(text(name, kDate)).value_or(Date{});
}

std::optional<Date> ObjectReader::optional_date(std::string_view name) {
    return parse_iso_date(optional_text(name, kDate));
}

std::optional<std::int64_t> ObjectReader::checked_integer(std::string_view name,
                                                          std::int64_t min,
                                                          std::int64_t max,
                                                          bool required) {
    auto const* value = require(name, required);
    if (value == nullptr) {
        return std::nullopt;
    }
    auto const* number = value->if_int64();
    if (number == nullptr && !value->is_uint64()) {
        wrong_type(name, "integer");
        return std::nullopt;
    }
    if (number == nullptr || *number < min || *number > max) {
        violate(name, "out_of_range", {std::to_string(min), std::to_string(max)});
        return std::nullopt;
    }
    return *number;
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    return checked_integer(name, min, max, true).value_or(min);
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view name,
                                                           std::int64_t min,
                                                           std::int64_t max) {
    return checked_integer(name, min, max, false);
}

std::optional<double> ObjectReader::optional_number(std::string_view name, double min, double max) {
    auto const* value = require(name, false);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number()) {
        wrong_type(name, "number");
        return std::nullopt;
    }
    auto const number = value->is_double()  ? value->get_double()
                        : value->is_int64() ? static_cast<double>(value->get_int64())
                                            : static_cast<double>(value->get_uint64());
    if (!(number >= min && number <= max)) {
        violate(name, "out_of_range", {number_text(min), number_text(max)});
        return std::nullopt;
    }
    return number;
}

std::optional<bool> ObjectReader::optional_boolean(std::string_view name) {
    auto const* value = require(name, false);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_bool()) {
        wrong_type(name, "boolean");
        return std::nullopt;
    }
    return value->get_bool();
}

bool ObjectReader::boolean_or(std::string_view name, bool fallback) {
    return optional_boolean(name).value_or(fallback);
}

bool ObjectReader::boolean(std::string_view name) {
    if (object_ != nullptr && !has(name)) {
        violate(name, "missing_member");
    }
    return boolean_or(name, false);
}

std::string ObjectReader::checked_listed(std::string_view name,
                                         std::span<std::string_view const> codes,
                                         bool required) {
    auto const* text = known_text(name, required);
    if (text == nullptr) {
        return {};
    }
    std::string_view const code(text->data(), text->size());
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
        violate(name, "not_in_list");
        return {};
    }
    return std::string(code);
}

std::string ObjectReader::listed(std::string_view name, std::span<std::string_view const> codes) {
    return checked_listed(name, codes, true);
}

std::string ObjectReader::optional_listed(std::string_view name,
                                          std::span<std::string_view const> codes) {
    return checked_listed(name, codes, false);
}

std::vector<std::string> ObjectReader::texts(std::string_view name,
                                             ItemCount count,
                                             TextRule rule) {
    std::vector<std::string> values;
    each_text(name, count, [&](std::string_view item, Place const& place) {
        if (check_text(item, rule, place, violations_)) {
            values.emplace_back(item);
        }
    });
    return values;
}

std::vector<std::string> ObjectReader::listed_set(std::string_view name,
                                                  ItemCount count,
                                                  std::span<std::string_view const> listed) {
    std::vector<std::string> values;
    each_text(name, count, [&](std::string_view item, Place const& place) {
        if (std::find(listed.begin(), listed.end(), item) == listed.end()) {
            violations_.add(place.pointer(), "not_in_list");
        } else if (std::find(values.begin(), values.end(), item) != values.end()) {
            violations_.add(place.pointer(), "repeated_item");
        } else {
            values.emplace_back(item);
        }
    });
    return values;
}

void ObjectReader::finish() {
    if (object_ == nullptr || found_ == object_->size()) {
        return;
    }
    for (auto const& member : *object_) {
        std::string_view const name(member.key().data(), member.key().size());
        if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
            violations_.add(place_.pointer_to(name), "unknown_member");
        }
    }
}

}  // namespace rastro::protocol
