#include "protocol/traceparent.hpp"

#include <algorithm>
#include <span>

#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::protocol {

namespace {

int digit_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) noexcept {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const high = digit_value(text[2 * i]);
        auto const low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

bool all_zero(std::span<std::uint8_t const> bytes) noexcept {
    return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

template <std::size_t Size>
void fill_random(std::array<std::uint8_t, Size>& bytes) {
    do {
        std::ranges::copy(random_bytes(Size), bytes.begin());
    } while (all_zero(bytes));
}

}  // namespace

std::string TraceParent::trace_id_text() const {
    return to_hex(trace_id);
}

std::string TraceParent::to_string() const {
    std::array<std::uint8_t, 1> const flag{flags};
    return "00-" + to_hex(trace_id) + "-" + to_hex(parent_id) + "-" + to_hex(flag);
}

std::optional<TraceParent> parse_traceparent(std::string_view header) noexcept {
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    TraceParent parent;
    if (header.size() < 55 || header[2] != '-' || header[35] != '-' || header[52] != '-' ||
        !read_hex(header.substr(0, 2), version) || version[0] == 0xFF ||
        !read_hex(header.substr(3, 32), parent.trace_id) ||
        !read_hex(header.substr(36, 16), parent.parent_id) ||
        !read_hex(header.substr(53, 2), flags)) {
        return std::nullopt;
    }
    bool const length_fits = header.size() == 55 || (version[0] > 0 && header[55] == '-');
    if (!length_fits || all_zero(parent.trace_id) || all_zero(parent.parent_id)) {
        return std::nullopt;
    }
    parent.flags = flags[0];
    return parent;
}

TraceParent start_trace() {
    TraceParent parent;
    fill_random(parent.trace_id);
    fill_random(parent.parent_id);
    return parent;
}

TraceParent continue_trace(TraceParent const& from) {
    TraceParent parent = from;
    parent.flags &= 1U;
    fill_random(parent.parent_id);
    return parent;
}

TraceParent trace_for(std::string_view header) {
    auto const from = parse_traceparent(header);
    return from ? continue_trace(*from) : start_trace();
}

}  // namespace rastro::protocol
