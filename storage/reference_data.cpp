#include <utility>

#include "common/text.hpp"
#include "storage/bootstrap.hpp"
#include "storage/catalogue_repo.hpp"

namespace rastro::embedded {
std::string_view countries_csv();
std::string_view holidays_csv();
}  // namespace rastro::embedded

namespace rastro::storage {

namespace {

constexpr std::size_t kCountryColumns = 9;
constexpr std::size_t kHolidayColumns = 4;

constexpr Query kPutCountries{
    "country_put",
    "insert into country (country, name_en, name_es, name_pt, name_fr, time_zone, oas_member, "
    "synthetic, source) "
    "select c, en, es, pt, fr, tz, o = 'yes', s = 'yes', src from unnest(:c0::text[], :c1::text[], "
    ":c2::text[], :c3::text[], :c4::text[], :c5::text[], :c6::text[], :c7::text[], :c8::text[]) "
    "as x(c, en, es, pt, fr, tz, o, s, src) on conflict (country) do update set "
    "name_en = excluded.name_en, name_es = excluded.name_es, name_pt = excluded.name_pt, "
    "name_fr = excluded.name_fr, time_zone = excluded.time_zone, "
    "oas_member = excluded.oas_member, synthetic = excluded.synthetic, source = excluded.source "
    "where (country.name_en, country.name_es, country.name_pt, country.name_fr, "
    "country.time_zone, country.oas_member, country.synthetic, country.source) is distinct from "
    "(excluded.name_en, excluded.name_es, excluded.name_pt, excluded.name_fr, "
    "excluded.time_zone, excluded.oas_member, excluded.synthetic, excluded.source)"};

constexpr Query kPutHolidays{
    "holiday_put",
    "insert into holiday (country, day, name, source) select c, d, n, s from "
    "unnest(:c0::text[], :c1::date[], :c2::text[], :c3::text[]) as x(c, d, n, s) "
    "on conflict (country, day) do update set name = excluded.name, source = excluded.source "
    "where (holiday.name, holiday.source) is distinct from (excluded.name, excluded.source)"};

// What a later starter list says of a make that an earlier one brought.
constexpr Query kCorrectMakes{
    "make_correct",
    "update make set name = x.name, kind = x.kind, country = nullif(x.country, ''), ncic_code = "
    "nullif(x.code, ''), added_at = clock_timestamp() from unnest(:ids::text[], :names::text[], "
    ":kinds::text[], :countries::text[], :codes::text[]) as x(id, name, kind, country, code) "
    "where make.make_id = x.id and make.source = :list and (make.name, make.kind, "
    "coalesce(make.country, ''), coalesce(make.ncic_code, '')) is distinct from "
    "(x.name, x.kind, x.country, x.code)"};

int load_starter_makes(UnitOfWork& unit) {
    std::string const list = "starter";
    auto const makes = cases::starter_makes();
    auto const counts = CatalogueRepo(unit).add(list, 0, makes);
    ArrayText ids;
    ArrayText names;
    ArrayText kinds;
    ArrayText countries;
    ArrayText codes;
    for (auto const& make : makes) {
        ids.add(make.make_id);
        names.add(make.name);
        kinds.add(code_of(make.kind));
        countries.add(make.country);
        codes.add(make.ncic_code);
    }
    auto const corrected = unit.sql().run(kCorrectMakes,
                                          {{"ids", ids.take()},
                                           {"names", names.take()},
                                           {"kinds", kinds.take()},
                                           {"countries", countries.take()},
                                           {"codes", codes.take()},
                                           {"list", list}});
    return counts.added + counts.aliases_added + static_cast<int>(corrected.affected());
}

// Columns of a reference file, as arrays. These files hold no quotes and no commas inside a cell; a
// row with another number of cells is a fault of the program.
Outcome<std::vector<Param>> columns_of(std::string_view csv, std::size_t count) {
    static constexpr std::string_view names[]{"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"};
    std::vector<ArrayText> columns(count);
    bool header = true;
    for (auto line : split(csv, '\n')) {
        if (line.empty() || std::exchange(header, false)) {
            continue;
        }
        auto const cells = split(line, ',');
        if (cells.size() != count) {
            return Problem(ProblemCode::internal_error,
                           "reference data: a row has the wrong number of cells");
        }
        for (std::size_t i = 0; i < count; ++i) {
            columns[i].add(cells[i]);
        }
    }
    std::vector<Param> params;
    for (std::size_t i = 0; i < count; ++i) {
        params.push_back({names[i], columns[i].take()});
    }
    return params;
}

}  // namespace

Outcome<ReferenceCounts> load_reference_data(Connection& owner, Clock const& clock) {
    RASTRO_TRY(countries, columns_of(embedded::countries_csv(), kCountryColumns));
    RASTRO_TRY(holidays, columns_of(embedded::holidays_csv(), kHolidayColumns));
    return run_unit_of_work(owner, clock, [&](UnitOfWork& unit) -> Outcome<ReferenceCounts> {
        unit.touches_no_records();
        ReferenceCounts counts;
        counts.countries = static_cast<int>(unit.sql().run(kPutCountries, countries).affected());
        counts.holidays = static_cast<int>(unit.sql().run(kPutHolidays, holidays).affected());
        counts.makes = load_starter_makes(unit);
        return counts;
    });
}

}  // namespace rastro::storage
