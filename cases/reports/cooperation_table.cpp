#include "cases/reports/cooperation_table.hpp"

#include <algorithm>

namespace rastro::cases {

namespace {

// R3: the date that puts a case into a year.
std::optional<Date> counting_date(CooperationFact const& fact) {
    return fact.kind == CooperationKind::joint_investigation ? fact.signed_on : fact.transmitted_on;
}

bool takes_part(RandotQuestion const& question, CooperationFact const& fact) {
    return question.country.empty() || fact.requesting == question.country ||
           fact.requested == question.country;
}

// What ended by the last day of the year; later outcomes are not known to that year's report.
CooperationOutcome outcome_by(CooperationFact const& fact, Date last) {
    bool const ended = fact.outcome_on && *fact.outcome_on <= last;
    return ended ? fact.outcome : CooperationOutcome::pending;
}

std::vector<LegalBasis const*> carrying_bases(CooperationFact const& fact,
                                              TreatyTable const& treaties,
                                              Date on) {
    std::vector<LegalBasis const*> found;
    for (auto const& basis : fact.bases) {
        if (carries(basis.reliance) && is_convention_or_protocol(basis.instrument) &&
            !check_basis(
                treaties, basis, to_text(fact.kind), fact.requesting, fact.requested, on)) {
            found.push_back(&basis);
        }
    }
    return found;
}

std::string_view why_no_basis(CooperationFact const& fact) {
    bool invoked = false;
    bool cited = false;
    for (auto const& basis : fact.bases) {
        if (!is_convention_or_protocol(basis.instrument)) {
            continue;
        }
        if (carries(basis.reliance)) {
            return "treaty_not_in_force";
        }
        invoked = invoked || basis.reliance == Reliance::invoked_not_relied;
        cited = cited || basis.reliance == Reliance::cited_only;
    }
    return invoked ? "invoked_not_relied" : cited ? "cited_only" : "no_treaty_basis";
}

class Builder {
 public:
    Builder(RandotQuestion const& question, TreatyTable const& treaties)
        : question_(question),
          treaties_(treaties),
          first_(first_day(question.year)),
          last_(last_day(question.year)) {}

    void take(CooperationFact const& fact) {
        if (!takes_part(question_, fact)) {
            exclude(fact, "not_a_party_to_case");
            return;
        }
        if (!fact.formal) {
            exclude(fact, "not_formal");
            return;
        }
        auto const date = counting_date(fact);
        if (!date) {
            exclude(fact, "no_date");
            return;
        }
        auto const bases = carrying_bases(fact, treaties_, *date);
        bool const running = *date <= last_ && !(fact.outcome_on && *fact.outcome_on < first_);
        if (!bases.empty() && running) {
            table_.active.cases.insert(fact.case_id);
        }
        if (*date < first_ || *date > last_) {
            exclude(fact, "other_year");
        } else if (bases.empty()) {
            auto const why = why_no_basis(fact);
            if (why == "invoked_not_relied" || why == "cited_only") {
                table_.invoked_not_relied.cases.insert(fact.case_id);
            }
            exclude(fact, why);
        } else {
            count(table_.rows[static_cast<std::size_t>(fact.kind)], fact, bases);
            count(table_.total, fact, bases);
        }
    }

    CooperationTable finish() {
        std::ranges::sort(table_.excluded);
        return std::move(table_);
    }

 private:
    void exclude(CooperationFact const& fact, std::string_view reason) {
        table_.excluded.push_back({fact.case_id, std::string(reason)});
    }

    void count(CooperationRow& row,
               CooperationFact const& fact,
               std::vector<LegalBasis const*> const& bases) const {
        auto const& id = fact.case_id;
        row.total.cases.insert(id);
        if (fact.kind == CooperationKind::joint_investigation) {
            row.joint.cases.insert(id);
        } else if (!question_.country.empty()) {
            (fact.requesting == question_.country ? row.out : row.in).cases.insert(id);
        }
        auto strongest = Reliance::cited_only;
        for (auto const* basis : bases) {
            strongest = std::min(strongest, basis->reliance);
            row.by_instrument[basis->instrument].cases.insert(id);
        }
        row.by_reliance[strongest].cases.insert(id);
        switch (outcome_by(fact, last_)) {
            case CooperationOutcome::executed:
                row.executed.cases.insert(id);
                break;
            case CooperationOutcome::refused:
                row.refused.cases.insert(id);
                break;
            case CooperationOutcome::pending:
                row.pending.cases.insert(id);
                break;
            case CooperationOutcome::withdrawn:
                break;
        }
    }

    RandotQuestion const& question_;
    TreatyTable const& treaties_;
    Date first_;
    Date last_;
    CooperationTable table_;
};

}  // namespace

CooperationTable cooperation_table(RandotQuestion const& question,
                                   std::vector<CooperationFact> const& facts,
                                   TreatyTable const& treaties) {
    Builder builder(question, treaties);
    for (auto const& fact : facts) {
        builder.take(fact);
    }
    return builder.finish();
}

}  // namespace rastro::cases
