-- Who asks and who is asked: names of the two agencies of a leg, for either of them. The directory lists an agency abroad only
-- if it is a national contact or a tracing centre; whoever answers a question must be told who asked it.
create function rastro.leg_parties(wanted uuid) returns table (asking text, asked text) language plpgsql stable security definer
    set search_path = rastro as
$body$
begin
    return query
        select a.name, b.name from rastro.leg l
        join rastro.agency a on a.agency = l.asking_agency
        join rastro.agency b on b.agency = l.asked_agency
        where l.leg_id = wanted
          and (rastro.actor_access() = 'system' or exists (
            select 1 from rastro.case_file c where c.case_id = l.case_id and rastro.actor_agency() is not null
              and (c.owner_agency = rastro.actor_agency() or exists (select 1 from rastro.case_party p
                   where p.case_id = l.case_id and p.agency = rastro.actor_agency()))));
end
$body$;
revoke execute on function rastro.leg_parties(uuid) from public;
grant execute on function rastro.leg_parties(uuid) to rastro_app;
