// Identifiers: UUID version 7 (RFC 9562 5.7) values, and strong types over them so that a case id
// can never be passed where a leg id is meant.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rastro {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] static Uuid generate_v7();  // monotonic within a process; throws if no entropy
    [[nodiscard]] static std::optional<Uuid> parse(
        std::string_view text) noexcept;          // 8-4-4-4-12 hex
    [[nodiscard]] std::string to_string() const;  // lower case
    static constexpr std::size_t kTextSize = 36;
    void write(char* out) const noexcept;  // the same text, kTextSize characters, no NUL
    [[nodiscard]] bool is_nil() const noexcept;

    friend auto operator<=>(Uuid const&, Uuid const&) = default;
};

template <class Tag>
struct Id {
    Uuid uuid;

    [[nodiscard]] static Id generate() { return Id{Uuid::generate_v7()}; }
    [[nodiscard]] static std::optional<Id> parse(std::string_view text) noexcept {
        if (auto parsed = Uuid::parse(text)) {
            return Id{*parsed};
        }
        return std::nullopt;
    }
    [[nodiscard]] std::string to_string() const { return uuid.to_string(); }
    [[nodiscard]] bool is_nil() const noexcept { return uuid.is_nil(); }

    friend auto operator<=>(Id const&, Id const&) = default;
};

using CaseId = Id<struct CaseTag>;
using LegId = Id<struct LegTag>;
using AnswerId = Id<struct AnswerTag>;
using DescriptionId = Id<struct DescriptionTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using EventId = Id<struct EventTag>;
using RequestId = Id<struct RequestTag>;
using ImportId = Id<struct ImportTag>;

}  // namespace rastro

template <>
struct std::hash<rastro::Uuid> {
    std::size_t operator()(rastro::Uuid const& id) const noexcept {
        std::size_t h = 0;
        for (auto b : id.bytes) {
            h = h * 131 + b;
        }
        return h;
    }
};
template <class Tag>
struct std::hash<rastro::Id<Tag>> {
    std::size_t operator()(rastro::Id<Tag> const& id) const noexcept {
        return std::hash<rastro::Uuid>{}(id.uuid);
    }
};
