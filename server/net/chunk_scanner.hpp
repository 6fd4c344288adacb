// Watches the framing of a chunked body (RFC 9112 7.1) byte by byte, without tolerance, before the
// library that collects the data sees it: Boost 1.81 lets control characters stand in quoted
// extension values and blanks after a chunk size, where two recipients may see two different ends
// (anchors/security.md 0.1 finding 1). Extensions mean nothing here and trailer fields are dropped
// (RFC 9110 6.5.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "server/net/header_block.hpp"

namespace rastro::server {

class ChunkScanner {
 public:
    // The longest line of a chunk's size and extensions, CRLF not counted.
    static constexpr std::size_t longest_size_line = 256;

    struct Scanned {
        std::size_t used = 0;  // bytes that belong to the body; fewer than given only at its end
        std::optional<FramingFault> fault;
    };
    // `bytes`: those that follow the ones of the call before.
    [[nodiscard]] Scanned scan(std::string_view bytes, NetLimits const& limits);
    [[nodiscard]] bool is_done() const noexcept { return state_ == State::done; }

 private:
    enum class State : std::uint8_t {
        size_first,
        size,
        extension,
        size_line_feed,
        data,
        data_return,
        data_line_feed,
        trailer_first,
        trailer_name,
        trailer_value,
        trailer_line_feed,
        last_line_feed,
        done
    };
    [[nodiscard]] std::optional<FramingFault> take(unsigned char c, NetLimits const& limits);
    [[nodiscard]] bool take_size(unsigned char c);
    [[nodiscard]] bool take_trailer(unsigned char c);
    [[nodiscard]] bool expect(unsigned char c, unsigned char wanted, State next);

    State state_ = State::size_first;
    std::uint64_t left_ = 0;      // bytes of data to come in this chunk
    std::size_t line_bytes_ = 0;  // of the present size line
    std::size_t trailer_bytes_ = 0;
};

}  // namespace rastro::server
