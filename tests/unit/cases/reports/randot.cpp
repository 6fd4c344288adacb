// The worked example of domain/linked-cases.md 6.3 and 6.4, every number of it: three years, three
// countries, the hemisphere, and the revision.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cases/reports/randot_report.hpp"
#include "common/time_text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

using Names = std::set<std::string>;
using Outcome = CooperationOutcome;

Names names(std::string_view text) {
    std::istringstream in{std::string(text)};
    Names found;
    for (std::string word; in >> word;) {
        found.insert(word);
    }
    return found;
}

std::optional<Date> day(std::string_view text) {
    return text.empty() ? std::nullopt : parse_iso_date(text);
}

LegalBasis basis(char const* instrument, char const* article, Reliance reliance) {
    return {instrument, article, reliance};
}

CooperationFact coop(char const* id,
                     CooperationKind kind,
                     char const* from,
                     char const* to,
                     char const* date,
                     std::vector<LegalBasis> bases,
                     Outcome outcome = Outcome::pending,
                     char const* outcome_on = "") {
    CooperationFact fact;
    fact.case_id = id;
    fact.kind = kind;
    fact.requesting = from;
    fact.requested = to;
    (kind == CooperationKind::joint_investigation ? fact.signed_on : fact.transmitted_on) =
        day(date);
    fact.bases = std::move(bases);
    fact.outcome = outcome;
    fact.outcome_on = day(outcome_on);
    return fact;
}

std::vector<CooperationFact> cooperation() {
    using enum CooperationKind;
    using enum Reliance;
    std::vector<CooperationFact> facts{
        coop("K01",
             mla,
             "XA",
             "XB",
             "2025-02-10",
             {basis("UNTOC", "18", principal)},
             Outcome::executed,
             "2025-08-01"),
        coop("K02",
             mla,
             "XB",
             "XA",
             "2025-03-05",
             {basis("IACMLA", "", principal), basis("UNTOC", "18", concurrent)},
             Outcome::executed,
             "2025-12-20"),
        coop("K03",
             mla,
             "XA",
             "XC",
             "2025-06-30",
             {basis("bilateral", "", sole)},
             Outcome::executed,
             "2025-09-09"),
        coop("K04",
             mla,
             "XA",
             "XC",
             "2024-12-30",
             {basis("UNTOC", "18", sole)},
             Outcome::executed,
             "2025-04-01"),
        coop("K05",
             extradition,
             "XC",
             "XA",
             "2025-05-12",
             {basis("UNTOC", "16", sole)},
             Outcome::executed,
             "2025-11-15"),
        coop("K06",
             extradition,
             "XA",
             "XB",
             "2025-09-01",
             {basis("bilateral", "", sole), basis("UNTOC", "16", invoked_not_relied)}),
        coop("K07",
             joint_investigation,
             "XA",
             "XB",
             "2025-04-20",
             {basis("UNTOC", "19", principal), basis("FAP", "", concurrent)}),
        coop("K08",
             other,
             "XA",
             "XC",
             "2025-07-07",
             {basis("UNTOC", "20", sole)},
             Outcome::executed,
             "2025-07-15"),
        coop("K09",
             mla,
             "XC",
             "XA",
             "2025-11-28",
             {basis("UNTOC", "18", principal), basis("TIP", "", concurrent)}),
        coop("K10",
             mla,
             "XB",
             "XC",
             "2025-03-03",
             {basis("UNTOC", "18", sole)},
             Outcome::executed,
             "2025-06-06"),
        coop("K11",
             mla,
             "XA",
             "XB",
             "2025-12-31",
             {basis("UNTOC", "18", sole)},
             Outcome::refused,
             "2026-01-20"),
        coop("K12",
             other,
             "XA",
             "XB",
             "2025-05-01",
             {basis("UNTOC", "27", sole)},
             Outcome::executed,
             "2025-05-02")};
    facts.back().formal = false;
    return facts;
}

Sentence sentence(SentenceKind kind, std::optional<int> months = std::nullopt) {
    return {kind, months, std::nullopt};
}

Sentence fine_of(char const* amount) {
    return {SentenceKind::fine_only, std::nullopt, parse_money(amount, "USD")};
}

ConvictionFact conviction(char const* id,
                          char const* person,
                          std::vector<Provision> provisions,
                          char const* verdict_on,
                          char const* final_on,
                          std::vector<Sentence> sentences,
                          char const* overturned_on = "") {
    ConvictionFact fact;
    fact.case_id = id;
    fact.country = "XA";
    fact.person = person;
    fact.provisions = std::move(provisions);
    fact.verdict_on = day(verdict_on);
    fact.final_on = day(final_on);
    fact.overturned_on = day(overturned_on);
    fact.sentences = std::move(sentences);
    fact.overall = fact.provisions.size() > 1;
    return fact;
}

std::vector<ConvictionFact> convictions() {
    using enum SentenceKind;
    return {
        conviction(
            "V1", "a", {{"UNTOC", "5"}}, "2025-03-14", "2025-06-01", {sentence(custodial, 96)}),
        conviction(
            "V1", "a", {{"UNTOC", "6"}}, "2025-03-14", "2025-06-01", {sentence(custodial, 60)}),
        conviction(
            "V1", "b", {{"UNTOC", "6"}}, "2025-03-14", "2025-06-01", {sentence(custodial, 48)}),
        conviction(
            "V2", "c", {{"TIP", "5"}}, "2025-06-02", "2025-09-02", {sentence(custodial, 180)}),
        conviction(
            "V3", "d", {{"UNTOC", "8"}}, "2024-11-20", "2025-02-01", {sentence(custodial, 36)}),
        conviction("V4", "e", {{"FAP", "5"}}, "2025-09-09", "", {sentence(suspended, 24)}),
        conviction("V4", "f", {{"FAP", "5"}}, "2025-09-09", "", {fine_of("5000")}),
        conviction("V5",
                   "g",
                   {{"UNTOC", "23"}},
                   "2025-10-10",
                   "",
                   {sentence(custodial, 30)},
                   "2025-12-15"),
        conviction("V6", "h", {{"SOM", "6"}}, "2025-12-01", "", {sentence(not_available)}),
        conviction("V7",
                   "j",
                   {{"UNTOC", "5"}, {"TIP", "5"}},
                   "2025-05-05",
                   "2025-08-05",
                   {sentence(life)}),
        conviction("V8",
                   "k",
                   {{"national", "drug offence"}},
                   "2025-08-08",
                   "2025-10-08",
                   {sentence(custodial, 120)}),
        conviction("V9",
                   "m",
                   {{"UNTOC", "8"}},
                   "2025-04-04",
                   "2025-07-04",
                   {sentence(suspended, 24), fine_of("10000")}),
    };
}

LegalPersonFact legal(char const* id,
                      char const* entity,
                      Liability liability,
                      Provision provision,
                      char const* decision_on,
                      char const* kind,
                      char const* amount = "") {
    LegalPersonFact fact;
    fact.case_id = id;
    fact.country = "XA";
    fact.entity = entity;
    fact.liability = liability;
    fact.decision_on = day(decision_on);
    fact.provisions = {std::move(provision)};
    fact.sanctions = {{kind, *amount == 0 ? std::nullopt : parse_money(amount, "USD")}};
    return fact;
}

std::vector<LegalPersonFact> legal_persons() {
    using enum Liability;
    return {legal("M1", "Q", criminal, {"UNTOC", "6"}, "2025-06-18", "fine", "250000"),
            legal("M1", "Q", administrative, {"UNTOC", "6"}, "2025-06-18", "licence_suspension"),
            legal("M2", "R", civil, {"FAP", "5"}, "2025-10-03", "damages", "40000"),
            legal("M3", "S", administrative, {"UNTOC", "8"}, "2026-01-09", "fine", "9000"),
            legal("M4", "T", administrative, {"UNTOC", "8"}, "2025-02-02", "debarment"),
            legal("M4", "U", administrative, {"UNTOC", "8"}, "2025-02-02", "debarment"),
            legal("M5", "W", criminal, {"national", "tax"}, "2025-07-07", "fine", "70000")};
}

RandotFacts facts() {
    RandotFacts all;
    all.cooperation = cooperation();
    all.convictions = convictions();
    all.legal_persons = legal_persons();
    return all;
}

RandotReport report(char const* country,
                    int year,
                    RandotFacts const& from = facts(),
                    char const* as_of = "2026-02-15",
                    bool amended = false) {
    return randot_report({country, year, *day(as_of), amended}, from, TreatyTable::built_in());
}

// Out In Joint Total Sole Principal Concurrent UNTOC TIP SOM FAP Executed Refused Pending
std::vector<std::size_t> numbers(CooperationRow const& row) {
    auto const of = [](auto const& cells, auto const& key) {
        auto const found = cells.find(key);
        return found == cells.end() ? std::size_t{0} : found->second.cases.size();
    };
    return {row.out.cases.size(),
            row.in.cases.size(),
            row.joint.cases.size(),
            row.total.cases.size(),
            of(row.by_reliance, Reliance::sole),
            of(row.by_reliance, Reliance::principal),
            of(row.by_reliance, Reliance::concurrent),
            of(row.by_instrument, std::string("UNTOC")),
            of(row.by_instrument, std::string("TIP")),
            of(row.by_instrument, std::string("SOM")),
            of(row.by_instrument, std::string("FAP")),
            row.executed.cases.size(),
            row.refused.cases.size(),
            row.pending.cases.size()};
}

// Cases Persons Final Life Custodial Suspended FineOnly NotAvailable
std::vector<std::size_t> numbers(ConvictionRow const& row) {
    auto const of = [&](SentenceKind kind) {
        auto const found = row.sentences.find(kind);
        return found == row.sentences.end() ? std::size_t{0} : found->second.persons.size();
    };
    return {row.all.cases.size(),
            row.all.persons.size(),
            row.final.persons.size(),
            of(SentenceKind::life),
            of(SentenceKind::custodial),
            of(SentenceKind::suspended),
            of(SentenceKind::fine_only),
            of(SentenceKind::not_available)};
}

std::string months(ConvictionRow const& row) {
    auto const found = month_statistics(row.custodial_months);
    if (!found) {
        return "";
    }
    std::ostringstream text;
    text << found->min << "/" << found->median << "/" << found->max;
    return text.str();
}

using Numbers = std::vector<std::size_t>;
using Reasons = std::vector<Exclusion>;

}  // namespace

TEST_CASE("table A of XA for 2025") {
    auto const table = report("XA", 2025).cooperation;
    CHECK(numbers(table.rows[0]) == Numbers{2, 2, 0, 4, 1, 2, 1, 4, 1, 0, 0, 2, 0, 2});
    CHECK(table.rows[0].total.cases == names("K01 K02 K09 K11"));
    CHECK(numbers(table.rows[1]) == Numbers{0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0});
    CHECK(table.rows[1].total.cases == names("K05"));
    CHECK(numbers(table.rows[2]) == Numbers{0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1});
    CHECK(table.rows[2].total.cases == names("K07"));
    CHECK(numbers(table.rows[3]) == Numbers{1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0});
    CHECK(table.rows[3].total.cases == names("K08"));
    CHECK(numbers(table.total) == Numbers{3, 3, 1, 7, 3, 3, 1, 7, 1, 0, 1, 4, 0, 3});
    CHECK(table.active.cases == names("K01 K02 K04 K05 K07 K08 K09 K11"));
    CHECK(table.invoked_not_relied.cases == names("K06"));
    CHECK(table.excluded == Reasons{{"K03", "no_treaty_basis"},
                                    {"K04", "other_year"},
                                    {"K06", "invoked_not_relied"},
                                    {"K10", "not_a_party_to_case"},
                                    {"K12", "not_formal"}});
    // Refused in 2026: for a report on 2025 it is still pending.
    CHECK(table.total.pending.cases.contains("K11"));
}

TEST_CASE("the hemisphere counts every case once, not once a country") {
    auto const hemisphere = report("", 2025).cooperation;
    CHECK(hemisphere.total.total.cases == names("K01 K02 K05 K07 K08 K09 K10 K11"));
    std::size_t sum = 0;
    std::vector<std::size_t> each;
    for (auto const* country : {"XA", "XB", "XC"}) {
        each.push_back(report(country, 2025).cooperation.total.total.cases.size());
        sum += each.back();
    }
    CHECK(each == Numbers{7, 5, 4});
    CHECK(sum == 16);
    CHECK(hemisphere.total.total.cases.size() == 8);
    CHECK(hemisphere.total.out.cases.empty());
    CHECK(hemisphere.total.in.cases.empty());
}

TEST_CASE("table B of XA for 2025") {
    auto const table = report("XA", 2025).convictions;
    CHECK(numbers(table.rows[0]) == Numbers{2, 2, 2, 1, 1, 0, 0, 0});
    CHECK(table.rows[0].all.cases == names("V1 V7"));
    CHECK(table.rows[0].all.persons == names("a j"));
    CHECK(months(table.rows[0]) == "96/96/96");
    CHECK(numbers(table.rows[1]) == Numbers{1, 2, 2, 0, 2, 0, 0, 0});
    CHECK(table.rows[1].all.persons == names("a b"));
    CHECK(months(table.rows[1]) == "48/54/60");
    CHECK(numbers(table.rows[2]) == Numbers{1, 1, 1, 0, 0, 1, 0, 0});
    CHECK(table.rows[2].all.cases == names("V9"));
    CHECK(months(table.rows[2]).empty());
    CHECK(numbers(table.rows[3]) == Numbers{0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(numbers(table.rows[4]) == Numbers{2, 2, 2, 1, 1, 0, 0, 0});
    CHECK(table.rows[4].all.cases == names("V2 V7"));
    CHECK(months(table.rows[4]) == "180/180/180");
    CHECK(numbers(table.rows[5]) == Numbers{1, 2, 0, 0, 0, 1, 1, 0});
    CHECK(table.rows[5].all.persons == names("e f"));
    CHECK(numbers(table.rows[6]) == Numbers{1, 1, 0, 0, 0, 0, 0, 1});
    CHECK(numbers(table.total) == Numbers{6, 8, 5, 1, 3, 2, 1, 1});
    CHECK(months(table.total) == "48/96/180");
    CHECK(table.excluded ==
          Reasons{{"V3", "other_year"}, {"V5", "overturned"}, {"V8", "not_listed_provision"}});

    std::size_t cases = 0;
    std::size_t persons = 0;
    for (auto const& row : table.rows) {
        cases += row.all.cases.size();
        persons += row.all.persons.size();
    }
    CHECK(cases == 8);
    CHECK(persons == 10);
    CHECK(table.total.all.cases.size() != cases);
    CHECK(table.total.all.persons.size() != persons);
}

TEST_CASE("table C of XA for 2025") {
    auto const table = report("XA", 2025).legal_persons;
    CHECK(table.rows[0].all.cases == names("M1"));
    CHECK(table.rows[0].all.persons == names("Q"));
    CHECK(table.rows[0].money.at("fine").at("USD") == 250'000'00);
    CHECK(table.rows[1].all.cases == names("M2"));
    CHECK(table.rows[1].all.persons == names("R"));
    CHECK(table.rows[1].money.at("damages").at("USD") == 40'000'00);
    CHECK(table.rows[2].all.cases == names("M1 M4"));
    CHECK(table.rows[2].all.persons == names("Q T U"));
    CHECK(table.rows[2].sanctions.at("licence_suspension") == 1);
    CHECK(table.rows[2].sanctions.at("debarment") == 2);
    CHECK(table.rows[2].money.empty());
    CHECK(table.total.all.cases.size() == 3);
    CHECK(table.total.all.persons == names("Q R T U"));
    CHECK(table.excluded == Reasons{{"M3", "other_year"}, {"M5", "not_listed_provision"}});
}

TEST_CASE("the same data for 2024 and 2026") {
    auto const before = report("XA", 2024);
    CHECK(numbers(before.cooperation.rows[0]) == Numbers{1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1});
    CHECK(numbers(before.cooperation.total) == Numbers{1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1});
    CHECK(before.cooperation.total.total.cases == names("K04"));
    CHECK(numbers(before.convictions.rows[2]) == Numbers{1, 1, 0, 0, 1, 0, 0, 0});
    CHECK(before.convictions.rows[2].all.persons == names("d"));
    CHECK(months(before.convictions.rows[2]) == "36/36/36");
    CHECK(numbers(before.convictions.total) == Numbers{1, 1, 0, 0, 1, 0, 0, 0});
    CHECK(before.legal_persons.total.all == Cell{});

    auto const after = report("XA", 2026);
    CHECK(numbers(after.cooperation.total) == Numbers(14, 0));
    CHECK(numbers(after.convictions.total) == Numbers(8, 0));
    CHECK(after.legal_persons.rows[2].all.cases == names("M3"));
    CHECK(after.legal_persons.rows[2].all.persons.size() == 1);
    CHECK(after.legal_persons.rows[2].money.at("fine").at("USD") == 9'000'00);
    CHECK(after.legal_persons.total.all.cases == names("M3"));
}

TEST_CASE("a verdict overturned after the year changes the amended report, not the snapshot") {
    auto later = facts();
    for (auto& fact : later.convictions) {
        if (fact.case_id == "V2") {
            fact.overturned_on = day("2026-03-01");
        }
    }
    auto const snapshot = report("XA", 2025, facts(), "2026-02-15");
    CHECK(snapshot.convictions.rows[4].all.cases.size() == 2);
    // The same facts run for the year as it stood: the verdict still counts.
    CHECK(report("XA", 2025, later, "2026-04-01", false).convictions.rows[4].all.cases.size() == 2);

    auto const amended = report("XA", 2025, later, "2026-04-01", true);
    CHECK(amended.convictions.rows[4].all.cases == names("V7"));
    CHECK(amended.convictions.total.all.cases.size() == 5);
    CHECK(amended.convictions.total.all.persons.size() == 7);
    CHECK(amended.convictions.total.final.persons.size() == 4);
    CHECK(amended.convictions.total.custodial_months.size() == 2);
    CHECK(months(amended.convictions.total) == "48/72/96");
    CHECK(changes_between(snapshot, amended) ==
          std::vector<ReportChange>{{"B", "TIP 5", "V2", false}, {"B", "total", "V2", false}});
    CHECK(changes_between(snapshot, snapshot).empty());
}

TEST_CASE("a basis counts only where the treaty binds both countries on the day") {
    auto all = facts();
    auto& request = all.cooperation[0];
    request.transmitted_on = day("2003-09-28");  // a day before the Convention was in force
    auto const early =
        randot_report({"XA", 2003, *day("2004-02-01"), false}, all, TreatyTable::built_in());
    CHECK(early.cooperation.total.total.cases.empty());
    CHECK(std::ranges::find(early.cooperation.excluded, Exclusion{"K01", "treaty_not_in_force"}) !=
          early.cooperation.excluded.end());
    request.transmitted_on = day("2003-09-29");
    auto const due =
        randot_report({"XA", 2003, *day("2004-02-01"), false}, all, TreatyTable::built_in());
    CHECK(due.cooperation.total.total.cases == names("K01"));
}

TEST_CASE("what blocks clearance, and what the public does not see") {
    CHECK(quality_faults({"XA", 2025, *day("2026-02-15"), false}, facts()).empty());
    auto bad = facts();
    bad.convictions[0].provisions.clear();
    bad.convictions[3].final_on = day("2025-01-01");
    bad.convictions[4].sentences[0].months.reset();
    bad.legal_persons[2].sanctions[0].amount.reset();
    bad.cooperation[0].transmitted_on = day("2026-02-16");
    bad.cooperation[2].bases.clear();
    CHECK(quality_faults({"XA", 2025, *day("2026-02-15"), false}, bad) ==
          std::vector<QualityFault>{{"K01", "date_impossible"},
                                    {"K03", "basis_missing"},
                                    {"M2", "amount_incomplete"},
                                    {"V1", "provision_missing"},
                                    {"V2", "date_impossible"},
                                    {"V3", "sentence_incomplete"}});

    auto const table = report("XA", 2025).convictions;
    CHECK_FALSE(public_months(table.rows[1]).has_value());  // two persons
    CHECK(public_months(table.total).has_value());          // three
}
