// Typed reading of one JSON object. Each member is asked for by name, kind and bounds; what does
// not fit is noted with its JSON Pointer and reading goes on with an empty value, so that one pass
// tells all faults. Whoever reads must not act on the values before the violations are known to be
// empty: read_body() sees to that.
//
// JSON null is a value of the wrong type, not an absent member. A member must be asked for once;
// what was not asked for is unknown (finish()). Names must be string literals: they are kept by
// reference.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/clock.hpp"
#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/text_rules.hpp"

namespace rastro::protocol {

struct ItemCount {
    std::size_t max = 100;
    std::size_t min = 0;
};

class ObjectReader {
 public:
    // A value that is no object is noted; then every member reads as absent without further notes.
    // In a merge patch (RFC 7396) null means "remove": such members read as absent, also in nested
    // objects, but not in objects of arrays, which a patch replaces as a whole.
    enum class Nulls : bool { refused, absent };
    ObjectReader(boost::json::value const& value,
                 Place place,
                 Violations& violations,
                 Nulls nulls = Nulls::refused);

    [[nodiscard]] bool has(std::string_view name) const noexcept;
    [[nodiscard]] Place const& place() const noexcept { return place_; }
    [[nodiscard]] Violations& violations() noexcept { return violations_; }
    void violate(std::string_view member,
                 std::string_view code,
                 std::vector<std::string> params = {}) {
        violations_.add(place_.pointer_to(member), code, std::move(params));
    }

    // Text; optional text that is absent reads as "".
    [[nodiscard]] std::string text(std::string_view name, TextRule rule);
    [[nodiscard]] std::string optional_text(std::string_view name, TextRule rule);
    // Calendar date, UTC instant.
    [[nodiscard]] std::optional<Date> optional_date(std::string_view name);
    [[nodiscard]] Date date(std::string_view name);
    // Uuid with a strong type, as case_id.
    template <class IdType>
    [[nodiscard]] IdType id(std::string_view name) {
        return IdType::parse(text(name, kUuid)).value_or(IdType{});
    }
    template <class IdType>
    [[nodiscard]] std::optional<IdType> optional_id(std::string_view name) {
        auto const read = optional_text(name, kUuid);
        return read.empty() ? std::nullopt : IdType::parse(read);
    }

    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view name,
                                                               std::int64_t min,
                                                               std::int64_t max);
    [[nodiscard]] std::optional<double> optional_number(std::string_view name,
                                                        double min,
                                                        double max);
    [[nodiscard]] bool boolean(std::string_view name);
    [[nodiscard]] bool boolean_or(std::string_view name, bool fallback);
    [[nodiscard]] std::optional<bool> optional_boolean(std::string_view name);

    // A code of a closed list. `from` turns text into std::optional<Enum>.
    template <class From>
    [[nodiscard]] auto code(std::string_view name, From from) {
        using Value = typename std::invoke_result_t<From, std::string_view>::value_type;
        auto const* text = known_text(name, true);
        return text == nullptr ? Value{} : checked_code(name, *text, from).value_or(Value{});
    }
    template <class From>
    [[nodiscard]] auto optional_code(std::string_view name, From from)
        -> std::invoke_result_t<From, std::string_view> {
        auto const* text = known_text(name, false);
        if (text == nullptr) {
            return std::nullopt;
        }
        return checked_code(name, *text, from);
    }
    // A code of a list given as text.
    [[nodiscard]] std::string listed(std::string_view name,
                                     std::span<std::string_view const> codes);
    [[nodiscard]] std::string optional_listed(std::string_view name,
                                              std::span<std::string_view const> codes);

    // Arrays. Absent reads as empty; a minimum above 0 makes the member required.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name,
                                                 ItemCount count,
                                                 TextRule rule);
    [[nodiscard]] std::vector<std::string> listed_set(std::string_view name,
                                                      ItemCount count,
                                                      std::span<std::string_view const> codes);
    // Set of codes: repeated ones are refused (repeated_item).
    template <class From>
    [[nodiscard]] auto codes(std::string_view name, ItemCount count, From from) {
        using Value = typename std::invoke_result_t<From, std::string_view>::value_type;
        std::vector<Value> values;
        each_text(name, count, [&](std::string_view item, Place const& place) {
            if (auto const value = from(item); !value) {
                violations_.add(place.pointer(), "not_in_list");
            } else if (contains(values, *value)) {
                violations_.add(place.pointer(), "repeated_item");
            } else {
                values.push_back(*value);
            }
        });
        return values;
    }
    // Array of objects; `read` makes one value of an ObjectReader&.
    template <class Read>
    [[nodiscard]] auto objects(std::string_view name, ItemCount count, Read read) {
        std::vector<std::invoke_result_t<Read, ObjectReader&>> values;
        auto const* items = known_array(name, count);
        if (items != nullptr) {
            Place const here(&place_, name);
            values.reserve(items->size());
            for (std::size_t i = 0; i < items->size(); ++i) {
                ObjectReader item((*items)[i], Place(&here, i), violations_);
                values.push_back(read(item));
                item.finish();
            }
        }
        return values;
    }

    // Nested objects.
    template <class Read>
    [[nodiscard]] auto object(std::string_view name, Read read)
        -> std::invoke_result_t<Read, ObjectReader&> {
        using Value = std::invoke_result_t<Read, ObjectReader&>;
        return optional_or_required(name, read, true).value_or(Value{});
    }
    template <class Read>
    [[nodiscard]] auto optional_object(std::string_view name, Read read) {
        return optional_or_required(name, read, false);
    }

    // Any JSON value, unchecked; null pointer if absent.
    [[nodiscard]] boost::json::value const* any(std::string_view name) { return take(name); }

    // Notes every member that was not asked for.
    void finish();

 private:
    [[nodiscard]] boost::json::value const* take(std::string_view name);
    [[nodiscard]] boost::json::value const* require(std::string_view name, bool required);
    [[nodiscard]] boost::json::string const* known_text(std::string_view name, bool required);
    [[nodiscard]] boost::json::array const* known_array(std::string_view name, ItemCount count);
    [[nodiscard]] std::string checked_text(std::string_view name, TextRule rule, bool required);
    [[nodiscard]] std::string checked_listed(std::string_view name,
                                             std::span<std::string_view const> codes,
                                             bool required);
    [[nodiscard]] std::optional<std::int64_t> checked_integer(std::string_view name,
                                                              std::int64_t min,
                                                              std::int64_t max,
                                                              bool required);
    void wrong_type(std::string_view name, std::string_view expected);

    template <class From>
    auto checked_code(std::string_view name, boost::json::string const& text, From from) {
        auto value = from(std::string_view(text.data(), text.size()));
        if (!value) {
            violate(name, "not_in_list");
        }
        return value;
    }
    template <class Value>
    static bool contains(std::vector<Value> const& values, Value const& value) {
        for (auto const& other : values) {
            if (other == value) {
                return true;
            }
        }
        return false;
    }
    template <class Visit>
    void each_text(std::string_view name, ItemCount count, Visit visit) {
        auto const* items = known_array(name, count);
        if (items == nullptr) {
            return;
        }
        Place const here(&place_, name);
        for (std::size_t i = 0; i < items->size(); ++i) {
            Place const place(&here, i);
            if (auto const* text = (*items)[i].if_string()) {
                visit(std::string_view(text->data(), text->size()), place);
            } else {
                violations_.add(place.pointer(), "wrong_type", {"string"});
            }
        }
    }
    template <class Read>
    auto optional_or_required(std::string_view name, Read& read, bool required)
        -> std::optional<std::invoke_result_t<Read, ObjectReader&>> {
        auto const* value = require(name, required);
        if (value == nullptr) {
            return std::nullopt;
        }
        ObjectReader inner(*value, Place(&place_, name), violations_, nulls_);
        auto result = read(inner);
        inner.finish();
        return result;
    }

    boost::json::object const* object_ = nullptr;
    Place place_;
    Violations& violations_;
    Nulls nulls_ = Nulls::refused;
    std::size_t found_ = 0;
    std::vector<std::string_view> asked_;
};

// Reads a whole body: malformed_json if it is not JSON, validation_failed with every violation if
// something does not fit, else the value that `read(ObjectReader&)` made.
template <class Read>
[[nodiscard]] auto read_body(std::string_view body,
                             Read read,
                             ObjectReader::Nulls nulls = ObjectReader::Nulls::refused)
    -> Outcome<std::invoke_result_t<Read, ObjectReader&>> {
    JsonBody text(body);
    if (text.fault()) {
        return *text.fault();
    }
    ObjectReader reader(text.root(), Place(), text.violations(), nulls);
    auto value = read(reader);
    reader.finish();
    if (!text.violations().empty()) {
        return text.violations().take_problem();
    }
    return value;
}

}  // namespace rastro::protocol
