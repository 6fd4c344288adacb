// A small strict validator for JSON Schema 2020-12: the keywords that the project's own schemas
// use. A keyword, type or format that it does not know is an error of the schema, so that nothing
// is believed to be checked that is not.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::test {

class SchemaCheck {
 public:
    // References are of the form "#/components/schemas/NAME" and looked up in `schemas`, which must
    // outlive this object.
    explicit SchemaCheck(boost::json::object const& schemas) : schemas_(schemas) {}

    // "POINTER: what is wrong", empty if valid. Throws std::logic_error for a schema that cannot be
    // used.
    [[nodiscard]] std::vector<std::string> faults(std::string_view name,
                                                  boost::json::value const& value) const;
    [[nodiscard]] std::vector<std::string> faults(boost::json::object const& schema,
                                                  boost::json::value const& value) const;
    // The schema behind a reference, else the schema itself.
    [[nodiscard]] boost::json::object const& resolved(boost::json::object const& schema) const;
    [[nodiscard]] boost::json::object const& named(std::string_view name) const;
    // Throws unless every keyword of every schema is known and every reference leads somewhere.
    void check_schemas() const;

 private:
    void check_schema(boost::json::object const& schema, std::string const& where) const;
    boost::json::object const& schemas_;
};

}  // namespace rastro::test
