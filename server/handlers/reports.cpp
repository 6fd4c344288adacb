// The RANDOT report over stored cases, and the table of victims as the public may see it.
#include <algorithm>
#include <charconv>

#include "cases/trace/code_lists.hpp"
#include "common/time_text.hpp"
#include "protocol/figures_json.hpp"
#include "protocol/randot_json.hpp"
#include "server/dated_rules.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/reports.hpp"
#include "server/services.hpp"
#include "storage/randot_repo.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::UnitOfWork;

struct VictimQuery {
    std::string country;
    int year = 0;
};

Outcome<int> parse_year(Arrival const& arrival) {
    auto const text = query_text(arrival, "year");
    int year = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), year);
    bool const whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (!whole || year < 2000 || year > 2100) {
        return violation("query:/year", "out_of_range", {"2000", "2100"});
    }
    return year;
}

Outcome<protocol::RandotAsked> parse_report(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"country", "year", "as_of", "amended"}));
    protocol::RandotAsked asked;
    asked.country = query_text(arrival, "country");
    RASTRO_TRY(year, parse_year(arrival));
    asked.year = year;
    if (auto const as_of = query_text(arrival, "as_of"); !as_of.empty()) {
        asked.as_of = parse_iso_date(as_of);
        if (!asked.as_of) {
            return violation("query:/as_of", "format_date");
        }
    }
    asked.amended = query_text(arrival, "amended") == "true";
    return asked;
}

Outcome<Reply> run_report(Call& call, protocol::RandotAsked const& asked, UnitOfWork& unit) {
    RASTRO_TRY(computed, compute_report(call, asked, unit));
    Reply reply;
    reply.body = protocol::write_randot(computed.report, computed.quality, true);
    return reply;
}

// ---------------------------------------------------------------- victims, for the public

Outcome<VictimQuery> parse_victims(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"country", "year"}));
    RASTRO_TRY(year, parse_year(arrival));
    return VictimQuery{query_text(arrival, "country"), year};
}

std::size_t place_of(std::vector<std::string>& names, std::string const& name) {
    auto const found = std::ranges::find(names, name);
    if (found == names.end()) {
        names.push_back(name);
        return names.size() - 1;
    }
    return static_cast<std::size_t>(found - names.begin());
}

Outcome<Reply> run_victims(Call& call, VictimQuery const& asked, UnitOfWork& unit) {
    call.about("victim_table",
               asked.country + "-" + std::to_string(asked.year),
               std::nullopt,
               call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("victim_table", report_relations(unit, asked.country))));
    protocol::VictimTableMessage message{.country = asked.country, .year = asked.year, .table = {}};
    // All purposes and bands of the code lists, so that the shape of the table tells nothing.
    for (auto const& code : *cases::find_code_list("tip_purpose")) {
        message.purposes.push_back(code.code);
    }
    for (auto const& code : *cases::find_code_list("age_band")) {
        message.age_bands.push_back(code.code);
    }
    auto const counts = storage::victim_counts(unit, asked.country, asked.year);
    for (auto const& count : counts) {
        (void)place_of(message.purposes, count.purpose);
        (void)place_of(message.age_bands, count.age_band);
    }
    cases::CountTable table(message.purposes.size(), std::vector<int>(message.age_bands.size()));
    for (auto const& count : counts) {
        table[place_of(message.purposes, count.purpose)]
             [place_of(message.age_bands, count.age_band)] += count.victims;
    }
    message.table = cases::suppress(table);
    Reply reply;
    reply.body = protocol::write_victim_table(message);
    return reply;
}

}  // namespace

std::set<Relation> report_relations(UnitOfWork& unit, std::string const& country) {
    return storage::may_report(unit, country) ? std::set{Relation::own_agency}
                                              : std::set<Relation>{};
}

// A country's report is for its own national contact or statistics office; the hemisphere's for the
// agency that runs the instance. Of others there is nothing to see.
Outcome<ComputedReport> compute_report(Call& call,
                                       protocol::RandotAsked const& asked,
                                       UnitOfWork& unit) {
    call.about(
        "randot_report",
        (asked.country.empty() ? "hemisphere" : asked.country) + "-" + std::to_string(asked.year),
        std::nullopt,
        call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("randot_report", report_relations(unit, asked.country))));
    auto const today = Date{std::chrono::floor<std::chrono::days>(unit.now())};
    cases::RandotQuestion const question{
        asked.country, asked.year, asked.as_of.value_or(today), asked.amended};
    auto const until = Instant(std::chrono::sys_days(question.as_of) + std::chrono::days(1));
    auto const facts = storage::randot_facts(unit, asked.country, until);
    return ComputedReport{cases::randot_report(question, facts, call.services().rules.treaties),
                          cases::quality_faults(question, facts)};
}

void bind_reports(Routes& routes) {
    routes.add("randot_report", parse_report, run_report);
    routes.add("victim_table", parse_victims, run_victims);
}

}  // namespace rastro::server
