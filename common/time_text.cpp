#include "common/time_text.hpp"

#include <algorithm>
#include <cstdlib>

namespace rastro {

namespace {

using namespace std::chrono;

// Reads exactly `digits` decimal digits at `at`; -1 if they are not there.
int read_number(std::string_view text, std::size_t at, std::size_t digits) noexcept {
    if (at + digits > text.size()) {
        return -1;
    }
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// At least `digits` digits, with zeros in front.
char* write_number(char* out, unsigned value, int digits) noexcept {
    for (unsigned limit = value / 10, room = 1; limit > 0; limit /= 10) {
        digits = std::max(digits, static_cast<int>(++room));
    }
    for (int i = digits - 1; i >= 0; --i, value /= 10) {
        out[i] = static_cast<char>('0' + value % 10);
    }
    return out + digits;
}

}  // namespace

char* write_iso_date(Date date, char* out) noexcept {
    int const year = static_cast<int>(date.year());
    if (year < 0) {
        *out++ = '-';
    }
    out = write_number(out, static_cast<unsigned>(std::abs(year)), 4);
    *out++ = '-';
    out = write_number(out, static_cast<unsigned>(date.month()), 2);
    *out++ = '-';
    return write_number(out, static_cast<unsigned>(date.day()), 2);
}

char* write_rfc3339(Instant instant, char* out) noexcept {
    auto const day = floor<days>(instant);
    hh_mm_ss const time{instant - day};
    out = write_iso_date(Date{day}, out);
    *out++ = 'T';
    out = write_number(out, static_cast<unsigned>(time.hours().count()), 2);
    *out++ = ':';
    out = write_number(out, static_cast<unsigned>(time.minutes().count()), 2);
    *out++ = ':';
    out = write_number(out, static_cast<unsigned>(time.seconds().count()), 2);
    *out++ = '.';
    out = write_number(out, static_cast<unsigned>(time.subseconds().count()), 6);
    *out++ = 'Z';
    return out;
}

std::string to_iso_date(Date date) {
    char text[kTimeTextSize];
    return {text, write_iso_date(date, text)};
}

std::string to_rfc3339(Instant instant) {
    char text[kTimeTextSize];
    return {text, write_rfc3339(instant, text)};
}

std::optional<Date> parse_iso_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    int const y = read_number(text, 0, 4);
    int const m = read_number(text, 5, 2);
    int const d = read_number(text, 8, 2);
    if (y < 1 || m < 1 || d < 1) {
        return std::nullopt;
    }
    Date const date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return date;
}

std::optional<Instant> parse_rfc3339(std::string_view text) noexcept {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) {
        return std::nullopt;
    }
    auto const date = parse_iso_date(text.substr(0, 10));
    int const h = read_number(text, 11, 2);
    int const min = read_number(text, 14, 2);
    int const s = read_number(text, 17, 2);
    if (!date || h < 0 || h > 23 || min < 0 || min > 59 || s < 0 || s > 59 || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    std::size_t at = 19;
    std::int64_t micros = 0;
    if (at < text.size() && text[at] == '.') {
        ++at;
        std::size_t digits = 0;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            if (digits < 6) {
                micros = micros * 10 + (text[at] - '0');
            }
            ++digits;
            ++at;
        }
        if (digits == 0 || digits > 9) {
            return std::nullopt;
        }
        for (; digits < 6; ++digits) {
            micros *= 10;
        }
    }
    minutes offset{0};
    if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
        ++at;
    } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
        int const oh = read_number(text, at + 1, 2);
        int const om = read_number(text, at + 4, 2);
        if (oh < 0 || oh > 23 || om < 0 || om > 59 || text[at + 3] != ':') {
            return std::nullopt;
        }
        offset = hours{oh} + minutes{om};
        if (text[at] == '-') {
            offset = -offset;
        }
        at += 6;
    } else {
        return std::nullopt;
    }
    if (at != text.size()) {
        return std::nullopt;
    }
    Instant const instant =
        sys_days{*date} + hours{h} + minutes{min} + seconds{s} + microseconds{micros};
    return instant - offset;
}

}  // namespace rastro
