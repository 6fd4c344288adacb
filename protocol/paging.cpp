#include "protocol/paging.hpp"

#include <algorithm>
#include <boost/url/parse_query.hpp>
#include <boost/url/url.hpp>
#include <charconv>

#include "common/digest.hpp"
#include "common/ids.hpp"
#include "common/text.hpp"
#include "protocol/violations.hpp"

namespace rastro::protocol {

namespace {

constexpr std::uint8_t kCursorVersion = 1;
constexpr std::size_t kCheckBytes = 6;
constexpr std::size_t kMaxCursorText = 1024;

std::string query_pointer(std::string_view name) {
    std::string pointer = "query:";
    append_pointer_token(pointer, name.substr(0, 100));
    return pointer;
}

bool is_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool is_part(std::string_view text, KeyPart kind) noexcept {
    switch (kind) {
        case KeyPart::integer:
            return is_integer(text);
        case KeyPart::uuid:
            return Uuid::parse(text).has_value();
        case KeyPart::text:
            return is_valid_utf8(text) && !has_control_characters(text);
    }
    return false;
}

// Guards against cut, mixed up or outdated cursors; no secret, so no proof of origin.
Digest check_of(std::string_view list, std::span<std::uint8_t const> payload) {
    Sha256 sum;
    sum.update(as_bytes(list));
    std::uint8_t const end = 0;
    sum.update({&end, 1});
    sum.update(payload);
    return sum.finish();
}

}  // namespace

Outcome<QueryParameters> parse_query(std::string_view raw,
                                     std::span<std::string_view const> known) {
    QueryParameters query;
    if (raw.empty()) {
        return query;
    }
    Violations violations;
    auto const parsed = boost::urls::parse_query({raw.data(), raw.size()});
    if (!parsed) {
        violations.add("query:", "malformed_query");
        return violations.take_problem();
    }
    if (parsed->size() > kMaxQueryParameters) {
        violations.add("query:", "too_many_items", {std::to_string(kMaxQueryParameters)});
        return violations.take_problem();
    }
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    for (auto const parameter : *parsed) {
        std::string const name = parameter.key.decode(options);
        std::string value = parameter.value.decode(options);
        if (!is_valid_utf8(name) || has_control_characters(name)) {
            violations.add("query:", "malformed_query");
        } else if (std::find(known.begin(), known.end(), std::string_view(name)) == known.end()) {
            violations.add(query_pointer(name), "unknown_member");
        } else if (!is_valid_utf8(value)) {
            violations.add(query_pointer(name), "not_utf8");
        } else if (has_control_characters(value)) {
            violations.add(query_pointer(name), "control_character");
        } else if (!query.emplace(name, std::move(value)).second) {
            violations.add(query_pointer(name), "duplicate_member");
        }
    }
    if (!violations.empty()) {
        return violations.take_problem();
    }
    std::erase_if(query, [](auto const& entry) { return entry.second.empty(); });
    return query;
}

Outcome<unsigned> page_size(QueryParameters const& query) {
    auto const found = query.find("limit");
    if (found == query.end()) {
        return kDefaultPageSize;
    }
    auto const& text = found->second;
    bool const digits =
        std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) && text.size() <= 18;
    std::uint64_t limit = 0;
    if (digits) {
        std::from_chars(text.data(), text.data() + text.size(), limit);
    }
    if (limit == 0) {
        return Problem(ProblemCode::validation_failed,
                       std::vector<Violation>{
                           {"query:/limit", "out_of_range", {"1", std::to_string(kMaxPageSize)}}});
    }
    return static_cast<unsigned>(std::min<std::uint64_t>(limit, kMaxPageSize));
}

// Version, then each part after its length in two bytes, then the check.
std::string encode_cursor(std::string_view list, std::span<std::string const> key) {
    Bytes payload{kCursorVersion};
    for (auto const& part : key) {
        auto const size = std::min<std::size_t>(part.size(), 0xFFFF);
        payload.push_back(static_cast<std::uint8_t>(size >> 8U));
        payload.push_back(static_cast<std::uint8_t>(size & 0xFFU));
        payload.insert(
            payload.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(size));
    }
    auto const check = check_of(list, payload);
    payload.insert(payload.end(), check.begin(), check.begin() + kCheckBytes);
    return to_base64url(payload);
}

std::optional<std::vector<std::string>> decode_cursor(std::string_view cursor,
                                                      std::string_view list,
                                                      std::span<KeyPart const> shape) {
    if (cursor.size() > kMaxCursorText) {
        return std::nullopt;
    }
    auto const bytes = from_base64url(cursor);
    if (!bytes || bytes->size() < 1 + kCheckBytes || bytes->front() != kCursorVersion) {
        return std::nullopt;
    }
    std::span<std::uint8_t const> const payload(bytes->data(), bytes->size() - kCheckBytes);
    auto const check = check_of(list, payload);
    if (!std::equal(check.begin(),
                    check.begin() + kCheckBytes,
                    bytes->end() - static_cast<std::ptrdiff_t>(kCheckBytes))) {
        return std::nullopt;
    }
    std::vector<std::string> key;
    std::size_t at = 1;
    for (auto const kind : shape) {
        if (at + 2 > payload.size()) {
            return std::nullopt;
        }
        auto const size = static_cast<std::size_t>(payload[at]) << 8U | payload[at + 1];
        at += 2;
        if (size > payload.size() - at) {
            return std::nullopt;
        }
        auto const part = as_text(payload.subspan(at, size));
        if (!is_part(part, kind)) {
            return std::nullopt;
        }
        key.emplace_back(part);
        at += size;
    }
    if (at != payload.size()) {
        return std::nullopt;
    }
    return key;
}

Outcome<std::vector<std::string>> page_start(QueryParameters const& query,
                                             std::string_view list,
                                             std::span<KeyPart const> shape) {
    auto const found = query.find("after");
    if (found == query.end()) {
        return std::vector<std::string>{};
    }
    auto key = decode_cursor(found->second, list, shape);
    if (!key) {
        return Problem(ProblemCode::validation_failed,
                       std::vector<Violation>{{"query:/after", "format_cursor", {}}});
    }
    return *std::move(key);
}

std::string next_link(std::string_view path, QueryParameters query, std::string_view cursor) {
    query.insert_or_assign("after", std::string(cursor));
    boost::urls::url target;
    target.set_path({path.data(), path.size()});
    for (auto const& [name, value] : query) {
        target.params().append({name, value});
    }
    return "<" + std::string(target.buffer()) + ">; rel=\"next\"";
}

}  // namespace rastro::protocol
