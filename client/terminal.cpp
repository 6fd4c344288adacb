#include "client/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace rastro::client {

namespace {

std::atomic<bool> stop_asked{false};

extern "C" void on_stop(int) {
    stop_asked.store(true);
}

class TerminalFile {
 public:
    TerminalFile() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
    TerminalFile(TerminalFile const&) = delete;
    TerminalFile& operator=(TerminalFile const&) = delete;
    ~TerminalFile() {
        if (file_ >= 0) {
            ::close(file_);
        }
    }
    [[nodiscard]] int get() const noexcept { return file_; }

 private:
    int file_;
};

void put(int file, std::string_view text) {
    while (!text.empty()) {
        auto const written = ::write(file, text.data(), text.size());
        if (written <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::optional<std::string> read_line(int file) {
    std::string line;
    for (;;) {
        char c = 0;
        auto const got = ::read(file, &c, 1);
        if (got < 0 && errno == EINTR && !interrupted()) {
            continue;
        }
        if (got <= 0) {
            return std::nullopt;
        }
        if (c == '\n') {
            return line;
        }
        line += c;
    }
}

}  // namespace

std::size_t terminal_width() {
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0) {
        return 0;
    }
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return 80;
    }
    return size.ws_col;
}

bool input_is_terminal() {
    return ::isatty(STDIN_FILENO) == 1;
}

bool errors_go_to_terminal() {
    return ::isatty(STDERR_FILENO) == 1;
}

std::optional<std::string> ask(std::string_view question) {
    TerminalFile const terminal;
    if (terminal.get() < 0 || !input_is_terminal()) {
        return std::nullopt;
    }
    put(terminal.get(), question);
    return read_line(terminal.get());
}

std::optional<std::string> ask_without_echo(std::string_view question) {
    TerminalFile const terminal;
    termios before{};
    if (terminal.get() < 0 || !input_is_terminal() || ::tcgetattr(terminal.get(), &before) != 0) {
        return std::nullopt;
    }
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    put(terminal.get(), question);
    ::tcsetattr(terminal.get(), TCSAFLUSH, &silent);
    auto line = read_line(terminal.get());
    ::tcsetattr(terminal.get(), TCSAFLUSH, &before);
    put(terminal.get(), "\n");
    return line;
}

void watch_signals() {
    struct sigaction action {};
    action.sa_handler = on_stop;  // NOLINT: a macro of the C library
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT: old-style cast of the C library
}

bool interrupted() noexcept {
    return stop_asked.load();
}

bool sleep_unless_interrupted(std::chrono::milliseconds period) {
    auto const end = std::chrono::steady_clock::now() + period;
    while (!interrupted()) {
        auto const now = std::chrono::steady_clock::now();
        if (now >= end) {
            return true;
        }
        auto const rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - now);
        std::this_thread::sleep_for(
            std::min(rest + std::chrono::milliseconds{1}, std::chrono::milliseconds{50}));
    }
    return false;
}

std::string progress_text(std::string_view label, std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t width = 24;
    auto const part = total == 0 ? width : std::min(width, done * width / total);
    std::string bar(part, '=');
    if (part < width) {
        bar += '>';
        bar.append(width - part - 1, ' ');
    }
    auto const percent = total == 0 ? 100 : std::min<std::uint64_t>(100, done * 100 / total);
    return std::string(label) + " [" + bar + "] " + std::to_string(done) + " of " +
           std::to_string(total) + "  " + std::to_string(percent) + " %";
}

Progress::Progress(std::string label, std::uint64_t total, bool shown)
    : label_(std::move(label)), total_(total), shown_(shown && errors_go_to_terminal()) {}

Progress::~Progress() {
    if (drawn_) {
        std::fputc('\n', stderr);
    }
}

void Progress::reach(std::uint64_t done) {
    if (!shown_) {
        return;
    }
    drawn_ = true;
    auto const text = "\r" + progress_text(label_, done, total_);
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

}  // namespace rastro::client
