// The traceparent header field: W3C Trace Context (Recommendation, 23 November 2021) sections 3.2
// and 4. It links logs and audit records of several systems that one request passed through; it
// proves nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::protocol {

struct TraceParent {
    std::array<std::uint8_t, 16> trace_id{};
    std::array<std::uint8_t, 8> parent_id{};
    std::uint8_t flags = 0;  // bit 0: sampled

    [[nodiscard]] std::string trace_id_text() const;  // 32 lower-case hexadecimal digits
    [[nodiscard]] std::string to_string() const;      // version 00, 55 characters
    friend bool operator==(TraceParent const&, TraceParent const&) = default;
};

// Total. Version 00 must be 55 characters; a higher version (not ff) is read as far as version 00
// knows it. Upper-case digits and ids of zeros are refused; then a new trace is started, as section
// 4.3 says.
[[nodiscard]] std::optional<TraceParent> parse_traceparent(std::string_view header) noexcept;
// Random ids; throws std::runtime_error without entropy.
[[nodiscard]] TraceParent start_trace();
// Same trace, own parent id.
[[nodiscard]] TraceParent continue_trace(TraceParent const& from);
// What a request that came with `header` (may be empty) carries on.
[[nodiscard]] TraceParent trace_for(std::string_view header);

}  // namespace rastro::protocol
