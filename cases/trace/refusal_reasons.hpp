// Why a state delays, restricts or refuses. The International Tracing Instrument lets it do so on
// stated grounds and obliges it to say which. Source: domain rule 3.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rastro::cases {

enum class RefusalReason : std::uint8_t {
    ongoing_investigation,
    confidentiality_law,
    no_confidentiality_guarantee,
    national_security,
    no_legal_basis,
    purpose_not_allowed,
    data_protection,
    requires_mla,
    political_military_offence,
    human_rights_risk,
    insufficient_grounds,
    cost_or_resources,
};

// Codes: delay, restrict, refuse.
enum class RefusalStage : std::uint8_t { delay, restrict, refuse };

struct RefusalInfo {
    RefusalReason reason;
    std::string_view code;  // lower_snake
    std::string_view basis;
    bool tracing_instrument_ground;  // named by the International Tracing Instrument itself
};

[[nodiscard]] std::span<RefusalInfo const> all_refusal_reasons();
[[nodiscard]] RefusalInfo const& refusal_info(RefusalReason reason);
[[nodiscard]] std::string_view code_of(RefusalReason reason);
[[nodiscard]] std::string_view code_of(RefusalStage stage);
[[nodiscard]] std::optional<RefusalReason> refusal_reason_from(std::string_view code);
[[nodiscard]] std::optional<RefusalStage> refusal_stage_from(std::string_view code);

// cost_or_resources may only delay. "Record not held" is no refusal at all: see outcome_codes.
[[nodiscard]] bool may_be_given_for(RefusalReason reason, RefusalStage stage);

}  // namespace rastro::cases
