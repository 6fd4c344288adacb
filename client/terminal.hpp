// The person at the terminal: width, questions without echo, progress, Ctrl-C.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::client {

// Columns of standard output; 0 if it is no terminal (nothing is cut then).
[[nodiscard]] std::size_t terminal_width();
[[nodiscard]] bool input_is_terminal();
[[nodiscard]] bool errors_go_to_terminal();

// Asks on the controlling terminal, not on standard output. nullopt without a terminal, at end of
// input or on Ctrl-C.
[[nodiscard]] std::optional<std::string> ask(std::string_view question);
[[nodiscard]] std::optional<std::string> ask_without_echo(std::string_view question);

// Turns SIGINT and SIGTERM into a flag that every wait looks at. SIGPIPE is ignored.
void watch_signals();
[[nodiscard]] bool interrupted() noexcept;
// False if a signal came first.
[[nodiscard]] bool sleep_unless_interrupted(std::chrono::milliseconds period);

// "[=====>    ]  1,200 of 2,112  57 %" on standard error, redrawn in place; nothing if standard
// error is no terminal or `shown` is false. Ends its line when destroyed.
class Progress {
 public:
    Progress(std::string label, std::uint64_t total, bool shown);
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;
    ~Progress();
    void reach(std::uint64_t done);

 private:
    std::string label_;
    std::uint64_t total_;
    bool shown_;
    bool drawn_ = false;
};
// One drawing of it, without the carriage return.
[[nodiscard]] std::string progress_text(std::string_view label,
                                        std::uint64_t done,
                                        std::uint64_t total);

}  // namespace rastro::client
