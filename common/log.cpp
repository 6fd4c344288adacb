#include "common/log.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "common/clock.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::log {

namespace {

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            break;
    }
    return spdlog::level::err;
}

constexpr std::string_view level_name(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            break;
    }
    return "error";
}

// JSON string escapes (RFC 8259 section 7); bytes that are not UTF-8 become "?" so that a line
// always parses.
void append_quoted(std::string& out, std::string_view text) {
    bool const utf8 = is_valid_utf8(text);
    out.push_back('"');
    for (char c : text) {
        auto const byte = static_cast<std::uint8_t>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\u{:04x}", byte);
        } else if (byte >= 0x80 && !utf8) {
            out.push_back('?');
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

std::shared_ptr<spdlog::logger>& logger() {
    static std::shared_ptr<spdlog::logger> instance;
    return instance;
}

}  // namespace

void start(std::string_view destination, Level level) {
    spdlog::sink_ptr sink;
    if (destination == "stdout") {
        sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    } else if (destination.empty() || destination == "stderr") {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(std::string(destination));
    }
    auto created = std::make_shared<spdlog::logger>("rastro", std::move(sink));
    created->set_pattern("%v");
    created->set_level(to_spdlog(level));
    created->flush_on(spdlog::level::info);
    logger() = std::move(created);
}

void set_level(Level level) {
    if (logger()) {
        logger()->set_level(to_spdlog(level));
    }
}

bool parse_level(std::string_view text, Level& level) {
    for (auto candidate : {Level::debug, Level::info, Level::warning, Level::error}) {
        if (text == level_name(candidate)) {
            level = candidate;
            return true;
        }
    }
    return false;
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
    if (!logger() || !logger()->should_log(to_spdlog(level))) {
        return;
    }
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","event":)",
                                   to_rfc3339(SystemClock{}.now()),
                                   level_name(level));
    append_quoted(line, event);
    for (auto const& field : fields) {
        line.push_back(',');
        append_quoted(line, field.name);
        line.push_back(':');
        if (auto const* text = std::get_if<std::string_view>(&field.value)) {
            append_quoted(line, *text);
        } else if (auto const* number = std::get_if<std::int64_t>(&field.value)) {
            line += fmt::to_string(*number);
        } else if (auto const* real = std::get_if<double>(&field.value)) {
            line += fmt::format("{:.6g}", *real);
        } else {
            line += std::get<bool>(field.value) ? "true" : "false";
        }
    }
    line.push_back('}');
    logger()->log(to_spdlog(level), fmt::string_view(line.data(), line.size()));
}

void flush() {
    if (logger()) {
        logger()->flush();
    }
}

}  // namespace rastro::log
