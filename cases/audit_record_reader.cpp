#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "cases/audit_members.hpp"
#include "cases/audit_record.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using namespace audit_leaf;

// Reads the canonical form and nothing else. With Keep = false only event id and time are stored.
template <bool Keep>
class Reader {
 public:
    explicit Reader(std::string_view leaf) : rest_(leaf) {
        if (leaf.size() > kMaxAuditLeafBytes) {
            fail("leaf");
        }
    }

    template <class Text>
    void text(std::string_view name, Text& value, std::size_t bound, Need need = Need::optional) {
        if (!begin(name)) {
            if (need == Need::required) {
                fail(name);
            }
            return;
        }
        bool escaped = false;
        auto const raw = quoted(name, escaped);
        auto const length = escaped ? unescaped_size(raw) : raw.size();
        if (length == 0 || length > bound) {
            fail(name);
        } else if constexpr (Keep) {
            value = escaped ? unescape(raw) : std::string(raw);
        }
    }
    template <class Number>
    void number(std::string_view name, Number& value) {
        bool const may_lack = !std::is_same_v<std::remove_const_t<Number>, std::uint64_t>;
        if (!begin(name)) {
            if (!may_lack) {
                fail(name);
            }
            return;
        }
        auto const read = digits(name);
        if constexpr (Keep) {
            value = read;
        }
    }
    template <class MaybeDigest>
    void digest(std::string_view name, MaybeDigest& value) {
        if (!begin(name)) {
            return;
        }
        auto const raw = quoted_plain(name);
        bool const good = raw.size() == 64 && std::ranges::all_of(raw, [](char c) {
                              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                          });
        if (!good) {
            fail(name);
        } else if constexpr (Keep) {
            auto const bytes = *from_hex(raw);
            value.emplace();
            std::ranges::copy(bytes, value->begin());
        }
    }
    void event_id(std::string_view name, EventId const&) {
        auto const raw = begin(name) ? quoted_plain(name) : std::string_view{};
        auto const id = EventId::parse(raw);
        bool const lower = std::ranges::none_of(raw, [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!id || !lower || !is_version_7(*id)) {
            fail(name);
            return;
        }
        head_.event_id = *id;
    }
    template <class List>
    void list(std::string_view name, List& values) {
        if (!begin(name)) {
            return;
        }
        if (!take('[')) {
            fail(name);
        }
        for (std::size_t count = 0; !failed(); ++count) {
            auto const raw = quoted_plain(name);
            if (raw.empty() || raw.size() > kGroupBound || count == kMaxFieldGroups) {
                fail(name);
                return;
            }
            if constexpr (Keep) {
                values.emplace_back(raw);
            }
            if (take(']')) {
                return;
            }
            if (!take(',')) {
                fail(name);
            }
        }
    }
    template <class Value>
    void outcome(std::string_view name, Value& value) {
        auto const raw = begin(name) ? quoted_plain(name) : std::string_view{};
        auto const found = std::ranges::find(kOutcomes, raw);
        if (found == std::end(kOutcomes)) {
            fail(name);
        } else if constexpr (Keep) {
            value = static_cast<AuditOutcome>(found - std::begin(kOutcomes));
        }
    }
    void schema(std::string_view name) {
        if (!begin(name) || digits(name) != kAuditSchema) {
            fail(name);
        }
    }
    void time(std::string_view name, Instant const&) {
        auto const raw = begin(name) ? quoted_plain(name) : std::string_view{};
        bool const shape =
            raw.size() == kTimeBytes && raw[10] == 'T' && raw[19] == '.' && raw[26] == 'Z';
        auto const instant = shape ? parse_rfc3339(raw) : std::nullopt;
        if (!instant || to_unix_us(*instant) < 0) {
            fail(name);
            return;
        }
        head_.time = *instant;
    }

    // After the last member.
    [[nodiscard]] bool finish() {
        if (!take('}') || !rest_.empty()) {
            fail("end");
        }
        return !failed();
    }
    [[nodiscard]] bool failed() const noexcept { return !failed_at_.empty(); }
    [[nodiscard]] std::string_view failed_at() const noexcept { return failed_at_; }
    [[nodiscard]] LeafHead const& head() const noexcept { return head_; }

 private:
    void fail(std::string_view name) noexcept {
        if (!failed()) {
            failed_at_ = name;
        }
        rest_ = {};
    }
    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }
    // Takes  {"name":  or  ,"name":  if that is what comes next.
    bool begin(std::string_view name) noexcept {
        auto const length = name.size() + 4;
        if (rest_.size() < length || rest_[0] != (first_ ? '{' : ',') || rest_[1] != '"' ||
            std::memcmp(rest_.data() + 2, name.data(), name.size()) != 0 ||
            rest_[length - 2] != '"' || rest_[length - 1] != ':') {
            return false;
        }
        first_ = false;
        rest_.remove_prefix(length);
        return true;
    }
    // The characters between two quotes, escapes (only \" and \\) left in place.
    std::string_view quoted(std::string_view name, bool& escaped) noexcept {
        if (!take('"')) {
            fail(name);
            return {};
        }
        bool wide = false;
        for (std::size_t at = plain_prefix(rest_); at < rest_.size();
             at += plain_prefix(rest_.substr(at))) {
            char const c = rest_[at];
            if (c == '"') {
                auto const raw = rest_.substr(0, at);
                rest_.remove_prefix(at + 1);
                if (wide && !is_clean(raw)) {
                    break;
                }
                return raw;
            }
            if (c == '\\') {
                if (at + 1 == rest_.size() || (rest_[at + 1] != '"' && rest_[at + 1] != '\\')) {
                    break;
                }
                escaped = true;
                at += 2;
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x80) {
                break;
            }
            wide = true;
            ++at;
        }
        fail(name);
        return {};
    }
    std::string_view quoted_plain(std::string_view name) noexcept {
        bool escaped = false;
        auto const raw = quoted(name, escaped);
        if (escaped) {
            fail(name);
            return {};
        }
        return raw;
    }
    std::uint64_t digits(std::string_view name) noexcept {
        std::uint64_t value = 0;
        auto const* const begin_at = rest_.data();
        auto const [end, error] = std::from_chars(begin_at, begin_at + rest_.size(), value);
        auto const length = static_cast<std::size_t>(end - begin_at);
        if (error != std::errc{} || length == 0 || (length > 1 && rest_.front() == '0') ||
            value > kMaxAuditNumber) {
            fail(name);
            return 0;
        }
        rest_.remove_prefix(length);
        return value;
    }
    static std::size_t unescaped_size(std::string_view raw) noexcept {
        std::size_t size = 0;
        for (std::size_t at = 0; at < raw.size(); ++at, ++size) {
            at += raw[at] == '\\' ? 1U : 0U;
        }
        return size;
    }
    static std::string unescape(std::string_view raw) {
        std::string text;
        for (std::size_t at = 0; at < raw.size(); ++at) {
            at += raw[at] == '\\' ? 1U : 0U;
            text.push_back(raw[at]);
        }
        return text;
    }

    std::string_view rest_;
    std::string_view failed_at_;
    LeafHead head_;
    bool first_ = true;
};

}  // namespace

Outcome<AuditRecord> parse_leaf(std::string_view leaf) {
    AuditRecord record;
    Reader<true> reader(leaf);
    each_member(record, reader);
    if (!reader.finish()) {
        return Problem{ProblemCode::validation_failed,
                       fmt::format("audit leaf: not canonical at {}", reader.failed_at())};
    }
    record.event_id = reader.head().event_id;
    record.time = reader.head().time;
    return record;
}

std::optional<LeafHead> check_leaf(std::string_view leaf) noexcept {
    static AuditRecord const shape;
    Reader<false> reader(leaf);
    each_member(shape, reader);
    if (!reader.finish()) {
        return std::nullopt;
    }
    return reader.head();
}

}  // namespace rastro::cases
