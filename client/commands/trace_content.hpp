// The content of a trace request from options of the command line: each option stands for one
// member of the body, over what a file gives.
#pragma once

#include <boost/json/value.hpp>
#include <vector>

#include "client/context.hpp"

namespace rastro::client {

// --serial, --make, ... : members of a firearm description.
[[nodiscard]] std::vector<Option> firearm_options();
// What the requests of one file may share: all but firearm, recovery and persons.
[[nodiscard]] std::vector<Option> shared_options();
// Everything of a request but its firearm, and --file.
[[nodiscard]] std::vector<Option> request_options();

// --file, or an empty object.
[[nodiscard]] Result<boost::json::value> body_from_file(Context& context);
// `below`: pointer of the description within the body, "/firearm" or "".
[[nodiscard]] Result<void> put_firearm(Context const& context,
                                       boost::json::value& body,
                                       std::string const& below);
void put_shared(Context const& context, boost::json::value& body);
[[nodiscard]] Result<void> put_request(Context const& context, boost::json::value& body);

// "role=importer,name=North Arms,country=XC": pairs of a list; commas within a value as "\,".
// A failure names what is no pair.
[[nodiscard]] Result<boost::json::object> read_pairs(std::string_view option,
                                                     std::string_view text);

}  // namespace rastro::client
