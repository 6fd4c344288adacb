#include <doctest/doctest.h>

#include <set>
#include <string>

#include "cases/trace/offence.hpp"
#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/refusal_reasons.hpp"
#include "cases/trace/time_to_crime.hpp"

using namespace rastro;
using namespace rastro::cases;
using std::chrono::year;

namespace {

PartialDate date(std::string_view text) {
    return *parse_iso_partial_date(text);
}

}  // namespace

TEST_CASE("every outcome and refusal reason is found again by its code") {
    std::set<std::string> codes;
    for (auto const& row : all_outcomes()) {
        CHECK(outcome_from(row.code) == row.outcome);
        CHECK(&outcome_info(row.outcome) == &row);
        CHECK(codes.insert(std::string(row.code)).second);
        CHECK_FALSE(code_of(row.group).empty());
    }
    CHECK(codes.size() == 30);
    CHECK_FALSE(outcome_from("PURCHASER_IDENTIFIED").has_value());
    for (auto const& row : all_refusal_reasons()) {
        CHECK(refusal_reason_from(row.code) == row.reason);
        CHECK(codes.insert(std::string(row.code)).second);
    }
    CHECK_FALSE(refusal_reason_from("record_not_held").has_value());
    CHECK(may_be_given_for(RefusalReason::cost_or_resources, RefusalStage::delay));
    CHECK_FALSE(may_be_given_for(RefusalReason::cost_or_resources, RefusalStage::refuse));
    CHECK_FALSE(may_be_given_for(RefusalReason::cost_or_resources, RefusalStage::restrict));
    CHECK(may_be_given_for(RefusalReason::national_security, RefusalStage::refuse));
    CHECK(refusal_stage_from("restrict") == RefusalStage::restrict);
}

TEST_CASE("offence categories are complete and no NCIC code belongs to two") {
    std::set<std::string> codes;
    std::set<std::string> ncic;
    for (auto const& category : all_offence_categories()) {
        CAPTURE(category.code);
        CHECK(codes.insert(category.code).second);
        for (auto const* language : {"en", "es", "pt", "fr"}) {
            CHECK_FALSE(offence_label(category, language).empty());
        }
        for (auto const& code : category.ncic_codes) {
            CAPTURE(code);
            CHECK(ncic.insert(code).second);
            CHECK(offence_category_from_ncic(code) == &category);
        }
        CHECK((category.crime || category.ncic_codes.empty()));
    }
    CHECK(codes.size() >= 40);
    CHECK(offence_category_from_ncic("0904")->code == "homicide");
    CHECK(offence_category_from_ncic("5217")->code == "weapon_trafficking");
    CHECK(offence_category_from_ncic("0101") == nullptr);
    CHECK(offence_category_from_ncic("52") == nullptr);
    CHECK_FALSE(find_offence_category("border_seizure")->crime);
    CHECK(find_offence_category("nothing") == nullptr);
}

TEST_CASE("months are added by the calendar and clamped to the end of the month") {
    CHECK(add_months_clamped(date("2020-11-30").first_day(), 3) == date("2021-02-28").first_day());
    CHECK(add_months_clamped(date("2020-02-29").first_day(), 12) == date("2021-02-28").first_day());
    CHECK(add_months_clamped(date("2020-01-15").first_day(), 36) == date("2023-01-15").first_day());
}

TEST_CASE("time-to-crime falls into half-open calendar buckets") {
    struct Row {
        std::string purchased;
        std::string recovered;
        std::string bucket;
        int days;
        bool is_short;
    };
    for (auto const& row : {
             Row{"2020-01-31", "2020-01-31", "under_3_months", 0, true},
             Row{"2020-01-31", "2020-04-29", "under_3_months", 89, true},
             Row{"2020-01-31", "2020-04-30", "3_to_7_months", 90, true},
             Row{"2020-01-15", "2020-08-14", "3_to_7_months", 212, true},
             Row{"2020-01-15", "2020-08-15", "7_to_12_months", 213, true},
             Row{"2020-01-15", "2021-01-15", "1_to_2_years", 366, true},
             Row{"2020-01-15", "2022-01-15", "2_to_3_years", 731, true},
             Row{"2020-01-15", "2023-01-15", "3_years_and_over", 1096, true},
             Row{"2020-01-15", "2023-01-16", "3_years_and_over", 1097, false},
         }) {
        CAPTURE(row.recovered);
        auto const ttc = time_to_crime(date(row.purchased), date(row.recovered), false);
        REQUIRE(ttc.has_value());
        REQUIRE(ttc->bucket.has_value());
        CHECK(code_of(*ttc->bucket) == row.bucket);
        CHECK(ttc->days == row.days);
        CHECK(ttc->short_ttc == row.is_short);
        CHECK(ttc->counted);
    }
}

TEST_CASE("negative, imprecise and restored cases carry their flags") {
    auto const negative = time_to_crime(date("2020-01-02"), date("2020-01-01"), false);
    CHECK(negative->flags == std::vector{TtcFlag::negative});
    CHECK_FALSE(negative->counted);
    CHECK_FALSE(negative->bucket.has_value());
    auto const imprecise = time_to_crime(date("2019"), date("2020-01-01"), false);
    CHECK(imprecise->flags == std::vector{TtcFlag::imprecise});
    CHECK_FALSE(imprecise->days.has_value());
    auto const restored = time_to_crime(date("2020-01-01"), date("2021-01-01"), true);
    CHECK(restored->flags == std::vector{TtcFlag::restored_serial});
    CHECK(restored->counted);
    CHECK_FALSE(time_to_crime(std::nullopt, date("2021-01-01"), false).has_value());
    std::vector const all{*negative,
                          *imprecise,
                          *restored,
                          *time_to_crime(date("2020-01-01"), date("2022-01-01"), false)};
    CHECK(average_ttc_years(all) == doctest::Approx(1.50));
    CHECK_FALSE(average_ttc_years(std::vector{*negative}).has_value());
}

TEST_CASE("distance is the great circle and places compare only when known") {
    // One degree of a meridian on the mean sphere: 6371.0088 * pi / 180.
    CHECK(*great_circle_km({0, 0}, {1, 0}) == doctest::Approx(111.1951).epsilon(1e-6));
    CHECK(*great_circle_km({0, 0}, {0, 180}) == doctest::Approx(20015.1146).epsilon(1e-6));
    CHECK(*great_circle_km({32.22, -110.97}, {32.22, -110.97}) == doctest::Approx(0));
    CHECK_FALSE(great_circle_km({91, 0}, {0, 0}).has_value());
    CHECK_FALSE(great_circle_km({0, 0}, {0, std::numeric_limits<double>::quiet_NaN()}).has_value());
    auto const border = relate_places({"XA", "XA-01"}, {"XB", "XB-01"});
    CHECK(border.cross_border);
    CHECK_FALSE(border.same_country);
    CHECK(relate_places({"XA", "XA-01"}, {"XA", "XA-01"}).same_admin_area);
    CHECK_FALSE(relate_places({"XA", ""}, {"XA", ""}).same_admin_area);
    CHECK_FALSE(relate_places({"", ""}, {"XA", ""}).cross_border);
}
