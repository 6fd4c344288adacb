#include "tests/support/schema_check.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "common/ids.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"
#include "protocol/text_rules.hpp"

namespace rastro::test {

namespace {

namespace json = boost::json;

constexpr std::string_view kPlace = "#/components/schemas/";

std::string text_of(json::string_view text) {
    return {text.data(), text.size()};
}

bool matches(std::string const& pattern, std::string const& text) {
    static std::map<std::string, std::unique_ptr<RE2>> compiled;
    auto& known = compiled[pattern];
    if (!known) {
        known = std::make_unique<RE2>(pattern);
        if (!known->ok()) {
            throw std::logic_error("pattern " + pattern + ": " + known->error());
        }
    }
    return RE2::PartialMatch(text, *known);
}

bool is_of_type(json::value const& value, std::string_view type) {
    if (type == "object") {
        return value.is_object();
    }
    if (type == "array") {
        return value.is_array();
    }
    if (type == "string") {
        return value.is_string();
    }
    if (type == "boolean") {
        return value.is_bool();
    }
    if (type == "integer") {
        return value.is_int64() || value.is_uint64();
    }
    if (type == "number") {
        return value.is_number();
    }
    if (type == "null") {
        return value.is_null();
    }
    throw std::logic_error("unknown type " + std::string(type));
}

// One type, or a list of types.
bool is_of_one(json::value const& types, json::value const& value) {
    if (types.is_string()) {
        return is_of_type(value, text_of(types.get_string()));
    }
    return std::ranges::any_of(types.as_array(), [&](auto const& type) {
        return is_of_type(value, text_of(type.as_string()));
    });
}

bool is_of_format(std::string const& text, std::string_view format) {
    if (format == "date") {
        return parse_iso_date(text).has_value();
    }
    if (format == "date-time") {
        return parse_rfc3339(text).has_value();
    }
    if (format == "uuid") {
        return Uuid::parse(text).has_value();
    }
    if (format == "email") {
        return protocol::is_of_kind(protocol::TextKind::email, text);
    }
    throw std::logic_error("unknown format " + std::string(format));
}

double number_of(json::value const& value) {
    return value.is_double()  ? value.get_double()
           : value.is_int64() ? static_cast<double>(value.get_int64())
                              : static_cast<double>(value.get_uint64());
}

std::size_t size_of(json::value const& value) {
    return static_cast<std::size_t>(value.as_int64());
}

// One value against one schema; what is wrong goes into `faults`.
class Pass {
 public:
    Pass(SchemaCheck const& check, std::vector<std::string>& faults)
        : check_(check), faults_(faults) {}

    void run(json::object const& schema, json::value const& value, std::string const& at) {
        if (schema.contains("$ref")) {
            run(check_.resolved(schema), value, at);
        }
        if (auto const* type = schema.if_contains("type")) {
            if (!is_of_one(*type, value)) {
                fault(at, "is not of type " + json::serialize(*type));
                return;
            }
        }
        choices(schema, value, at);
        if (auto const* text = value.if_string()) {
            string(schema, text_of(*text), at);
        } else if (value.is_number()) {
            number(schema, number_of(value), at);
        } else if (auto const* items = value.if_array()) {
            array(schema, *items, at);
        } else if (auto const* members = value.if_object()) {
            object(schema, *members, at);
        }
    }

 private:
    void fault(std::string const& at, std::string const& what) {
        faults_.push_back((at.empty() ? "/" : at) + ": " + what);
    }

    std::size_t fitting(json::value const& alternatives, json::value const& value) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(alternatives.as_array(), [&](auto const& alternative) {
                return check_.faults(alternative.as_object(), value).empty();
            }));
    }

    void choices(json::object const& schema, json::value const& value, std::string const& at) {
        if (auto const* listed = schema.if_contains("enum")) {
            if (std::ranges::find(listed->as_array(), value) == listed->as_array().end()) {
                fault(at, "is not in the list");
            }
        }
        if (auto const* only = schema.if_contains("const"); only != nullptr && *only != value) {
            fault(at, "is not " + json::serialize(*only));
        }
        if (auto const* any = schema.if_contains("anyOf");
            any != nullptr && fitting(*any, value) == 0) {
            fault(at, "fits none of the alternatives");
        }
        if (auto const* one = schema.if_contains("oneOf");
            one != nullptr && fitting(*one, value) != 1) {
            fault(at, "does not fit exactly one of the alternatives");
        }
        if (auto const* no = schema.if_contains("not");
            no != nullptr && check_.faults(no->as_object(), value).empty()) {
            fault(at, "fits what it must not fit");
        }
    }

    void string(json::object const& schema, std::string const& text, std::string const& at) {
        auto const length = count_code_points(text);
        if (auto const* least = schema.if_contains("minLength");
            least != nullptr && length < size_of(*least)) {
            fault(at, "is too short");
        }
        if (auto const* most = schema.if_contains("maxLength");
            most != nullptr && length > size_of(*most)) {
            fault(at, "is too long");
        }
        if (auto const* pattern = schema.if_contains("pattern");
            pattern != nullptr && !matches(text_of(pattern->as_string()), text)) {
            fault(at, "does not match " + text_of(pattern->as_string()));
        }
        if (auto const* format = schema.if_contains("format");
            format != nullptr && !is_of_format(text, text_of(format->as_string()))) {
            fault(at, "is no " + text_of(format->as_string()));
        }
    }

    void number(json::object const& schema, double value, std::string const& at) {
        auto const* least = schema.if_contains("minimum");
        auto const* most = schema.if_contains("maximum");
        if ((least != nullptr && value < number_of(*least)) ||
            (most != nullptr && value > number_of(*most))) {
            fault(at, "is out of range");
        }
    }

    void array(json::object const& schema, json::array const& items, std::string const& at) {
        if (auto const* least = schema.if_contains("minItems");
            least != nullptr && items.size() < size_of(*least)) {
            fault(at, "has too few items");
        }
        if (auto const* most = schema.if_contains("maxItems");
            most != nullptr && items.size() > size_of(*most)) {
            fault(at, "has too many items");
        }
        if (schema.contains("uniqueItems")) {
            std::set<std::string> seen;
            for (auto const& item : items) {
                if (!seen.insert(json::serialize(item)).second) {
                    fault(at, "repeats an item");
                }
            }
        }
        if (auto const* each = schema.if_contains("items")) {
            for (std::size_t i = 0; i < items.size(); ++i) {
                run(each->as_object(), items[i], at + "/" + std::to_string(i));
            }
        }
    }

    void object(json::object const& schema, json::object const& members, std::string const& at) {
        if (auto const* required = schema.if_contains("required")) {
            for (auto const& name : required->as_array()) {
                if (!members.contains(name.as_string())) {
                    fault(at, "lacks " + text_of(name.as_string()));
                }
            }
        }
        auto const* properties = schema.if_contains("properties");
        auto const* others = schema.if_contains("additionalProperties");
        for (auto const& member : members) {
            auto const place = at + "/" + text_of(member.key());
            auto const* known =
                properties == nullptr ? nullptr : properties->as_object().if_contains(member.key());
            if (known != nullptr) {
                run(known->as_object(), member.value(), place);
            } else if (others != nullptr && others->is_object()) {
                run(others->as_object(), member.value(), place);
            } else if (others != nullptr && !others->as_bool()) {
                fault(place, "is unknown");
            }
        }
    }

    SchemaCheck const& check_;
    std::vector<std::string>& faults_;
};

// Keywords whose value is a schema, a list of schemas, schemas by name, or none of these.
constexpr std::array<std::string_view, 2> kOneSchema{"items", "not"};
constexpr std::array<std::string_view, 2> kManySchemas{"anyOf", "oneOf"};
constexpr std::array<std::string_view, 17> kPlain{"$ref",
                                                  "type",
                                                  "enum",
                                                  "const",
                                                  "minLength",
                                                  "maxLength",
                                                  "pattern",
                                                  "format",
                                                  "minimum",
                                                  "maximum",
                                                  "minItems",
                                                  "maxItems",
                                                  "required",
                                                  "default",
                                                  "description",
                                                  "uniqueItems",
                                                  "contentMediaType"};

template <std::size_t Count>
bool is_in(std::array<std::string_view, Count> const& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

json::object const& SchemaCheck::named(std::string_view name) const {
    auto const* found = schemas_.if_contains({name.data(), name.size()});
    if (found == nullptr) {
        throw std::logic_error("no schema " + std::string(name));
    }
    return found->as_object();
}

json::object const& SchemaCheck::resolved(json::object const& schema) const {
    auto const* reference = schema.if_contains("$ref");
    if (reference == nullptr) {
        return schema;
    }
    auto const place = text_of(reference->as_string());
    if (!place.starts_with(kPlace)) {
        throw std::logic_error("reference to elsewhere: " + place);
    }
    return resolved(named(std::string_view(place).substr(kPlace.size())));
}

std::vector<std::string> SchemaCheck::faults(std::string_view name,
                                             json::value const& value) const {
    return faults(named(name), value);
}

std::vector<std::string> SchemaCheck::faults(json::object const& schema,
                                             json::value const& value) const {
    std::vector<std::string> faults;
    Pass(*this, faults).run(schema, value, "");
    return faults;
}

void SchemaCheck::check_schema(json::object const& schema, std::string const& where) const {
    static_cast<void>(resolved(schema));
    for (auto const& keyword : schema) {
        auto const name = text_of(keyword.key());
        auto const at = where + "/" + name;
        if (name == "properties") {
            for (auto const& property : keyword.value().as_object()) {
                check_schema(property.value().as_object(), at + "/" + text_of(property.key()));
            }
        } else if (name == "additionalProperties") {
            if (keyword.value().is_object()) {
                check_schema(keyword.value().as_object(), at);
            }
        } else if (is_in(kOneSchema, name)) {
            check_schema(keyword.value().as_object(), at);
        } else if (is_in(kManySchemas, name)) {
            for (auto const& alternative : keyword.value().as_array()) {
                check_schema(alternative.as_object(), at);
            }
        } else if (!is_in(kPlain, name)) {
            throw std::logic_error(at + ": unknown keyword");
        }
    }
    auto const* properties = schema.if_contains("properties");
    if (auto const* required = schema.if_contains("required");
        required != nullptr && properties != nullptr && schema.contains("type")) {
        for (auto const& name : required->as_array()) {
            if (!properties->as_object().contains(name.as_string())) {
                throw std::logic_error(
                    where + ": requires what it does not know: " + text_of(name.as_string()));
            }
        }
    }
    // Open objects are open on purpose.
    auto const* type = schema.if_contains("type");
    if (type != nullptr && *type == "object" && !schema.contains("additionalProperties")) {
        throw std::logic_error(where + ": does not say whether other members are allowed");
    }
}

void SchemaCheck::check_schemas() const {
    for (auto const& entry : schemas_) {
        check_schema(entry.value().as_object(), text_of(entry.key()));
    }
}

}  // namespace rastro::test
