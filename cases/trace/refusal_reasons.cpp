#include "cases/trace/refusal_reasons.hpp"

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

using R = RefusalReason;

constexpr std::array<CodeRow<RefusalStage>, 3> kStages{{
    {RefusalStage::delay, "delay"},
    {RefusalStage::restrict, "restrict"},
    {RefusalStage::refuse, "refuse"},
}};

// clang-format off
constexpr std::array<RefusalInfo, 12> kReasons{{
    {R::ongoing_investigation, "ongoing_investigation", "International Tracing Instrument", true},
    {R::confidentiality_law, "confidentiality_law", "International Tracing Instrument", true},
    {R::no_confidentiality_guarantee, "no_confidentiality_guarantee", "International Tracing Instrument", true},
    {R::national_security, "national_security", "International Tracing Instrument", true},
    {R::no_legal_basis, "no_legal_basis", "no treaty or memorandum covers the asked data", false},
    {R::purpose_not_allowed, "purpose_not_allowed", "stated purpose outside the agreement", false},
    {R::data_protection, "data_protection", "personal data rules", false},
    {R::requires_mla, "requires_mla", "must come by mutual legal assistance", false},
    {R::political_military_offence, "political_military_offence", "INTERPOL constitution article 3 style", false},
    {R::human_rights_risk, "human_rights_risk", "risk of abuse", false},
    {R::insufficient_grounds, "insufficient_grounds", "no link to an offence shown", false},
    {R::cost_or_resources, "cost_or_resources", "delay reason only", false},
}};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kReasons.size(); ++i) {
        if (static_cast<std::size_t>(kReasons[i].reason) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());

}  // namespace

std::span<RefusalInfo const> all_refusal_reasons() {
    return kReasons;
}

RefusalInfo const& refusal_info(RefusalReason reason) {
    return kReasons.at(static_cast<std::size_t>(reason));
}

std::string_view code_of(RefusalReason reason) {
    return refusal_info(reason).code;
}

std::string_view code_of(RefusalStage stage) {
    return code_in(kStages, stage);
}

std::optional<RefusalReason> refusal_reason_from(std::string_view code) {
    for (auto const& row : kReasons) {
        if (row.code == code) {
            return row.reason;
        }
    }
    return std::nullopt;
}

std::optional<RefusalStage> refusal_stage_from(std::string_view code) {
    return value_in(kStages, code);
}

bool may_be_given_for(RefusalReason reason, RefusalStage stage) {
    return reason != RefusalReason::cost_or_resources || stage == RefusalStage::delay;
}

}  // namespace rastro::cases
