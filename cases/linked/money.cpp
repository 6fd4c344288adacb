#include "cases/linked/money.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "cases/trace/reference_table.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view currencies();
std::string_view exchange_rates_csv();
}  // namespace rastro::embedded

namespace rastro::cases {

namespace {

constexpr std::size_t kMaxDigits = 15;
constexpr std::size_t kMaxRateDigits = 12;
__extension__ typedef __int128 Wide;  // product of an amount and a rate

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Decimal {
    std::int64_t digits = 0;
    int scale = 0;  // value = digits / 10^scale
};

std::optional<Decimal> read_decimal(std::string_view text, std::size_t most_digits) {
    auto const dot = text.find('.');
    auto const whole = text.substr(0, dot);
    auto const part = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    bool const formed = !whole.empty() && (dot == std::string_view::npos || !part.empty()) &&
                        all_digits(whole) && all_digits(part) &&
                        whole.size() + part.size() <= most_digits;
    if (!formed) {
        return std::nullopt;
    }
    auto const digits = std::string(whole) + std::string(part);
    Decimal read{.scale = static_cast<int>(part.size())};
    std::from_chars(digits.data(), digits.data() + digits.size(), read.digits);
    return read;
}

Wide power_of_ten(int exponent) {
    Wide value = 1;
    for (; exponent > 0; --exponent) {
        value *= 10;
    }
    return value;
}

bool counts_in_total(std::string_view state) {
    return state != "RELEASED" && state != "LOST";
}

void add(AssetSum& sum, Money const& then, Money const& now) {
    sum.at_value_date += then.minor;
    sum.restated += now.minor;
    ++sum.lines;
}

}  // namespace

Currency const* find_currency(std::string_view code) {
    static std::vector<Currency> const all = [] {
        std::vector<Currency> list;
        ReferenceTable const table(embedded::currencies());
        for (std::size_t i = 0; i < table.size(); ++i) {
            auto const digits = table.cell(i, "minor_digits");
            list.push_back({std::string(table.cell(i, "currency")), digits == "0" ? 0 : 2});
        }
        return list;
    }();
    auto const found = std::ranges::find(all, code, &Currency::code);
    return found == all.end() ? nullptr : &*found;
}

Outcome<std::vector<RateRow>> parse_exchange_rates(std::string_view csv) {
    ReferenceTable const table(csv);
    std::vector<RateRow> rates;
    Problem faults(ProblemCode::validation_failed);
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const fault = [&](char const* column, char const* code) {
            faults.add({"/" + std::to_string(i) + "/" + column, code, {}});
        };
        auto const day = parse_iso_date(table.cell(i, "day"));
        RateRow row{.currency = std::string(table.cell(i, "currency")),
                    .base = std::string(table.cell(i, "base")),
                    .day = day.value_or(Date{}),
                    .rate = std::string(table.cell(i, "rate")),
                    .source = std::string(table.cell(i, "source"))};
        if (find_currency(row.currency) == nullptr) {
            fault("currency", "not_in_list");
        }
        if (find_currency(row.base) == nullptr) {
            fault("base", "not_in_list");
        }
        if (!day) {
            fault("day", "format_date");
        }
        if (!read_decimal(row.rate, kMaxRateDigits + 3)) {
            fault("rate", "format_number");
        }
        if (row.source.empty()) {
            fault("source", "required");
        }
        rates.push_back(std::move(row));
    }
    return faults.violations().empty() ? Outcome<std::vector<RateRow>>(std::move(rates)) : faults;
}

std::vector<RateRow> const& exchange_rates() {
    static std::vector<RateRow> const all =
        parse_exchange_rates(embedded::exchange_rates_csv()).value();
    return all;
}

std::optional<Money> parse_money(std::string_view amount, std::string_view currency) {
    auto const* known = find_currency(currency);
    auto const read = read_decimal(amount, kMaxDigits);
    if (known == nullptr || !read || read->scale > known->minor_digits) {
        return std::nullopt;
    }
    auto const missing = power_of_ten(known->minor_digits - read->scale);
    return Money{static_cast<std::int64_t>(read->digits * missing), known->code};
}

std::string amount_text(Money const& money) {
    auto const* known = find_currency(money.currency);
    auto const places = static_cast<std::size_t>(known == nullptr ? 0 : known->minor_digits);
    auto text = std::to_string(money.minor < 0 ? -money.minor : money.minor);
    if (places > 0) {
        if (text.size() <= places) {
            text.insert(0, places + 1 - text.size(), '0');
        }
        text.insert(text.size() - places, ".");
    }
    return money.minor < 0 ? "-" + text : text;
}

std::optional<Money> convert(Money const& money,
                             std::string_view base,
                             Date day,
                             std::vector<RateRow> const& rates) {
    if (money.currency == base) {
        return money;
    }
    auto const* from = find_currency(money.currency);
    auto const* to = find_currency(base);
    auto const row = std::ranges::find_if(rates, [&](RateRow const& r) {
        return r.currency == money.currency && r.base == base && r.day == day;
    });
    if (from == nullptr || to == nullptr || row == rates.end()) {
        return std::nullopt;
    }
    auto const rate = read_decimal(row->rate, kMaxRateDigits + 3);
    if (!rate || rate->digits == 0) {
        return std::nullopt;
    }
    Wide const top = static_cast<Wide>(money.minor) * rate->digits * power_of_ten(to->minor_digits);
    Wide const bottom = power_of_ten(rate->scale + from->minor_digits);
    Wide const half = top < 0 ? -(bottom / 2) : bottom / 2;
    return Money{static_cast<std::int64_t>((top + half) / bottom), to->code};
}

AssetRollUp roll_up(std::vector<AssetLine> const& lines,
                    std::string_view base,
                    Date report_date,
                    std::vector<RateRow> const& rates) {
    AssetRollUp result;
    for (auto const& line : lines) {
        auto const then = convert(line.value, base, line.value_date, rates);
        auto const now = convert(line.value, base, report_date, rates);
        if (!then || !now) {
            result.unconverted.push_back(line.id);
            continue;
        }
        add(result.by_state[line.state], *then, *now);
        if (counts_in_total(line.state)) {
            add(result.total, *then, *now);
        }
    }
    return result;
}

}  // namespace rastro::cases
