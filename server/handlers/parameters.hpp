// Path and query parameters as handlers need them; each fault names the parameter ("path:/user_id",
// "query:/limit").
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "common/ids.hpp"
#include "common/outcome.hpp"
#include "server/call.hpp"

namespace rastro::server {

[[nodiscard]] Problem violation(std::string pointer,
                                std::string_view code,
                                std::vector<std::string> params = {});

// Text of a path parameter; the router has made sure that it is there.
[[nodiscard]] std::string path_text(Arrival const& arrival, std::string_view name);
[[nodiscard]] Outcome<Uuid> path_uuid(Arrival const& arrival, std::string_view name);
template <class IdType>
[[nodiscard]] Outcome<IdType> path_id(Arrival const& arrival, std::string_view name) {
    RASTRO_TRY(uuid, path_uuid(arrival, name));
    return IdType{uuid};
}

// unknown_member for each query parameter that is not among the known ones.
[[nodiscard]] Outcome<bool> check_query_names(Arrival const& arrival,
                                              std::initializer_list<std::string_view> known);
// Empty if absent.
[[nodiscard]] std::string query_text(Arrival const& arrival, std::string_view name);

// One page of a list ordered by a single text: query parameters "limit" and "after".
struct TextPage {
    int limit = 50;
    std::string after;
};
[[nodiscard]] Outcome<TextPage> text_page(Arrival const& arrival, std::string_view list);
// Cursor of the page that starts after `last`.
[[nodiscard]] std::string cursor_after(std::string_view list, std::string const& last);

}  // namespace rastro::server
