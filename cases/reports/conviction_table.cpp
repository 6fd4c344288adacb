#include "cases/reports/conviction_table.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

constexpr std::array<ListedProvision, 7> kListed{{
    {"UNTOC 5", "UNTOC", "5"},
    {"UNTOC 6", "UNTOC", "6"},
    {"UNTOC 8", "UNTOC", "8"},
    {"UNTOC 23", "UNTOC", "23"},
    {"TIP 5", "TIP", "5"},
    {"FAP 5", "FAP", "5"},
    {"SOM 6", "SOM", "6"},
}};

std::string_view number_of(std::string_view article) {
    return article.substr(0, article.find_first_not_of("0123456789"));
}

// R12: the most severe; of two equal ones the longer.
Sentence const* principal(std::vector<Sentence const*> const& given) {
    Sentence const* best = nullptr;
    for (auto const* sentence : given) {
        bool const heavier = best == nullptr || sentence->kind < best->kind ||
                             (sentence->kind == best->kind &&
                              sentence->months.value_or(0) > best->months.value_or(0));
        best = heavier ? sentence : best;
    }
    return best;
}

// What one person was found guilty of within one row of the table.
struct Findings {
    std::set<std::string> cases;
    bool final = true;
    std::vector<Sentence const*> sentences;
};
using ByPerson = std::map<std::string, Findings>;

void add(ByPerson& persons, ConvictionFact const& fact, Date last) {
    auto& found = persons[fact.person];
    found.cases.insert(fact.case_id);
    found.final = found.final && fact.final_on && *fact.final_on <= last;
    for (auto const& sentence : fact.sentences) {
        found.sentences.push_back(&sentence);
    }
}

void put(Cell& cell, std::string const& person, Findings const& found) {
    cell.persons.insert(person);
    cell.cases.insert(found.cases.begin(), found.cases.end());
}

ConvictionRow to_row(ByPerson const& persons) {
    ConvictionRow row;
    for (auto const& [person, found] : persons) {
        put(row.all, person, found);
        if (found.final) {
            put(row.final, person, found);
        }
        auto const* sentence = principal(found.sentences);
        auto const kind = sentence == nullptr ? SentenceKind::not_available : sentence->kind;
        put(row.sentences[kind], person, found);
        if (kind == SentenceKind::custodial && sentence->months) {
            row.custodial_months.push_back(*sentence->months);
        }
    }
    std::ranges::sort(row.custodial_months);
    return row;
}

std::set<std::size_t> rows_of(ConvictionFact const& fact) {
    std::set<std::size_t> rows;
    for (auto const& provision : fact.provisions) {
        if (auto const row = row_of(provision)) {
            rows.insert(*row);
        }
    }
    return rows;
}

std::string_view why_not(RandotQuestion const& question, ConvictionFact const& fact) {
    auto const last = last_day(question.year);
    if (!fact.guilty) {
        return "not_guilty";
    }
    if (rows_of(fact).empty()) {
        return "not_listed_provision";
    }
    if (!fact.verdict_on) {
        return "no_date";
    }
    if (*fact.verdict_on < first_day(question.year) || *fact.verdict_on > last) {
        return "other_year";
    }
    // R5: by the end of the year; as amended, by the day of the report.
    auto const known_until = question.amended ? std::max(last, question.as_of) : last;
    bool const overturned = fact.overturned_on && *fact.overturned_on <= known_until;
    return overturned ? "overturned" : "";
}

}  // namespace

std::array<ListedProvision, 7> const& listed_provisions() noexcept {
    return kListed;
}

std::optional<std::size_t> row_of(Provision const& provision) noexcept {
    auto const article = number_of(provision.article);
    for (std::size_t i = 0; i < kListed.size(); ++i) {
        if (kListed[i].instrument == provision.instrument && kListed[i].article == article) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<MonthStatistics> month_statistics(std::vector<int> const& ascending) {
    if (ascending.empty()) {
        return std::nullopt;
    }
    auto const n = ascending.size();
    auto const low = ascending[(n - 1) / 2];
    auto const high = ascending[n / 2];
    return MonthStatistics{ascending.front(), (low + high) / 2.0, ascending.back()};
}

ConvictionTable conviction_table(RandotQuestion const& question,
                                 std::vector<ConvictionFact> const& facts) {
    std::array<ByPerson, 7> persons;
    ByPerson everybody;
    std::set<std::string> counted;
    std::set<Exclusion> excluded;
    for (auto const& fact : facts) {
        if (!question.country.empty() && fact.country != question.country) {
            continue;
        }
        if (auto const why = why_not(question, fact); !why.empty()) {
            excluded.insert({fact.case_id, std::string(why)});
            continue;
        }
        for (auto const row : rows_of(fact)) {
            add(persons[row], fact, last_day(question.year));
        }
        add(everybody, fact, last_day(question.year));
        counted.insert(fact.case_id);
    }
    ConvictionTable table;
    std::ranges::transform(persons, table.rows.begin(), to_row);
    table.total = to_row(everybody);
    for (auto const& line : excluded) {
        if (!counted.contains(line.case_id)) {
            table.excluded.push_back(line);
        }
    }
    return table;
}

}  // namespace rastro::cases
