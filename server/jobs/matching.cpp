#include "server/jobs/matching.hpp"

#include <algorithm>
#include <map>

#include "common/log.hpp"
#include "server/handlers/matches.hpp"
#include "storage/illicit_record_repo.hpp"
#include "storage/match_tasks.hpp"
#include "storage/serial_index.hpp"

namespace rastro::server {

namespace {

using cases::MatchBand;
using storage::MatchObject;
using storage::MatchTask;
using storage::RequestFacts;
using storage::SerialMatch;
using storage::UnitOfWork;

bool is_told(cases::Assessment const& assessment) {
    return assessment.band == MatchBand::strong || assessment.band == MatchBand::possible;
}

cases::Exposure exposure_of(RequestFacts const& facts) {
    return {.agency = facts.agency,
            .silent = false,
            .sensitive = facts.sensitive,
            .handling_code = facts.handling_code,
            .in_compartment = facts.in_compartment};
}

// A request that may be compared: a linked duplicate stands for nothing of its own any more.
bool takes_part(RequestFacts const& facts) {
    return facts.state != "DUPLICATE" && !facts.firearm.canon.empty() &&
           cases::takes_part_in_matching(exposure_of(facts));
}

storage::SerialQuestion question_of(std::string const& canon) {
    storage::SerialQuestion question;
    question.canon = canon;
    question.pointers = true;
    return question;
}

class Comparison {
 public:
    Comparison(UnitOfWork& unit, cases::MakeCatalogue const& makes, std::string found_by)
        : unit_(unit), makes_(makes), found_by_(std::move(found_by)) {}

    void request(RequestFacts const& facts);
    void record(storage::RecordRow const& row);
    // A pair that may be told to nobody is not kept.
    [[nodiscard]] std::vector<SerialMatch>& matches() { return matches_; }

 private:
    void with_requests(RequestFacts const& facts, cases::MakeComparison const& make);
    void with_records(RequestFacts const& facts, cases::MakeComparison const& make);
    [[nodiscard]] std::map<CaseId, cases::Assessment> similar_requests(
        cases::MatchSide const& side, cases::MakeComparison const& make, CaseId const& except);
    void add_pair(RequestFacts const& a, RequestFacts const& b, cases::Assessment const& found);
    struct RecordSide {
        CaseId case_id;
        cases::RecordKind kind;
        cases::Exposure exposure;
    };
    void add_hit(RequestFacts const& request,
                 RecordSide const& record,
                 cases::Assessment const& found);
    [[nodiscard]] SerialMatch match_for(RequestFacts const& request,
                                        cases::HitKind kind,
                                        cases::Assessment const& found) const;
    void keep(SerialMatch match);

    UnitOfWork& unit_;
    cases::MakeCatalogue const& makes_;
    std::string found_by_;
    std::vector<SerialMatch> matches_;
};

void Comparison::request(RequestFacts const& facts) {
    if (!takes_part(facts)) {
        return;
    }
    cases::MakeComparison const make(makes_, facts.firearm.make_id, facts.firearm.make_text);
    with_requests(facts, make);
    with_records(facts, make);
}

std::map<CaseId, cases::Assessment> Comparison::similar_requests(cases::MatchSide const& side,
                                                                 cases::MakeComparison const& make,
                                                                 CaseId const& except) {
    std::map<CaseId, cases::Assessment> similar;
    for (auto const& candidate : storage::find_serial(unit_, question_of(side.canon)).found) {
        auto assessment = cases::assess(side, nullptr, make, candidate.firearm);
        if (candidate.case_id != except && is_told(assessment)) {
            similar.emplace(candidate.case_id, std::move(assessment));
        }
    }
    return similar;
}

void Comparison::with_requests(RequestFacts const& facts, cases::MakeComparison const& make) {
    auto const similar = similar_requests(facts.firearm, make, facts.case_id);
    std::vector<CaseId> ids;
    for (auto const& [id, assessment] : similar) {
        ids.push_back(id);
    }
    if (ids.empty()) {
        return;
    }
    for (auto const& other : storage::request_facts_of(unit_, ids, storage::Unsent::left_out)) {
        if (takes_part(other)) {
            add_pair(facts, other, similar.at(other.case_id));
        }
    }
}

void Comparison::with_records(RequestFacts const& facts, cases::MakeComparison const& make) {
    for (auto const& candidate :
         storage::find_in_register(unit_, question_of(facts.firearm.canon))) {
        auto const assessment = cases::assess(facts.firearm, nullptr, make, candidate.firearm);
        if (is_told(assessment)) {
            add_hit(facts,
                    {.case_id = candidate.case_id,
                     .kind = candidate.kind,
                     .exposure = {.agency = candidate.owner_agency,
                                  .silent = candidate.silent,
                                  .sensitive = false,
                                  .handling_code = candidate.handling_code,
                                  .in_compartment = candidate.in_compartment}},
                    assessment);
        }
    }
}

// Backwards: a new record and the requests of before.
void Comparison::record(storage::RecordRow const& row) {
    auto const& firearm = row.record.firearm;
    auto const side = cases::match_side(firearm);
    cases::MakeComparison const make(makes_, firearm.make_id, firearm.make_text);
    auto const similar = similar_requests(side, make, row.file.case_id);
    std::vector<CaseId> ids;
    for (auto const& [id, assessment] : similar) {
        ids.push_back(id);
    }
    if (ids.empty()) {
        return;
    }
    for (auto const& request : storage::request_facts_of(unit_, ids, storage::Unsent::left_out)) {
        if (takes_part(request)) {
            add_hit(request,
                    {.case_id = row.file.case_id,
                     .kind = row.record.kind,
                     .exposure = {.agency = row.file.owner_agency,
                                  .silent = row.record.silent,
                                  .sensitive = false,
                                  .handling_code = row.file.handling_code,
                                  .in_compartment = !row.file.compartments.empty()}},
                    similar.at(request.case_id));
        }
    }
}

SerialMatch Comparison::match_for(RequestFacts const& request,
                                  cases::HitKind kind,
                                  cases::Assessment const& found) const {
    auto match = match_of(found, kind, found_by_, unit_.now());
    match.case_id = request.case_id;
    match.case_agency = request.agency;
    match.case_handling = request.handling_code;
    match.recovery_country = request.recovery.country;
    match.recovered_on = request.recovery.day;
    return match;
}

void Comparison::add_pair(RequestFacts const& a,
                          RequestFacts const& b,
                          cases::Assessment const& found) {
    bool const b_is_newer = std::pair(a.sent_at, a.case_id) < std::pair(b.sent_at, b.case_id);
    auto const& newer = b_is_newer ? b : a;
    auto const& older = b_is_newer ? a : b;
    auto match = match_for(newer, cases::kind_of_pair(newer.recovery, older.recovery), found);
    match.other_case_id = older.case_id;
    match.other_agency = older.agency;
    match.other_handling = older.handling_code;
    bool const foreign = newer.agency != older.agency;
    match.covert = foreign && cases::is_hidden_from_others(exposure_of(newer));
    match.silent = foreign && cases::is_hidden_from_others(exposure_of(older));
    keep(std::move(match));
}

void Comparison::add_hit(RequestFacts const& request,
                         RecordSide const& record,
                         cases::Assessment const& found) {
    auto match = match_for(request, cases::kind_of_record_hit(record.kind), found);
    match.record_id = record.case_id.uuid;
    match.other_agency = record.exposure.agency;
    match.other_handling = record.exposure.handling_code;
    bool const foreign = request.agency != record.exposure.agency;
    match.covert = foreign && cases::is_hidden_from_others(exposure_of(request));
    match.silent = foreign && cases::is_hidden_from_others(record.exposure);
    keep(std::move(match));
}

void Comparison::keep(SerialMatch match) {
    settle_audience(unit_, match);
    if (!match.seen_by.empty()) {
        matches_.push_back(std::move(match));
    }
}

// In the books of those who know of it only: a hidden side has none in the other's.
void audit_match(UnitOfWork& unit, Services const& services, SerialMatch const& match) {
    bool const of_other = match.silent;
    storage::AuditEntry entry;
    auto& record = entry.record;
    record.event_id = EventId::generate();
    record.time = unit.now();
    record.server = services.settings.server.id;
    record.action = "match.found";
    record.actor = "matching";
    record.actor_kind = "system";
    record.agency = of_other ? match.other_agency : match.case_agency;
    record.country = record.agency.substr(0, 2);
    record.object_type = "match";
    record.object_id = match.match_id.to_string();
    record.object_version = static_cast<std::uint64_t>(match.version);
    record.object_owner = match.covert ? match.case_agency : match.other_agency;
    unit.audit(std::move(entry));
}

int store(UnitOfWork& unit, Services const& services, std::vector<SerialMatch>& matches) {
    int told = 0;
    auto const added = storage::add_matches(unit, matches);
    for (std::size_t i = 0; i < added.size(); ++i) {
        bool const fresh = added[i] == storage::Added::now;
        if (fresh || storage::strengthen_match(unit, matches[i])) {
            auto const stored =
                storage::find_match(unit, matches[i].match_id, storage::MatchLock::none);
            tell_of_match(unit, *stored, found_message(*stored));
            audit_match(unit, services, *stored);
            ++told;
        }
    }
    return told;
}

Outcome<int> compare(UnitOfWork& unit,
                     Services const& services,
                     MakeCache& makes,
                     MatchTask const& task) {
    unit.act_as(storage::ActingAs::system());
    if (!storage::claim_match_task(unit, task)) {
        unit.touches_no_records();
        return 0;
    }
    auto const catalogue = makes.current(unit);
    Comparison comparison(
        unit, *catalogue, task.object == MatchObject::search ? "search" : "matching");
    if (task.object == MatchObject::record) {
        auto const row = storage::find_record(unit, task.case_id, storage::RecordLock::none);
        if (row && cases::is_live_record_state(row->file.state)) {
            comparison.record(*row);
        }
    } else {
        auto const unsent =
            task.object == MatchObject::search ? storage::Unsent::too : storage::Unsent::left_out;
        for (auto facts : storage::request_facts_of(unit, {task.case_id}, unsent)) {
            if (task.object == MatchObject::search) {
                facts.firearm = task.searched;
            }
            comparison.request(facts);
        }
    }
    int const told = store(unit, services, comparison.matches());
    if (told == 0) {
        unit.touches_no_records();  // what nobody hears of is no act upon a case
    }
    return told;
}

}  // namespace

MatchRound run_matching(storage::Connection& connection,
                        Services const& services,
                        MakeCache& makes,
                        int limit) {
    MatchRound round;
    auto const& clock = services.clock;
    auto const waiting = storage::run_unit_of_work(
        connection, clock, [&](UnitOfWork& unit) -> Outcome<std::vector<MatchTask>> {
            unit.touches_no_records();
            unit.act_as(storage::ActingAs::system());
            return storage::waiting_match_tasks(unit, limit);
        });
    if (!waiting) {
        return round;
    }
    for (auto const& task : *waiting) {
        auto const found = storage::run_unit_of_work(connection, clock, [&](UnitOfWork& unit) {
            return compare(unit, services, makes, task);
        });
        if (found) {
            ++round.done;
            round.found += *found;
            continue;
        }
        ++round.failed;
        auto const attempts =
            storage::run_unit_of_work(connection, clock, [&](UnitOfWork& unit) -> Outcome<int> {
                unit.touches_no_records();
                unit.act_as(storage::ActingAs::system());
                return storage::count_failed_match(unit, task);
            });
        log::error("matching_failed",
                   {{"case", task.case_id.to_string()},
                    {"attempts", attempts ? *attempts : 0},
                    {"problem", found.error().info().slug}});
    }
    round.more = round.failed == 0 && waiting->size() >= static_cast<std::size_t>(limit);
    return round;
}

}  // namespace rastro::server
