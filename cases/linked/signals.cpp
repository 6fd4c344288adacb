#include "cases/linked/signals.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "cases/trace/code_table.hpp"
#include "common/time_text.hpp"

namespace rastro::cases {

namespace {

using Facts = SignalFacts;
using Found = std::vector<SignalEvidence>;
using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array<CodeRow<Severity>, 3> kSeverities{{
    {Severity::low, "low"},
    {Severity::medium, "medium"},
    {Severity::high, "high"},
}};

std::int64_t number(FieldValues const& values, std::string_view field) {
    auto const text = value_of(values, field);
    std::int64_t read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    return read;
}

std::optional<Date> date(FieldValues const& values, std::string_view field) {
    return parse_iso_date(value_of(values, field));
}

// Days from today until the date; negative: it has passed.
std::int64_t days_until(Facts const& f, Date day) {
    return (sys_days(day) - sys_days(f.today)).count();
}

template <class Look>
Found each(Facts const& f, std::string_view object, Look look) {
    Found found;
    for (auto const& o : f.objects) {
        if (o.object == object) {
            if (auto numbers = look(o); !numbers.empty()) {
                found.push_back({o.id, std::move(numbers)});
            }
        }
    }
    return found;
}

Found one(FieldValues numbers) {
    return {{"", std::move(numbers)}};
}

// ------------------------------------------------------------------ victims

Found reinterview(Facts const& f) {
    std::map<std::string, std::pair<int, std::set<std::string>>> by_victim;
    for (auto const& o : f.objects) {
        if (o.object == "interview" && o.state == "HELD") {
            auto& [count, who] = by_victim[std::string(value_of(o.values, "victim_ref"))];
            ++count;
            who.insert(std::string(value_of(o.values, "interviewer")));
        }
    }
    Found found;
    for (auto const& [victim, seen] : by_victim) {
        if (seen.first > 3 || seen.second.size() > 2) {
            found.push_back({"",
                             {{"interviews", std::to_string(seen.first)},
                              {"interviewers", std::to_string(seen.second.size())},
                              {"victim", victim}}});
        }
    }
    return found;
}

Found reflection_ending(Facts const& f) {
    bool const planned = std::ranges::any_of(f.objects, [](auto const& o) {
        return o.object == "referral" && o.state != "NEED_IDENTIFIED";
    });
    for (auto const& clock : f.clocks) {
        bool const near = clock.due > f.now && clock.due - f.now <= days(7);
        if (clock.clock == "tip.reflection" && near && !planned) {
            return one({{"due", to_rfc3339(clock.due)}});
        }
    }
    return {};
}

Found late_clocks(Facts const& f, std::string_view name) {
    Found found;
    for (auto const& clock : f.clocks) {
        if (clock.clock == name && clock.due <= f.now) {
            found.push_back({clock.object_id, {{"due", to_rfc3339(clock.due)}}});
        }
    }
    return found;
}

Found training_low(Facts const& f) {
    auto const staff = number(f.root, "interviewing_staff");
    auto const trained = number(f.root, "interviewing_staff_trained");
    return staff > 0 && trained * 100 < staff * 80
               ? one({{"trained", std::to_string(trained)}, {"staff", std::to_string(staff)}})
               : Found{};
}

// ------------------------------------------------------------------ assets

bool is_restrained(ObjectFact const& o) {
    return o.state == "FROZEN" || o.state == "SEIZED" || o.state == "UNDER_MANAGEMENT" ||
           o.state == "INTERIM_SOLD" || o.state == "FORFEITURE_ORDERED";
}

Found order_lapse(Facts const& f) {
    return each(f, "asset", [&](ObjectFact const& o) -> FieldValues {
        auto const ends = date(o.values, "order_expires_on");
        if (!ends || !is_restrained(o) || days_until(f, *ends) > 30) {
            return {};
        }
        return {{"expires_on", to_iso_date(*ends)},
                {"days_left", std::to_string(days_until(f, *ends))}};
    });
}

// Storage to date, months begun, against the value in the same currency.
Found cost_burn(Facts const& f) {
    return each(f, "asset", [&](ObjectFact const& o) -> FieldValues {
        auto const worth = money_value(value_of(o.values, "value"));
        auto const cost = money_value(value_of(o.values, "storage_cost_month"));
        auto const since = date(o.values, "restrained_on");
        bool const comparable = worth && cost && since && worth->currency == cost->currency;
        if (!comparable || !is_restrained(o) || days_until(f, *since) > 0) {
            return {};
        }
        auto const months = -days_until(f, *since) / 30 + 1;
        if (cost->minor * months * 4 <= worth->minor) {
            return {};
        }
        return {{"storage_cost", canonical_money({cost->minor * months, cost->currency})},
                {"value", canonical_money(*worth)}};
    });
}

// ------------------------------------------------------------------ controls, corruption

Found control_expiring(Facts const& f) {
    auto const ends = date(f.root, "expires_on");
    return ends && f.state == "IN_FORCE" && days_until(f, *ends) <= 90
               ? one({{"expires_on", to_iso_date(*ends)}})
               : Found{};
}

// (net assets at the end - at the beginning) - (lawful income - declared spending), 4.5 c).
Found unexplained(Facts const& f) {
    return each(f, "financial_period", [](ObjectFact const& o) -> FieldValues {
        auto const from = money_value(value_of(o.values, "net_assets_from"));
        auto const to = money_value(value_of(o.values, "net_assets_to"));
        auto const income = money_value(value_of(o.values, "lawful_income"));
        auto const spent = money_value(value_of(o.values, "declared_spending"));
        bool const whole = o.state == "RECORDED" && from && to && income && spent;
        if (!whole || from->currency != to->currency || to->currency != income->currency ||
            income->currency != spent->currency) {
            return {};
        }
        auto const gap = (to->minor - from->minor) - (income->minor - spent->minor);
        if (gap <= 0 || gap * 5 <= income->minor) {
            return {};
        }
        return {{"gap", canonical_money({gap, income->currency})},
                {"lawful_income", canonical_money(*income)}};
    });
}

template <class Holds>
Found procurement(Facts const& f, std::string_view field, Holds holds) {
    return each(f, "procurement", [&](ObjectFact const& o) -> FieldValues {
        bool const fires = o.state == "RECORDED" && o.values.contains(field) && holds(o.values);
        return fires ? FieldValues{{std::string(field), std::string(value_of(o.values, field))}}
                     : FieldValues{};
    });
}

Found single_bid(Facts const& f) {
    return procurement(f, "bidders", [](auto const& v) { return number(v, "bidders") == 1; });
}
Found short_tender(Facts const& f) {
    return procurement(f, "tender_days", [](auto const& v) {
        return number(v, "tender_days") < number(v, "minimum_tender_days");
    });
}
Found new_supplier(Facts const& f) {
    return procurement(
        f, "supplier_age_days", [](auto const& v) { return number(v, "supplier_age_days") < 180; });
}
Found shared_owner(Facts const& f) {
    return procurement(
        f, "shared_owner", [](auto const& v) { return value_of(v, "shared_owner") == "true"; });
}

Found limitation(Facts const& f) {
    for (auto const& clock : f.clocks) {
        if (clock.clock == "corr.limitation" && clock.due - f.now <= days(365)) {
            return one({{"due", to_rfc3339(clock.due)}});
        }
    }
    return {};
}

// ------------------------------------------------------------------ trade

bool is_arms_chapter(ObjectFact const& o) {
    return value_of(o.values, "hs6").starts_with("93");
}
Found arms_hs(Facts const& f) {
    return each(f, "line", [](ObjectFact const& o) -> FieldValues {
        bool const fires = is_arms_chapter(o) && value_of(o.values, "licence_no").empty();
        return fires ? FieldValues{{"hs6", std::string(value_of(o.values, "hs6"))}} : FieldValues{};
    });
}

// Against what the partner country states: more than 25 % and more than 50,000 of the currency.
Found mirror_gap(Facts const& f) {
    return each(f, "line", [](ObjectFact const& o) -> FieldValues {
        auto const own = money_value(value_of(o.values, "customs_value"));
        auto const theirs = money_value(value_of(o.values, "partner_value"));
        if (!own || !theirs || own->currency != theirs->currency) {
            return {};
        }
        auto const gap =
            own->minor > theirs->minor ? own->minor - theirs->minor : theirs->minor - own->minor;
        auto const* currency = find_currency(own->currency);
        std::int64_t const floor = 50'000 * (currency->minor_digits == 2 ? 100 : 1);
        if (gap * 4 <= own->minor || gap <= floor) {
            return {};
        }
        return {{"gap", canonical_money({gap, own->currency})},
                {"customs_value", canonical_money(*own)}};
    });
}

Found fx_late(Facts const& f) {
    return each(f, "settlement", [&](ObjectFact const& o) -> FieldValues {
        auto const due_on = date(o.values, "fx_due_on");
        auto const due = money_value(value_of(o.values, "due_amount"));
        auto const paid = money_value(value_of(o.values, "settled_amount"));
        if (!due_on || !due || days_until(f, *due_on) >= 0) {
            return {};
        }
        auto const got = paid && paid->currency == due->currency ? paid->minor : 0;
        if (got * 100 >= due->minor * 99) {
            return {};
        }
        return {{"due_on", to_iso_date(*due_on)},
                {"days_late", std::to_string(-days_until(f, *due_on))}};
    });
}

// ------------------------------------------------------------------ cooperation, judgments,
// follow-up

bool is_under_way(std::string_view state) {
    return state == "TRANSMITTED" || state == "ACKNOWLEDGED" || state == "INFO_REQUESTED" ||
           state == "SUPPLEMENTED" || state == "EXECUTING" || state == "PARTLY_EXECUTED";
}

Found silent(Facts const& f) {
    bool const fires =
        f.last_activity && is_under_way(f.state) && -days_until(f, *f.last_activity) >= 60;
    return fires ? one({{"last_contact", to_iso_date(*f.last_activity)}}) : Found{};
}

// 50, 80 and 100 % of any treaty clock.
Found treaty_clocks(Facts const& f) {
    Found found;
    for (auto const& clock : f.clocks) {
        bool const treaty = clock.clock.starts_with("coop.") || clock.clock.starts_with("extr.");
        auto const length = clock.due - clock.started;
        if (!treaty || length.count() <= 0) {
            continue;
        }
        auto const percent = (f.now - clock.started) * 100 / length;
        auto const stage = percent >= 100 ? 100 : percent >= 80 ? 80 : percent >= 50 ? 50 : 0;
        if (stage > 0) {
            found.push_back(
                {clock.object_id, {{"clock", clock.clock}, {"percent", std::to_string(stage)}}});
        }
    }
    return found;
}

// Both sides name the same instrument and rely on it differently.
Found basis_mismatch(Facts const& f) {
    Found found;
    for (auto const& a : f.objects) {
        for (auto const& b : f.objects) {
            bool const pair = a.object == "basis" && b.object == "basis" && a.open && b.open &&
                              value_of(a.values, "reliance_of") == "requesting" &&
                              value_of(b.values, "reliance_of") == "requested" &&
                              value_of(a.values, "instrument") == value_of(b.values, "instrument");
            if (pair && value_of(a.values, "reliance") != value_of(b.values, "reliance")) {
                found.push_back({a.id,
                                 {{"requesting", std::string(value_of(a.values, "reliance"))},
                                  {"requested", std::string(value_of(b.values, "reliance"))}}});
            }
        }
    }
    return found;
}

Found no_sentence(Facts const& f) {
    return each(f, "finding", [&](ObjectFact const& o) -> FieldValues {
        auto const on = date(o.values, "verdict_on");
        bool const fires = o.state == "GUILTY" && on && -days_until(f, *on) > 120;
        return fires ? FieldValues{{"verdict_on", to_iso_date(*on)}} : FieldValues{};
    });
}

Found report_quality(Facts const& f) {
    return each(f, "finding", [](ObjectFact const& o) -> FieldValues {
        auto const verdict = date(o.values, "verdict_on");
        auto const final_on = date(o.values, "final_on");
        if (value_of(o.values, "provision").empty()) {
            return {{"fault", "provision_missing"}};
        }
        return verdict && final_on && *final_on < *verdict
                   ? FieldValues{{"fault", "date_impossible"}}
                   : FieldValues{};
    });
}

Found idle(Facts const& f) {
    bool const active = f.state == "ACTIVE" || f.state == "RENEWED";
    std::optional<Date> last = f.last_activity;
    for (auto const& o : f.objects) {
        if (auto const on = date(o.values, "activity_on"); o.object == "activity" && on) {
            last = !last || *last < *on ? on : last;
        }
    }
    return active && last && -days_until(f, *last) > 365
               ? one({{"last_activity", to_iso_date(*last)}})
               : Found{};
}

Found strategy_expiring(Facts const& f) {
    auto const ends = date(f.root, "period_to");
    return ends && f.state == "IN_FORCE" && days_until(f, *ends) <= 180
               ? one({{"period_to", to_iso_date(*ends)}})
               : Found{};
}

// clang-format off
constexpr SignalRule kRules[] = {
    {"tip.reinterview", 1, Severity::medium, "unit_lead|victim_advocate", "more than three interviews or two interviewers for one victim", reinterview},
    {"tip.reflection_ending", 1, Severity::medium, "victim_advocate", "the reflection period ends within seven days and nothing is planned", reflection_ending},
    {"tip.referral_stuck", 1, Severity::high, "victim_advocate|unit_lead", "a referral is not accepted in 48 hours", [](Facts const& f) { return late_clocks(f, "tip.referral_accept"); }},
    {"tip.shared_recruiter", 1, Severity::high, "investigator|unit_lead", "the same phone, plate, name or number stands in another case", nullptr, across::shared_recruiter},
    {"unit.training_low", 1, Severity::low, "unit_lead|national_contact", "fewer than 80 % of those who interview are trained", training_low},
    {"asset.order_lapse", 1, Severity::high, "prosecutor", "the order ends within thirty days", order_lapse},
    {"asset.conflict", 1, Severity::high, "asset_tracer|prosecutor", "the same identifier is restrained in another case", nullptr, across::asset_conflict},
    {"asset.cost_burn", 1, Severity::medium, "asset_manager", "storage has cost more than a quarter of the value", cost_burn},
    {"asset.unconverted", 1, Severity::low, "asset_manager", "no rate for the currency at the report date", nullptr, across::unconverted},
    {"ews.first_country", 1, Severity::high, "ews_focal", "first confirmed detection in the country", nullptr, across::first_country},
    {"ews.first_region", 1, Severity::high, "ews_focal", "first confirmed detection in the region", nullptr, across::first_region},
    {"ews.spike", 1, Severity::high, "ews_focal|health_authority", "more detections in a day than the own high and chance explain", nullptr, across::detection_spike},
    {"ews.ack_missed", 1, Severity::high, "ews_focal|national_contact|secretariat", "an alert is not acknowledged in time", [](Facts const& f) { return late_clocks(f, "ews.ack"); }},
    {"ews.legal_gap", 1, Severity::medium, "national_contact", "detected and not controlled for ninety days", nullptr, across::legal_gap},
    {"control.expiring", 1, Severity::high, "national_contact", "a temporary control ends within ninety days", control_expiring},
    {"prec.split", 1, Severity::high, "precursor_authority", "notices of a month add up to just under the threshold", nullptr, across::split},
    {"prec.reroute", 1, Severity::high, "precursor_authority", "a consignee objected to reappears under another exporter", nullptr, across::reroute},
    {"corr.unexplained", 1, Severity::medium, "integrity_officer", "wealth grew by more than a fifth of the lawful income beyond what explains it", unexplained},
    {"corr.single_bid", 1, Severity::low, "integrity_officer", "one bidder", single_bid},
    {"corr.short_tender", 1, Severity::low, "integrity_officer", "the tender ran shorter than the law asks", short_tender},
    {"corr.new_supplier", 1, Severity::low, "integrity_officer", "the supplier was younger than 180 days", new_supplier},
    {"corr.shared_owner", 1, Severity::low, "integrity_officer", "bidders share an owner", shared_owner},
    {"corr.limitation", 1, Severity::high, "prosecutor", "the limitation period ends within a year", limitation},
    {"trade.unit_value", 1, Severity::medium, "customs_analyst", "the value of a unit lies outside the reference", nullptr, across::unit_value},
    {"trade.mirror_gap", 1, Severity::medium, "customs_analyst", "the partner country states another value", mirror_gap},
    {"trade.fx_late", 1, Severity::medium, "tax_officer|customs_analyst", "export proceeds are not settled in time", fx_late},
    {"trade.arms_hs", 1, Severity::high, "customs_analyst|agency_supervisor", "arms of chapter 93 without a licence", arms_hs},
    {"coop.silent", 1, Severity::medium, "central_authority", "no contact for sixty days", silent},
    {"coop.clock", 1, Severity::medium, "central_authority", "half, four fifths or all of a treaty clock has run", treaty_clocks},
    {"coop.basis_mismatch", 1, Severity::low, "central_authority", "the two sides rely on a treaty differently", basis_mismatch},
    {"coop.duplicate", 1, Severity::low, "central_authority", "an open request about the same person to the same country", nullptr, across::duplicate_request},
    {"judg.no_sentence", 1, Severity::low, "court_liaison", "found guilty 120 days ago and no sentence", no_sentence},
    {"report.quality", 1, Severity::high, "court_liaison|national_contact", "a finding cannot be counted as it stands", report_quality},
    {"link.restricted_hit", 1, Severity::low, "agency_supervisor", "a case of others matches", nullptr, across::restricted_hit},
    {"audit.read_anomaly", 1, Severity::high, "auditor", "somebody reads far more than others (read_anomaly)", nullptr},
    {"partner.idle", 1, Severity::low, "national_contact", "no activity for a year", idle},
    {"strategy.expiring", 1, Severity::medium, "national_contact", "the strategy ends within 180 days", strategy_expiring},
};
// clang-format on

template <class Given, class Look>
std::vector<FoundSignal> found_by(std::vector<std::string> const& rule_keys,
                                  Given const& facts,
                                  Look look) {
    std::vector<FoundSignal> signals;
    for (auto const& key : rule_keys) {
        auto const* rule = find_signal_rule(key);
        if (rule == nullptr || rule->*look == nullptr) {
            continue;
        }
        for (auto& evidence : (rule->*look)(facts)) {
            signals.push_back({rule, std::move(evidence)});
        }
    }
    return signals;
}

}  // namespace

std::string_view to_text(Severity severity) noexcept {
    return code_in(kSeverities, severity);
}

std::span<SignalRule const> signal_rules() noexcept {
    return kRules;
}

SignalRule const* find_signal_rule(std::string_view key) noexcept {
    auto const* found = std::ranges::find(kRules, key, &SignalRule::key);
    return found == std::end(kRules) ? nullptr : found;
}

std::vector<FoundSignal> find_signals(std::vector<std::string> const& rule_keys,
                                      SignalFacts const& facts) {
    return found_by(rule_keys, facts, &SignalRule::find);
}

std::vector<FoundSignal> find_signals(std::vector<std::string> const& rule_keys,
                                      CrossFacts const& facts) {
    return found_by(rule_keys, facts, &SignalRule::across);
}

std::optional<double> rule_precision(int confirmed, int explained) noexcept {
    if (confirmed + explained <= 0) {
        return std::nullopt;
    }
    return static_cast<double>(confirmed) / (confirmed + explained);
}

}  // namespace rastro::cases
