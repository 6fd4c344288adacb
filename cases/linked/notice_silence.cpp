#include "cases/linked/notice_silence.hpp"

#include <algorithm>

#include "cases/trace/reference_table.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view silence_rules_csv();
}  // namespace rastro::embedded

namespace rastro::cases {

Outcome<std::vector<SilenceRule>> parse_silence_rules(std::string_view csv) {
    ReferenceTable const table(csv);
    std::vector<SilenceRule> rules;
    Problem faults(ProblemCode::validation_failed);
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const fault = [&](char const* column, char const* code) {
            faults.add({"/" + std::to_string(i) + "/" + column, code, {}});
        };
        auto const from = parse_iso_date(table.cell(i, "valid_from"));
        auto const silence = table.cell(i, "silence");
        if (table.cell(i, "country").size() != 2) {
            fault("country", "not_in_list");
        }
        if (!from) {
            fault("valid_from", "format_date");
        }
        if (silence != "consent" && silence != "objection") {
            fault("silence", "not_in_list");
        }
        if (table.cell(i, "source").empty()) {
            fault("source", "required");
        }
        rules.push_back(
            {std::string(table.cell(i, "country")), from.value_or(Date{}), silence == "consent"});
    }
    if (!faults.violations().empty()) {
        return faults;
    }
    std::ranges::stable_sort(rules, {}, &SilenceRule::valid_from);
    return rules;
}

std::vector<SilenceRule> const& silence_rules() {
    static std::vector<SilenceRule> const rules =
        parse_silence_rules(embedded::silence_rules_csv()).value();
    return rules;
}

bool silence_is_consent(std::vector<SilenceRule> const& rules, std::string_view country, Date day) {
    bool consent = false;  // the latest rule in force counts
    for (auto const& rule : rules) {
        if (rule.country == country && rule.valid_from <= day) {
            consent = rule.consent;
        }
    }
    return consent;
}

}  // namespace rastro::cases
