-- The same two functions in PL/pgSQL, which keeps the plans of its statements for the session. A function in SQL that
-- cannot be inlined (these run as their owner) is planned again at every call, which takes ten times as long as running it.

create or replace function rastro.leg_states_of(wanted uuid) returns text[] language plpgsql stable security definer
    set search_path = rastro as
$body$
begin
    return (select coalesce(array_agg(l.state order by l.routed_at, l.leg_id), '{}') from rastro.leg l
        where l.case_id = wanted and (rastro.actor_access() = 'system' or exists (
            select 1 from rastro.case_file c where c.case_id = wanted and rastro.actor_agency() is not null
              and (c.owner_agency = rastro.actor_agency() or exists (select 1 from rastro.case_party p
                   where p.case_id = wanted and p.agency = rastro.actor_agency())))));
end
$body$;

create or replace function rastro.leg_standings_of(wanted uuid) returns table (
    reopened boolean, state text, resume_state text, flags text[], outcome_code text, earlier_round boolean)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select r.at is not null, l.state, l.resume_state, l.flags, l.outcome_code, coalesce(l.final_at <= r.at, false)
        from (select max(e.occurred_at) as at from rastro.case_event e
              where e.case_id = wanted and e.event = 'reopen') r
        left join rastro.leg l on l.case_id = wanted
        where rastro.actor_access() = 'system' or exists (
            select 1 from rastro.case_file c where c.case_id = wanted and rastro.actor_agency() is not null
              and (c.owner_agency = rastro.actor_agency() or exists (select 1 from rastro.case_party p
                   where p.case_id = wanted and p.agency = rastro.actor_agency())))
        order by l.routed_at, l.leg_id;
end
$body$;
