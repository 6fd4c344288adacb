-- The report of a country reads the cooperation that the country has a side in, not that of all: as before otherwise
-- (migration linked_cases).
create or replace function rastro.randot_values(wanted text, until timestamptz) returns table (
    case_id uuid, case_type text, owner_country text, object_id uuid, object text, state text, field text, value text)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        select c.case_id, c.case_type, c.owner_country, f.object_id, f.object, o.state, f.field,
            case when f.field in ('person_ref', 'entity_ref') then
                left(encode(sha256(convert_to(c.owner_country || ':' || f.value, 'UTF8')), 'hex'), 16) else f.value end
        from rastro.case_file c
        join lateral (select distinct on (v.object_id, v.field) v.object_id, v.object, v.field, v.value
                      from rastro.case_field v where v.case_id = c.case_id and v.stated_at <= until
                        and v.field in ('coop_kind', 'formal', 'requesting', 'requested', 'transmitted_on', 'signed_on',
                            'outcome_on', 'instrument', 'article', 'reliance', 'reliance_of', 'person_ref', 'provision',
                            'verdict', 'verdict_on', 'final_on', 'overturned_on', 'sentence_scope', 'sentence_kind',
                            'sentence_months', 'fine', 'entity_ref', 'liability', 'decision_on', 'sanction_kind',
                            'sanction_amount')
                      order by v.object_id, v.field, v.version desc) f on true
        join rastro.case_object o on o.case_id = c.case_id and o.object_id = f.object_id
        where c.created_at <= until and (wanted is null and c.case_type in ('coop_request', 'judgment')
            or c.case_type = 'judgment' and c.owner_country = wanted
            or c.case_type = 'coop_request' and c.case_id in (
                select q.case_id from rastro.case_field q
                where q.case_type = 'coop_request' and q.field in ('requesting', 'requested') and q.value = wanted))
        order by c.case_id, f.object_id;
end
$body$;
create index case_field_of_sides on rastro.case_field (value, case_id)
    where case_type = 'coop_request' and field in ('requesting', 'requested');
