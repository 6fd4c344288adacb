#include "config/value.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "common/text.hpp"

namespace rastro::config {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
// Largest first, so that to_text finds the largest that divides.
constexpr std::array duration_units{Unit{"d", 86'400'000},
                                    Unit{"h", 3'600'000},
                                    Unit{"m", 60'000},
                                    Unit{"s", 1'000},
                                    Unit{"ms", 1}};
constexpr std::array size_units{
    Unit{"GiB", 1 << 30}, Unit{"MiB", 1 << 20}, Unit{"KiB", 1 << 10}, Unit{"B", 1}};
constexpr std::array rate_units{Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000}};

// Decimal digits followed by exactly one of the units; nullopt if the product leaves the range of
// int64.
template <std::size_t N>
std::optional<std::int64_t> parse_with(std::string_view text,
                                       std::array<Unit, N> const& units) noexcept {
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || number < 0) {
        return std::nullopt;
    }
    std::string_view const name(rest, static_cast<std::size_t>(end - rest));
    for (auto const& unit : units) {
        if (unit.name == name) {
            if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) {
                return std::nullopt;
            }
            return number * unit.factor;
        }
    }
    return std::nullopt;
}

template <std::size_t N>
std::string print_with(std::int64_t number, std::array<Unit, N> const& units) {
    for (auto const& unit : units) {
        if (number % unit.factor == 0 && (number != 0 || unit.factor <= 1'000)) {
            return std::to_string(number / unit.factor) + std::string(unit.name);
        }
    }
    return std::to_string(number) + std::string(units.back().name);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) noexcept {
    auto const milliseconds = parse_with(text, duration_units);
    return milliseconds ? std::optional(Duration{*milliseconds}) : std::nullopt;
}

std::optional<ByteSize> parse_size(std::string_view text) noexcept {
    auto const bytes = parse_with(text, size_units);
    return bytes ? std::optional(ByteSize{static_cast<std::uint64_t>(*bytes)}) : std::nullopt;
}

std::optional<Rate> parse_rate(std::string_view text) noexcept {
    if (text == "off") {
        return Rate{};
    }
    auto const slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    Rate rate;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + slash, rate.count);
    if (error != std::errc{} || rest != text.data() + slash || rate.count == 0) {
        return std::nullopt;
    }
    for (auto const& unit : rate_units) {
        if (unit.name == text.substr(slash + 1)) {
            rate.period = Duration{unit.factor};
            return rate;
        }
    }
    return std::nullopt;
}

std::string to_text(Duration duration) {
    return print_with(duration.count(), duration_units);
}

std::string to_text(ByteSize size) {
    return print_with(static_cast<std::int64_t>(size.bytes), size_units);
}

std::string to_text(Rate rate) {
    if (rate.count == 0) {
        return "off";
    }
    for (auto const& unit : rate_units) {
        if (Duration{unit.factor} == rate.period) {
            return std::to_string(rate.count) + "/" + std::string(unit.name);
        }
    }
    return std::to_string(rate.count) + "/" + to_text(rate.period);
}

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        auto const byte = static_cast<std::uint8_t>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00" + to_hex(std::array{byte});
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace rastro::config
