#include "tests/bench/case_class.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "cases/registry.hpp"
#include "cases/reports/randot_report.hpp"
#include "protocol/case_type_json.hpp"
#include "storage/randot_repo.hpp"
#include "tests/support/test_database.hpp"

namespace rastro::bench {

namespace {

constexpr int kRuns = 5;
constexpr int kYears = 5;      // 2021 to 2025
constexpr int kCountries = 4;  // of one in four cases the report is made
constexpr int kYear = 2025;

// One half judgments with a person found guilty, the other half requests for legal assistance that
// rest on the Convention; evenly over years and countries.
constexpr char const* kFill = R"(
set search_path = rastro, public;
set synchronous_commit = off;
create temporary table made as
  select n, md5('c' || n)::uuid as case_id, md5('o' || n)::uuid as object_id,
         (array['XA', 'XB', 'XC', 'XD'])[1 + (n / 2) % {1}] as country,
         make_date(2021 + (n / 8) % {2}, 1 + n % 12, 1 + n % 28) as on_day,
         case when n % 2 = 0 then 'judgment' else 'coop_request' end as type
  from generate_series(1, {0}) n;
insert into case_file (case_id, case_type, type_version, number, state, owner_agency, owner_country,
                       handling_code, created_at, updated_at)
  select case_id, type, 1, 'XA-C' || n, case when type = 'judgment' then 'OPEN' else 'TRANSMITTED' end,
         country || '-BENCHC', country, 'H1', on_day, on_day from made;
insert into case_object (case_id, object_id, object, state, open, created_by, created_at, updated_at)
  select case_id, case_id, 'case', case when type = 'judgment' then 'OPEN' else 'TRANSMITTED' end, true, 'bench',
         on_day, on_day from made
  union all
  select case_id, object_id, case when type = 'judgment' then 'finding' else 'basis' end,
         case when type = 'judgment' then 'GUILTY' else 'CLAIMED' end, true, 'bench', on_day, on_day from made;
insert into case_field (case_id, object_id, field, version, case_type, object, field_group, value, on_date,
                        stated_by, stated_agency, stated_at)
  select m.case_id, case when v.root then m.case_id else m.object_id end, v.field, 1, m.type,
         case when v.root then 'case' when m.type = 'judgment' then 'finding' else 'basis' end, 'S1', v.value,
         case when v.field like '%\_on' then v.value::date end, 'bench', m.country || '-BENCHC', m.on_day
  from made m cross join lateral (values
    ('judgment', false, 'person_ref', 'P-' || m.n), ('judgment', false, 'provision', 'TIP_5'),
    ('judgment', false, 'verdict', 'guilty'), ('judgment', false, 'verdict_on', m.on_day::text),
    ('judgment', false, 'sentence_kind', 'custodial'), ('judgment', false, 'sentence_scope', 'count'),
    ('judgment', false, 'sentence_months', (12 + m.n % 100)::text),
    ('coop_request', true, 'coop_kind', 'mla'), ('coop_request', true, 'formal', 'true'),
    ('coop_request', true, 'requesting', m.country), ('coop_request', true, 'requested', 'XZ'),
    ('coop_request', true, 'transmitted_on', m.on_day::text),
    ('coop_request', false, 'instrument', 'UNTOC'), ('coop_request', false, 'article', '18'),
    ('coop_request', false, 'reliance', 'sole'), ('coop_request', false, 'reliance_of', 'requesting')
  ) v(type, root, field, value) where v.type = m.type;
drop table made;
update agency set kind = 'statistics' where agency = '{3}';
)";

template <class Work>
double best_ms(Work const& work) {
    double best = 0;
    for (int run = 0; run < kRuns; ++run) {
        auto const began = std::chrono::steady_clock::now();
        work();
        double const took =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
                .count();
        best = run == 0 ? took : std::min(best, took);
    }
    return best;
}

void fill(CaseStage const& stage) {
    storage::Connection connection(stage.owner);
    connection.run_script(fmt::format(kFill, stage.cases, kCountries, kYears, stage.agency));
    for (auto const* table : {"case_file", "case_object", "case_field"}) {
        connection.run_script(fmt::format("vacuum (analyze) rastro.{}", table));
    }
    connection.run_script("checkpoint");
}

}  // namespace

CaseSpeed measure_cases(CaseStage const& stage) {
    CaseSpeed speed;
    speed.definitions_ms =
        best_ms([&] { speed.definitions = protocol::built_in_case_types().all().size(); });
    fill(stage);
    storage::Connection connection(stage.app);
    SystemClock const clock;
    auto const until = clock.now();
    cases::RandotFacts facts;
    speed.facts_ms = best_ms([&] {
        auto read = storage::run_unit_of_work(
            connection, clock, [&](storage::UnitOfWork& unit) -> Outcome<cases::RandotFacts> {
                unit.touches_no_records();
                unit.act_as(test_support::acting_for("content", stage.agency));
                return storage::randot_facts(unit, "XA", until);
            });
        facts = std::move(read).value();
    });
    cases::RandotReport report;
    speed.tables_ms = best_ms([&] {
        report = cases::randot_report(
            {"XA", kYear, Date{std::chrono::floor<std::chrono::days>(until)}, false},
            facts,
            cases::TreatyTable::built_in());
    });
    speed.counted = report.convictions.total.all.cases.size();
    std::size_t expected = 0;
    for (std::size_t n = 2; n <= stage.cases; n += 2) {
        expected += (n / 2) % kCountries == 0 && (n / 8) % kYears == kYears - 1 ? 1 : 0;
    }
    if (speed.counted != expected) {
        throw std::runtime_error(
            fmt::format("class C: {} convictions counted, {} stored", speed.counted, expected));
    }
    return speed;
}

}  // namespace rastro::bench
