#include "cases/trace/pointer.hpp"

#include <doctest/doctest.h>

using namespace rastro;
using namespace rastro::cases;

namespace {

constexpr Date kMay14 = std::chrono::year(2026) / 5 / 14;
constexpr Date kMay15 = std::chrono::year(2026) / 5 / 15;

RecoveryFacts facts(std::string agency, std::optional<Date> day, std::string country = "XA") {
    return {.agency = std::move(agency),
            .agency_case_no = {},
            .day = day,
            .country = std::move(country),
            .area = {}};
}

using Agencies = std::vector<std::string>;
HitSides const kSides{
    .agency = "XA-POL-1", .other = "XB-POL-2", .contacts = {"XA-NAT-3", "XB-NAT-4"}};

}  // namespace

TEST_CASE("4.9: one recovery, or the same firearm twice") {
    auto a = facts("XA-POL-1", kMay14);
    auto b = facts("XA-POL-1", kMay14);
    CHECK(kind_of_pair(a, b) == HitKind::duplicate);
    a.area = "Puerto Lindo";
    b.area = "PUERTO  LINDO";
    CHECK(kind_of_pair(a, b) == HitKind::duplicate);
    b.area = "Elsewhere";
    CHECK(kind_of_pair(a, b) == HitKind::same_firearm);
    b.agency_case_no = a.agency_case_no = "C-1";
    b.day = kMay15;  // one of the two is written wrongly: the case number says what it is
    CHECK(kind_of_pair(a, b) == HitKind::duplicate);

    CHECK(kind_of_pair(facts("XA-POL-1", kMay14), facts("XA-CUS-2", kMay14)) ==
          HitKind::two_agencies);
    CHECK(kind_of_pair(facts("XA-POL-1", kMay14), facts("XA-CUS-2", kMay15)) ==
          HitKind::repeat_recovery);
    CHECK(kind_of_pair(facts("XA-POL-1", kMay14), facts("XB-CUS-2", kMay14, "XB")) ==
          HitKind::repeat_recovery);
    CHECK(kind_of_pair(facts("XA-POL-1", kMay14), facts("XB-CUS-2", std::nullopt, "")) ==
          HitKind::same_firearm);
    CHECK(is_high_priority(HitKind::repeat_recovery));
    CHECK(is_high_priority(HitKind::destroyed_recovered));
    CHECK_FALSE(is_high_priority(HitKind::two_agencies));
}

TEST_CASE("4.9: who learns what, before and after a person confirmed") {
    auto const strong = audience_of(HitKind::two_agencies, MatchBand::strong, kSides);
    CHECK(strong.seen_by == Agencies{"XA-POL-1", "XB-POL-2"});
    CHECK(strong.decides == "XA-POL-1");
    CHECK(audience_of(HitKind::repeat_recovery, MatchBand::strong, kSides).seen_by ==
          Agencies{"XA-POL-1", "XB-POL-2", "XA-NAT-3", "XB-NAT-4"});

    // A near match stays with the analyst who has the firearm, whatever it would mean.
    for (auto kind :
         {HitKind::record_hit, HitKind::repeat_recovery, HitKind::destroyed_recovered}) {
        auto const near = audience_of(kind, MatchBand::possible, kSides);
        CHECK(near.seen_by == Agencies{"XA-POL-1"});
        CHECK(near.decides == "XA-POL-1");
        CHECK(audience_of(kind, MatchBand::weak, kSides).seen_by.empty());
        CHECK(audience_of(kind, MatchBand::neighbour, kSides).seen_by.empty());
    }
    CHECK(audience_when_confirmed(HitKind::record_hit, kSides).seen_by ==
          Agencies{"XA-POL-1", "XB-POL-2"});

    auto silent = kSides;
    silent.silent = true;
    for (auto const& audience : {audience_of(HitKind::record_hit, MatchBand::strong, silent),
                                 audience_of(HitKind::record_hit, MatchBand::possible, silent),
                                 audience_when_confirmed(HitKind::destroyed_recovered, silent)}) {
        CHECK(audience.seen_by == Agencies{"XB-POL-2"});
        CHECK(audience.decides == "XB-POL-2");
    }
    CHECK(audience_of(HitKind::record_hit, MatchBand::weak, silent).seen_by.empty());

    auto own = kSides;
    own.other = own.agency;
    CHECK(audience_of(HitKind::duplicate, MatchBand::strong, own).seen_by == Agencies{"XA-POL-1"});
}

TEST_CASE("4.9: under cover, silent, in words: others learn nothing, and of two such nobody") {
    CHECK_FALSE(is_hidden_from_others({.agency = "XA-POL-1", .handling_code = "H2"}));
    CHECK(is_hidden_from_others({.agency = "XA-POL-1", .handling_code = "H3"}));
    CHECK(is_hidden_from_others({.agency = "XA-POL-1", .silent = true, .handling_code = "H0"}));
    CHECK(is_hidden_from_others({.agency = "XA-POL-1", .sensitive = true, .handling_code = "H0"}));
    Exposure const sealed{.agency = "XA-POL-1", .handling_code = "H0", .in_compartment = true};
    CHECK(is_hidden_from_others(sealed));
    CHECK_FALSE(takes_part_in_matching(sealed));
    CHECK(takes_part_in_matching({.agency = "XA-POL-1", .sensitive = true, .handling_code = "H3"}));

    auto covert = kSides;
    covert.covert = true;
    for (auto const& audience : {audience_of(HitKind::repeat_recovery, MatchBand::strong, covert),
                                 audience_of(HitKind::record_hit, MatchBand::possible, covert),
                                 audience_when_confirmed(HitKind::record_hit, covert)}) {
        CHECK(audience.seen_by == Agencies{"XA-POL-1"});
        CHECK(audience.decides == "XA-POL-1");
    }
    covert.silent = true;
    CHECK(audience_of(HitKind::record_hit, MatchBand::strong, covert).seen_by.empty());
    CHECK(audience_when_confirmed(HitKind::record_hit, covert).seen_by.empty());
    covert.other = covert.agency;
    CHECK(audience_of(HitKind::record_hit, MatchBand::strong, covert).seen_by ==
          Agencies{"XA-POL-1"});
}

TEST_CASE("4.9: contact data only as the policy of the country allows") {
    CHECK(pointer_contact("XB", HitKind::record_hit, kMay14) == PointerContact::agency);
    CHECK(pointer_contact("XC", HitKind::two_agencies, kMay14) == PointerContact::national_contact);
    // Before the rule of that country was in force nothing but the default would hold.
    CHECK(pointer_contact("XC", HitKind::record_hit, std::chrono::year(2019) / 5 / 14) ==
          PointerContact::agency);
}

TEST_CASE("4.9: a destroyed firearm in somebody's hands is an alert, other records are hits") {
    for (auto kind : {RecordKind::lost,
                      RecordKind::stolen,
                      RecordKind::trafficked,
                      RecordKind::smuggled,
                      RecordKind::wanted}) {
        CHECK(kind_of_record_hit(kind) == HitKind::record_hit);
    }
    CHECK(kind_of_record_hit(RecordKind::destroyed) == HitKind::destroyed_recovered);
}
