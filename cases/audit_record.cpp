#include "cases/audit_record.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "cases/audit_members.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using namespace audit_leaf;

class Writer {
 public:
    explicit Writer(std::string& out) : out_(out) {}

    void text(std::string_view name,
              std::string const& value,
              std::size_t bound,
              Need need = Need::optional) {
        if (value.empty()) {
            require(need == Need::optional, name, "is missing");
            return;
        }
        begin(name);
        quoted(name, value, bound);
    }
    void number(std::string_view name, std::uint64_t value) {
        require(value <= kMaxAuditNumber, name, "is above 2^53 - 1");
        begin(name);
        char digits[20];
        auto const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
        out_.append(digits, end);
    }
    void number(std::string_view name, std::optional<std::uint64_t> const& value) {
        if (value) {
            number(name, *value);
        }
    }
    void digest(std::string_view name, std::optional<Digest> const& value) {
        if (value) {
            begin(name);
            quoted(name, to_hex(*value), 64);
        }
    }
    void event_id(std::string_view name, EventId const& id) {
        require(is_version_7(id), name, "is no UUID version 7");
        begin(name);
        quoted(name, id.to_string(), 36);
    }
    void list(std::string_view name, std::vector<std::string> const& values) {
        if (values.empty()) {
            return;
        }
        require(values.size() <= kMaxFieldGroups, name, "has too many elements");
        begin(name);
        char separator = '[';
        for (auto const& value : values) {
            out_.push_back(separator);
            require(!value.empty(), name, "has an empty element");
            quoted(name, value, kGroupBound);
            separator = ',';
        }
        out_.push_back(']');
    }
    void outcome(std::string_view name, AuditOutcome value) {
        begin(name);
        quoted(name, to_text(value), 16);
    }
    void schema(std::string_view name) { number(name, kAuditSchema); }
    void time(std::string_view name, Instant value) {
        auto const text = to_unix_us(value) < 0 ? std::string() : to_rfc3339(value);
        require(text.size() == kTimeBytes, name, "is outside 1970 to 9999");
        begin(name);
        quoted(name, text, kTimeBytes);
    }

 private:
    static void require(bool holds, std::string_view name, std::string_view complaint) {
        if (!holds) {
            throw std::logic_error(fmt::format("audit record: {} {}", name, complaint));
        }
    }
    void begin(std::string_view name) {
        out_.push_back(first_ ? '{' : ',');
        first_ = false;
        out_.push_back('"');
        out_.append(name);
        out_.append("\":");
    }
    void quoted(std::string_view name, std::string_view value, std::size_t bound) {
        require(value.size() <= bound, name, "is too long");
        out_.push_back('"');
        auto const plain = plain_prefix(value);
        out_.append(value.substr(0, plain));
        if (plain != value.size()) {
            require(is_clean(value), name, "is not UTF-8 or holds a control character");
            for (char c : value.substr(plain)) {
                if (c == '"' || c == '\\') {
                    out_.push_back('\\');
                }
                out_.push_back(c);
            }
        }
        out_.push_back('"');
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace

std::string_view to_text(AuditOutcome outcome) noexcept {
    return kOutcomes[static_cast<std::size_t>(outcome)];
}

void append_leaf(std::string& out, AuditRecord const& record) {
    auto const before = out.size();
    Writer writer(out);
    each_member(record, writer);
    out.push_back('}');
    if (out.size() - before > kMaxAuditLeafBytes) {
        throw std::logic_error("audit record: leaf is too long");
    }
}

std::string to_leaf(AuditRecord const& record) {
    std::string out;
    out.reserve(1536);
    append_leaf(out, record);
    return out;
}

Digest commit_detail(std::span<std::uint8_t const> nonce, std::span<std::uint8_t const> detail) {
    if (nonce.size() != kDetailNonceBytes) {
        throw std::logic_error("the nonce of a detail has 32 bytes");
    }
    Sha256 stream;
    stream.update(nonce);
    stream.update(detail);
    return stream.finish();
}

}  // namespace rastro::cases
