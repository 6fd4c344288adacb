// Values of settings: what a file or the environment says (RawValue), what a key makes of it
// (Value), and how it is written back. Durations are "250ms", "30s", "15m", "12h", "90d"; sizes
// "512B", "16KiB", "1MiB", "2GiB"; rates "200/s", "20/m", "500/h" or "off". A number without its
// unit is a fault, never a guess.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace rastro::config {

enum class ValueType : std::uint8_t {
    boolean,
    integer,
    text,
    path,
    choice,
    duration,
    size,
    rate,
    list,
    paths
};

// As a TOML file gives it. Unsupported names a type that no setting has ("date", "table", "mixed
// array").
struct Unsupported {
    std::string type;
};
using RawValue =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>, Unsupported>;

struct Choice {
    std::size_t index = 0;  // into the key's choices
};
// integer -> int64, text and path -> string, list and paths -> vector
using Value = std::variant<bool,
                           std::int64_t,
                           std::string,
                           std::vector<std::string>,
                           Choice,
                           Duration,
                           ByteSize,
                           Rate>;

[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text) noexcept;
[[nodiscard]] std::optional<ByteSize> parse_size(std::string_view text) noexcept;
[[nodiscard]] std::optional<Rate> parse_rate(std::string_view text) noexcept;
// In the largest unit that divides it: 90000 ms -> "90s", 120000 ms -> "2m".
[[nodiscard]] std::string to_text(Duration duration);
[[nodiscard]] std::string to_text(ByteSize size);
[[nodiscard]] std::string to_text(Rate rate);

// A basic TOML string with its quotes.
[[nodiscard]] std::string toml_string(std::string_view text);

}  // namespace rastro::config
