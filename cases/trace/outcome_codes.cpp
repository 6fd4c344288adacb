#include "cases/trace/outcome_codes.hpp"

#include <stdexcept>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

using O = OutcomeCode;
using G = OutcomeGroup;

constexpr std::array<CodeRow<OutcomeGroup>, 9> kGroups{{
    {G::success, "success"},
    {G::partial, "partial"},
    {G::success_or_partial, "success_or_partial"},
    {G::alert, "alert"},
    {G::fail, "fail"},
    {G::ask, "ask"},
    {G::forward, "forward"},
    {G::closed, "closed"},
    {G::state_decision, "state_decision"},
}};

// clang-format off
constexpr std::array<OutcomeInfo, 30> kOutcomes{{
    {O::purchaser_identified, "purchaser_identified", G::success, false, "first retail buyer named"},
    {O::last_legal_holder_identified, "last_legal_holder_identified", G::success, false, "register countries: last registered owner"},
    {O::retailer_only, "retailer_only", G::partial, true, "chain stops at the dealer, buyer record missing"},
    {O::wholesaler_or_importer_only, "wholesaler_or_importer_only", G::partial, true, "chain stops higher up"},
    {O::exported_to_country, "exported_to_country", G::partial, true, "legal export found, next country named"},
    {O::government_or_military_stock, "government_or_military_stock", G::success_or_partial, true, "delivered to state forces"},
    {O::reported_stolen_or_lost, "reported_stolen_or_lost", G::success_or_partial, true, "theft or loss record found"},
    {O::destroyed_record_conflict, "destroyed_record_conflict", G::alert, true, "register says destroyed, yet the firearm was recovered"},
    {O::no_record_at_manufacturer, "no_record_at_manufacturer", G::fail, true, "the maker cannot find it"},
    {O::no_record_at_importer, "no_record_at_importer", G::fail, true, "the importer cannot find it"},
    {O::dealer_no_record, "dealer_no_record", G::fail, true, "dealer in business, record absent"},
    {O::dealer_out_of_business_no_record, "dealer_out_of_business_no_record", G::fail, false, "records lost, unreadable or not delivered"},
    {O::dealer_no_response, "dealer_no_response", G::fail, true, "no answer within the duty time"},
    {O::dealer_record_destroyed_by_age, "dealer_record_destroyed_by_age", G::fail, false, "retention ended lawfully"},
    {O::too_old, "too_old", G::fail, false, "made before the record duty"},
    {O::serial_invalid, "serial_invalid", G::fail, true, "cannot exist for that make and model"},
    {O::serial_obliterated, "serial_obliterated", G::fail, true, "removed, laboratory not successful"},
    {O::serial_duplicate_matches, "serial_duplicate_matches", G::ask, true, "several firearms fit"},
    {O::no_serial_required, "no_serial_required", G::fail, false, "lawfully unmarked when made"},
    {O::privately_made, "privately_made", G::fail, false, "home-made or kit, no commercial record"},
    {O::counterfeit_or_craft, "counterfeit_or_craft", G::fail, false, "copied marks or artisan make"},
    {O::insufficient_identifiers, "insufficient_identifiers", G::ask, true, "make, model, importer or calibre missing"},
    {O::importer_not_given, "importer_not_given", G::ask, true, "foreign made, importer mark needed"},
    {O::identifiers_conflict, "identifiers_conflict", G::ask, true, "serial does not fit make, model or calibre"},
    {O::not_a_firearm, "not_a_firearm", G::closed, false, "replica, air gun, part outside the law"},
    {O::outside_jurisdiction, "outside_jurisdiction", G::forward, true, "not made in or imported to this country"},
    {O::duplicate_of, "duplicate_of", G::closed, false, "the same recovery was traced before"},
    {O::refused, "refused", G::state_decision, true, "refused by decision of the state, with reason"},
    {O::restricted, "restricted", G::state_decision, true, "answered, parts withheld, with reason"},
    {O::withdrawn, "withdrawn", G::closed, false, "asked back by the requester"},
}};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
        if (static_cast<std::size_t>(kOutcomes[i].outcome) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());

}  // namespace

std::span<OutcomeInfo const> all_outcomes() {
    return kOutcomes;
}

OutcomeInfo const& outcome_info(OutcomeCode outcome) {
    return kOutcomes.at(static_cast<std::size_t>(outcome));
}

std::string_view code_of(OutcomeCode outcome) {
    return outcome_info(outcome).code;
}

std::string_view code_of(OutcomeGroup group) {
    return code_in(kGroups, group);
}

std::optional<OutcomeCode> outcome_from(std::string_view code) {
    for (auto const& row : kOutcomes) {
        if (row.code == code) {
            return row.outcome;
        }
    }
    return std::nullopt;
}

}  // namespace rastro::cases
