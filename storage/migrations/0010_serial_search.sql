-- Search for serial numbers: indexes on the look-alike form (level L3, domain/tracing.md 4.8) and functions that find
-- candidates among the current descriptions of all requests. Scores are the rules' business, not the database's.

do $body$
declare home text;
begin
    select n.nspname into home from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
    if home is null then
        create extension pg_trgm schema rastro;
        home := 'rastro';
    end if;
    -- New rows wait in a list, which a search reads too; the server's job empties it (settle_serial_index below), thousands
    -- at a time, for a tenth of what it costs one by one. The limit is for when no job runs: a submission pays then.
    execute format('create index firearm_description_by_trigrams on rastro.firearm_description
        using gin (serial_skeleton %I.gin_trgm_ops) with (fastupdate = on, gin_pending_list_limit = 131072) where serial_skeleton is not null', home);
end
$body$;

create function rastro.settle_serial_index() returns bigint language sql volatile security definer
    set search_path = rastro, pg_catalog as
$body$
    select gin_clean_pending_list('rastro.firearm_description_by_trigrams'::regclass)
$body$;
revoke execute on function rastro.settle_serial_index() from public;
grant execute on function rastro.settle_serial_index() to rastro_app;

-- Equality, and texts that begin with or end in known characters, under any collation of the database.
drop index rastro.firearm_description_by_skeleton;
create index firearm_description_by_skeleton on rastro.firearm_description (serial_skeleton text_pattern_ops)
    where serial_skeleton is not null;
create index firearm_description_by_reversed on rastro.firearm_description (reverse(serial_skeleton) text_pattern_ops)
    where serial_skeleton is not null;
-- Level L4 only where letters between digits were dropped: the others are found by their skeleton.
create index firearm_description_by_ncic on rastro.firearm_description (serial_ncic)
    where serial_ncic <> replace(serial_canon, 'O', '0');

-- The functions below run as the owner, who is bound by the policies too.
create policy owner_reads on rastro.firearm_description for select to rastro_owner using (true);
create policy owner_reads on rastro.trace_request for select to rastro_owner using (true);
create policy owner_reads on rastro.recovery for select to rastro_owner using (true);
create policy owner_reads on rastro.agency for select to rastro_owner using (true);

-- One candidate. `relations` of the acting agency to the case; without any of them it is a pointer: what identifies the
-- firearm, for the comparison, and whom to ask; no number, no state, no author, nothing of the recovery.
create type rastro.serial_candidate as (
    stage smallint,
    case_id uuid,
    relations text[],
    number text,
    state text,
    author_id text,
    sensitive boolean,
    compartments text[],
    shared_groups text[],
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
    import_country text,
    recovered_on date,
    recovery_country text
);

-- Descriptions that were found, as candidates: the current version of each request, of cases that the acting agency is a
-- party of, and if pointers are wanted also of others that were sent and are neither masked, nor in a compartment (the
-- restrictive policy on case_file), nor under handling code H3. Own cases first.
create function rastro.serial_candidates_of(found_cases uuid[], found_versions integer[], found_stages smallint[],
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
        where rastro.actor_access() = 'content' and rastro.actor_agency() is not null
          and (r.own or (pointers and not t.sensitive and c.handling_code <> 'H3'
                         and c.state not in ('DRAFT', 'NATIONAL_REVIEW', 'RETURNED', 'WITHDRAWN')))
        order by r.own desc, f.stage, c.case_id desc
        limit most;
end
$body$;

-- A serial that was read whole: the same look-alike form (1), the same NCIC form (2), one error away (3).
create function rastro.serial_candidates(wanted_skeleton text, wanted_ncic text, wanted_ncic_skeleton text,
    near_skeletons text[], pointers boolean, most integer) returns setof rastro.serial_candidate
    language plpgsql stable security definer set search_path = rastro as
$body$
declare
    cases uuid[];
    versions integer[];
    stages smallint[];
begin
    select array_agg(f.case_id), array_agg(f.version), array_agg(f.stage) into cases, versions, stages
    from (select min(g.stage)::smallint as stage, g.case_id, g.version
          from (select 1 as stage, d.case_id, d.version from firearm_description d
                where d.serial_skeleton = wanted_skeleton
                union all
                select 2, d.case_id, d.version from firearm_description d
                where d.serial_skeleton = wanted_ncic_skeleton
                union all
                select 2, d.case_id, d.version from firearm_description d
                where d.serial_ncic = wanted_ncic and d.serial_ncic <> replace(d.serial_canon, 'O', '0')
                union all
                select 3, d.case_id, d.version from firearm_description d
                where d.serial_skeleton = any (near_skeletons)) g
          group by g.case_id, g.version
          order by 1 limit 2000) f;
    return query select * from serial_candidates_of(cases, versions, stages, pointers, most);
end
$body$;

-- A serial with unknown characters, as a LIKE pattern over the look-alike form. `way`: prefix or suffix (known
-- characters, `low` up to but without `high`, the suffix read backwards; || '' keeps the planner from trigrams),
-- trigrams, or scan.
create function rastro.serial_candidates_like(wanted text, way text, low text, high text, makes text[],
    wanted_calibre_group text, pointers boolean, most integer) returns setof rastro.serial_candidate
    language plpgsql stable security definer set search_path = rastro as
$body$
declare
    cases uuid[];
    versions integer[];
    stages smallint[];
begin
    if way = 'prefix' then
        select array_agg(f.case_id), array_agg(f.version) into cases, versions
        from (select d.case_id, d.version from firearm_description d
              where d.serial_skeleton ~>=~ low and d.serial_skeleton ~<~ high and d.serial_skeleton || '' like wanted
                and (makes is null or d.make_id = any (makes) or d.make_id is null)
                and (makes is not null or d.calibre_group = wanted_calibre_group) limit 2000) f;
    elsif way = 'suffix' then
        select array_agg(f.case_id), array_agg(f.version) into cases, versions
        from (select d.case_id, d.version from firearm_description d
              where reverse(d.serial_skeleton) ~>=~ low and reverse(d.serial_skeleton) ~<~ high
                and d.serial_skeleton || '' like wanted
                and (makes is null or d.make_id = any (makes) or d.make_id is null)
                and (makes is not null or d.calibre_group = wanted_calibre_group) limit 2000) f;
    else
        select array_agg(f.case_id), array_agg(f.version) into cases, versions
        from (select d.case_id, d.version from firearm_description d
              where d.serial_skeleton like wanted
                and (makes is null or d.make_id = any (makes) or d.make_id is null)
                and (makes is not null or d.calibre_group = wanted_calibre_group) limit 2000) f;
    end if;
    stages := array_fill(4::smallint, array[coalesce(cardinality(cases), 0)]);
    return query select * from serial_candidates_of(cases, versions, stages, pointers, most);
end
$body$;

revoke execute on function rastro.serial_candidates_of(uuid[], integer[], smallint[], boolean, integer),
    rastro.serial_candidates(text, text, text, text[], boolean, integer),
    rastro.serial_candidates_like(text, text, text, text, text[], text, boolean, integer) from public;
grant execute on function rastro.serial_candidates(text, text, text, text[], boolean, integer),
    rastro.serial_candidates_like(text, text, text, text, text[], text, boolean, integer) to rastro_app;

-- Two requests, or a request and a record, that seem to be about one firearm (domain/tracing.md 4.9). What a person
-- decided about it carries that person. Who is not in `seen_by` knows nothing of it.
create table rastro.serial_match (
    match_id uuid primary key,
    kind text not null check (kind in ('duplicate', 'two_agencies', 'repeat_recovery', 'same_firearm', 'record_hit',
                                       'destroyed_recovered')),
    case_id uuid not null,                    -- the newer request
    case_agency text not null,
    case_handling text not null,
    recovery_country text,                    -- of the newer request: what the other side may know of it
    recovered_on date,
    other_case_id uuid,
    record_id uuid,
    other_agency text not null,
    other_handling text not null,
    silent boolean not null default false,
    score smallint not null check (score between 0 and 100),
    band text not null check (band in ('MATCH_STRONG', 'MATCH_POSSIBLE', 'MATCH_WEAK', 'NEIGHBOUR')),
    agreement jsonb not null,                 -- field, agreement, rule, points; codes only
    agreeing text[] not null,                 -- fields
    to_compare text[] not null,               -- fields that both sides state
    seen_by text[] not null,
    decides text not null,
    state text not null default 'open' check (state in ('open', 'confirmed', 'rejected')),
    found_by text not null check (found_by in ('matching', 'search', 'person')),
    found_at timestamptz not null,
    decided_by uuid,
    decided_agency text,
    decided_at timestamptz,
    compared text[],
    decision_text text,
    version integer not null default 1,
    check ((other_case_id is null) <> (record_id is null)),
    check (other_case_id is null or other_case_id <> case_id),
    -- Confirmed by a named person who compared something, or not confirmed (domain/tracing.md 4.8).
    check ((state = 'open') = (decided_by is null)),
    check (state <> 'confirmed' or (decided_at is not null and decided_agency is not null and to_compare <@ compared)),
    check (not silent or (seen_by = array[other_agency] and decides = other_agency))
);
create unique index serial_match_of_requests on rastro.serial_match
    (least(case_id, other_case_id), greatest(case_id, other_case_id)) where other_case_id is not null;
create unique index serial_match_of_record on rastro.serial_match (record_id, case_id) where record_id is not null;
create index serial_match_by_reader on rastro.serial_match using gin (seen_by);
alter table rastro.serial_match enable row level security;
alter table rastro.serial_match force row level security;
create policy system_all on rastro.serial_match for all using ((select rastro.actor_access()) = 'system');
create policy match_see on rastro.serial_match for select using (
    (select rastro.actor_access()) = 'content' and (select rastro.actor_agency()) = any (seen_by));
create policy match_add on rastro.serial_match for insert with check (
    (select rastro.actor_access()) = 'content' and case_agency = (select rastro.actor_agency())
    and exists (select 1 from rastro.case_file c where c.case_id = serial_match.case_id));
create policy match_change on rastro.serial_match for update using (
    (select rastro.actor_access()) = 'content' and decides = (select rastro.actor_agency()))
    with check ((select rastro.actor_access()) = 'content' and decides = (select rastro.actor_agency()));
grant select, insert, update on rastro.serial_match to rastro_app;

-- Whom to ask about a match: of a side that knows of it itself, to who sees the match.
create policy owner_reads on rastro.serial_match for select to rastro_owner using (true);
create function rastro.match_contacts(wanted uuid) returns table (case_name text, case_email text, case_phone text,
    other_name text, other_email text, other_phone text)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select a.name, a.contact_email, a.contact_phone, b.name, b.contact_email, b.contact_phone
        from serial_match m
        left join agency a on a.agency = m.case_agency and m.case_agency = any (m.seen_by)
        left join agency b on b.agency = m.other_agency and m.other_agency = any (m.seen_by)
        where m.match_id = wanted and (rastro.actor_access() = 'system'
            or (rastro.actor_access() = 'content' and rastro.actor_agency() = any (m.seen_by)));
end
$body$;
-- Ids of the matches that the acting agency sees, newest first. As the owner, so that the index on readers can be used:
-- the policies above, one of them always false, leave nothing to an index.
create function rastro.matches_seen(before uuid, wanted_state text, wanted_kind text, wanted_case uuid,
    wanted_decides text, most integer) returns setof uuid
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select m.match_id from serial_match m
        where rastro.actor_access() = 'content' and m.seen_by @> array[rastro.actor_agency()] and m.match_id < before
          and (wanted_state is null or m.state = wanted_state) and (wanted_kind is null or m.kind = wanted_kind)
          and (wanted_case is null or wanted_case in (m.case_id, m.other_case_id))
          and (wanted_decides = '' or m.decides = wanted_decides)
        order by m.match_id desc limit most;
end
$body$;
revoke execute on function rastro.match_contacts(uuid), rastro.matches_seen(uuid, text, text, uuid, text, integer) from public;
grant execute on function rastro.match_contacts(uuid), rastro.matches_seen(uuid, text, text, uuid, text, integer) to rastro_app;
