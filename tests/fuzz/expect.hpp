// What a fuzz target demands of the code under test beyond not crashing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace rastro::fuzz {

inline void expect(bool holds, char const* what) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

inline std::string_view text_of(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

}  // namespace rastro::fuzz

// As libFuzzer calls it; 0 always.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);
