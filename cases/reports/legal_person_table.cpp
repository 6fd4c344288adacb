#include "cases/reports/legal_person_table.hpp"

#include <algorithm>

#include "cases/reports/conviction_table.hpp"

namespace rastro::cases {

namespace {

std::string_view why_not(RandotQuestion const& question, LegalPersonFact const& fact) {
    auto const last = last_day(question.year);
    bool const listed = std::ranges::any_of(
        fact.provisions, [](Provision const& p) { return row_of(p).has_value(); });
    if (!listed) {
        return "not_listed_provision";
    }
    if (!fact.decision_on) {
        return "no_date";
    }
    if (*fact.decision_on < first_day(question.year) || *fact.decision_on > last) {
        return "other_year";
    }
    auto const known_until = question.amended ? std::max(last, question.as_of) : last;
    bool const overturned = fact.overturned_on && *fact.overturned_on <= known_until;
    return overturned ? "overturned" : "";
}

void count(LegalPersonRow& row, LegalPersonFact const& fact) {
    row.all.cases.insert(fact.case_id);
    row.all.persons.insert(fact.entity);
    for (auto const& sanction : fact.sanctions) {
        ++row.sanctions[sanction.kind];
        if (sanction.amount) {
            row.money[sanction.kind][sanction.amount->currency] += sanction.amount->minor;
        }
    }
}

}  // namespace

LegalPersonTable legal_person_table(RandotQuestion const& question,
                                    std::vector<LegalPersonFact> const& facts) {
    LegalPersonTable table;
    std::set<Exclusion> excluded;
    for (auto const& fact : facts) {
        if (!question.country.empty() && fact.country != question.country) {
            continue;
        }
        if (auto const why = why_not(question, fact); !why.empty()) {
            excluded.insert({fact.case_id, std::string(why)});
            continue;
        }
        count(table.rows[static_cast<std::size_t>(fact.liability)], fact);
        count(table.total, fact);
    }
    for (auto const& line : excluded) {
        if (!table.total.all.cases.contains(line.case_id)) {
            table.excluded.push_back(line);
        }
    }
    return table;
}

}  // namespace rastro::cases
