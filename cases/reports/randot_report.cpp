#include "cases/reports/randot_report.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

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

std::vector<ReportRow> report_rows(RandotReport const& report) {
    std::vector<ReportRow> rows;
    auto const add = [&](char const* table, std::string_view row, Cell const& cell) {
        rows.push_back({table, std::string(row), cell.cases});
    };
    for (std::size_t i = 0; i < report.cooperation.rows.size(); ++i) {
        add("A", to_text(static_cast<CooperationKind>(i)), report.cooperation.rows[i].total);
    }
    add("A", "total", report.cooperation.total.total);
    for (std::size_t i = 0; i < report.convictions.rows.size(); ++i) {
        add("B", listed_provisions()[i].key, report.convictions.rows[i].all);
    }
    add("B", "total", report.convictions.total.all);
    for (std::size_t i = 0; i < report.legal_persons.rows.size(); ++i) {
        add("C", to_text(static_cast<Liability>(i)), report.legal_persons.rows[i].all);
    }
    add("C", "total", report.legal_persons.total.all);
    return rows;
}

std::vector<ReportChange> changes_between(std::vector<ReportRow> const& earlier,
                                          std::vector<ReportRow> const& later) {
    std::vector<ReportChange> changes;
    // Cases of one list's rows that the same row of the other list has not.
    auto const tell = [&](auto const& from, auto const& to, bool entered) {
        for (auto const& row : from) {
            auto const same = std::ranges::find_if(to, [&](ReportRow const& other) {
                return other.table == row.table && other.row == row.row;
            });
            for (auto const& id : row.cases) {
                if (same == to.end() || !same->cases.contains(id)) {
                    changes.push_back({row.table, row.row, id, entered});
                }
            }
        }
    };
    tell(earlier, later, false);
    tell(later, earlier, true);
    std::ranges::sort(changes);
    return changes;
}

std::vector<ReportChange> changes_between(RandotReport const& earlier, RandotReport const& later) {
    return changes_between(report_rows(earlier), report_rows(later));
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
