// Query strings and keyset pages (anchors/ecosystem.md 3.1). A cursor says where the next page
// starts and nothing else: it carries no right, and the query that uses it applies the same filters
// and access rules as the first page. Whoever makes one up gets a page they could have asked for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/outcome.hpp"

namespace rastro::protocol {

using QueryParameters = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kMaxQueryParameters = 32;
inline constexpr unsigned kDefaultPageSize = 50;
inline constexpr unsigned kMaxPageSize = 200;

// Reads a raw query string ("a=1&b=%C3%B1", '+' is a blank). All faults at once, pointers
// "query:/name": malformed_query, duplicate_member, unknown_member, control_character, not_utf8,
// too_many_items. An empty value is as if the parameter was not there.
[[nodiscard]] Outcome<QueryParameters> parse_query(std::string_view raw,
                                                   std::span<std::string_view const> known);

// Parameter "limit": 1 and more, cut to kMaxPageSize; absent gives kDefaultPageSize.
[[nodiscard]] Outcome<unsigned> page_size(QueryParameters const& query);

// The sort key of the last row of a page, part by part.
enum class KeyPart : std::uint8_t { integer, uuid, text };

// `list` names the list and its order ("trace_list"): a cursor of one list is refused by another.
[[nodiscard]] std::string encode_cursor(std::string_view list, std::span<std::string const> key);
// The key that encode_cursor was given, each part of its kind; nothing for any other text.
[[nodiscard]] std::optional<std::vector<std::string>> decode_cursor(std::string_view cursor,
                                                                    std::string_view list,
                                                                    std::span<KeyPart const> shape);
// Parameter "after" of a query: empty key if absent; validation_failed at query:/after
// (format_cursor).
[[nodiscard]] Outcome<std::vector<std::string>> page_start(QueryParameters const& query,
                                                           std::string_view list,
                                                           std::span<KeyPart const> shape);

// Link field (RFC 8288) of a page that has a next one: the same query with another "after".
[[nodiscard]] std::string next_link(std::string_view path,
                                    QueryParameters query,
                                    std::string_view cursor);

}  // namespace rastro::protocol
