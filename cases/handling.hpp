// Handling and evaluation codes that stand on every item of information given between states.
// Source: Europol SIENA practice as in domain/tracing.md 1.3 (information exchange guidelines,
// 2018).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rastro::cases {

// What the receiver must observe beyond the law. The codes add up: a stricter one holds the
// looser ones' duties too.
//   H0  only to prevent and fight crime in scope
//   H1  not in court without the giver's permission
//   H2  not to be passed on without the giver's permission
//   H3  another restriction, stated in words (handling_text is then mandatory)
enum class HandlingCode : std::uint8_t { H0, H1, H2, H3 };
[[nodiscard]] std::string_view to_text(HandlingCode code) noexcept;
[[nodiscard]] std::optional<HandlingCode> parse_handling_code(std::string_view text) noexcept;
[[nodiscard]] constexpr bool needs_handling_text(HandlingCode code) noexcept {
    return code == HandlingCode::H3;
}

// T29: after the item was given its originator may only tighten: move to a higher code.
[[nodiscard]] constexpr bool tightens(HandlingCode now, HandlingCode wanted) noexcept {
    return wanted > now;
}
// The code of something made of two items.
[[nodiscard]] constexpr HandlingCode stricter(HandlingCode a, HandlingCode b) noexcept {
    return a < b ? b : a;
}

// 4x4 evaluation, written "B2".
enum class SourceReliability : std::uint8_t {
    A,  // no doubt
    B,  // mostly reliable
    C,  // mostly unreliable
    X,  // cannot be assessed
};
enum class InformationReliability : std::uint8_t {
    certain = 1,           // accuracy not in doubt
    known_to_source = 2,   // known to the source, not to the officer
    corroborated = 3,      // not known to the source but corroborated
    not_corroborated = 4,  // not known to the source and not corroborated
};
struct Evaluation {
    SourceReliability source = SourceReliability::X;
    InformationReliability information = InformationReliability::not_corroborated;
    friend bool operator==(Evaluation const&, Evaluation const&) = default;
};
[[nodiscard]] std::string to_text(Evaluation evaluation);
[[nodiscard]] std::optional<Evaluation> parse_evaluation(std::string_view text) noexcept;

}  // namespace rastro::cases
