// A JSON object from its members. Boost.JSON's own brace lists take {"a", "b"} for a pair of
// iterators in some places. Private to protocol/openapi*.cpp.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace rastro::protocol {

class JsonMember {
 public:
    JsonMember(std::string_view name, std::string_view text)
        : name_(name), value_(boost::json::string(text)) {}
    JsonMember(std::string_view name, char const* text)
        : JsonMember(name, std::string_view(text)) {}
    JsonMember(std::string_view name, std::string const& text)
        : JsonMember(name, std::string_view(text)) {}
    JsonMember(std::string_view name, bool value) : name_(name), value_(value) {}
    JsonMember(std::string_view name, boost::json::array value)
        : name_(name), value_(std::move(value)) {}
    JsonMember(std::string_view name, boost::json::object value)
        : name_(name), value_(std::move(value)) {}
    JsonMember(std::string_view name, boost::json::value value)
        : name_(name), value_(std::move(value)) {}

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] boost::json::value const& value() const noexcept { return value_; }

 private:
    std::string_view name_;
    boost::json::value value_;
};

[[nodiscard]] inline boost::json::object object_of(std::initializer_list<JsonMember> members) {
    boost::json::object object;
    for (auto const& member : members) {
        object[member.name()] = member.value();
    }
    return object;
}

}  // namespace rastro::protocol
