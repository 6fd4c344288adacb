// Guards of linked cases, each met and not met; and what the signal rules find.
#include <doctest/doctest.h>

#include "cases/linked/guards.hpp"
#include "cases/linked/signals.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;
using namespace std::chrono_literals;

namespace {

Date day(char const* text) {
    return *parse_iso_date(text);
}

Instant at(char const* text) {
    return *parse_rfc3339(text);
}

bool met(LinkedFacts const& facts, char const* guard) {
    return linked_environment(facts).guard(guard).met;
}

ObjectFact object(char const* name, char const* state, FieldValues values, bool open = true) {
    return {name, name, state, open, std::move(values)};
}

}  // namespace

TEST_CASE("each guard, not met by nothing, met by what it asks for") {
    struct Row {
        char const* guard;
        void (*fulfil)(LinkedFacts&);
    };
    for (auto const& row : {
             Row{"has_object:basis",
                 [](LinkedFacts& f) { f.objects = {object("basis", "CLAIMED", {})}; }},
             Row{"linked_to:resulted_in", [](LinkedFacts& f) { f.links = {"resulted_in"}; }},
             Row{"linked_any", [](LinkedFacts& f) { f.links = {"x"}; }},
             Row{"past:reply_by",
                 [](LinkedFacts& f) {
                     f.root = {{"reply_by", "2025-05-31"}};
                 }},
             Row{"recent:value_date=30",
                 [](LinkedFacts& f) {
                     f.object = {{"value_date", "2025-05-02"}};
                 }},
             Row{"own_entry:recipient_agency",
                 [](LinkedFacts& f) {
                     f.actor_agency = "XB-TRACE-5";
                     f.object = {{"recipient_agency", "XB-TRACE-5"}};
                 }},
             Row{"has_party", [](LinkedFacts& f) { f.has_party = true; }},
             Row{"has_consent:protection",
                 [](LinkedFacts& f) {
                     f.objects = {object("consent", "GIVEN", {{"consent_purpose", "protection"}})};
                 }},
             Row{"trained_for:trauma_informed",
                 [](LinkedFacts& f) { f.courses = {"trauma_informed"}; }},
             Row{"lab_confirmed",
                 [](LinkedFacts& f) {
                     f.object = {{"confidence", "confirmed"}, {"reference_material", "true"}};
                 }},
             Row{"no_person_data",
                 [](LinkedFacts& f) {
                     f.object = {{"no_person_data", "true"}};
                 }},
             Row{"has_recipients",
                 [](LinkedFacts& f) { f.objects = {object("recipient", "QUEUED", {})}; }},
             Row{"no_objection",
                 [](LinkedFacts& f) {
                     f.object = {{"reply", "no_objection"}};
                 }},
             Row{"silence_is_consent", [](LinkedFacts& f) { f.silence_is_consent = true; }},
             Row{"conflict_wall_run", [](LinkedFacts& f) { f.wall_checked = true; }},
             Row{"reply_or_elapsed:trade.info_reply",
                 [](LinkedFacts& f) { f.elapsed = {"trade.info_reply"}; }},
             Row{"is_joint",
                 [](LinkedFacts& f) {
                     f.object = {{"coop_kind", "joint_investigation"}};
                 }},
             Row{"has_finding",
                 [](LinkedFacts& f) { f.objects = {object("finding", "CHARGED", {})}; }},
             Row{"evidence_for_status",
                 [](LinkedFacts& f) { f.objects = {object("evidence", "RECORDED", {})}; }},
             Row{"has_narrative",
                 [](LinkedFacts& f) {
                     f.object = {{"narrative_pt", "texto"}};
                 }},
             Row{"non_governmental_partner",
                 [](LinkedFacts& f) {
                     f.root = {{"partner_kinds", "foreign_agency|academia"}};
                 }},
         }) {
        CAPTURE(std::string(row.guard));
        LinkedFacts facts;
        facts.today = day("2025-06-01");
        CHECK_FALSE(met(facts, row.guard));
        row.fulfil(facts);
        CHECK(met(facts, row.guard));
    }
    CHECK_THROWS_AS(static_cast<void>(met({}, "no_such_guard")), std::logic_error);
}

TEST_CASE("guards that stand open until something is in the way") {
    LinkedFacts facts;
    facts.today = day("2025-06-01");
    facts.actor = "u2";
    for (auto const* guard : {"none_open:referral",
                              "differs_from:seize",
                              "reflection_over",
                              "statement_allowed",
                              "means_or_children",
                              "guardian_if_minor",
                              "not_a_victim",
                              "within_ordered_amount",
                              "expiry_if_temporary",
                              "reason_if_objection",
                              "survivor_safeguards",
                              "two_roles:a+b"}) {
        CAPTURE(std::string(guard));
        CHECK(met(facts, guard));
    }
    facts.done_by = {{"seize", {"u2"}}, {"begin_reflection", {"u1"}}};
    CHECK_FALSE(met(facts, "differs_from:seize"));
    CHECK_FALSE(met(facts, "reflection_over"));
    CHECK_FALSE(met(facts, "statement_allowed"));
    facts.objects = {object("consent", "GIVEN", {{"consent_purpose", "statement"}})};
    CHECK(met(facts, "statement_allowed"));
    CHECK_FALSE(met(facts, "reflection_over"));
    facts.objects[0].state = "WITHDRAWN";  // withdrawal stops the use at once
    CHECK_FALSE(met(facts, "statement_allowed"));
    facts.elapsed = {"tip.reflection"};
    CHECK(met(facts, "statement_allowed"));
    CHECK(met(facts, "reflection_over"));

    facts.objects = {object("victim", "IDENTIFIED", {{"age_band", "age_9_17"}}),
                     object("victim", "IDENTIFIED", {{"age_band", "age_18_24"}}),
                     object("referral", "REFERRED", {})};
    CHECK_FALSE(met(facts, "means_or_children"));
    facts.objects.erase(facts.objects.begin() + 1);
    CHECK(met(facts, "means_or_children"));
    CHECK_FALSE(met(facts, "none_open:referral"));
    facts.object = {{"age_band", "age_0_8"}};
    CHECK_FALSE(met(facts, "guardian_if_minor"));
    facts.object = {{"technique", "temporary"}, {"reply", "objection"}};
    CHECK_FALSE(met(facts, "expiry_if_temporary"));
    CHECK_FALSE(met(facts, "reason_if_objection"));
    facts.root = {{"partner_kind", "survivors"}, {"survivor_consent", "true"}};
    CHECK_FALSE(met(facts, "survivor_safeguards"));

    facts.first_person = "u1";
    facts.first_roles = {"prosecutor"};
    facts.actor_roles = {"prosecutor"};
    CHECK_FALSE(met(facts, "two_roles:prosecutor+court_liaison"));
    facts.actor_roles = {"court_liaison"};
    CHECK(met(facts, "two_roles:prosecutor+court_liaison"));

    facts.root = {{"ordered_amount", "1000.00 USD"}};
    facts.object = {{"value", "600.00 USD"}};
    facts.objects = {object("asset", "FORFEITED_FINAL", {{"value", "400.00 USD"}})};
    CHECK(met(facts, "within_ordered_amount"));
    facts.objects.push_back(object("asset", "FORFEITED_FINAL", {{"value", "0.01 USD"}}));
    CHECK_FALSE(met(facts, "within_ordered_amount"));
    facts.objects = {};
    facts.object = {{"value", "1.00 BRL"}};
    CHECK_FALSE(met(facts, "within_ordered_amount"));
}

TEST_CASE("a request leaves only under a basis in force") {
    LinkedFacts facts;
    facts.today = day("2025-06-01");
    facts.treaties = &TreatyTable::built_in();
    facts.root = {{"requesting", "XA"},
                  {"requested", "XB"},
                  {"coop_kind", "mla"},
                  {"transmitted_on", "2025-06-01"}};
    CHECK_FALSE(met(facts, "treaty_in_force"));  // none named
    facts.objects = {object(
        "basis", "CLAIMED", {{"instrument", "UNTOC"}, {"article", "18"}, {"reliance", "sole"}})};
    CHECK(met(facts, "treaty_in_force"));
    facts.root["transmitted_on"] = "2003-01-01";
    CHECK_FALSE(met(facts, "treaty_in_force"));
    facts.root["transmitted_on"] = "2025-06-01";
    facts.objects[0].values["reliance"] = "cited_only";
    CHECK_FALSE(met(facts, "treaty_in_force"));
    facts.objects[0].values = {{"instrument", "bilateral"}, {"reliance", "sole"}};
    CHECK(met(facts, "treaty_in_force"));
    facts.objects[0].state = "DROPPED";
    CHECK_FALSE(met(facts, "treaty_in_force"));
}

TEST_CASE("what the signal rules find in a case, with their numbers") {
    SignalFacts quiet;
    quiet.today = day("2025-06-01");
    quiet.now = at("2025-06-01T12:00:00Z");
    std::vector<std::string> every;
    for (auto const& rule : signal_rules()) {
        every.emplace_back(rule.key);
        CHECK_FALSE(std::string(rule.explain).empty());
    }
    CHECK(find_signals(every, quiet).empty());

    struct Row {
        char const* key;
        void (*set)(SignalFacts&);
    };
    for (
        auto const& row : {
            Row{"tip.reinterview",
                [](SignalFacts& f) {
                    f.objects.assign(4, object("interview", "HELD", {{"victim_ref", "V"}}));
                }},
            Row{"tip.reflection_ending",
                [](SignalFacts& f) {
                    f.clocks = {{"tip.reflection", "", f.now - 480h, f.now + 100h}};
                }},
            Row{"tip.referral_stuck",
                [](SignalFacts& f) {
                    f.clocks = {{"tip.referral_accept", "r", f.now - 49h, f.now - 1h}};
                }},
            Row{"unit.training_low",
                [](SignalFacts& f) {
                    f.root = {{"interviewing_staff", "10"}, {"interviewing_staff_trained", "7"}};
                }},
            Row{"asset.order_lapse",
                [](SignalFacts& f) {
                    f.objects = {object("asset", "SEIZED", {{"order_expires_on", "2025-06-30"}})};
                }},
            Row{"asset.cost_burn",
                [](SignalFacts& f) {
                    f.objects = {object("asset",
                                        "SEIZED",
                                        {{"value", "1000.00 USD"},
                                         {"storage_cost_month", "100.00 USD"},
                                         {"restrained_on", "2025-03-25"}})};
                }},
            Row{"ews.ack_missed",
                [](SignalFacts& f) {
                    f.clocks = {{"ews.ack", "r", f.now - 5h, f.now - 1h}};
                }},
            Row{"control.expiring",
                [](SignalFacts& f) {
                    f.state = "IN_FORCE";
                    f.root = {{"expires_on", "2025-08-30"}};
                }},
            Row{"corr.unexplained",
                [](SignalFacts& f) {
                    f.objects = {object("financial_period",
                                        "RECORDED",
                                        {{"net_assets_from", "100.00 USD"},
                                         {"net_assets_to", "190.00 USD"},
                                         {"lawful_income", "100.00 USD"},
                                         {"declared_spending", "50.00 USD"}})};
                }},
            Row{"corr.single_bid",
                [](SignalFacts& f) {
                    f.objects = {object("procurement", "RECORDED", {{"bidders", "1"}})};
                }},
            Row{"corr.short_tender",
                [](SignalFacts& f) {
                    f.objects = {object("procurement",
                                        "RECORDED",
                                        {{"tender_days", "5"}, {"minimum_tender_days", "20"}})};
                }},
            Row{"corr.new_supplier",
                [](SignalFacts& f) {
                    f.objects = {object("procurement", "RECORDED", {{"supplier_age_days", "179"}})};
                }},
            Row{"corr.shared_owner",
                [](SignalFacts& f) {
                    f.objects = {object("procurement", "RECORDED", {{"shared_owner", "true"}})};
                }},
            Row{"corr.limitation",
                [](SignalFacts& f) {
                    f.clocks = {{"corr.limitation", "", f.now, f.now + 8700h}};
                }},
            Row{"trade.arms_hs",
                [](SignalFacts& f) {
                    f.objects = {object("line", "DECLARED", {{"hs6", "930200"}})};
                }},
            Row{"trade.mirror_gap",
                [](SignalFacts& f) {
                    f.objects = {object(
                        "line",
                        "DECLARED",
                        {{"customs_value", "200000.00 USD"}, {"partner_value", "260000.00 USD"}})};
                }},
            Row{"trade.fx_late",
                [](SignalFacts& f) {
                    f.objects = {object("settlement",
                                        "DUE",
                                        {{"fx_due_on", "2025-05-31"},
                                         {"due_amount", "100.00 USD"},
                                         {"settled_amount", "98.99 USD"}})};
                }},
            Row{"coop.silent",
                [](SignalFacts& f) {
                    f.state = "EXECUTING";
                    f.last_activity = day("2025-04-02");
                }},
            Row{"coop.clock",
                [](SignalFacts& f) {
                    f.clocks = {{"coop.ack", "", f.now - 6h, f.now + 5h}};
                }},
            Row{"coop.basis_mismatch",
                [](SignalFacts& f) {
                    f.objects = {object("basis",
                                        "CLAIMED",
                                        {{"instrument", "UNTOC"},
                                         {"reliance", "sole"},
                                         {"reliance_of", "requesting"}}),
                                 object("basis",
                                        "CLAIMED",
                                        {{"instrument", "UNTOC"},
                                         {"reliance", "cited_only"},
                                         {"reliance_of", "requested"}})};
                }},
            Row{"judg.no_sentence",
                [](SignalFacts& f) {
                    f.objects = {object("finding",
                                        "GUILTY",
                                        {{"provision", "UNTOC_5"}, {"verdict_on", "2025-01-31"}})};
                }},
            Row{"report.quality",
                [](SignalFacts& f) { f.objects = {object("finding", "GUILTY", {})}; }},
            Row{"partner.idle",
                [](SignalFacts& f) {
                    f.state = "ACTIVE";
                    f.last_activity = day("2024-05-31");
                }},
            Row{"strategy.expiring",
                [](SignalFacts& f) {
                    f.state = "IN_FORCE";
                    f.root = {{"period_to", "2025-11-01"}};
                }},
        }) {
        CAPTURE(std::string(row.key));
        auto facts = quiet;
        row.set(facts);
        auto const found = find_signals({row.key}, facts);
        REQUIRE(found.size() == 1);
        CHECK(found[0].rule->key == row.key);
        CHECK_FALSE(found[0].evidence.numbers.empty());
    }
    CHECK(rule_precision(3, 1) == doctest::Approx(0.75));
    CHECK_FALSE(rule_precision(0, 0).has_value());
}
