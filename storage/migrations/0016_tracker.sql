-- The follow-up tracker: progress on measures for a meeting. A country's own desk sees its entries in every state; the agency
-- that runs the instance (no country: the region) sees what was submitted.
create function rastro.tracker_values(wanted text, of_meetings text[]) returns table (country text, case_id uuid,
    number text, state text, updated_at timestamptz, object_id uuid, object text, field text, value text)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        select c.owner_country, c.case_id, c.number, c.state, c.updated_at, f.object_id, f.object, f.field, f.value
        from case_field m
        join case_file c on c.case_id = m.case_id and c.case_type = 'measure_progress'
        join case_object o on o.case_id = c.case_id and o.state <> 'WITHDRAWN'
        join case_field f on f.case_id = c.case_id and f.object_id = o.object_id and f.current and f.field_group = 'S0'
        where m.field = 'meeting' and m.current and m.object_id = m.case_id and m.value = any (of_meetings)
          and case when wanted is null then c.state in ('SUBMITTED', 'PRESENTED', 'CARRIED_OVER')
              else c.owner_country = wanted end
        order by c.owner_country, c.updated_at, c.case_id, f.object_id;
end
$body$;
create index case_field_of_meetings on rastro.case_field (value) where field = 'meeting' and current;
revoke execute on function rastro.tracker_values(text, text[]) from public;
grant execute on function rastro.tracker_values(text, text[]) to rastro_app;
