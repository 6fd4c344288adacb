#include "common/ids.hpp"

#include <sys/random.h>

#include <chrono>
#include <mutex>
#include <stdexcept>

namespace rastro {

namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

}  // namespace

Uuid Uuid::generate_v7() {
    static std::mutex mutex;
    static std::uint64_t last_ms = 0;
    static std::uint32_t counter = 0;  // 12 bits of rand_a, RFC 9562 6.2 method 1

    Uuid id;
    if (::getrandom(id.bytes.data(), id.bytes.size(), 0) != static_cast<ssize_t>(id.bytes.size())) {
        throw std::runtime_error("getrandom failed");
    }
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto ms = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    std::uint32_t sequence = 0;
    {
        std::lock_guard const lock(mutex);
        if (ms > last_ms) {
            last_ms = ms;
            counter = (static_cast<std::uint32_t>(id.bytes[6]) << 3) & 0x7FFU;
        } else {
            ms = last_ms;
            if (++counter > 0xFFFU) {
                ms = ++last_ms;
                counter = 0;
            }
        }
        sequence = counter;
    }
    for (int i = 0; i < 6; ++i) {
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    }
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | (sequence >> 8));
    id.bytes[7] = static_cast<std::uint8_t>(sequence);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
    if (text.size() != 36) {
        return std::nullopt;
    }
    Uuid id;
    std::size_t out = 0;
    for (std::size_t i = 0; i < 36;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') {
                return std::nullopt;
            }
            ++i;
            continue;
        }
        int const high = hex_value(text[i]);
        int const low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        id.bytes[out++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return id;
}

void Uuid::write(char* out) const noexcept {
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *out++ = '-';
        }
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 0x0FU];
    }
}

std::string Uuid::to_string() const {
    std::string text(kTextSize, '-');
    write(text.data());
    return text;
}

bool Uuid::is_nil() const noexcept {
    for (auto b : bytes) {
        if (b != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace rastro
