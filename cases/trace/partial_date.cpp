#include "cases/trace/partial_date.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "cases/trace/code_table.hpp"
#include "cases/trace/text_fold.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<DatePrecision>, 3> kPrecisions{{
    {DatePrecision::year, "year"},
    {DatePrecision::month, "month"},
    {DatePrecision::day, "day"},
}};
constexpr std::array<CodeRow<DateFault>, 5> kFaults{{
    {DateFault::empty, "empty"},
    {DateFault::not_a_date, "not_a_date"},
    {DateFault::ambiguous_order, "ambiguous_order"},
    {DateFault::not_in_calendar, "not_in_calendar"},
    {DateFault::year_out_of_range, "year_out_of_range"},
}};
constexpr int kEarliestYear = 1800;

// The first letters that tell a month in en, es, pt and fr (folded).
struct MonthName {
    std::string_view start;
    unsigned month;
};
constexpr std::array<MonthName, 29> kMonthNames{{
    {"JAN", 1},  {"ENE", 1},  {"JANV", 1}, {"FEB", 2},  {"FEV", 2},  {"MAR", 3},
    {"APR", 4},  {"ABR", 4},  {"AVR", 4},  {"MAY", 5},  {"MAI", 5},  {"MAIO", 5},
    {"JUN", 6},  {"JUIN", 6}, {"JUL", 7},  {"JUIL", 7}, {"AUG", 8},  {"AGO", 8},
    {"AOU", 8},  {"SEP", 9},  {"SET", 9},  {"OCT", 10}, {"OUT", 10}, {"NOV", 11},
    {"DEC", 12}, {"DIC", 12}, {"DEZ", 12}, {"SEPT", 9}, {"AOUT", 8},
}};
constexpr std::array<std::string_view, 30> kVagueWords{
    "SPRING",    "SUMMER",  "AUTUMN",   "FALL",  "WINTER", "EARLY",   "MID",   "MIDDLE",
    "LATE",      "END",     "ABOUT",    "CIRCA", "AROUND", "APPROX",  "CA",    "PRIMAVERA",
    "VERANO",    "OTONO",   "INVIERNO", "VERAO", "OUTONO", "INVERNO", "HIVER", "ETE",
    "PRINTEMPS", "AUTOMNE", "OF",       "DE",    "TO",     "IN"};

bool is_number(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

int to_number(std::string_view digits) {
    int value = 0;
    for (char c : digits.substr(0, 8)) {
        value = value * 10 + (c - '0');
    }
    return value;
}

unsigned month_of(std::string_view word) {
    if (word.size() < 3 || is_number(word)) {
        return 0;
    }
    for (auto const& [start, month] : kMonthNames) {
        if (word.starts_with(start) && word.size() <= 10) {
            return month;
        }
    }
    return 0;
}

DateReading fault(DateFault reason) {
    return {std::nullopt, reason, false};
}

int full_year(std::string_view digits, int latest_year) {
    int const year = to_number(digits);
    if (digits.size() != 2) {
        return year;
    }
    int const candidate = latest_year - latest_year % 100 + year;
    return candidate > latest_year ? candidate - 100 : candidate;
}

struct Numbers {
    int year;
    int month;  // 0: not given
    int day;    // 0: not given
};

DateReading from_numbers(Numbers given, int latest_year) {
    if (given.year < kEarliestYear || given.year > latest_year) {
        return fault(DateFault::year_out_of_range);
    }
    if (given.month < 0 || given.month > 12 || given.day < 0 || given.day > 31) {
        return fault(DateFault::not_in_calendar);
    }
    PartialDate date;
    date.year = std::chrono::year{given.year};
    if (given.month > 0) {
        date.month = std::chrono::month{static_cast<unsigned>(given.month)};
        date.precision = DatePrecision::month;
    }
    if (given.day > 0) {
        date.day = std::chrono::day{static_cast<unsigned>(given.day)};
        date.precision = DatePrecision::day;
    }
    if (!date.first_day().ok()) {
        return fault(DateFault::not_in_calendar);
    }
    return {date, std::nullopt, false};
}

DateReading from_day_and_month(int first, int second, int year, DateOrder order, int latest_year) {
    if (first == 0 || second == 0) {
        return fault(DateFault::not_in_calendar);
    }
    if (order == DateOrder::unknown) {
        if (first <= 12 && second <= 12 && first != second) {
            return fault(DateFault::ambiguous_order);
        }
        order = first > 12 ? DateOrder::day_first : DateOrder::month_first;
    }
    bool const month_first = order == DateOrder::month_first;
    return from_numbers({year, month_first ? first : second, month_first ? second : first},
                        latest_year);
}

// Words and numbers of the text; every other sign separates.
std::vector<std::string> parts_of(std::string_view text) {
    std::vector<std::string> parts(1);
    for (char c : fold_words(text)) {
        if (c == ' ') {
            parts.emplace_back();
        } else {
            parts.back().push_back(c);
        }
    }
    return parts;
}

DateReading from_words(std::vector<std::string> const& parts, int latest_year) {
    int year = 0;
    int month = 0;
    int months = 0;
    int day = 0;
    bool vague = false;
    for (auto const& part : parts) {
        if (is_number(part) && part.size() == 4 && year == 0) {
            year = to_number(part);
        } else if (is_number(part) && part.size() <= 2 && day == 0) {
            day = to_number(part);
        } else if (auto const found = month_of(part); found != 0) {
            month = static_cast<int>(found);
            ++months;
        } else if (std::ranges::find(kVagueWords, part) != kVagueWords.end()) {
            vague = vague || (part != "DE" && part != "OF");
        } else {
            return fault(DateFault::not_a_date);
        }
    }
    if (year == 0 || (day > 0 && (months != 1 || vague))) {
        return fault(DateFault::not_a_date);
    }
    bool const exact = months == 1 && !vague;
    auto reading = from_numbers({year, exact ? month : 0, exact ? day : 0}, latest_year);
    reading.annotated = !exact;
    return reading;
}

// A sign at the edge that is neither digit, letter nor closing punctuation of the date itself.
bool has_notes(std::string_view text) {
    return text.find_first_of("*\"~<>?()[]") != std::string_view::npos;
}

}  // namespace

std::string_view code_of(DatePrecision precision) noexcept {
    return code_in(kPrecisions, precision);
}

std::optional<DatePrecision> date_precision_from(std::string_view code) noexcept {
    return value_in(kPrecisions, code);
}

std::string_view code_of(DateFault reason) noexcept {
    return code_in(kFaults, reason);
}

std::string PartialDate::to_string() const {
    auto const digits = [](int value, std::size_t width) {
        auto text = std::to_string(value);
        return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
    };
    auto text = digits(static_cast<int>(year), 4);
    if (precision != DatePrecision::year) {
        text += "-" + digits(static_cast<int>(static_cast<unsigned>(month)), 2);
    }
    if (precision == DatePrecision::day) {
        text += "-" + digits(static_cast<int>(static_cast<unsigned>(day)), 2);
    }
    return text;
}

DateReading parse_partial_date(std::string_view text, DateOrder order, int latest_year) {
    auto const parts = parts_of(text);
    if (parts.size() == 1 && parts.front().empty()) {
        return fault(text.find_first_not_of(" \t\r\n") == std::string_view::npos
                         ? DateFault::empty
                         : DateFault::not_a_date);
    }
    bool const numeric =
        std::ranges::all_of(parts, [](auto const& part) { return is_number(part); });
    auto reading = fault(DateFault::not_a_date);
    if (!numeric) {
        reading = from_words(parts, latest_year);
    } else if (parts.size() <= 3 && parts.front().size() == 4) {
        bool const two_digit_parts =
            std::all_of(parts.begin() + 1, parts.end(), [](auto const& part) {
                return part.size() <= 2 && to_number(part) > 0;
            });
        auto const number = [&](std::size_t i) {
            return i < parts.size() ? to_number(parts[i]) : 0;
        };
        reading = two_digit_parts ? from_numbers({number(0), number(1), number(2)}, latest_year)
                                  : fault(DateFault::not_in_calendar);
    } else if (parts.size() == 3 && parts[0].size() <= 2 && parts[1].size() <= 2 &&
               (parts[2].size() == 2 || parts[2].size() == 4)) {
        reading = from_day_and_month(to_number(parts[0]),
                                     to_number(parts[1]),
                                     full_year(parts[2], latest_year),
                                     order,
                                     latest_year);
    }
    reading.annotated = reading.annotated || (reading.date && has_notes(text));
    return reading;
}

std::optional<PartialDate> parse_iso_partial_date(std::string_view text) {
    constexpr std::array<std::size_t, 3> lengths{4, 7, 10};
    if (std::ranges::find(lengths, text.size()) == lengths.end()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const dash = i == 4 || i == 7;
        if (dash != (text[i] == '-') || (!dash && !is_number(text.substr(i, 1)))) {
            return std::nullopt;
        }
    }
    auto const number = [&](std::size_t at, std::size_t length) {
        return at < text.size() ? to_number(text.substr(at, length)) : 0;
    };
    if ((text.size() > 4 && number(5, 2) == 0) || (text.size() > 7 && number(8, 2) == 0)) {
        return std::nullopt;
    }
    return from_numbers({number(0, 4), number(5, 2), number(8, 2)}, 9999).date;
}

}  // namespace rastro::cases
