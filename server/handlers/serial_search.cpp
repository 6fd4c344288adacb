// Search for serial numbers: every candidate is compared by the rules and decided upon by its own
// relation to the caller. Of cases of others a search that is made for an own request gets pointers
// to strong matches, nothing else (domain/tracing.md 4.8, 4.9, 8.5).
#include <algorithm>

#include "cases/trace/calibre.hpp"
#include "cases/trace/serial.hpp"
#include "server/handlers/matches.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/traces.hpp"
#include "server/services.hpp"
#include "storage/illicit_record_repo.hpp"
#include "storage/match_tasks.hpp"
#include "storage/serial_index.hpp"

namespace rastro::server {

namespace {

using cases::MatchBand;
using cases::Relation;
using storage::SerialCandidate;

struct Asked {
    protocol::SerialSearch message;
    cases::SerialQuery query;
    cases::MatchSide side;
};

Outcome<Asked> parse_search(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(message, protocol::read_serial_search(arrival.body));
    auto query = cases::parse_serial_query(message.serial);
    std::vector<Violation> violations;
    if (!query) {
        auto const problem = query.error();
        for (auto violation : problem.violations()) {
            violation.pointer = "/serial";
            violations.push_back(std::move(violation));
        }
    }
    if (auto const placeholder = cases::recognise_placeholder(message.serial);
        placeholder && query && !query->has_wildcards()) {
        violations.push_back({"/serial", "serial_query_placeholder", {placeholder->text}});
    }
    cases::FirearmDescription firearm;
    firearm.make_text = message.make_text;
    firearm.make_id = message.make_id;
    firearm.calibre_text = message.calibre_text;
    firearm.calibre_id = message.calibre_id;
    firearm.type_code = message.type;
    firearm.model_text = message.model_text;
    firearm.import_country = message.import_country;
    auto side = cases::match_side(firearm);
    if (query && query->has_wildcards()) {
        bool const make = !message.make_id.empty() || !message.make_text.empty();
        if (!make && side.calibre_group.empty()) {
            violations.push_back({"/make_text", "serial_query_make_or_calibre", {}});
        }
    } else if (query) {
        side.canon = query->to_string();
    }
    if (!message.calibre_id.empty() && cases::find_calibre(message.calibre_id) == nullptr) {
        violations.push_back({"/calibre_id", "unknown_code", {message.calibre_id}});
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    return Asked{std::move(message), std::move(query).value(), std::move(side)};
}

// What the caller may see of a candidate by its relation.
cases::Decision decide_on(Call const& call, SerialCandidate const& candidate) {
    cases::ObjectFacts facts;
    facts.type = "trace_request";
    facts.relations = candidate.relations;
    facts.author = candidate.author;
    facts.handling_code = candidate.handling_code;
    facts.compartments = candidate.compartments;
    facts.sensitive = candidate.sensitive;
    facts.shared_groups = candidate.shared_groups;
    auto const& services = call.services();
    return cases::decide(services.permissions,
                         call.actor,
                         call.endpoint().operation,
                         facts,
                         {.now = call.now(), .step_up_age = services.settings.session.step_up});
}

protocol::SerialHitMessage to_hit(SerialCandidate const& candidate,
                                  cases::Decision const& decision,
                                  cases::Assessment assessment) {
    protocol::SerialHitMessage hit;
    hit.case_id = candidate.case_id;
    hit.number = candidate.number;
    hit.state = candidate.state;
    hit.owner_agency = candidate.owner_agency;
    hit.created_at = candidate.created_at;
    hit.assessment = std::move(assessment);
    hit.serial_raw = candidate.serial_raw;
    hit.make_text = candidate.firearm.make_text;
    hit.model_text = candidate.firearm.model;
    hit.calibre_text = candidate.calibre_text;
    if (candidate.firearm.type) {
        hit.type_code = code_of(*candidate.firearm.type);
    }
    hit.import_country = candidate.firearm.import_country;
    // Who was asked reads the recovery with its leg, where it is known by which way it was asked.
    bool const asking_side = candidate.relations.contains(Relation::owner) ||
                             candidate.relations.contains(Relation::approver);
    if (asking_side && decision.may_see("G2")) {
        hit.recovery_country = candidate.recovery_country;
        hit.recovered_on = candidate.recovered_on;
    }
    return hit;
}

bool is_related(cases::Assessment const& assessment) {
    return assessment.serial != cases::SerialRelation::unrelated &&
           assessment.serial != cases::SerialRelation::not_compared;
}

class Search {
 public:
    Search(Call& call,
           storage::UnitOfWork& unit,
           Asked const& asked,
           cases::MakeCatalogue const& makes)
        : call_(call),
          unit_(unit),
          asked_(asked),
          make_(makes, asked.message.make_id, asked.message.make_text) {}

    Outcome<Reply> run();

 private:
    [[nodiscard]] bool is_pattern() const { return asked_.query.has_wildcards(); }
    [[nodiscard]] storage::SerialQuestion question() const;
    [[nodiscard]] Outcome<std::optional<storage::TraceCase>> own_case();
    [[nodiscard]] cases::Assessment assess(cases::MatchSide const& found) const;
    [[nodiscard]] bool is_weak(cases::Assessment const& assessment);
    void take(SerialCandidate const& candidate);
    void take(storage::RecordCandidate const& candidate);
    [[nodiscard]] bool may_read_register() const;
    // Seen by both sides, unless the request is hidden from others.
    void point_at(storage::SerialMatch match);
    void add_pointers();

    Call& call_;
    storage::UnitOfWork& unit_;
    Asked const& asked_;
    cases::MakeComparison make_;
    std::optional<storage::TraceCase> file_;
    protocol::SerialSearchResult result_;
    std::set<std::string> groups_;
    std::vector<storage::SerialMatch> matches_;
};

storage::SerialQuestion Search::question() const {
    storage::SerialQuestion question;
    if (is_pattern()) {
        question.pattern = asked_.query;
        bool const named = !asked_.message.make_id.empty() || !asked_.message.make_text.empty();
        if (!make_.group().empty()) {
            question.make_ids = make_.group();
        } else if (named) {
            question.make_ids.emplace();  // a maker that the catalogue does not know
        }
        question.calibre_group = asked_.side.calibre_group;
    } else {
        question.canon = asked_.side.canon;
    }
    // Guessing serials of others: not without an own request, and with unknown characters not
    // without the maker either (8.5).
    question.pointers = file_.has_value() && (!is_pattern() || !make_.make_id().empty());
    return question;
}

Outcome<std::optional<storage::TraceCase>> Search::own_case() {
    if (!asked_.message.case_id) {
        return std::optional<storage::TraceCase>();
    }
    auto file = storage::find_request(unit_, *asked_.message.case_id, storage::Lock::none);
    if (!file || !file->relations.contains(Relation::owner)) {
        return violation("/case_id", "unknown_request");
    }
    call_.audit.case_reference = file->number;
    call_.audit.legal_basis = file->legal_basis;
    return file;
}

cases::Assessment Search::assess(cases::MatchSide const& found) const {
    return cases::assess(asked_.side, is_pattern() ? &asked_.query : nullptr, make_, found);
}

// Counts those that are left out because nobody asked for them.
bool Search::is_weak(cases::Assessment const& assessment) {
    bool const weak = assessment.band == MatchBand::weak || assessment.band == MatchBand::neighbour;
    if (weak && !asked_.message.show_weak) {
        ++result_.not_shown;
        return true;
    }
    return false;
}

void Search::point_at(storage::SerialMatch match) {
    match.case_id = file_->case_id;
    match.case_agency = file_->owner_agency;
    match.case_handling = file_->handling_code;
    match.covert = hidden_from_others(*file_);
    settle_audience(unit_, match);
    matches_.push_back(std::move(match));
}

// Own records are shown as the register shows them; of others' it is told that there is one.
void Search::take(storage::RecordCandidate const& candidate) {
    auto assessment = assess(candidate.firearm);
    if (!is_related(assessment)) {
        return;
    }
    if (!candidate.own) {
        if (assessment.band == MatchBand::strong) {
            auto match = match_of(
                assessment, cases::kind_of_record_hit(candidate.kind), "search", call_.now());
            match.record_id = candidate.case_id.uuid;
            match.other_agency = candidate.owner_agency;
            match.other_handling = candidate.handling_code;
            point_at(std::move(match));
        }
        return;
    }
    if (!may_read_register() || is_weak(assessment)) {
        return;
    }
    groups_.insert({"G0", "G1"});
    protocol::RecordHitMessage hit;
    hit.record_id = candidate.case_id;
    hit.number = candidate.number;
    hit.state = candidate.state;
    hit.kind = code_of(candidate.kind);
    hit.assessment = std::move(assessment);
    hit.serial_raw = candidate.serial_raw;
    hit.make_text = candidate.firearm.make_text;
    hit.model_text = candidate.firearm.model;
    hit.calibre_text = candidate.calibre_text;
    if (candidate.firearm.type) {
        hit.type_code = code_of(*candidate.firearm.type);
    }
    result_.records.push_back(std::move(hit));
}

bool Search::may_read_register() const {
    auto const& services = call_.services();
    return cases::decide(services.permissions,
                         call_.actor,
                         "register_read",
                         facts_of("record", {Relation::owner}),
                         {.now = call_.now(), .step_up_age = services.settings.session.step_up})
        .allowed;
}

void Search::take(SerialCandidate const& candidate) {
    if (asked_.message.case_id && candidate.case_id == *asked_.message.case_id) {
        return;
    }
    auto assessment = assess(candidate.firearm);
    if (!is_related(assessment)) {
        return;
    }
    if (candidate.relations.empty()) {
        if (assessment.band == MatchBand::strong) {
            auto match = match_of(assessment, cases::HitKind::same_firearm, "search", call_.now());
            match.other_case_id = candidate.case_id;
            match.other_agency = candidate.owner_agency;
            match.other_handling = candidate.handling_code;
            point_at(std::move(match));
        }
        return;
    }
    auto const decision = decide_on(call_, candidate);
    if (!decision.allowed || !decision.may_see("G0") || !decision.may_see("G1")) {
        return;  // what is hidden is not searched either
    }
    if (is_weak(assessment)) {
        return;
    }
    groups_.insert(decision.groups.begin(), decision.groups.end());
    result_.hits.push_back(to_hit(candidate, decision, std::move(assessment)));
}

// A pointer is a match that both sides know of: it is stored, and the other side is told.
void Search::add_pointers() {
    auto const added = storage::add_matches(unit_, matches_);
    for (std::size_t i = 0; i < matches_.size(); ++i) {
        auto const& match = matches_[i];
        if (added[i] == storage::Added::hidden) {
            continue;
        }
        if (added[i] == storage::Added::now) {
            tell_of_match(unit_, match, found_message(match));
        }
        auto const stored = storage::find_match(unit_, match.match_id, storage::MatchLock::none);
        if (!stored) {
            continue;
        }
        auto const whom = match_message(call_.actor, *stored).older;
        result_.pointers.push_back({.match_id = match.match_id,
                                    .kind = match.kind,
                                    .country = match.other_agency.substr(0, 2),
                                    .band = MatchBand::strong,
                                    .agreeing = match.agreeing,
                                    .agency = whom.agency,
                                    .agency_name = whom.agency_name,
                                    .contact_email = whom.contact_email,
                                    .contact_phone = whom.contact_phone,
                                    .handling_code = match.other_handling});
    }
}

Outcome<Reply> Search::run() {
    call_.about("serial", "", std::nullopt, call_.actor.agency);
    call_.audit.detail = "serial " + asked_.query.to_string() +
                         (make_.make_id().empty() ? "" : " make " + make_.make_id());
    RASTRO_CHECK(call_.authorise(facts_of("serial", {Relation::own_agency})));
    RASTRO_TRY(file, own_case());
    file_ = std::move(file);
    auto const candidates = storage::find_serial(unit_, question());
    for (auto const& candidate : candidates.found) {
        take(candidate);
    }
    for (auto const& record : storage::find_in_register(unit_, question())) {
        take(record);
    }
    add_pointers();
    // What hides itself from the searcher is compared by a job, and told to its owner.
    if (file_ && !is_pattern()) {
        storage::queue_search(unit_, file_->case_id, asked_.side);
    }
    auto const by_score = [](auto const& a, auto const& b) {
        return a.assessment.score > b.assessment.score;
    };
    std::ranges::stable_sort(result_.hits, by_score);
    std::ranges::stable_sort(result_.records, by_score);
    result_.serial = asked_.query.to_string();
    result_.pattern = is_pattern();
    result_.make_id = make_.make_id();
    result_.calibre_group = asked_.side.calibre_group;
    result_.capped = candidates.capped;
    for (auto const& hit : result_.hits) {
        call_.audit.detail += " " + hit.number;
    }
    for (auto const& hit : result_.records) {
        call_.audit.detail += " " + hit.number;
    }
    call_.audit.groups.assign(groups_.begin(), groups_.end());
    Reply reply;
    reply.body = protocol::write_serial_search_result(result_);
    return reply;
}

}  // namespace

void bind_serial_search(Routes& routes, std::shared_ptr<MakeCache> const& makes) {
    routes.add("serial_search",
               parse_search,
               [makes](Call& call, Asked const& asked, storage::UnitOfWork& unit) {
                   auto const catalogue = makes->current(unit);
                   return Search(call, unit, asked, *catalogue).run();
               });
}

}  // namespace rastro::server
