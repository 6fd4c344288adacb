#include "cases/linked/treaty_clock.hpp"

namespace rastro::cases {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

bool names(TreatyTerm const& term, std::string_view country) {
    return term.country_a == country || term.country_b == country;
}

// -1: does not apply; else the more the more specific.
int rank(TreatyTerm const& term,
         std::string_view treaty,
         std::string_view country_a,
         std::string_view country_b) {
    if (!term.treaty.empty() && term.treaty != treaty) {
        return -1;
    }
    int const named = (term.country_a.empty() ? 0 : 1) + (term.country_b.empty() ? 0 : 1);
    int const met = (names(term, country_a) ? 1 : 0) + (names(term, country_b) ? 1 : 0);
    if (met < named) {
        return -1;
    }
    return named * 2 + (term.treaty.empty() ? 0 : 1);
}

Date add_months(Date start, int months) {
    auto const target = start.year() / start.month() + std::chrono::months(months);
    Date const last = target / std::chrono::last;
    Date const same = target / start.day();
    return same.ok() ? same : last;
}

}  // namespace

TreatyTerm const* find_treaty_term(std::vector<TreatyTerm> const& terms,
                                   std::string_view clock,
                                   std::string_view treaty,
                                   std::string_view country_a,
                                   std::string_view country_b,
                                   Date on) {
    TreatyTerm const* best = nullptr;
    int best_rank = -1;
    for (auto const& term : terms) {
        if (term.clock != clock || term.valid_from > on) {
            continue;
        }
        auto const r = rank(term, treaty, country_a, country_b);
        if (r > best_rank || (r == best_rank && r >= 0 && best->valid_from <= term.valid_from)) {
            best = &term;
            best_rank = r;
        }
    }
    return best;
}

Date term_end(TreatyTerm const& term, Date start, Calendar const& calendar) {
    Date end = start;
    switch (term.unit) {
        case TermUnit::days:
            end = Date(sys_days(start) + days(term.amount));
            break;
        case TermUnit::months:
            end = add_months(start, term.amount);
            break;
        case TermUnit::working_days:
            for (int left = term.amount; left > 0;) {
                end = Date(sys_days(end) + days(1));
                left -= calendar.is_working_day(end) ? 1 : 0;
            }
            break;
    }
    while (term.moves_to_working_day && !calendar.is_working_day(end)) {
        end = Date(sys_days(end) + days(1));
    }
    return end;
}

}  // namespace rastro::cases
