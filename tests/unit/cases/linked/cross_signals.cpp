// Rules that look across cases, each with the facts on which it fires and those next to them on
// which it does not (domain/linked-cases.md 4.14).
#include <doctest/doctest.h>

#include "cases/linked/notice_silence.hpp"
#include "cases/linked/signals.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

Date day(char const* text) {
    return parse_iso_date(text).value();
}

BlindHit hit(char const* type, char const* object) {
    BlindHit found;
    found.object_id = "o1";
    found.object = object;
    found.state = "NAMED";
    found.index = "blind_phone";
    found.group = "S2";
    found.other_case = "c2";
    found.other_number = "XA-2026-1";
    found.other_type = type;
    found.other_object = object;
    found.other_state = "NAMED";
    return found;
}

std::vector<FoundSignal> look(char const* rule, CrossFacts const& facts) {
    return find_signals({rule}, facts);
}

NoticeFact notice(char const* id, char const* exporter, char const* on, std::int64_t kilograms) {
    return {.case_id = id,
            .exporter = exporter,
            .consignee = "token",
            .substance = "acetone",
            .dispatch_on = day(on),
            .grams = kilograms * 1000,
            .threshold_grams = 100'000,
            .objected = false};
}

}  // namespace

TEST_CASE(
    "every rule of the catalogue is computed from a case or across cases, but the one on reads") {
    for (auto const& rule : signal_rules()) {
        CAPTURE(rule.key);
        bool const computed = (rule.find != nullptr) != (rule.across != nullptr);
        CHECK(computed == (rule.key != "audit.read_anomaly"));
    }
    CrossFacts nothing;
    nothing.today = day("2026-06-01");
    std::vector<std::string> every;
    for (auto const& rule : signal_rules()) {
        every.emplace_back(rule.key);
    }
    CHECK(find_signals(every, nothing).empty());
}

TEST_CASE("a recruiter in two cases: both hear how many, and only the own agency's numbers") {
    CrossFacts facts;
    facts.hits = {hit("tip_case", "suspect")};
    auto found = look("tip.shared_recruiter", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.object_id == "o1");
    CHECK(found[0].evidence.group == "S2");
    CHECK(found[0].evidence.numbers == FieldValues{{"same", "blind_phone"}, {"other_cases", "1"}});

    auto second = hit("som_case", "suspect");
    second.index = "blind_plate";
    second.other_case = "c3";
    second.same_agency = true;
    second.other_number = "XA-2026-7";
    facts.hits.push_back(second);
    found = look("tip.shared_recruiter", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.numbers == FieldValues{{"same", "blind_phone|blind_plate"},
                                                   {"other_cases", "2"},
                                                   {"own_cases", "XA-2026-7"}});

    facts.hits = {hit("tip_case", "victim")};  // a victim is no recruiter
    CHECK(look("tip.shared_recruiter", facts).empty());
    facts.hits = {hit("corruption_case", "suspect")};
    CHECK(look("tip.shared_recruiter", facts).empty());
}

TEST_CASE("what rests on a sealed value is told with what is protected") {
    CrossFacts facts;
    facts.hits = {hit("tip_case", "suspect")};
    facts.hits[0].group = "S4";
    CHECK(look("tip.shared_recruiter", facts).at(0).evidence.group == "S3");
    // Also where something less protected agrees as well, in whatever order.
    facts.hits.push_back(hit("tip_case", "suspect"));
    CHECK(look("tip.shared_recruiter", facts).at(0).evidence.group == "S3");
    std::swap(facts.hits[0], facts.hits[1]);
    CHECK(look("tip.shared_recruiter", facts).at(0).evidence.group == "S3");
}

TEST_CASE("the same asset restrained twice") {
    CrossFacts facts;
    facts.hits = {hit("asset_case", "asset")};
    facts.hits[0].index = "blind_code";
    facts.hits[0].state = "FROZEN";
    CHECK(look("asset.conflict", facts).empty());  // the other is only named
    facts.hits[0].other_state = "SEIZED";
    CHECK(look("asset.conflict", facts).size() == 1);
    facts.hits[0].index = "blind_name";  // a holder may hold much
    CHECK(look("asset.conflict", facts).empty());
    facts.hits[0].index = "blind_code";
    facts.hits[0].state = "RELEASED";
    CHECK(look("asset.conflict", facts).empty());
}

TEST_CASE("assets without a rate at the last 31 December") {
    CrossFacts facts;
    facts.today = day("2026-06-01");
    auto const line = [](char const* id, char const* currency, char const* on) {
        return AssetLine{id, "FROZEN", *parse_money("100", currency), day(on)};
    };
    facts.assets = {line("usd", "USD", "2025-03-01"),
                    line("cop", "COP", "2025-02-01"),
                    line("later", "COP", "2026-02-01")};
    facts.rates = {{"COP", "USD", day("2025-02-01"), "0.00024", "test"}};
    auto const found = look("asset.unconverted", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.object_id == "cop");
    CHECK(found[0].evidence.numbers == FieldValues{{"report_date", "2025-12-31"}});
    facts.rates.push_back({"COP", "USD", day("2025-12-31"), "0.00025", "test"});
    CHECK(look("asset.unconverted", facts).empty());
}

TEST_CASE("the worked rates are there") {
    auto const& rates = exchange_rates();
    auto const usd = convert(*parse_money("1200000000", "COP"), "USD", day("2025-06-30"), rates);
    REQUIRE(usd.has_value());
    CHECK(amount_text(*usd) == "300000.00");
}

TEST_CASE("first detections by scope") {
    CrossFacts facts;
    facts.firsts = {{"XA", day("2026-01-10"), false}, {"region", day("2026-01-10"), true}};
    auto const country = look("ews.first_country", facts);
    REQUIRE(country.size() == 1);
    CHECK(country[0].evidence.numbers.at("scope") == "XA");
    CHECK(country[0].evidence.numbers.at("level") == "L3");
    auto const region = look("ews.first_region", facts);
    REQUIRE(region.size() == 1);
    CHECK(region[0].evidence.numbers.at("corrects_a_later_one") == "true");
}

TEST_CASE("a day with more detections than chance explains") {
    CrossFacts facts;
    facts.detections_before.assign(30, 0);
    facts.detections_before[3] = 1;
    facts.detections_today = 1;
    CHECK(look("ews.spike", facts).empty());
    facts.detections_today = 3;
    auto const found = look("ews.spike", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.numbers.at("own_high") == "1");
}

TEST_CASE("detected and not controlled for ninety days") {
    CrossFacts facts;
    facts.today = day("2026-06-01");
    facts.first_detected = day("2026-03-04");
    CHECK(look("ews.legal_gap", facts).empty());  // 89 days
    facts.first_detected = day("2026-03-03");
    CHECK(look("ews.legal_gap", facts).at(0).evidence.numbers.at("days") == "90");
    facts.controlled = day("2026-05-01");
    CHECK(look("ews.legal_gap", facts).empty());
}

TEST_CASE("notices that are split, and a consignee that comes back by another exporter") {
    CrossFacts facts;
    facts.case_id = "n3";
    facts.notices = {notice("n1", "a", "2026-05-02", 32),
                     notice("n2", "a", "2026-05-12", 32),
                     notice("n3", "a", "2026-05-22", 32)};
    auto const found = look("prec.split", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.numbers ==
          FieldValues{{"notices", "3"}, {"sum_g", "96000"}, {"threshold_g", "100000"}});
    facts.case_id = "elsewhere";
    CHECK(look("prec.split", facts).empty());

    facts.case_id = "n3";
    CHECK(look("prec.reroute", facts).empty());
    facts.notices[0].objected = true;
    CHECK(look("prec.reroute", facts).empty());  // the same exporter
    facts.notices[2].exporter = "b";
    CHECK(look("prec.reroute", facts).size() == 1);
}

TEST_CASE("the value of a unit against comparable goods") {
    CrossFacts facts;
    GoodsLine line{"l1", 50.0, {}};
    for (int i = 0; i < 26; ++i) {
        line.comparables.push_back(10.0 + i % 5);
    }
    facts.goods = {line};
    CHECK(look("trade.unit_value", facts).empty());  // 26 say nothing
    facts.goods[0].comparables.push_back(12.0);
    auto const found = look("trade.unit_value", facts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].evidence.numbers.at("level") == "strong");
    CHECK(found[0].evidence.numbers.at("median") == "12.00");
    CHECK(found[0].evidence.numbers.at("comparables") == "27");
    facts.goods[0].unit_value = 12.0;
    CHECK(look("trade.unit_value", facts).empty());
}

TEST_CASE("a request about the same person to the same country") {
    CrossFacts facts;
    facts.state = "TRANSMITTED";
    facts.hits = {hit("coop_request", "case")};
    facts.hits[0].own_requested = "XB";
    facts.hits[0].other_requested = "XC";
    CHECK(look("coop.duplicate", facts).empty());
    facts.hits[0].other_requested = "XB";
    CHECK(look("coop.duplicate", facts).size() == 1);
    facts.hits[0].other_state = "EXECUTED";
    CHECK(look("coop.duplicate", facts).empty());
    facts.hits[0].other_state = "DRAFT";
    facts.state = "REFUSED";
    CHECK(look("coop.duplicate", facts).empty());
}

TEST_CASE("a hidden case is told of where both owners agreed") {
    CrossFacts facts;
    facts.hits = {hit("corruption_case", "person_of_interest")};
    facts.hits[0].hidden = true;
    CHECK(look("link.restricted_hit", facts).empty());
    facts.hits[0].agreed = true;
    CHECK(look("link.restricted_hit", facts).size() == 1);
    facts.hits[0].hidden = false;  // seen anyway
    CHECK(look("link.restricted_hit", facts).empty());
}

TEST_CASE("silence on a notice: each country's own rule") {
    CHECK(silence_is_consent(silence_rules(), "XC", day("2026-01-01")));
    CHECK_FALSE(silence_is_consent(silence_rules(), "XC", day("2019-12-31")));
    CHECK_FALSE(silence_is_consent(silence_rules(), "XA", day("2026-01-01")));
    CHECK_FALSE(silence_is_consent(silence_rules(), "XB", day("2026-01-01")));  // no rule
}
