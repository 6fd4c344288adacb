-- The facts of a report travel one row an object, with its fields and their values side by side: a country's report
-- reads eight rows' worth in one. What is read is as before (migrations linked_cases, report_of_one_country).
drop function rastro.randot_values(text, timestamptz);
create function rastro.randot_objects(wanted text, until timestamptz) returns table (
    case_id uuid, case_type text, owner_country text, object_id uuid, object text, state text, fields text[], stated text[])
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        select c.case_id, c.case_type, c.owner_country, f.object_id, o.object, o.state, f.fields, f.stated
        from rastro.case_file c
        join lateral (
            select v.object_id, array_agg(v.field) as fields, array_agg(case when v.field in ('person_ref', 'entity_ref')
                    then left(encode(sha256(convert_to(c.owner_country || ':' || v.value, 'UTF8')), 'hex'), 16)
                    else v.value end) as stated
            from (select distinct on (s.object_id, s.field) s.object_id, s.field, s.value
                  from rastro.case_field s where s.case_id = c.case_id and s.stated_at <= until
                    and s.field in ('coop_kind', 'formal', 'requesting', 'requested', 'transmitted_on', 'signed_on',
                        'outcome_on', 'instrument', 'article', 'reliance', 'reliance_of', 'person_ref', 'provision',
                        'verdict', 'verdict_on', 'final_on', 'overturned_on', 'sentence_scope', 'sentence_kind',
                        'sentence_months', 'fine', 'entity_ref', 'liability', 'decision_on', 'sanction_kind',
                        'sanction_amount')
                  order by s.object_id, s.field, s.version desc) v
            group by v.object_id) f on true
        join rastro.case_object o on o.case_id = c.case_id and o.object_id = f.object_id
        where c.created_at <= until and (wanted is null and c.case_type in ('coop_request', 'judgment')
            or c.case_type = 'judgment' and c.owner_country = wanted
            or c.case_type = 'coop_request' and c.case_id in (
                select q.case_id from rastro.case_field q
                where q.case_type = 'coop_request' and q.field in ('requesting', 'requested') and q.value = wanted))
        order by c.case_id, f.object_id;
end
$body$;
revoke execute on function rastro.randot_objects(text, timestamptz) from public;
grant execute on function rastro.randot_objects(text, timestamptz) to rastro_app;
