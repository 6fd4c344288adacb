// Which treaty binds which country on which day, and whether a legal basis that somebody names can
// carry a cooperation between two countries. Party rows are dated data with their source
// (config/reference/treaty_parties.csv); being a party is never inferred from membership of an
// organisation. Source: domain/linked-cases.md 2.2 and 4.7 (guard treaty_in_force), 6.1 R7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

// How far a side relied on a basis; each side of a cooperation records its own view.
// invoked_not_relied and cited_only carry nothing.
enum class Reliance : std::uint8_t { sole, principal, concurrent, invoked_not_relied, cited_only };
[[nodiscard]] std::string_view to_text(Reliance reliance) noexcept;
[[nodiscard]] std::optional<Reliance> parse_reliance(std::string_view text) noexcept;
// sole, principal or concurrent.
[[nodiscard]] constexpr bool carries(Reliance reliance) noexcept {
    return reliance <= Reliance::concurrent;
}

// UNTOC, TIP, SOM and FAP are the Convention and its three Protocols; every other name is a treaty
// outside the report ("IACMLA", "bilateral").
struct LegalBasis {
    std::string instrument;
    std::string article;  // "18", "16(4)"; empty: the instrument as a whole
    Reliance reliance = Reliance::sole;
};

// One row of treaty_parties.csv: in force from and including `from`, until the day before `to`.
struct TreatyParty {
    std::string instrument;
    std::string country;  // ISO 3166-1 alpha-2
    Date from{};
    std::optional<Date> to;
    std::vector<std::string> declarations;  // "no_extradition_basis": contrary to UNTOC 16(5)(a)
    std::string source;
};

class TreatyTable {
 public:
    explicit TreatyTable(std::vector<TreatyParty> rows) : rows_(std::move(rows)) {}
    // Columns instrument,country,in_force_from,in_force_to,declarations,source. validation_failed
    // with pointers "/ROW/COLUMN" (row 0 is the first after the heading).
    [[nodiscard]] static Outcome<TreatyTable> parse(std::string_view csv);
    [[nodiscard]] static TreatyTable const& built_in();

    [[nodiscard]] bool is_party(std::string_view instrument,
                                std::string_view country,
                                Date on) const;
    [[nodiscard]] bool has_declared(std::string_view instrument,
                                    std::string_view country,
                                    std::string_view declaration,
                                    Date on) const;
    [[nodiscard]] std::vector<TreatyParty> const& rows() const noexcept { return rows_; }

 private:
    [[nodiscard]] TreatyParty const* row_of(std::string_view instrument,
                                            std::string_view country,
                                            Date on) const;
    std::vector<TreatyParty> rows_;
};

[[nodiscard]] bool is_convention_or_protocol(std::string_view instrument) noexcept;

// What keeps a basis from carrying a cooperation of this kind between the two countries on that
// day; nothing: it is valid. A Protocol is read together with the Convention (Protocols art. 1), so
// both countries have to be party to UNTOC as well. Extradition under UNTOC 16 needs that neither
// side has declared that it does not take the Convention as legal basis (16(5)(a)).
//   not_a_party         a country is not party to the instrument
//   convention_missing  party to the Protocol, not to the Convention
//   declared_otherwise  a contrary declaration
// Instruments without party rows are outside what the table can check: `unknown_instrument`.
enum class BasisFault : std::uint8_t {
    not_a_party,
    convention_missing,
    declared_otherwise,
    unknown_instrument,
};
[[nodiscard]] std::string_view to_text(BasisFault fault) noexcept;
[[nodiscard]] std::optional<BasisFault> check_basis(TreatyTable const& table,
                                                    LegalBasis const& basis,
                                                    std::string_view cooperation_kind,
                                                    std::string_view country_a,
                                                    std::string_view country_b,
                                                    Date on);

}  // namespace rastro::cases
