-- The facts of a report travel one row an object, with its fields and their values side by side: a country's report
-- reads eight rows' worth in one. What is read is as before (migrations linked_cases, report_of_one_country): of each field
-- the last version stated until the day of the report. Present values are taken as they are; only for values that are
-- no longer present is it asked whether a later one was stated by that day.
drop function rastro.randot_values(text, timestamptz);
create function rastro.randot_objects(wanted text, until timestamptz) returns table (
    case_id uuid, case_type text, owner_country text, object_id uuid, object text, state text, fields text[], stated text[])
    language plpgsql stable security definer set search_path = rastro set plan_cache_mode = force_custom_plan as
$body$
declare
    names constant text[] := array['coop_kind', 'formal', 'requesting', 'requested', 'transmitted_on', 'signed_on',
        'outcome_on', 'instrument', 'article', 'reliance', 'reliance_of', 'person_ref', 'provision', 'verdict', 'verdict_on',
        'final_on', 'overturned_on', 'sentence_scope', 'sentence_kind', 'sentence_months', 'fine', 'entity_ref', 'liability',
        'decision_on', 'sanction_kind', 'sanction_amount'];
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        with reported as materialized (
            select c.case_id, c.case_type, c.owner_country from rastro.case_file c
            where c.created_at <= until and (wanted is null and c.case_type in ('coop_request', 'judgment')
                or c.case_type = 'judgment' and c.owner_country = wanted
                or c.case_type = 'coop_request' and c.case_id in (
                    select q.case_id from rastro.case_field q
                    where q.case_type = 'coop_request' and q.field in ('requesting', 'requested') and q.value = wanted)))
        select f.case_id, f.case_type, f.owner_country, f.object_id, o.object, o.state, f.fields, f.stated
        from (
            select s.case_id, s.object_id, min(r.case_type) as case_type, min(r.owner_country) as owner_country,
                array_agg(s.field) filter (where s.field = any (names)) as fields,
                array_agg(case when s.field in ('person_ref', 'entity_ref')
                    then left(encode(sha256(convert_to(r.owner_country || ':' || s.value, 'UTF8')), 'hex'), 16)
                    else s.value end) filter (where s.field = any (names)) as stated
            from reported r
            join rastro.case_field s on s.case_id = r.case_id
            where s.stated_at <= until and (s.current or not exists (
                select 1 from rastro.case_field n where n.case_id = s.case_id and n.object_id = s.object_id
                  and n.field = s.field and n.version > s.version and n.stated_at <= until))
            group by s.case_id, s.object_id) f
        join lateral (select b.object, b.state from rastro.case_object b
                      where b.case_id = f.case_id and b.object_id = f.object_id offset 0) o on true
        where f.fields is not null
        order by f.case_id, f.object_id;
end
$body$;
revoke execute on function rastro.randot_objects(text, timestamptz) from public;
grant execute on function rastro.randot_objects(text, timestamptz) to rastro_app;
