#include "cases/handling.hpp"

#include <array>

#include "cases/trace/code_table.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<HandlingCode>, 4> kHandling{{
    {HandlingCode::H0, "H0"},
    {HandlingCode::H1, "H1"},
    {HandlingCode::H2, "H2"},
    {HandlingCode::H3, "H3"},
}};

constexpr std::array<CodeRow<SourceReliability>, 4> kSources{{
    {SourceReliability::A, "A"},
    {SourceReliability::B, "B"},
    {SourceReliability::C, "C"},
    {SourceReliability::X, "X"},
}};

}  // namespace

std::string_view to_text(HandlingCode code) noexcept {
    return code_in(kHandling, code);
}

std::optional<HandlingCode> parse_handling_code(std::string_view text) noexcept {
    return value_in(kHandling, text);
}

std::string to_text(Evaluation evaluation) {
    std::string text(code_in(kSources, evaluation.source));
    text.push_back(static_cast<char>('0' + static_cast<int>(evaluation.information)));
    return text;
}

std::optional<Evaluation> parse_evaluation(std::string_view text) noexcept {
    if (text.size() != 2 || text[1] < '1' || text[1] > '4') {
        return std::nullopt;
    }
    auto const source = value_in(kSources, text.substr(0, 1));
    if (!source) {
        return std::nullopt;
    }
    return Evaluation{*source, static_cast<InformationReliability>(text[1] - '0')};
}

}  // namespace rastro::cases
