#include "cases/trace/matching.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "cases/trace/calibre.hpp"
#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"

namespace rastro::embedded {
std::string_view match_rules_csv();
}  // namespace rastro::embedded

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<MatchField>, 6> kFields{{
    {MatchField::serial, "serial"},
    {MatchField::make, "make"},
    {MatchField::calibre, "calibre"},
    {MatchField::type, "type"},
    {MatchField::model, "model"},
    {MatchField::import_country, "import_country"},
}};
constexpr std::array<CodeRow<Agreement>, 5> kAgreements{{
    {Agreement::equal, "equal"},
    {Agreement::alike, "alike"},
    {Agreement::differs, "differs"},
    {Agreement::conflict, "conflict"},
    {Agreement::not_stated, "not_stated"},
}};
constexpr std::array<CodeRow<MatchBand>, 4> kBands{{
    {MatchBand::strong, "MATCH_STRONG"},
    {MatchBand::possible, "MATCH_POSSIBLE"},
    {MatchBand::weak, "MATCH_WEAK"},
    {MatchBand::neighbour, "NEIGHBOUR"},
}};
// Domain rule 4.8, bands.
constexpr int kStrongFrom = 85;
constexpr int kPossibleFrom = 65;

std::vector<MatchRule> read_rules() {
    ReferenceTable const table(embedded::match_rules_csv());
    std::vector<MatchRule> rules;
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const text = table.cell(i, "points");
        int points = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), points);
        auto const field = match_field_from(table.cell(i, "field"));
        auto const agreement = agreement_from(table.cell(i, "agreement"));
        if (read.ec != std::errc() || !field || !agreement) {
            throw std::logic_error("match_rules.csv, row " + std::to_string(i + 2));
        }
        rules.push_back({.code = std::string(table.cell(i, "rule")),
                         .field = *field,
                         .agreement = *agreement,
                         .points = points,
                         .source = std::string(table.cell(i, "source"))});
    }
    return rules;
}

MatchRule const& rule_named(std::string const& code) {
    auto const& rules = match_rules();
    auto const found = std::ranges::find(rules, code, &MatchRule::code);
    if (found == rules.end()) {
        throw std::logic_error("match_rules.csv has no rule " + code);
    }
    return *found;
}

FieldMatch by_rule(std::string const& code) {
    auto const& rule = rule_named(code);
    return {rule.field, rule.agreement, rule.code, rule.points};
}

FieldMatch match_make(Agreement agreement) {
    switch (agreement) {
        case Agreement::equal:
            return by_rule("make_equal");
        case Agreement::alike:
            return by_rule("make_alias_group");
        case Agreement::conflict:
            return by_rule("make_conflict");
        default:
            return by_rule("make_not_compared");
    }
}

FieldMatch match_calibre(MatchSide const& a, MatchSide const& b) {
    if (a.calibre_group.empty() || b.calibre_group.empty()) {
        return by_rule("calibre_not_compared");
    }
    return by_rule(a.calibre_group == b.calibre_group ? "calibre_equal" : "calibre_conflict");
}

bool says_nothing(std::optional<TypeCode> const& type) {
    return !type || *type == TypeCode::unknown;
}

// One of the two names the other less exactly, or names a part of it.
bool is_compatible(TypeCode a, TypeCode b) {
    auto const covers = [](TypeCode wide, TypeCode narrow) {
        switch (wide) {
            case TypeCode::handgun:
                return narrow == TypeCode::pistol || narrow == TypeCode::revolver ||
                       narrow == TypeCode::derringer;
            case TypeCode::receiver_frame:
            case TypeCode::part:
            case TypeCode::any_other_weapon:
                return true;
            default:
                return false;
        }
    };
    return covers(a, b) || covers(b, a);
}

FieldMatch match_type(MatchSide const& a, MatchSide const& b) {
    if (says_nothing(a.type) || says_nothing(b.type)) {
        return by_rule("type_not_compared");
    }
    if (*a.type == *b.type) {
        return by_rule("type_equal");
    }
    return by_rule(is_compatible(*a.type, *b.type) ? "type_compatible" : "type_conflict");
}

FieldMatch match_text(std::string const& field, std::string_view a, std::string_view b) {
    auto const x = letters_and_digits(fold_text(a));
    auto const y = letters_and_digits(fold_text(b));
    if (x.empty() || y.empty()) {
        return by_rule(field + "_not_compared");
    }
    return by_rule(field + (x == y ? "_equal" : "_differs"));
}

MatchBand band_of(int score, SerialRelation serial) {
    if (serial == SerialRelation::neighbour) {
        return MatchBand::neighbour;
    }
    return score >= kStrongFrom     ? MatchBand::strong
           : score >= kPossibleFrom ? MatchBand::possible
                                    : MatchBand::weak;
}

bool names_a_maker(MakeEntry const& entry) {
    return entry.kind != MakeKind::not_stated && entry.kind != MakeKind::country_only;
}

}  // namespace

std::string_view code_of(MatchField field) noexcept {
    return code_in(kFields, field);
}
std::string_view code_of(Agreement agreement) noexcept {
    return code_in(kAgreements, agreement);
}
std::string_view code_of(MatchBand band) noexcept {
    return code_in(kBands, band);
}
std::optional<MatchField> match_field_from(std::string_view code) noexcept {
    return value_in(kFields, code);
}
std::optional<Agreement> agreement_from(std::string_view code) noexcept {
    return value_in(kAgreements, code);
}
std::optional<MatchBand> match_band_from(std::string_view code) noexcept {
    return value_in(kBands, code);
}

std::vector<MatchRule> const& match_rules() {
    static auto const rules = read_rules();
    return rules;
}

MatchSide match_side(FirearmDescription const& description) {
    MatchSide side;
    if (!recognise_placeholder(description.serial_raw)) {
        side.canon = serial_canon(description.serial_raw);
    }
    side.make_id = description.make_id;
    side.make_text = description.make_text;
    if (auto const* calibre = find_calibre(description.calibre_id)) {
        side.calibre_group = calibre->group;
    } else {
        side.calibre_group = parse_calibre(description.calibre_text).group;
    }
    side.type = description.type_code;
    side.model = description.model_text;
    side.import_country = description.import_country;
    return side;
}

MakeComparison::MakeComparison(MakeCatalogue const& catalogue,
                               std::string_view make_id,
                               std::string_view make_text)
    : catalogue_(catalogue), make_id_(known(make_id, make_text)), key_(make_key(make_text)) {
    if (!make_id_.empty()) {
        group_ = catalogue.alias_group(make_id_);
    }
}

std::string MakeComparison::known(std::string_view make_id, std::string_view make_text) const {
    auto const* entry = make_id.empty() ? nullptr : catalogue_.find(make_id);
    if (entry == nullptr && !make_text.empty()) {
        entry = catalogue_.resolve(make_text).make;
    }
    return entry != nullptr && names_a_maker(*entry) ? entry->make_id : std::string();
}

Agreement MakeComparison::with(std::string_view make_id, std::string_view make_text) const {
    auto const other = known(make_id, make_text);
    if (!make_id_.empty() && !other.empty()) {
        if (make_id_ == other) {
            return Agreement::equal;
        }
        return group_.contains(other) ? Agreement::alike : Agreement::conflict;
    }
    bool const same_words = make_id_.empty() && other.empty() && !key_.empty() &&
                            key_ == make_key(make_text) &&
                            catalogue_.resolve(make_text).kind != MakeMatchKind::not_stated;
    return same_words ? Agreement::equal : Agreement::not_stated;
}

std::vector<std::string> Assessment::agreeing() const {
    std::vector<std::string> names;
    for (auto const& match : fields) {
        if (match.agreement == Agreement::equal || match.agreement == Agreement::alike) {
            names.emplace_back(code_of(match.field));
        }
    }
    return names;
}

Assessment assess(MatchSide const& asked,
                  SerialQuery const* pattern,
                  MakeComparison const& make,
                  MatchSide const& found) {
    Assessment result;
    result.serial = pattern != nullptr ? compare_pattern(*pattern, found.canon)
                                       : compare_serials(asked.canon, found.canon);
    result.fields.push_back(by_rule("serial_" + std::string(code_of(result.serial))));
    result.fields.push_back(match_make(make.with(found.make_id, found.make_text)));
    result.fields.push_back(match_calibre(asked, found));
    result.fields.push_back(match_type(asked, found));
    result.fields.push_back(match_text("model", asked.model, found.model));
    result.fields.push_back(
        match_text("import_country", asked.import_country, found.import_country));
    for (auto const& match : result.fields) {
        result.score += match.points;
    }
    result.score = std::clamp(result.score, 0, 100);
    result.band = band_of(result.score, result.serial);
    return result;
}

std::vector<MatchField> fields_to_compare(Assessment const& assessment) {
    std::vector<MatchField> fields;
    for (auto const& match : assessment.fields) {
        if (match.agreement != Agreement::not_stated) {
            fields.push_back(match.field);
        }
    }
    return fields;
}

}  // namespace rastro::cases
