#include "common/fault_point.hpp"

#ifdef RASTRO_FAULT_POINTS

#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "common/text.hpp"

namespace rastro {

void reach_fault_point(std::string_view name) {
    char const* const wanted = std::getenv("RASTRO_FAULT");
    if (wanted == nullptr) {
        return;
    }
    for (auto entry : split(wanted, ',')) {
        auto const equals = entry.find('=');
        if (equals == std::string_view::npos || entry.substr(0, equals) != name) {
            continue;
        }
        auto const act = entry.substr(equals + 1);
        if (act == "kill") {
            ::kill(::getpid(), SIGKILL);
        } else if (act == "throw") {
            throw std::runtime_error("fault point " + std::string(name));
        } else if (act.starts_with("delay:")) {
            unsigned ms = 0;
            std::from_chars(act.data() + 6, act.data() + act.size(), ms);
            ::usleep(ms * 1000);
        }
    }
}

}  // namespace rastro

#endif
