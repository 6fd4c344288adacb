#include "cases/trace/pointer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "cases/trace/code_table.hpp"
#include "cases/trace/reference_table.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/time_text.hpp"

namespace rastro::embedded {
std::string_view pointer_contacts_csv();
}  // namespace rastro::embedded

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

constexpr std::array<CodeRow<PointerContact>, 2> kContacts{{
    {PointerContact::agency, "agency"},
    {PointerContact::national_contact, "national_contact"},
}};

void add_once(std::vector<std::string>& list, std::string const& agency) {
    if (!agency.empty() && std::ranges::find(list, agency) == list.end()) {
        list.push_back(agency);
    }
}

struct ContactRow {
    std::string country;  // empty: any
    std::optional<HitKind> kind;
    PointerContact contact = PointerContact::agency;
    Date valid_from{};
};

std::vector<ContactRow> read_contacts() {
    ReferenceTable const table(embedded::pointer_contacts_csv());
    std::vector<ContactRow> rows;
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto const kind = table.cell(i, "kind");
        auto const contact = value_in(kContacts, table.cell(i, "contact"));
        auto const from = parse_iso_date(table.cell(i, "valid_from"));
        ContactRow row{.country = std::string(table.cell(i, "country")),
                       .kind = hit_kind_from(kind),
                       .contact = contact.value_or(PointerContact::agency),
                       .valid_from = from.value_or(Date{})};
        if (!contact || !from || (!kind.empty() && !row.kind)) {
            throw std::logic_error("pointer_contacts.csv, row " + std::to_string(i + 2));
        }
        rows.push_back(std::move(row));
    }
    return rows;
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

HitKind kind_of_record_hit(RecordKind kind) noexcept {
    return kind == RecordKind::destroyed ? HitKind::destroyed_recovered : HitKind::record_hit;
}

bool is_hidden_from_others(Exposure const& exposure) noexcept {
    return exposure.silent || exposure.sensitive || exposure.in_compartment ||
           exposure.handling_code == "H3";
}

bool takes_part_in_matching(Exposure const& exposure) noexcept {
    return !exposure.in_compartment;
}

PointerContact pointer_contact(std::string_view country, HitKind kind, Date on) {
    static std::vector<ContactRow> const rows = read_contacts();
    ContactRow const* best = nullptr;
    auto const rank = [](ContactRow const& row) {
        return (row.country.empty() ? 0 : 2) + (row.kind ? 1 : 0);
    };
    for (auto const& row : rows) {
        bool const fits = (row.country.empty() || row.country == country) &&
                          (!row.kind || *row.kind == kind) && row.valid_from <= on;
        if (fits && (best == nullptr || rank(row) > rank(*best) ||
                     (rank(row) == rank(*best) && row.valid_from >= best->valid_from))) {
            best = &row;
        }
    }
    return best == nullptr ? PointerContact::agency : best->contact;
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
    if (band == MatchBand::strong || sides.silent || sides.covert) {
        return audience_when_confirmed(kind, sides);
    }
    return {.seen_by = {sides.agency}, .decides = sides.agency};
}

Audience audience_when_confirmed(HitKind kind, HitSides const& sides) {
    bool const one_agency = sides.agency == sides.other;
    if (sides.silent && sides.covert && !one_agency) {
        return {};
    }
    if (sides.silent) {
        return {.seen_by = {sides.other}, .decides = sides.other};
    }
    if (sides.covert) {
        return {.seen_by = {sides.agency}, .decides = sides.agency};
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
