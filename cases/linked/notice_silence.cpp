#include "cases/linked/notice_silence.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "cases/trace/reference_table.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view silence_rules_csv();
}  // namespace rastro::embedded

namespace rastro::cases {

namespace {

struct SilenceRule {
    std::string country;
    Date valid_from{};
    bool consent = false;
};

std::vector<SilenceRule> read_rules() {
    ReferenceTable const table(embedded::silence_rules_csv());
    std::vector<SilenceRule> rules;
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const from = parse_iso_date(table.cell(i, "valid_from"));
        auto const consent = table.cell(i, "silence");
        if (!from || (consent != "consent" && consent != "objection")) {
            throw std::logic_error("silence_rules.csv, row " + std::to_string(i + 2));
        }
        rules.push_back({std::string(table.cell(i, "country")), *from, consent == "consent"});
    }
    std::ranges::stable_sort(rules, {}, &SilenceRule::valid_from);
    return rules;
}

}  // namespace

bool silence_is_consent(std::string_view country, Date day) {
    static std::vector<SilenceRule> const rules = read_rules();
    bool consent = false;  // the latest rule in force counts
    for (auto const& rule : rules) {
        if (rule.country == country && rule.valid_from <= day) {
            consent = rule.consent;
        }
    }
    return consent;
}

}  // namespace rastro::cases
