#include "cases/reports/randot_report.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

struct NamedCell {
    std::string table;
    std::string row;
    Cell const* cell;
};

std::vector<NamedCell> named_cells(RandotReport const& report) {
    std::vector<NamedCell> cells;
    for (std::size_t i = 0; i < report.cooperation.rows.size(); ++i) {
        cells.push_back({"A",
                         std::string(to_text(static_cast<CooperationKind>(i))),
                         &report.cooperation.rows[i].total});
    }
    cells.push_back({"A", "total", &report.cooperation.total.total});
    for (std::size_t i = 0; i < report.convictions.rows.size(); ++i) {
        cells.push_back(
            {"B", std::string(listed_provisions()[i].key), &report.convictions.rows[i].all});
    }
    cells.push_back({"B", "total", &report.convictions.total.all});
    for (std::size_t i = 0; i < report.legal_persons.rows.size(); ++i) {
        cells.push_back({"C",
                         std::string(to_text(static_cast<Liability>(i))),
                         &report.legal_persons.rows[i].all});
    }
    cells.push_back({"C", "total", &report.legal_persons.total.all});
    return cells;
}

class Quality {
 public:
    explicit Quality(RandotQuestion const& question) : question_(question) {}

    void look_at(CooperationFact const& fact) {
        auto const date = fact.kind == CooperationKind::joint_investigation ? fact.signed_on
                                                                            : fact.transmitted_on;
        if (date && (in_future(date) || before(fact.outcome_on, date))) {
            fault(fact.case_id, "date_impossible");
        }
        if (date && fact.formal && fact.bases.empty()) {
            fault(fact.case_id, "basis_missing");
        }
    }

    void look_at(ConvictionFact const& fact) {
        if (fact.provisions.empty()) {
            fault(fact.case_id, "provision_missing");
        }
        if (in_future(fact.verdict_on) || before(fact.final_on, fact.verdict_on) ||
            before(fact.overturned_on, fact.verdict_on)) {
            fault(fact.case_id, "date_impossible");
        }
        for (auto const& sentence : fact.sentences) {
            bool const without_length =
                sentence.kind == SentenceKind::custodial && sentence.months.value_or(0) <= 0;
            if (without_length) {
                fault(fact.case_id, "sentence_incomplete");
            }
        }
    }

    void look_at(LegalPersonFact const& fact) {
        if (fact.provisions.empty()) {
            fault(fact.case_id, "provision_missing");
        }
        if (in_future(fact.decision_on) || before(fact.overturned_on, fact.decision_on)) {
            fault(fact.case_id, "date_impossible");
        }
        for (auto const& sanction : fact.sanctions) {
            bool const pays = sanction.kind == "fine" || sanction.kind == "damages";
            if (pays && !sanction.amount) {
                fault(fact.case_id, "amount_incomplete");
            }
        }
    }

    std::vector<QualityFault> take() { return {faults_.begin(), faults_.end()}; }

 private:
    [[nodiscard]] bool in_future(std::optional<Date> const& date) const {
        return date && *date > question_.as_of;
    }
    static bool before(std::optional<Date> const& later, std::optional<Date> const& earlier) {
        return later && earlier && *later < *earlier;
    }
    void fault(std::string const& case_id, char const* code) { faults_.insert({case_id, code}); }

    RandotQuestion const& question_;
    std::set<QualityFault> faults_;
};

}  // namespace

RandotReport randot_report(RandotQuestion const& question,
                           RandotFacts const& facts,
                           TreatyTable const& treaties) {
    RandotReport report{.question = question,
                        .cooperation = cooperation_table(question, facts.cooperation, treaties),
                        .convictions = conviction_table(question, facts.convictions),
                        .legal_persons = legal_person_table(question, facts.legal_persons)};
    report.cooperation.reported = facts.cooperation_reported;
    report.convictions.reported = facts.convictions_reported;
    report.legal_persons.reported = facts.legal_persons_reported;
    return report;
}

std::vector<ReportChange> changes_between(RandotReport const& earlier, RandotReport const& later) {
    std::vector<ReportChange> changes;
    auto const before = named_cells(earlier);
    auto const after = named_cells(later);
    for (std::size_t i = 0; i < before.size(); ++i) {
        auto const tell = [&](Cell const& from, Cell const& to, bool entered) {
            for (auto const& id : from.cases) {
                if (!to.cases.contains(id)) {
                    changes.push_back({before[i].table, before[i].row, id, entered});
                }
            }
        };
        tell(*before[i].cell, *after[i].cell, false);
        tell(*after[i].cell, *before[i].cell, true);
    }
    return changes;
}

std::vector<QualityFault> quality_faults(RandotQuestion const& question, RandotFacts const& facts) {
    Quality quality(question);
    auto const each = [&](auto const& list) {
        std::ranges::for_each(list, [&](auto const& fact) { quality.look_at(fact); });
    };
    each(facts.cooperation);
    each(facts.convictions);
    each(facts.legal_persons);
    return quality.take();
}

std::optional<MonthStatistics> public_months(ConvictionRow const& row) {
    return row.custodial_months.size() < kPublicMonthMinimum
               ? std::nullopt
               : month_statistics(row.custodial_months);
}

}  // namespace rastro::cases
