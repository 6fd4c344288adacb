// Replies of the server as people read them. Reading is lenient (a member that is not there is
// empty text), so that a newer server may say more than this program knows.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::client {

// Text of the member that a JSON Pointer (RFC 6901) names: strings as they are, numbers and
// booleans as JSON, arrays of such values joined with ", "; empty if there is none or it is null.
[[nodiscard]] std::string text_at(boost::json::value const& document, std::string_view pointer);
// Elements of the array there; none if it is no array.
[[nodiscard]] std::vector<boost::json::value const*> items_at(boost::json::value const& document,
                                                              std::string_view pointer);
[[nodiscard]] boost::json::value const* find_at(boost::json::value const& document,
                                                std::string_view pointer);

// Sets the member that a pointer of object members names, making objects on the way. Throws
// std::logic_error if something else is in the way.
void set_at(boost::json::value& document, std::string_view pointer, boost::json::value value);

// A whole document: members as "label  value" lines, objects as sections, arrays of objects as
// tables. Members whose value is null, empty or an empty container are left out.
[[nodiscard]] std::string document_text(boost::json::value const& document, std::size_t width);

struct ColumnOf {
    std::string heading;
    std::vector<std::string> pointers;  // the first that gives text is shown
};
[[nodiscard]] std::string table_of(std::vector<boost::json::value const*> const& rows,
                                   std::vector<ColumnOf> const& columns,
                                   std::size_t width);

// "2026-05-14T09:12:00.123456Z" -> "2026-05-14 09:12"; other text stays as it is.
[[nodiscard]] std::string short_time(std::string_view text);
// "serial_condition" -> "Serial condition"
[[nodiscard]] std::string label_of(std::string_view member);

}  // namespace rastro::client
