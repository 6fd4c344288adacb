// rastrod: the server. Options: --config FILE, --set KEY=VALUE (repeatable), --check-config,
// --version. Signals: SIGTERM and SIGINT stop it in order (a second one at once), SIGHUP reads
// certificates and log level again.
#include <getopt.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "common/log.hpp"
#include "config/loader.hpp"
#include "server/application.hpp"

namespace {

// sysexits.h
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kConfiguration = 78;

struct Options {
    std::optional<rastro::config::Path> file;
    std::vector<std::string> overrides;
    bool check_only = false;
};

constexpr char kHelp[] =
    "usage: rastrod [--config FILE] [--set KEY=VALUE]... [--check-config] [--version]\n"
    "Serves the Rastro interface. Every setting: rastro config example\n";

bool load(Options const& options, rastro::config::Configuration& configuration) {
    configuration =
        rastro::config::load(rastro::config::system_sources(options.file, options.overrides));
    for (auto const& fault : configuration.faults) {
        std::fprintf(stderr, "rastrod: %s\n", fault.to_string().c_str());
    }
    return configuration.faults.empty();
}

int serve(Options const& options, rastro::config::Configuration const& configuration) {
    sigset_t handled;
    sigemptyset(&handled);
    for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&handled, signal);
    }
    // Before any thread exists, so that all of them leave these to this one.
    pthread_sigmask(SIG_BLOCK, &handled, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    rastro::server::Application application(configuration.settings);
    if (auto const started = application.start(); !started) {
        auto const& problem = started.error();
        std::fprintf(stderr,
                     "rastrod: cannot start: %s\n",
                     problem.detail().empty() ? std::string(problem.info().title).c_str()
                                              : problem.detail().c_str());
        return kUnavailable;
    }
    while (true) {
        int signal = 0;
        if (sigwait(&handled, &signal) != 0) {
            continue;
        }
        if (signal != SIGHUP) {
            break;
        }
        rastro::config::Configuration fresh;
        if (load(options, fresh)) {
            rastro::log::set_level(fresh.settings.log.level);
        }
        auto const reloaded = application.reload();
        rastro::log::info("reloaded", {{"good", reloaded.has_value()}});
    }
    std::thread second([&handled] {
        int signal = 0;
        do {
            sigwait(&handled, &signal);
        } while (signal == SIGHUP);
        rastro::log::flush();
        std::_Exit(1);
    });
    second.detach();
    application.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    static option const kOptions[] = {{"config", required_argument, nullptr, 'c'},
                                      {"set", required_argument, nullptr, 's'},
                                      {"check-config", no_argument, nullptr, 'k'},
                                      {"version", no_argument, nullptr, 'v'},
                                      {"help", no_argument, nullptr, 'h'},
                                      {nullptr, 0, nullptr, 0}};
    Options options;
    for (int found = 0; (found = getopt_long(argc, argv, "c:s:h", kOptions, nullptr)) != -1;) {
        switch (found) {
            case 'c':
                options.file = optarg;
                break;
            case 's':
                options.overrides.emplace_back(optarg);
                break;
            case 'k':
                options.check_only = true;
                break;
            case 'v':
                std::puts("rastrod " RASTRO_VERSION);
                return 0;
            case 'h':
                std::fputs(kHelp, stdout);
                return 0;
            default:
                std::fputs(kHelp, stderr);
                return kUsage;
        }
    }
    if (geteuid() == 0) {
        std::fputs("rastrod: refuses to run as root; use an account of its own\n", stderr);
        return kConfiguration;
    }
    prctl(PR_SET_DUMPABLE, 0);  // no core file with keys or case data
    rastro::config::Configuration configuration;
    if (!load(options, configuration)) {
        return kConfiguration;
    }
    if (options.check_only) {
        return 0;
    }
    rastro::log::start(configuration.settings.log.destination, configuration.settings.log.level);
    return serve(options, configuration);
}
