-- The register of lost, stolen, trafficked, smuggled, wanted and destroyed firearms (domain/tracing.md 4.9), and what new
-- statements are compared with: every record and every request that was sent, forwards and backwards, by a job.
-- A record is a case of the type illicit_record: state, events and clocks are where those of every case are.

create table rastro.illicit_record (
    case_id uuid primary key,
    owner_agency text not null,
    kind text not null check (kind in ('lost', 'stolen', 'trafficked', 'smuggled', 'wanted', 'destroyed')),
    live boolean not null,                    -- takes part in matching: follows the state of the case
    silent boolean not null,                  -- hits alert the owner only
    event_on date not null,
    event_country text,
    agency_case_no text not null,
    purpose text not null,
    legal_basis text not null,
    valid_until date,
    author_id text not null,
    serial_raw text not null check (length(serial_raw) <= 64),
    serial_canon text not null check (serial_canon <> ''),
    serial_skeleton text not null,
    serial_ncic text not null,
    make_text text,
    make_id text,
    make_key text not null,                   -- make_id, else the folded words of the maker
    model_text text,
    calibre_text text,
    calibre_id text,
    calibre_group text,
    type_code text not null,
    origin_country text,
    importer_text text,
    import_country text,
    remarks text,
    confirmed_by text,                        -- who said last that it is still right
    confirmed_at timestamptz,
    clear_reason text,
    cleared_at timestamptz,
    check ((clear_reason is null) = (cleared_at is null)),
    check (clear_reason is null or not live)
);
-- Of one firearm an agency keeps one record of a kind. Another agency may keep one too.
create unique index illicit_record_once on rastro.illicit_record (owner_agency, kind, serial_canon, make_key) where live;
create index illicit_record_by_owner on rastro.illicit_record (owner_agency, case_id desc);
create index illicit_record_by_skeleton on rastro.illicit_record (serial_skeleton text_pattern_ops) where live;
create index illicit_record_by_ncic on rastro.illicit_record (serial_ncic)
    where live and serial_ncic <> replace(serial_canon, 'O', '0');
create type rastro.new_illicit_record as (
    case_id uuid, owner_agency text, kind text, live boolean, silent boolean, event_on date, event_country text,
    agency_case_no text, purpose text, legal_basis text, valid_until date, author_id text, serial_raw text,
    serial_canon text, serial_skeleton text, serial_ncic text, make_text text, make_id text, make_key text,
    model_text text, calibre_text text, calibre_id text, calibre_group text, type_code text, origin_country text,
    importer_text text, import_country text, remarks text);
do $body$
declare home text;
begin
    select n.nspname into strict home from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_trgm';
    execute format('create index illicit_record_by_trigrams on rastro.illicit_record
        using gin (serial_skeleton %I.gin_trgm_ops) where live', home);
end
$body$;

alter table rastro.illicit_record enable row level security;
alter table rastro.illicit_record force row level security;
create policy system_all on rastro.illicit_record for all using ((select rastro.actor_access()) = 'system');
create policy record_see on rastro.illicit_record for select using (
    (select rastro.actor_access()) = 'content' and owner_agency = (select rastro.actor_agency()));
create policy record_add on rastro.illicit_record for insert with check (
    (select rastro.actor_access()) = 'content' and owner_agency = (select rastro.actor_agency()));
create policy record_change on rastro.illicit_record for update using (
    (select rastro.actor_access()) = 'content' and owner_agency = (select rastro.actor_agency()))
    with check ((select rastro.actor_access()) = 'content' and owner_agency = (select rastro.actor_agency()));
-- What was stated stays as it was stated: a record that is wrong is cleared and entered anew.
grant select, insert, update (live, confirmed_by, confirmed_at, clear_reason, cleared_at) on rastro.illicit_record to rastro_app;

-- ---------------------------------------------------------------- what waits to be compared

-- Written in the transaction of the statement that it is about, by the database itself, so that no way of writing a request
-- or a record forgets it; taken away by the job that has compared. `search`: what a person asked for in the name of an own
-- request, for records that show themselves to nobody but their owner.
create table rastro.match_task (
    task_id uuid primary key default gen_random_uuid(),
    object text not null check (object in ('request', 'record', 'search')),
    case_id uuid not null,
    queued_at timestamptz not null default now(),
    attempts smallint not null default 0,
    serial_canon text,
    make_text text,
    make_id text,
    calibre_group text,
    type_code text,
    model_text text,
    import_country text,
    check ((object = 'search') = (serial_canon is not null))
);
create index match_task_by_time on rastro.match_task (attempts, queued_at);
alter table rastro.match_task enable row level security;
alter table rastro.match_task force row level security;
create policy system_all on rastro.match_task for all using ((select rastro.actor_access()) = 'system');
create policy search_add on rastro.match_task for insert with check (
    (select rastro.actor_access()) = 'content' and object = 'search'
    and exists (select 1 from rastro.case_file c where c.case_id = match_task.case_id
                  and c.owner_agency = (select rastro.actor_agency())));
create policy owner_queues on rastro.match_task for insert to rastro_owner with check (object <> 'search');
grant select, insert, update (attempts), delete on rastro.match_task to rastro_app;

-- In these states nobody but the own agency (and who approves for it) knows of a request.
create function rastro.is_unsent(state text) returns boolean language sql immutable
    return state in ('DRAFT', 'NATIONAL_REVIEW', 'RETURNED', 'WITHDRAWN');

create function rastro.queue_sent_requests() returns trigger language plpgsql security definer set search_path = rastro as
$body$
begin
    insert into match_task (object, case_id)
        select 'request', a.case_id from added a where a.case_type = 'trace_request' and not rastro.is_unsent(a.state);
    return null;
end
$body$;
create trigger case_file_sent_at_once after insert on rastro.case_file referencing new table as added
    for each statement execute function rastro.queue_sent_requests();

create function rastro.queue_match() returns trigger language plpgsql security definer set search_path = rastro as
$body$
begin
    insert into match_task (object, case_id) values (tg_argv[0], new.case_id);
    return null;
end
$body$;
create trigger case_file_sent after update of state on rastro.case_file for each row
    when (new.case_type = 'trace_request' and rastro.is_unsent(old.state) and not rastro.is_unsent(new.state))
    execute function rastro.queue_match('request');
create trigger firearm_described_again after insert on rastro.firearm_description for each row
    when (new.version > 1) execute function rastro.queue_match('request');
create trigger illicit_record_entered after insert on rastro.illicit_record for each row
    when (new.live) execute function rastro.queue_match('record');
create trigger illicit_record_live_again after update of live on rastro.illicit_record for each row
    when (new.live and not old.live) execute function rastro.queue_match('record');
revoke execute on function rastro.queue_sent_requests(), rastro.queue_match() from public;
grant execute on function rastro.is_unsent(text) to rastro_app;

-- ---------------------------------------------------------------- candidates

-- As before, and for the job too: of everybody's requests that were sent, as pointers; who may learn of which the rules
-- decide (cases/trace/pointer).
create or replace function rastro.serial_candidates_of(found_cases uuid[], found_versions integer[], found_stages smallint[],
    pointers boolean, most integer) returns setof rastro.serial_candidate
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select f.stage, c.case_id, r.relations,
            case when r.own then c.number end, case when r.own then c.state end, case when r.own then t.author_id end,
            t.sensitive, c.compartments, c.shared, c.handling_code, c.owner_agency, a.name,
            case when not r.own then a.contact_email end, case when not r.own then a.contact_phone end,
            case when r.own then c.created_at end,
            case when r.own then d.serial_raw end, d.serial_canon, d.make_id, d.make_text, d.model_text,
            case when r.own then d.calibre_text end, d.calibre_group, d.type_code, d.import_country,
            case when r.own then v.recovered_on end, case when r.own then v.country end
        from unnest(found_cases, found_versions, found_stages) as f(case_id, version, stage)
        join trace_request t on t.case_id = f.case_id and t.description_version = f.version
        join firearm_description d on d.case_id = f.case_id and d.version = f.version
        cross join lateral (select x.*, t.shared_groups as shared from case_file x where x.case_id = f.case_id) c
        cross join lateral (select array_agg(q.relation) as relations, count(*) > 0 as own from (
            select 'owner' as relation where c.owner_agency = rastro.actor_agency()
            union all
            select p.relation from case_party p where p.case_id = c.case_id and p.agency = rastro.actor_agency()
                and (p.valid_until is null or p.valid_until > now())) q) r
        join agency a on a.agency = c.owner_agency
        left join recovery v on v.case_id = f.case_id
        where (rastro.actor_access() = 'content' and rastro.actor_agency() is not null
               and (r.own or (pointers and not t.sensitive and c.handling_code <> 'H3' and c.compartments = '{}'
                          and not rastro.is_unsent(c.state))))
           or (rastro.actor_access() = 'system' and pointers and not rastro.is_unsent(c.state))
        order by r.own desc, f.stage, c.case_id desc
        limit most;
end
$body$;

-- One candidate of the register. Not the own agency's: a pointer, as above.
create type rastro.record_candidate as (
    stage smallint,
    case_id uuid,
    own boolean,
    number text,
    state text,
    kind text,
    silent boolean,
    compartments text[],
    handling_code text,
    owner_agency text,
    owner_name text,
    contact_email text,
    contact_phone text,
    created_at timestamptz,
    serial_raw text,
    serial_canon text,
    make_id text,
    make_text text,
    model_text text,
    calibre_text text,
    calibre_group text,
    type_code text,
    import_country text
);
create policy owner_reads on rastro.illicit_record for select to rastro_owner using (true);

create function rastro.record_candidates_of(found_cases uuid[], found_stages smallint[], pointers boolean, most integer)
    returns setof rastro.record_candidate language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select f.stage, r.case_id, o.own, case when o.own then c.number end, case when o.own then c.state end, r.kind,
            r.silent, c.compartments, c.handling_code, r.owner_agency, a.name,
            case when not o.own then a.contact_email end, case when not o.own then a.contact_phone end,
            case when o.own then c.created_at end, case when o.own then r.serial_raw end, r.serial_canon, r.make_id,
            r.make_text, r.model_text, case when o.own then r.calibre_text end, r.calibre_group, r.type_code,
            r.import_country
        from unnest(found_cases, found_stages) as f(case_id, stage)
        join illicit_record r on r.case_id = f.case_id and r.live
        join case_file c on c.case_id = f.case_id
        cross join lateral (select coalesce(r.owner_agency = rastro.actor_agency(), false) as own) o
        join agency a on a.agency = r.owner_agency
        where (rastro.actor_access() = 'content' and rastro.actor_agency() is not null
               and (o.own or (pointers and not r.silent and c.handling_code <> 'H3' and c.compartments = '{}')))
           or (rastro.actor_access() = 'system' and pointers)
        order by o.own desc, f.stage, r.case_id desc
        limit most;
end
$body$;

create function rastro.record_candidates(wanted_skeleton text, wanted_ncic text, wanted_ncic_skeleton text,
    near_skeletons text[], pointers boolean, most integer) returns setof rastro.record_candidate
    language plpgsql stable security definer set search_path = rastro as
$body$
declare
    cases uuid[];
    stages smallint[];
begin
    select array_agg(f.case_id), array_agg(f.stage) into cases, stages
    from (select min(g.stage)::smallint as stage, g.case_id
          from (select 1 as stage, r.case_id from illicit_record r where r.live and r.serial_skeleton = wanted_skeleton
                union all
                select 2, r.case_id from illicit_record r where r.live and r.serial_skeleton = wanted_ncic_skeleton
                union all
                select 2, r.case_id from illicit_record r
                where r.live and r.serial_ncic = wanted_ncic and r.serial_ncic <> replace(r.serial_canon, 'O', '0')
                union all
                select 3, r.case_id from illicit_record r where r.live and r.serial_skeleton = any (near_skeletons)) g
          group by g.case_id
          order by 1 limit 2000) f;
    return query select * from record_candidates_of(cases, stages, pointers, most);
end
$body$;

create function rastro.record_candidates_like(wanted text, makes text[], wanted_calibre_group text, pointers boolean,
    most integer) returns setof rastro.record_candidate
    language plpgsql stable security definer set search_path = rastro as
$body$
declare
    cases uuid[];
begin
    select array_agg(f.case_id) into cases
    from (select r.case_id from illicit_record r
          where r.live and r.serial_skeleton like wanted
            and (makes is null or r.make_id = any (makes) or r.make_id is null)
            and (makes is not null or r.calibre_group = wanted_calibre_group) limit 2000) f;
    return query select * from record_candidates_of(
        cases, array_fill(4::smallint, array[coalesce(cardinality(cases), 0)]), pointers, most);
end
$body$;
revoke execute on function rastro.record_candidates_of(uuid[], smallint[], boolean, integer),
    rastro.record_candidates(text, text, text, text[], boolean, integer),
    rastro.record_candidates_like(text, text[], text, boolean, integer) from public;
grant execute on function rastro.record_candidates(text, text, text, text[], boolean, integer),
    rastro.record_candidates_like(text, text[], text, boolean, integer) to rastro_app;

-- ---------------------------------------------------------------- matches

-- covert: what the newer side has stated is hidden from others. The contacts are those that the policy of the side's country
-- named when the match was found; empty: the agency itself.
alter table rastro.serial_match
    add column covert boolean not null default false,
    add column case_contact text,
    add column other_contact text,
    add check (not covert or seen_by = array[case_agency]);

drop function rastro.match_contacts(uuid);
create function rastro.match_contacts(wanted uuid) returns table (case_name text, case_email text, case_phone text,
    other_name text, other_email text, other_phone text)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select a.name, a.contact_email, a.contact_phone, b.name, b.contact_email, b.contact_phone
        from serial_match m
        left join agency a on a.agency = coalesce(m.case_contact, m.case_agency) and m.case_agency = any (m.seen_by)
        left join agency b on b.agency = coalesce(m.other_contact, m.other_agency) and m.other_agency = any (m.seen_by)
        where m.match_id = wanted and (rastro.actor_access() = 'system'
            or (rastro.actor_access() = 'content' and rastro.actor_agency() = any (m.seen_by)));
end
$body$;
revoke execute on function rastro.match_contacts(uuid) from public;
grant execute on function rastro.match_contacts(uuid) to rastro_app;
