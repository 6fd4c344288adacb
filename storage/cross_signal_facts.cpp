#include "storage/cross_signal_facts.hpp"

#include <algorithm>
#include <cmath>

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

constexpr int kDaysBefore = 30;

constexpr Query kValues{
    "signal_case_values",
    "select object_id, object, field, field_group, value, version from case_field where case_id = "
    ":case_id::uuid and current and field_group <> 'S4' order by object_id, field"};
constexpr Query kHits{
    "signal_blind_hits",
    "select m.object_id, m.object, m.state, m.blind_index, m.field_group, m.other_case, "
    "m.other_number, m.other_type, m.other_agency, m.other_object, m.other_state, m.other_open, "
    "m.hidden, m.agreed, a.value as own_requested, b.value as other_requested from "
    "cases_that_match(:case_id::uuid) m left join case_field a on a.case_id = :case_id::uuid and "
    "a.object_id = :case_id::uuid and a.field = 'requested' and a.current left join case_field b "
    "on b.case_id = m.other_case and b.object_id = m.other_case and b.field = 'requested' and "
    "b.current"};
constexpr Query kFirsts{
    "signal_own_firsts",
    "select scope, collected_on::text as collected_on, corrections from first_detection where "
    "case_id = :case_id::uuid order by scope"};
constexpr Query kDetections{
    "signal_detections_by_day",
    "select (:day::date - d.on_date) as days_before, count(*) as detections from case_field d join "
    "case_file c on c.case_id = d.case_id and c.owner_country = :country and c.state not in "
    "('REPORTED', 'IN_LAB', 'NOT_CONFIRMED') join case_field s on s.case_id = d.case_id and "
    "s.object_id = d.object_id and s.field = 'parent_inchikey' and s.current and s.value = "
    ":substance where d.case_type = 'substance_detection' and d.object = 'case' and d.field = "
    "'collected_on' and d.current and d.on_date between :day::date - 30 and :day::date group by 1"};
constexpr Query kControl{
    "signal_control_state",
    "select (select min(f.collected_on)::text from first_detection f where f.scope = :country and "
    "f.substance = any(:names::text[])) as first_detected, (select "
    "min(coalesce(i.on_date, c.updated_at::date))::text from case_field r join case_file c on "
    "c.case_id = r.case_id and c.owner_country = :country and c.state = 'IN_FORCE' left join "
    "case_field i on i.case_id = r.case_id and i.object_id = r.object_id and i.field = "
    "'in_force_from' and i.current where r.case_type = 'control_measure' and r.field = "
    "'substance_ref' and r.current and lower(r.value) = any(:folded::text[])) as controlled"};
constexpr Query kNotices{
    "signal_notices_to_consignee",
    "select c.case_id, encode(u.token, 'hex') as consignee, lower(btrim(e.value)) as exporter, "
    "lower(btrim(s.value)) as substance, d.on_date::text as dispatch_on, q.value as quantity_kg, "
    "t.value as threshold_kg, coalesce(r.value = 'objection', false) as objected from blind_token "
    "b join blind_token u on u.token = b.token and u.field = 'consignee' join case_file c on "
    "c.case_id = u.case_id and c.case_type = 'precursor_notice' and c.state <> 'DRAFT' left join "
    "case_field e on e.case_id = c.case_id and e.object_id = c.case_id and e.field = 'consignor' "
    "and e.current left join case_field s on s.case_id = c.case_id and s.object_id = c.case_id and "
    "s.field = 'substance_ref' and s.current join case_field d on d.case_id = c.case_id and "
    "d.object_id = c.case_id and d.field = 'dispatch_on' and d.current left join case_field q on "
    "q.case_id = c.case_id and q.object_id = c.case_id and q.field = 'quantity_kg' and q.current "
    "left join case_field t on t.case_id = c.case_id and t.object_id = c.case_id and t.field = "
    "'licence_threshold_kg' and t.current left join case_field r on r.case_id = c.case_id and "
    "r.object_id = c.case_id and r.field = 'reply' and r.current where b.case_id = :case_id::uuid "
    "and b.field = 'consignee' order by d.on_date, c.case_id limit 2000"};
// Value and quantity travel as text, "5000.50 USD" and "12.5".
constexpr Query kComparable{
    "signal_comparable_goods",
    "select split_part(v.value, ' ', 1)::numeric / nullif(q.value::numeric, 0) as unit_value from "
    "case_field h join case_field u on u.case_id = h.case_id and u.object_id = h.object_id and "
    "u.field = 'unit' and u.current and u.value = :unit join case_field o on o.case_id = h.case_id "
    "and o.object_id = h.object_id and o.field = 'origin' and o.current and o.value = :origin join "
    "case_field v on v.case_id = h.case_id and v.object_id = h.object_id and v.field = "
    "'customs_value' and v.current and split_part(v.value, ' ', 2) = :currency join case_field q "
    "on "
    "q.case_id = h.case_id and q.object_id = h.object_id and q.field = 'quantity' and q.current "
    "join case_field d on d.case_id = h.case_id and d.object_id = h.object_id and d.field = "
    "'declared_on' and d.current and d.on_date between :day::date - 365 and :day::date where "
    "h.case_type = 'trade_case' and h.object = 'line' and h.field = 'hs6' and h.current and "
    "h.value = :hs6 and h.case_id <> :case_id::uuid and q.value::numeric > 0 and not exists "
    "(select 1 from blind_token a join blind_token b on b.token = a.token where a.case_id = "
    ":case_id::uuid and a.field = 'trader' and b.case_id = h.case_id and b.field = 'trader') limit "
    "5000"};

// "12.5" kilograms as whole grams, towards the nearest; 0 for what is no number.
std::int64_t grams(std::optional<double> const& kilograms) {
    return kilograms ? std::llround(*kilograms * 1000.0) : 0;
}

}  // namespace

std::vector<FieldRow> unsealed_values(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<FieldRow> fields;
    auto const rows = unit.sql().run(kValues, {{"case_id", case_id}});
    for (auto const row : rows) {
        fields.push_back({.object_id = row.uuid("object_id"),
                          .object = row.text("object"),
                          .field = row.text("field"),
                          .group = row.text("field_group"),
                          .value = row.text("value"),
                          .version = static_cast<int>(row.integer("version"))});
    }
    return fields;
}

std::vector<cases::BlindHit> blind_hits(UnitOfWork& unit, LinkedCase const& file) {
    std::vector<cases::BlindHit> hits;
    auto const rows = unit.sql().run(kHits, {{"case_id", file.case_id}});
    for (auto const row : rows) {
        hits.push_back({.object_id = row.text("object_id"),
                        .object = row.text("object"),
                        .state = row.text("state"),
                        .index = row.text("blind_index"),
                        .group = row.text("field_group"),
                        .other_case = row.text("other_case"),
                        .other_number = row.text("other_number"),
                        .other_type = row.text("other_type"),
                        .other_object = row.text("other_object"),
                        .other_state = row.text("other_state"),
                        .other_open = row.boolean("other_open"),
                        .same_agency = row.view("other_agency") == file.owner_agency,
                        .hidden = row.boolean("hidden"),
                        .agreed = row.boolean("agreed"),
                        .own_requested = row.text("own_requested"),
                        .other_requested = row.text("other_requested")});
    }
    return hits;
}

std::vector<cases::OwnFirst> own_firsts(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<cases::OwnFirst> firsts;
    auto const rows = unit.sql().run(kFirsts, {{"case_id", case_id}});
    for (auto const row : rows) {
        firsts.push_back({.scope = row.text("scope"),
                          .collected_on = parse_iso_date(row.view("collected_on")).value_or(Date{}),
                          .corrected = row.integer("corrections") > 0});
    }
    return firsts;
}

std::vector<int> detections_by_day(UnitOfWork& unit,
                                   std::string_view country,
                                   std::string_view substance,
                                   Date day) {
    std::vector<int> counts(kDaysBefore + 1, 0);
    auto const rows = unit.sql().run(
        kDetections, {{"day", to_iso_date(day)}, {"country", country}, {"substance", substance}});
    for (auto const row : rows) {
        auto const before = std::clamp<std::int64_t>(row.integer("days_before"), 0, kDaysBefore);
        counts[static_cast<std::size_t>(kDaysBefore - before)] =
            static_cast<int>(row.integer("detections"));
    }
    return counts;
}

ControlState control_state(UnitOfWork& unit,
                           std::string_view country,
                           std::vector<std::string> const& names) {
    std::vector<std::string> folded;
    for (auto const& name : names) {
        folded.push_back(to_lower_ascii(name));
    }
    auto const rows =
        unit.sql().run(kControl, {{"country", country}, {"names", names}, {"folded", folded}});
    return {.first_detected = parse_iso_date(rows.front().view("first_detected")),
            .controlled = parse_iso_date(rows.front().view("controlled"))};
}

std::vector<cases::NoticeFact> notices_to_consignee(UnitOfWork& unit, CaseId const& case_id) {
    std::vector<cases::NoticeFact> notices;
    auto const rows = unit.sql().run(kNotices, {{"case_id", case_id}});
    for (auto const row : rows) {
        notices.push_back({.case_id = row.text("case_id"),
                           .exporter = row.text("exporter"),
                           .consignee = row.text("consignee"),
                           .substance = row.text("substance"),
                           .dispatch_on = parse_iso_date(row.view("dispatch_on")).value_or(Date{}),
                           .grams = grams(row.maybe_real("quantity_kg")),
                           .threshold_grams = grams(row.maybe_real("threshold_kg")),
                           .objected = row.boolean("objected")});
    }
    return notices;
}

std::vector<double> comparable_unit_values(UnitOfWork& unit, GoodsAsked const& asked) {
    std::vector<double> values;
    auto const rows = unit.sql().run(kComparable,
                                     {{"unit", asked.unit},
                                      {"origin", asked.origin},
                                      {"currency", asked.currency},
                                      {"day", to_iso_date(asked.day)},
                                      {"hs6", asked.hs6},
                                      {"case_id", asked.case_id}});
    for (auto const row : rows) {
        if (auto const value = row.maybe_real("unit_value")) {
            values.push_back(*value);
        }
    }
    return values;
}

}  // namespace rastro::storage
