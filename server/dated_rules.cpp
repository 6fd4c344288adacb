#include "server/dated_rules.hpp"

#include "certs/key_files.hpp"

namespace rastro::server {

namespace {

// What `parse` makes of the file; `built_in` if none is named.
template <class Table>
Outcome<Table> read(config::Path const& path,
                    Outcome<Table> (*parse)(std::string_view),
                    Table const& built_in) {
    if (path.empty()) {
        return built_in;
    }
    auto const text = certs::read_file(path);
    if (!text) {
        return Problem(text.error().code(), path.string() + " is not there or no plain file");
    }
    auto table = parse(*text);
    if (!table) {
        auto const problem = table.error();
        auto const& first = problem.violations().front();
        return Problem(ProblemCode::validation_failed,
                       path.string() + ": " + first.pointer + " " + first.code);
    }
    return table;
}

}  // namespace

Outcome<DatedRules> read_dated_rules(config::CaseSettings const& settings) {
    DatedRules rules;
    RASTRO_TRY(treaties, read(settings.treaty_parties, cases::TreatyTable::parse, rules.treaties));
    RASTRO_TRY(rates, read(settings.exchange_rates, cases::parse_exchange_rates, rules.rates));
    RASTRO_TRY(silence, read(settings.silence_rules, cases::parse_silence_rules, rules.silence));
    return DatedRules{std::move(treaties), std::move(rates), std::move(silence)};
}

}  // namespace rastro::server
