// What many commands share: members of a body from options, lists page by page, changes of what was
// read before.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/context.hpp"

namespace rastro::client {

// {option, JSON Pointer}: sets the member of each option that was given.
void put_text(Context const& context,
              boost::json::value& body,
              std::vector<std::pair<std::string, std::string>> const& members);
// --name yes|no as a boolean.
void put_yes_no(Context const& context,
                boost::json::value& body,
                std::string_view option,
                std::string_view pointer);

// --limit, --after, --all.
[[nodiscard]] std::vector<Option> paging_options();
// Prints a list as a table or, with --json, the page as it came. --all follows the pages; with
// --json the items of all pages then stand in one document.
[[nodiscard]] Result<ExitCode> list_items(Context& context,
                                          ApiCall call,
                                          std::vector<ColumnOf> const& columns);

// Reads, and changes what was read under its ETag. A change that somebody else made in between is
// explained.
[[nodiscard]] Result<ApiReply> change_under_etag(Context& context,
                                                 ApiCall const& read,
                                                 ApiCall change);
[[nodiscard]] Result<ExitCode> change_read(Context& context, ApiCall const& read, ApiCall change);

// {"country": ..} or {"agency": ..}, whichever the text is.
[[nodiscard]] boost::json::object recipient_of(std::string const& named);

// Codes of domain rules 9.5, 2.6 and 3.5.
[[nodiscard]] std::vector<std::string> role_names();
[[nodiscard]] std::vector<std::string> outcome_codes();
[[nodiscard]] std::vector<std::string> refusal_codes();
[[nodiscard]] std::vector<std::string> field_groups();

}  // namespace rastro::client
