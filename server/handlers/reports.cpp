// The RANDOT report over stored cases, and its snapshots.
#include <charconv>

#include "common/time_text.hpp"
#include "protocol/randot_json.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"
#include "storage/randot_repo.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::UnitOfWork;

Outcome<protocol::SnapshotCreate> parse_report(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"country", "year", "as_of", "amended"}));
    protocol::SnapshotCreate asked;
    asked.country = query_text(arrival, "country");
    auto const year = query_text(arrival, "year");
    auto const read = std::from_chars(year.data(), year.data() + year.size(), asked.year);
    if (read.ec != std::errc() || read.ptr != year.data() + year.size() || asked.year < 2000 ||
        asked.year > 2100) {
        return violation("query:/year", "out_of_range", {"2000", "2100"});
    }
    if (auto const as_of = query_text(arrival, "as_of"); !as_of.empty()) {
        asked.as_of = parse_iso_date(as_of);
        if (!asked.as_of) {
            return violation("query:/as_of", "format_date");
        }
    }
    asked.amended = query_text(arrival, "amended") == "true";
    return asked;
}

struct Computed {
    cases::RandotReport report;
    std::vector<cases::QualityFault> quality;
};

// A country's report is for its own national contact or statistics office; the hemisphere's for the
// agency that runs the instance. Of others there is nothing to see.
Outcome<Computed> compute(Call& call, protocol::SnapshotCreate const& asked, UnitOfWork& unit) {
    call.about(
        "randot_report",
        (asked.country.empty() ? "hemisphere" : asked.country) + "-" + std::to_string(asked.year),
        std::nullopt,
        call.actor.agency);
    bool const own = asked.country.empty() ? call.actor.administration_agency
                                           : asked.country == call.actor.country;
    RASTRO_CHECK(call.authorise(
        facts_of("randot_report", own ? std::set{Relation::own_agency} : std::set<Relation>{})));
    auto const today = Date{std::chrono::floor<std::chrono::days>(unit.now())};
    cases::RandotQuestion const question{
        asked.country, asked.year, asked.as_of.value_or(today), asked.amended};
    auto const until = Instant(std::chrono::sys_days(question.as_of) + std::chrono::days(1));
    auto const facts = storage::randot_facts(unit, asked.country, until);
    return Computed{cases::randot_report(question, facts, cases::TreatyTable::built_in()),
                    cases::quality_faults(question, facts)};
}

Outcome<Reply> run_report(Call& call, protocol::SnapshotCreate const& asked, UnitOfWork& unit) {
    RASTRO_TRY(computed, compute(call, asked, unit));
    Reply reply;
    reply.body = protocol::write_randot(computed.report, computed.quality, true);
    return reply;
}

Outcome<protocol::SnapshotCreate> parse_snapshot(Arrival const& arrival) {
    return protocol::read_snapshot_create(arrival.body);
}

Outcome<Reply> run_snapshot(Call& call, protocol::SnapshotCreate const& asked, UnitOfWork& unit) {
    RASTRO_TRY(computed, compute(call, asked, unit));
    storage::RandotSnapshot snapshot;
    snapshot.country = asked.country.empty() ? "*" : asked.country;
    snapshot.year = asked.year;
    snapshot.as_of = computed.report.question.as_of;
    snapshot.amended = asked.amended;
    snapshot.definition_version = cases::kRandotDefinitionVersion;
    snapshot.body = protocol::write_randot(computed.report, computed.quality, true);
    snapshot.sha256 = sha256(snapshot.body);
    snapshot.prepared_by = call.actor.principal();
    snapshot.prepared_agency = call.actor.agency;
    snapshot.prepared_at = unit.now();
    storage::insert_snapshot(unit, snapshot);
    Reply reply;
    reply.status = 201;
    reply.body = protocol::write_snapshot({.snapshot_id = snapshot.snapshot_id.to_string(),
                                           .sha256 = to_hex(snapshot.sha256),
                                           .prepared_by = snapshot.prepared_by,
                                           .prepared_agency = snapshot.prepared_agency,
                                           .prepared_at = snapshot.prepared_at,
                                           .report = snapshot.body});
    return reply;
}

}  // namespace

void bind_reports(Routes& routes) {
    routes.add("randot_report", parse_report, run_report);
    routes.add("randot_snapshot", parse_snapshot, run_snapshot);
}

}  // namespace rastro::server
