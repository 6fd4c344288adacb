// The dated rules of linked cases that change without a new program: treaty parties, exchange
// rates, what silence means. Compiled-in samples, unless the settings name files.
#pragma once

#include "cases/linked/money.hpp"
#include "cases/linked/notice_silence.hpp"
#include "cases/linked/treaty.hpp"
#include "config/settings.hpp"

namespace rastro::server {

struct DatedRules {
    cases::TreatyTable treaties = cases::TreatyTable::built_in();
    std::vector<cases::RateRow> rates = cases::exchange_rates();
    std::vector<cases::SilenceRule> silence = cases::silence_rules();
};

// From the files of cases.treaty_parties, cases.exchange_rates and cases.silence_rules. A file that
// cannot be read or has a fault is refused as a whole: the Problem's text names it, the row and the
// column.
[[nodiscard]] Outcome<DatedRules> read_dated_rules(config::CaseSettings const& settings);

}  // namespace rastro::server
