#include "server/jobs/signals.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "cases/linked/signals.hpp"
#include "common/log.hpp"
#include "common/time_text.hpp"
#include "server/case_types.hpp"
#include "server/dated_rules.hpp"
#include "storage/cross_signal_facts.hpp"
#include "storage/raised_signals.hpp"

namespace rastro::server {

namespace {

using cases::FieldValues;
using cases::value_of;
using storage::LinkedCase;
using storage::RaisedSignal;
using storage::UnitOfWork;

constexpr auto kLookAgain = std::chrono::hours(24);
// Of every type: whether it matches a case that stays hidden.
constexpr std::string_view kForAll = "link.restricted_hit";

std::optional<double> real(FieldValues const& values, std::string_view field) {
    auto const text = value_of(values, field);
    double number = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && !text.empty() ? std::optional(number) : std::nullopt;
}

// One case as the rules are told of it.
class Look {
 public:
    Look(UnitOfWork& unit, DatedRules const& rules, LinkedCase const& file)
        : unit_(unit), rules_(rules), file_(file) {
        objects_ = storage::objects_of(unit, file.case_id);
        for (auto& field : storage::unsealed_values(unit, file.case_id)) {
            values_[field.object_id][field.field] = std::move(field.value);
        }
    }

    [[nodiscard]] bool is_open() const {
        return std::ranges::any_of(objects_, [&](auto const& object) {
            return object.object_id == file_.case_id.uuid && object.open;
        });
    }

    [[nodiscard]] cases::CrossFacts facts() {
        cases::CrossFacts facts;
        facts.case_id = file_.case_id.to_string();
        facts.state = file_.state;
        facts.today = Date{std::chrono::floor<std::chrono::days>(unit_.now())};
        facts.hits = storage::blind_hits(unit_, file_);
        if (file_.type == "substance_detection") {
            detection(facts);
        } else if (file_.type == "substance" || file_.type == "control_measure") {
            control(facts);
        } else if (file_.type == "precursor_notice") {
            facts.notices = storage::notices_to_consignee(unit_, file_.case_id);
        } else if (file_.type == "trade_case") {
            goods(facts);
        } else if (file_.type == "asset_case") {
            assets(facts);
        }
        return facts;
    }

 private:
    [[nodiscard]] FieldValues const& root() { return values_[file_.case_id.uuid]; }

    void detection(cases::CrossFacts& facts) {
        facts.firsts = storage::own_firsts(unit_, file_.case_id);
        auto const substance = value_of(root(), "parent_inchikey");
        auto const day = parse_iso_date(value_of(root(), "collected_on"));
        if (!substance.empty() && day) {
            auto counts = storage::detections_by_day(unit_, file_.owner_country, substance, *day);
            facts.detections_today = counts.back();
            counts.pop_back();
            facts.detections_before = std::move(counts);
        }
    }

    void control(cases::CrossFacts& facts) {
        std::vector<std::string> names;
        for (auto const* field :
             {"inchikey", "parent_inchikey", "cas_rn", "preferred_name", "substance_ref"}) {
            if (auto const name = value_of(root(), field); !name.empty()) {
                names.emplace_back(name);
            }
        }
        if (!names.empty()) {
            auto const state = storage::control_state(unit_, file_.owner_country, names);
            facts.first_detected = state.first_detected;
            facts.controlled = state.controlled;
        }
    }

    void goods(cases::CrossFacts& facts) {
        for (auto const& object : objects_) {
            auto const& line = values_[object.object_id];
            auto const worth = cases::money_value(value_of(line, "customs_value"));
            auto const quantity = real(line, "quantity");
            auto const day = parse_iso_date(value_of(line, "declared_on"));
            if (object.object != "line" || !worth || !quantity || *quantity <= 0 || !day) {
                continue;
            }
            auto const amount = real({{"amount", cases::amount_text(*worth)}}, "amount");
            facts.goods.push_back(
                {object.object_id.to_string(),
                 amount.value_or(0) / *quantity,
                 storage::comparable_unit_values(unit_,
                                                 {.case_id = file_.case_id,
                                                  .hs6 = std::string(value_of(line, "hs6")),
                                                  .unit = std::string(value_of(line, "unit")),
                                                  .origin = std::string(value_of(line, "origin")),
                                                  .currency = worth->currency,
                                                  .day = *day})});
        }
    }

    void assets(cases::CrossFacts& facts) {
        facts.rates = rules_.rates;
        for (auto const& object : objects_) {
            auto const& asset = values_[object.object_id];
            auto const worth = cases::money_value(value_of(asset, "value"));
            auto const day = parse_iso_date(value_of(asset, "value_date"));
            if (object.object == "asset" && worth && day) {
                facts.assets.push_back({object.object_id.to_string(), object.state, *worth, *day});
            }
        }
    }

    UnitOfWork& unit_;
    DatedRules const& rules_;
    LinkedCase const& file_;
    std::vector<storage::LinkedObject> objects_;
    std::map<Uuid, FieldValues> values_;
};

std::vector<RaisedSignal> found_in(cases::CaseTypeDefinition const& type,
                                   LinkedCase const& file,
                                   cases::CrossFacts const& facts) {
    auto keys = type.signals;
    keys.emplace_back(kForAll);
    std::vector<RaisedSignal> found;
    for (auto& [rule, evidence] : cases::find_signals(keys, facts)) {
        found.push_back({.rule = std::string(rule->key),
                         .object_id = Uuid::parse(evidence.object_id).value_or(file.case_id.uuid),
                         .rule_version = rule->version,
                         .severity = std::string(cases::to_text(rule->severity)),
                         .group = evidence.group,
                         .numbers = std::move(evidence.numbers)});
    }
    return found;
}

bool same_place(RaisedSignal const& a, RaisedSignal const& b) {
    return a.rule == b.rule && a.object_id == b.object_id;
}

void tell(UnitOfWork& unit,
          Services const& services,
          LinkedCase const& file,
          RaisedSignal const& signal) {
    unit.publish({.agency = file.owner_agency,
                  .kind = "case.signal",
                  .case_id = file.case_id,
                  .object_type = "case",
                  .object_id = file.case_id.to_string(),
                  .object_version = file.version});
    storage::AuditEntry entry;
    auto& record = entry.record;
    record.event_id = EventId::generate();
    record.time = unit.now();
    record.server = services.settings.server.id;
    record.action = "case.signal_raised";
    record.actor = "signals";
    record.actor_kind = "system";
    record.agency = file.owner_agency;
    record.country = file.owner_country;
    record.object_type = "case";
    record.object_id = file.case_id.to_string();
    record.object_version = static_cast<std::uint64_t>(file.version);
    record.object_owner = file.owner_agency;
    record.case_reference = file.number;
    entry.detail = "rule " + signal.rule;
    entry.detail_agency = file.owner_agency;
    unit.audit(std::move(entry));
}

// Keeps what holds now; returns how many are new.
int settle(UnitOfWork& unit,
           Services const& services,
           LinkedCase const& file,
           std::vector<RaisedSignal> const& found) {
    int fresh = 0;
    auto const present = storage::raised_signals(unit, file.case_id);
    for (auto const& signal : found) {
        auto const known = std::ranges::find_if(
            present, [&](RaisedSignal const& other) { return same_place(signal, other); });
        if (known == present.end() || *known != signal) {
            storage::raise_signal(unit, file.case_id, signal);
        }
        if (known == present.end()) {
            tell(unit, services, file, signal);
            ++fresh;
        }
    }
    for (auto const& signal : present) {
        bool const holds = std::ranges::any_of(
            found, [&](RaisedSignal const& other) { return same_place(signal, other); });
        if (!holds) {
            storage::end_signal(unit, file.case_id, signal);
        }
    }
    return fresh;
}

Outcome<int> look_at(UnitOfWork& unit, Services const& services, CaseId const& case_id) {
    unit.act_as(storage::ActingAs::system());
    if (!storage::claim_signal_task(unit, case_id)) {
        unit.touches_no_records();
        return 0;
    }
    auto const file = storage::find_linked_case(unit, case_id, storage::Lock::none);
    if (!file) {
        return Problem(ProblemCode::internal_error, "no such case");
    }
    RASTRO_TRY(type, services.case_types.load(unit, file->type, file->type_version));
    if (type == nullptr) {  // put off, and said in the log, until a server knows the type
        return Problem(ProblemCode::internal_error, "the type of the case is not known");
    }
    Look look(unit, services.rules, *file);
    auto const facts = look.facts();
    int const fresh = settle(unit, services, *file, found_in(*type, *file, facts));
    if (fresh > 0) {  // the other end hears of it too
        std::set<CaseId> others;
        for (auto const& hit : facts.hits) {
            if (auto const other = CaseId::parse(hit.other_case)) {
                others.insert(*other);
            }
        }
        storage::queue_signals_of(unit, {others.begin(), others.end()});
    } else {
        unit.touches_no_records();
    }
    storage::settle_signal_task(
        unit,
        case_id,
        look.is_open() ? std::optional<Instant>(unit.now() + kLookAgain) : std::nullopt);
    return fresh;
}

}  // namespace

SignalRound run_signals(storage::Connection& connection, Services const& services, int limit) {
    SignalRound round;
    auto const& clock = services.clock;
    auto const waiting = storage::run_unit_of_work(
        connection, clock, [&](UnitOfWork& unit) -> Outcome<std::vector<CaseId>> {
            unit.touches_no_records();
            unit.act_as(storage::ActingAs::system());
            return storage::waiting_signal_tasks(unit, limit);
        });
    if (!waiting) {
        return round;
    }
    for (auto const& case_id : *waiting) {
        auto const found = storage::run_unit_of_work(
            connection, clock, [&](UnitOfWork& unit) { return look_at(unit, services, case_id); });
        if (found) {
            ++round.looked_at;
            round.raised += *found;
            continue;
        }
        ++round.failed;
        static_cast<void>(
            storage::run_unit_of_work(connection, clock, [&](UnitOfWork& unit) -> Outcome<bool> {
                unit.touches_no_records();
                unit.act_as(storage::ActingAs::system());
                storage::put_off_signal_task(unit, case_id);
                return true;
            }));
        log::error("signals_failed",
                   {{"case", case_id.to_string()}, {"problem", found.error().info().slug}});
    }
    round.more = round.failed == 0 && waiting->size() >= static_cast<std::size_t>(limit);
    return round;
}

}  // namespace rastro::server
