// Whether two descriptions mean the same firearm: score, band and, field by field, what agrees and
// by which rule. A score is a reason for a person to compare, never a finding: neighbours of one
// serial run differ in one character, and all identifying data must be compared with the firearm in
// hand before anybody acts (domain rule 4.8). Points: config/reference/match_rules.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/trace/catalogue.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/serial_compare.hpp"

namespace rastro::cases {

// Codes: serial, make, calibre, type, model, import_country.
enum class MatchField : std::uint8_t { serial, make, calibre, type, model, import_country };
// equal: the same. alike: not the same, but may mean the same. differs: not the same, and says
// nothing against it. conflict: speaks against it. not_stated: one side says nothing, or nothing
// that can be compared.
enum class Agreement : std::uint8_t { equal, alike, differs, conflict, not_stated };
// Codes: MATCH_STRONG (85 points or more), MATCH_POSSIBLE (65 to 84), MATCH_WEAK (less; shown only
// when asked for), NEIGHBOUR (another serial by one character; never more than that).
enum class MatchBand : std::uint8_t { strong, possible, weak, neighbour };

[[nodiscard]] std::string_view code_of(MatchField field) noexcept;
[[nodiscard]] std::string_view code_of(Agreement agreement) noexcept;
[[nodiscard]] std::string_view code_of(MatchBand band) noexcept;
[[nodiscard]] std::optional<MatchField> match_field_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<Agreement> agreement_from(std::string_view code) noexcept;
[[nodiscard]] std::optional<MatchBand> match_band_from(std::string_view code) noexcept;

struct MatchRule {
    std::string code;  // "serial_look_alike"
    MatchField field = MatchField::serial;
    Agreement agreement = Agreement::not_stated;
    int points = 0;
    std::string source;
};
[[nodiscard]] std::vector<MatchRule> const& match_rules();

// One side of a comparison. Everything but the serial may be empty.
struct MatchSide {
    std::string canon;  // level L2
    std::string make_id;
    std::string make_text;
    std::string calibre_group;
    std::optional<TypeCode> type;
    std::string model;  // as written
    std::string import_country;
};
// A text that says that there is no serial gives no canon.
[[nodiscard]] MatchSide match_side(FirearmDescription const& description);

// A maker as stated, looked up once, to be compared with many. Keeps a reference to the catalogue.
class MakeComparison {
 public:
    MakeComparison(MakeCatalogue const& catalogue,
                   std::string_view make_id,
                   std::string_view make_text);
    // conflict only between two makers that the catalogue knows; one that it does not know is
    // not_stated unless it is written alike.
    [[nodiscard]] Agreement with(std::string_view make_id, std::string_view make_text) const;
    // Of the catalogue; empty if it does not know the maker.
    [[nodiscard]] std::string const& make_id() const noexcept { return make_id_; }
    // The maker and those of its alias group; empty if the catalogue does not know it.
    [[nodiscard]] std::set<std::string> const& group() const noexcept { return group_; }

 private:
    [[nodiscard]] std::string known(std::string_view make_id, std::string_view make_text) const;

    MakeCatalogue const& catalogue_;
    std::string make_id_;
    std::string key_;
    std::set<std::string> group_;
};

struct FieldMatch {
    MatchField field = MatchField::serial;
    Agreement agreement = Agreement::not_stated;
    std::string rule;
    int points = 0;
};
struct Assessment {
    int score = 0;  // 0 to 100
    MatchBand band = MatchBand::weak;
    SerialRelation serial = SerialRelation::unrelated;
    std::vector<FieldMatch> fields;  // every field once, in the order of MatchField
    // Fields that agree (equal or alike): what a pointer may tell (domain rule 4.9).
    [[nodiscard]] std::vector<std::string> agreeing() const;
};

// `pattern`: the asked serial with unknown characters, instead of asked.canon. `make`: of `asked`.
[[nodiscard]] Assessment assess(MatchSide const& asked,
                                SerialQuery const* pattern,
                                MakeComparison const& make,
                                MatchSide const& found);

// What a person must have compared with the firearm in hand before a match is confirmed: the fields
// that both sides state, serial first.
[[nodiscard]] std::vector<MatchField> fields_to_compare(Assessment const& assessment);

}  // namespace rastro::cases
