#include "server/net/chunk_scanner.hpp"

#include <algorithm>

#include "server/net/limits.hpp"

namespace rastro::server {

namespace {

constexpr std::uint64_t size_ceiling = std::uint64_t{1} << 59;  // one more digit would overflow

int hex_digit(unsigned char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

ChunkScanner::Scanned ChunkScanner::scan(std::string_view bytes, NetLimits const& limits) {
    std::size_t at = 0;
    while (at < bytes.size() && state_ != State::done) {
        if (state_ == State::data) {
            auto const run = std::min<std::uint64_t>(left_, bytes.size() - at);
            left_ -= run;
            at += static_cast<std::size_t>(run);
            if (left_ == 0) {
                state_ = State::data_return;
            }
            continue;
        }
        if (auto const fault = take(static_cast<unsigned char>(bytes[at]), limits)) {
            return {at, fault};
        }
        ++at;
    }
    return {at, std::nullopt};
}

std::optional<FramingFault> ChunkScanner::take(unsigned char c, NetLimits const& limits) {
    bool good = false;
    switch (state_) {
        case State::size_first:
        case State::size:
        case State::extension:
            good = take_size(c);
            break;
        case State::size_line_feed:
            good = expect(c, '\n', left_ == 0 ? State::trailer_first : State::data);
            line_bytes_ = 0;
            break;
        case State::data_return:
            good = expect(c, '\r', State::data_line_feed);
            break;
        case State::data_line_feed:
            good = expect(c, '\n', State::size_first);
            break;
        case State::trailer_first:
        case State::trailer_name:
        case State::trailer_value:
            if (++trailer_bytes_ > limits.header_bytes) {
                return FramingFault{431, "headers-too-large"};
            }
            good = take_trailer(c);
            break;
        case State::trailer_line_feed:
            good = expect(c, '\n', State::trailer_first);
            break;
        case State::last_line_feed:
            good = expect(c, '\n', State::done);
            break;
        case State::data:
        case State::done:
            break;
    }
    return good ? std::nullopt : std::optional<FramingFault>(FramingFault{});
}

bool ChunkScanner::expect(unsigned char c, unsigned char wanted, State next) {
    state_ = next;
    return c == wanted;
}

bool ChunkScanner::take_size(unsigned char c) {
    if (c == '\r') {
        bool const has_size = state_ != State::size_first;
        state_ = State::size_line_feed;
        return has_size;
    }
    if (++line_bytes_ > longest_size_line) {
        return false;
    }
    if (state_ == State::extension) {
        return !is_control(c);
    }
    if (c == ';') {
        bool const has_size = state_ == State::size;
        state_ = State::extension;
        return has_size;
    }
    auto const digit = hex_digit(c);
    if (digit < 0 || left_ >= size_ceiling) {
        return false;
    }
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    state_ = State::size;
    return true;
}

bool ChunkScanner::take_trailer(unsigned char c) {
    if (c == '\r') {
        bool const whole = state_ != State::trailer_name;  // a name needs its colon
        state_ = state_ == State::trailer_first ? State::last_line_feed : State::trailer_line_feed;
        return whole;
    }
    if (state_ == State::trailer_value) {
        return !is_control(c);
    }
    if (c == ':') {
        bool const named = state_ == State::trailer_name;
        state_ = State::trailer_value;
        return named;
    }
    state_ = State::trailer_name;
    char const name = static_cast<char>(c);
    return is_token({&name, 1});
}

}  // namespace rastro::server
