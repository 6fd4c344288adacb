#include "tests/bench/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace rastro::bench {

namespace {

struct Stat {
    bool there = false;
    pid_t parent = 0;
    double own = 0;
    double ended_children = 0;
};

Stat stat_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    // The name in parentheses may hold anything; fields are counted from behind it.
    auto const end = text.rfind(')');
    if (end == std::string::npos) {
        return {};
    }
    std::istringstream fields(text.substr(end + 2));
    std::string skipped;
    Stat stat;
    double times[4] = {};
    fields >> skipped >> stat.parent;
    for (int i = 5; i < 14; ++i) {
        fields >> skipped;
    }
    for (double& time : times) {
        fields >> time;
    }
    double const tick = 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
    stat.there = static_cast<bool>(fields);
    stat.own = (times[0] + times[1]) * tick;
    stat.ended_children = (times[2] + times[3]) * tick;
    return stat;
}

}  // namespace

double processor_seconds(pid_t process) {
    return stat_of(process).own;
}

double processor_seconds_with_children(pid_t process) {
    auto const own = stat_of(process);
    double sum = own.own + own.ended_children;
    for (auto const& entry : std::filesystem::directory_iterator("/proc")) {
        auto const name = entry.path().filename().string();
        if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) {
            continue;
        }
        if (auto const stat = stat_of(static_cast<pid_t>(std::stol(name)));
            stat.parent == process) {
            sum += stat.own + stat.ended_children;
        }
    }
    return sum;
}

double own_processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::size_t resident_kib(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("VmRSS:")) {
            return std::stoul(line.substr(6));
        }
    }
    return 0;
}

pid_t parent_of(pid_t process) {
    return stat_of(process).parent;
}

}  // namespace rastro::bench
