#include "cases/trace/pointer.hpp"

#include <algorithm>
#include <array>

#include "cases/trace/code_table.hpp"
#include "cases/trace/text_fold.hpp"

namespace rastro::cases {

namespace {

constexpr std::array<CodeRow<HitKind>, 6> kKinds{{
    {HitKind::duplicate, "duplicate"},
    {HitKind::two_agencies, "two_agencies"},
    {HitKind::repeat_recovery, "repeat_recovery"},
    {HitKind::same_firearm, "same_firearm"},
    {HitKind::record_hit, "record_hit"},
    {HitKind::destroyed_recovered, "destroyed_recovered"},
}};

void add_once(std::vector<std::string>& list, std::string const& agency) {
    if (!agency.empty() && std::ranges::find(list, agency) == list.end()) {
        list.push_back(agency);
    }
}

bool both_and_equal(std::string const& a, std::string const& b) {
    auto const x = fold_words(a);
    return !x.empty() && x == fold_words(b);
}

}  // namespace

std::string_view code_of(HitKind kind) noexcept {
    return code_in(kKinds, kind);
}
std::optional<HitKind> hit_kind_from(std::string_view code) noexcept {
    return value_in(kKinds, code);
}

bool is_high_priority(HitKind kind) noexcept {
    return kind == HitKind::repeat_recovery || kind == HitKind::destroyed_recovered;
}

HitKind kind_of_pair(RecoveryFacts const& a, RecoveryFacts const& b) {
    bool const one_agency = a.agency == b.agency;
    if (one_agency && both_and_equal(a.agency_case_no, b.agency_case_no)) {
        return HitKind::duplicate;
    }
    bool const countries_differ =
        !a.country.empty() && !b.country.empty() && a.country != b.country;
    if ((a.day && b.day && *a.day != *b.day) || countries_differ) {
        return HitKind::repeat_recovery;
    }
    bool const areas_differ = !a.area.empty() && !b.area.empty() && !both_and_equal(a.area, b.area);
    bool const one_recovery = a.day && b.day && !a.country.empty() && !b.country.empty();
    if (!one_recovery || (one_agency && areas_differ)) {
        return HitKind::same_firearm;
    }
    return one_agency ? HitKind::duplicate : HitKind::two_agencies;
}

Audience audience_of(HitKind kind, MatchBand band, HitSides const& sides) {
    if (band != MatchBand::strong && band != MatchBand::possible) {
        return {};
    }
    if (band == MatchBand::strong || sides.silent) {
        return audience_when_confirmed(kind, sides);
    }
    return {.seen_by = {sides.agency}, .decides = sides.agency};
}

Audience audience_when_confirmed(HitKind kind, HitSides const& sides) {
    if (sides.silent) {
        return {.seen_by = {sides.other}, .decides = sides.other};
    }
    Audience audience{.seen_by = {}, .decides = sides.agency};
    add_once(audience.seen_by, sides.agency);
    add_once(audience.seen_by, sides.other);
    if (is_high_priority(kind)) {
        for (auto const& contact : sides.contacts) {
            add_once(audience.seen_by, contact);
        }
    }
    return audience;
}

}  // namespace rastro::cases
