// Why a trace ended. Source: domain rule 2.6.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rastro::cases {

enum class OutcomeCode : std::uint8_t {
    purchaser_identified,
    last_legal_holder_identified,
    retailer_only,
    wholesaler_or_importer_only,
    exported_to_country,
    government_or_military_stock,
    reported_stolen_or_lost,
    destroyed_record_conflict,
    no_record_at_manufacturer,
    no_record_at_importer,
    dealer_no_record,
    dealer_out_of_business_no_record,
    dealer_no_response,
    dealer_record_destroyed_by_age,
    too_old,
    serial_invalid,
    serial_obliterated,
    serial_duplicate_matches,
    no_serial_required,
    privately_made,
    counterfeit_or_craft,
    insufficient_identifiers,
    importer_not_given,
    identifiers_conflict,
    not_a_firearm,
    outside_jurisdiction,
    duplicate_of,
    refused,
    restricted,
    withdrawn,
};

// Codes: success, partial, success_or_partial (the answer must say which), alert, fail, ask (the
// requester can repair it), forward, closed, state_decision (needs a RefusalReason).
enum class OutcomeGroup : std::uint8_t {
    success,
    partial,
    success_or_partial,
    alert,
    fail,
    ask,
    forward,
    closed,
    state_decision,
};

struct OutcomeInfo {
    OutcomeCode outcome;
    std::string_view code;  // lower_snake
    OutcomeGroup group;
    bool may_ask_again;  // new identifiers, a late answer or another country can still bring a
                         // result
    std::string_view meaning;
};

[[nodiscard]] std::span<OutcomeInfo const> all_outcomes();  // in the order of the enum
[[nodiscard]] OutcomeInfo const& outcome_info(OutcomeCode outcome);
[[nodiscard]] std::string_view code_of(OutcomeCode outcome);
[[nodiscard]] std::string_view code_of(OutcomeGroup group);
[[nodiscard]] std::optional<OutcomeCode> outcome_from(std::string_view code);

}  // namespace rastro::cases
