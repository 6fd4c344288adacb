#include "client/program.hpp"

#include <cstdio>
#include <exception>
#include <new>

#include "client/command_line.hpp"
#include "client/terminal.hpp"

namespace rastro::client {

namespace {

constexpr std::size_t kHelpWidth = 100;

void report(Failure const& failure, bool json, Surroundings const& surroundings) {
    if (json && failure.problem && !failure.problem->document.empty()) {
        surroundings.err(failure.problem->document + "\n");
        return;
    }
    surroundings.err("rastro: " + failure.text);
}

}  // namespace

ExitCode run_program(std::vector<std::string> const& words, Surroundings const& surroundings) {
    auto const width = surroundings.width == 0 ? kHelpWidth : surroundings.width;
    auto parsed = parse_command_line(words, width);
    if (auto const* spoken = std::get_if<Spoken>(&parsed)) {
        (spoken->code == ExitCode::ok ? surroundings.out : surroundings.err)(spoken->text);
        return spoken->code;
    }
    auto& invocation = std::get<Invocation>(parsed);
    bool const json = invocation.arguments.has("json");
    try {
        Context context(*invocation.command, std::move(invocation.arguments), surroundings);
        auto result = invocation.command->run(context);
        if (!result) {
            if (result.error().code == ExitCode::interrupted) {
                return ExitCode::interrupted;
            }
            report(result.error(), json, surroundings);
            return result.error().code;
        }
        return result.value();
    } catch (std::exception const& fault) {
        surroundings.err("rastro: " + std::string(fault.what()) + "\n");
        return ExitCode::local;
    }
}

int run_program(std::vector<std::string> const& words) {
    watch_signals();
    return static_cast<int>(run_program(words, real_surroundings()));
}

}  // namespace rastro::client
