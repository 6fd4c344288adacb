#include "tests/bench/signals_class.hpp"

#include <fmt/format.h>

namespace rastro::bench {

namespace {

constexpr char const* kFill = R"(
set search_path = rastro, public;
set synchronous_commit = off;
create temporary table made as
  select n, md5('g' || n)::uuid as case_id, md5('s' || n)::uuid as object_id from generate_series(1, {0}) n;
insert into case_file (case_id, case_type, type_version, number, state, owner_agency, owner_country,
                       handling_code, created_at, updated_at)
  select case_id, 'tip_case', 1, 'XA-G' || n, 'INVESTIGATION', '{1}', 'XA', 'H1', now(), now() from made;
insert into case_object (case_id, object_id, object, state, open, created_by, created_at, updated_at)
  select case_id, case_id, 'case', 'INVESTIGATION', true, 'bench', now(), now() from made
  union all select case_id, object_id, 'suspect', 'RECORDED', true, 'bench', now(), now() from made;
insert into case_field (case_id, object_id, field, version, case_type, object, field_group, value,
                        stated_by, stated_agency, stated_at)
  select case_id, object_id, 'phone', 1, 'tip_case', 'suspect', 'S3', '+54 11 ' || n / 2, 'bench', '{1}', now() from made;
insert into blind_token (case_id, object_id, field, blind_index, field_group, token)
  select case_id, object_id, 'phone', 'blind_phone', 'S3', sha256(convert_to('t' || n / 2, 'UTF8')) from made;
insert into signal_task (case_id, due_at) select case_id, now() + interval '1 year' from made;
drop table made;
)";

}  // namespace

SignalCases::SignalCases(storage::ConnectionSettings superuser,
                         std::string const& agency,
                         std::size_t cases)
    : connection_(std::move(superuser)), cases_(cases) {
    connection_.run_script(fmt::format(kFill, cases, agency));
}

void SignalCases::make_due() {
    connection_.run_script("update rastro.signal_task set due_at = now(), attempts = 0");
}

void SignalCases::put_away() {
    connection_.run_script("update rastro.signal_task set due_at = now() + interval '1 year'");
}

std::size_t SignalCases::looked_at() {
    constexpr storage::Query kWaiting{
        "bench_signals_waiting",
        "select count(*) as waiting from rastro.signal_task where due_at <= now()"};
    auto const waiting = connection_.sql().run(kWaiting).front().integer("waiting");
    return cases_ - static_cast<std::size_t>(waiting);
}

}  // namespace rastro::bench
