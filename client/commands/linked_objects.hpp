// Declared cases as people name and read them: by id or number, with their objects, fields, clocks
// and signals; the tables of the RANDOT report.
#pragma once

#include <string>

#include "client/context.hpp"

namespace rastro::client {

[[nodiscard]] Option linked_case_argument();
// Id of the declared case with this id or number.
[[nodiscard]] Result<std::string> linked_case_id_of(Context& context, std::string const& named);

// --field NAME=VALUE, repeated: as the member "fields" of a body, if any was given. A failure names
// what is no pair.
[[nodiscard]] Option field_option();
[[nodiscard]] Result<void> put_fields(Context const& context, boost::json::value& body);

// The option with the purposes that a reading or a use may have.
[[nodiscard]] Option purpose_of(Option option);

// Reads the case of the argument, makes the call under its ETag with `body`, prints the case.
[[nodiscard]] Result<ExitCode> act_on_linked_case(Context& context,
                                                  std::string_view operation,
                                                  boost::json::value body);

// A case for people: head line, each object with what is known of it, then what waits, who takes
// part and what the rules notice.
[[nodiscard]] std::string linked_case_text(boost::json::value const& document, std::size_t width);
// A report: each table with its rows, numbers under their columns, then what was left out and why.
[[nodiscard]] std::string report_text(boost::json::value const& report, std::size_t width);

}  // namespace rastro::client
