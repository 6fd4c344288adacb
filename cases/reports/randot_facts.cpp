#include "cases/reports/randot_facts.hpp"

#include <array>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<CooperationKind>, 4> kKinds{{
    {CooperationKind::mla, "mla"},
    {CooperationKind::extradition, "extradition"},
    {CooperationKind::joint_investigation, "joint_investigation"},
    {CooperationKind::other, "other"},
}};

constexpr std::array<CodeRow<SentenceKind>, 7> kSentences{{
    {SentenceKind::life, "life"},
    {SentenceKind::custodial, "custodial"},
    {SentenceKind::suspended, "suspended"},
    {SentenceKind::community, "community"},
    {SentenceKind::fine_only, "fine_only"},
    {SentenceKind::other, "other"},
    {SentenceKind::not_available, "not_available"},
}};

constexpr std::array<CodeRow<Liability>, 3> kLiabilities{{
    {Liability::criminal, "criminal"},
    {Liability::civil, "civil"},
    {Liability::administrative, "administrative"},
}};

}  // namespace

std::string_view to_text(CooperationKind kind) noexcept {
    return code_in(kKinds, kind);
}

CooperationKind cooperation_kind(std::string_view declared) noexcept {
    return value_in(kKinds, declared).value_or(CooperationKind::other);
}

std::string_view to_text(SentenceKind kind) noexcept {
    return code_in(kSentences, kind);
}

std::optional<SentenceKind> parse_sentence_kind(std::string_view text) noexcept {
    return value_in(kSentences, text);
}

std::string_view to_text(Liability liability) noexcept {
    return code_in(kLiabilities, liability);
}

std::optional<Liability> parse_liability(std::string_view text) noexcept {
    return value_in(kLiabilities, text);
}

Date first_day(int year) {
    return Date(std::chrono::year(year), std::chrono::January, std::chrono::day(1));
}

Date last_day(int year) {
    return Date(std::chrono::year(year), std::chrono::December, std::chrono::day(31));
}

}  // namespace rastro::cases
