// Operational log: one JSON object a line. An entry is a named event with fields; there is no free
// text built from user data, and no field may carry a person's name or a serial number (Standard
// 9).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace rastro::log {

enum class Level : std::uint8_t { debug, info, warning, error };

using Value = std::variant<std::string_view, std::int64_t, double, bool>;
struct Field {
    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, char const* v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, std::string const& v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, bool v) : name(n), value(v) {}
    Field(std::string_view n, double v) : name(n), value(v) {}
    template <class Integer>
        requires std::is_integral_v<Integer>
    Field(std::string_view n, Integer v) : name(n), value(static_cast<std::int64_t>(v)) {}
    std::string_view name;
    Value value;
};

// `destination`: "stdout", "stderr" or a file path (appended, reopened by reopen()).
void start(std::string_view destination, Level level);
void set_level(Level level);
[[nodiscard]] bool parse_level(std::string_view text, Level& level);
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
void flush();

inline void debug(std::string_view e, std::initializer_list<Field> f = {}) {
    write(Level::debug, e, f);
}
inline void info(std::string_view e, std::initializer_list<Field> f = {}) {
    write(Level::info, e, f);
}
inline void warning(std::string_view e, std::initializer_list<Field> f = {}) {
    write(Level::warning, e, f);
}
inline void error(std::string_view e, std::initializer_list<Field> f = {}) {
    write(Level::error, e, f);
}

}  // namespace rastro::log
