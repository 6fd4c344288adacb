#include "cases/deadlines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <tuple>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view deadline_rules_csv();
}

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<DeadlineUnit>, 4> kUnits{{
    {DeadlineUnit::minutes, "minutes"},
    {DeadlineUnit::hours, "hours"},
    {DeadlineUnit::working_days, "working_days"},
    {DeadlineUnit::calendar_days, "calendar_days"},
}};

constexpr std::array<CodeRow<DeadlineScope>, 3> kScopes{{
    {DeadlineScope::any, "any"},
    {DeadlineScope::national, "national"},
    {DeadlineScope::international, "international"},
}};

constexpr int kMaxWarnDays = 3'650;
constexpr int kMaxAmount = 36'500;

class RuleReader {
 public:
    explicit RuleReader(std::string_view csv) : table_(csv) {}

    Outcome<std::vector<DeadlineRule>> run() {
        std::vector<DeadlineRule> rules;
        for (row_ = 0; row_ < table_.size(); ++row_) {
            rules.push_back(rule());
        }
        if (!violations_.empty()) {
            return Problem(ProblemCode::validation_failed, std::move(violations_));
        }
        return rules;
    }

 private:
    DeadlineRule rule() {
        DeadlineRule read;
        read.clock = cell("clock");
        if (read.clock.empty()) {
            violate("clock", "required");
        }
        read.priority = cell("priority");
        if (!read.priority.empty() && read.priority != "routine" && read.priority != "urgent") {
            violate("priority", "not_in_list");
        }
        read.scope = known("scope", parse_deadline_scope(cell("scope")));
        read.asking_country = country("asking_country");
        read.asked_country = country("asked_country");
        read.amount = number("amount", 1, kMaxAmount).value_or(0);
        if (cell("amount").empty()) {
            violate("amount", "required");
        }
        read.unit = known("unit", parse_deadline_unit(cell("unit")));
        read.escalate_after_percent = number("escalate_after_percent", 1, 1000);
        read.expire_after_factor = number("expire_after_factor", 2, 100);
        read.warn_days = days("warn_days");
        read.valid_from = known("valid_from", parse_iso_date(cell("valid_from")));
        read.source = cell("source");
        if (read.source.empty()) {
            violate("source", "required");
        }
        return read;
    }

    [[nodiscard]] std::string cell(std::string_view column) const {
        return std::string(table_.cell(row_, column));
    }
    void violate(std::string_view column, std::string_view code) {
        std::string pointer(1, '/');
        pointer += std::to_string(row_);
        pointer += '/';
        pointer += column;
        violations_.push_back({std::move(pointer), std::string(code), {}});
    }
    template <class Value>
    Value known(std::string_view column, std::optional<Value> value) {
        if (!value) {
            violate(column, "not_in_list");
        }
        return value.value_or(Value{});
    }
    std::string country(std::string_view column) {
        auto text = cell(column);
        bool const letters = std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!text.empty() && (text.size() != 2 || !letters)) {
            violate(column, "format_country");
        }
        return text;
    }
    std::optional<int> number(std::string_view column, int min, int max) {
        auto const text = cell(column);
        if (text.empty()) {
            return std::nullopt;
        }
        int value = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < min ||
            value > max) {
            violate(column, "out_of_range");
            return std::nullopt;
        }
        return value;
    }

    std::vector<int> days(std::string_view column) {
        std::vector<int> read;
        for (auto const& text : table_.list(row_, column)) {
            int value = 0;
            auto const [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            bool const whole = error == std::errc{} && end == text.data() + text.size();
            if (!whole || value < 1 || value > kMaxWarnDays ||
                (!read.empty() && value >= read.back())) {
                violate(column, "out_of_range");
                return {};
            }
            read.push_back(value);
        }
        return read;
    }

    ReferenceTable table_;
    std::size_t row_ = 0;
    std::vector<Violation> violations_;
};

bool fits(std::string_view rule, std::string_view asked) {
    return rule.empty() || rule == asked;
}

Instant after(DeadlineRule const& rule, Instant start, Calendar const& receiver, int percent) {
    auto const whole = (rule.amount * percent + 99) / 100;
    switch (rule.unit) {
        case DeadlineUnit::minutes:
            return start + std::chrono::seconds(std::int64_t{60} * rule.amount * percent / 100);
        case DeadlineUnit::hours:
            return start + std::chrono::seconds(std::int64_t{3600} * rule.amount * percent / 100);
        case DeadlineUnit::working_days:
            return receiver.add_working_days(start, whole);
        case DeadlineUnit::calendar_days:
            return receiver.add_calendar_days(start, whole);
    }
    throw std::logic_error("unknown unit of a deadline");
}

Instant moved(Instant stage, Instant paused_at, Instant resumed_at) {
    return stage <= paused_at || resumed_at <= paused_at ? stage : stage + (resumed_at - paused_at);
}

}  // namespace

std::string_view to_text(DeadlineUnit unit) noexcept {
    return code_in(kUnits, unit);
}

std::optional<DeadlineUnit> parse_deadline_unit(std::string_view text) noexcept {
    return value_in(kUnits, text);
}

std::string_view to_text(DeadlineScope scope) noexcept {
    return code_in(kScopes, scope);
}

std::optional<DeadlineScope> parse_deadline_scope(std::string_view text) noexcept {
    return value_in(kScopes, text);
}

Outcome<std::vector<DeadlineRule>> read_deadline_rules(std::string_view csv) {
    return RuleReader(csv).run();
}

std::vector<DeadlineRule> const& default_deadline_rules() {
    static std::vector<DeadlineRule> const rules =
        read_deadline_rules(embedded::deadline_rules_csv()).value();
    return rules;
}

DeadlineRule const* find_deadline_rule(std::vector<DeadlineRule> const& rules,
                                       DeadlineQuestion const& question) {
    auto const scope = question.asking_country == question.asked_country
                           ? DeadlineScope::national
                           : DeadlineScope::international;
    auto const rank = [](DeadlineRule const& r) {
        return std::tuple(!r.asked_country.empty() && !r.asking_country.empty(),
                          !r.asked_country.empty(),
                          !r.asking_country.empty(),
                          r.scope != DeadlineScope::any,
                          !r.priority.empty(),
                          std::chrono::sys_days(r.valid_from));
    };
    DeadlineRule const* best = nullptr;
    for (auto const& rule : rules) {
        if (rule.clock == question.clock && fits(rule.priority, question.priority) &&
            fits(rule.asking_country, question.asking_country) &&
            fits(rule.asked_country, question.asked_country) &&
            (rule.scope == DeadlineScope::any || rule.scope == scope) &&
            rule.valid_from <= question.on && (best == nullptr || rank(*best) <= rank(rule))) {
            best = &rule;
        }
    }
    return best;
}

DeadlineTimes deadline_times(DeadlineRule const& rule, Instant start, Calendar const& receiver) {
    DeadlineTimes times{.due = after(rule, start, receiver, 100), .escalate = {}, .expire = {}};
    if (rule.escalate_after_percent) {
        times.escalate = after(rule, start, receiver, 100 + *rule.escalate_after_percent);
    }
    if (rule.expire_after_factor) {
        times.expire = after(rule, start, receiver, 100 * *rule.expire_after_factor);
    }
    return times;
}

DeadlineTimes resume_after_pause(DeadlineTimes const& times,
                                 Instant paused_at,
                                 Instant resumed_at) {
    DeadlineTimes later{
        .due = moved(times.due, paused_at, resumed_at), .escalate = {}, .expire = {}};
    if (times.escalate) {
        later.escalate = moved(*times.escalate, paused_at, resumed_at);
    }
    if (times.expire) {
        later.expire = moved(*times.expire, paused_at, resumed_at);
    }
    return later;
}

DeadlineStage stage_at(DeadlineTimes const& times, Instant now) noexcept {
    if (times.expire && now >= *times.expire) {
        return DeadlineStage::expire;
    }
    if (times.escalate && now >= *times.escalate) {
        return DeadlineStage::escalate;
    }
    return now >= times.due ? DeadlineStage::due : DeadlineStage::running;
}

}  // namespace rastro::cases
