-- Signals of rules that look across cases, the blind index that compares what nobody may read, and what two owners of
-- matching cases may know of each other (domain/linked-cases.md 4.14, 7, 9).

-- Keyed digests of values whose field names an index (cases/linked/blind_index). Nobody reads them through the
-- application's role; equality is all they are for.
create table rastro.blind_token (
    case_id uuid not null,
    object_id uuid not null,
    field text not null,
    blind_index text not null,
    field_group text not null,
    token bytea not null check (octet_length(token) = 32),
    primary key (case_id, object_id, field)
);
create index blind_token_same on rastro.blind_token (token);

-- What a job found by looking across cases. Evidence holds codes, dates and numbers. Ended: the rule no longer fires.
create table rastro.raised_signal (
    case_id uuid not null,
    rule text not null,
    object_id uuid not null,                  -- of the case itself: its id
    rule_version integer not null,
    severity text not null check (severity in ('low', 'medium', 'high')),
    field_group text not null check (field_group in ('S0', 'S1', 'S2', 'S3')),
    evidence_names text[] not null,
    evidence_values text[] not null,
    raised_at timestamptz not null,
    ended_at timestamptz,
    primary key (case_id, rule, object_id)
);
create index raised_signal_present on rastro.raised_signal (case_id) where ended_at is null;

-- When a case is next looked at.
create table rastro.signal_task (
    case_id uuid primary key,
    due_at timestamptz not null,
    attempts smallint not null default 0
);
create index signal_task_due on rastro.signal_task (due_at);

-- The owner agrees that owners of matching cases learn of each other: agency and contact, nothing of the cases.
create table rastro.case_deconfliction (
    case_id uuid primary key,
    agreed boolean not null,
    said_by text not null,
    said_at timestamptz not null
);

do $body$
declare t text;
begin
    foreach t in array array['blind_token', 'raised_signal', 'signal_task', 'case_deconfliction'] loop
        execute format('alter table rastro.%I enable row level security', t);
        execute format('alter table rastro.%I force row level security', t);
        execute format('create policy system_all on rastro.%I for all using ((select rastro.actor_access()) = ''system'')', t);
        execute format('create policy owner_all on rastro.%I for all to rastro_owner using (true)', t);
    end loop;
end
$body$;
create policy signal_see on rastro.raised_signal for select using (field_group = any (rastro.case_groups(case_id)));
create policy deconfliction_see on rastro.case_deconfliction for select using (exists (
    select 1 from rastro.case_file c where c.case_id = case_deconfliction.case_id));

-- Tokens of an object's values take the place of those before; an empty token takes one away.
create function rastro.keep_blind_tokens(wanted uuid, of_object uuid, fields text[], indexes text[], groups text[],
    tokens text[]) returns void language plpgsql security definer set search_path = rastro as
$body$
begin
    if coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0 then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    delete from blind_token b where b.case_id = wanted and b.object_id = of_object and b.field = any (fields);
    insert into blind_token (case_id, object_id, field, blind_index, field_group, token)
        select wanted, of_object, g.field, g.idx, g.grp, decode(g.token, 'hex')
        from unnest(fields, indexes, groups, tokens) as g(field, idx, grp, token) where g.token <> '';
end
$body$;

-- Whether what is said of a suspect is said of a victim of the same case: one index agrees, and none that both have
-- differs (a relative has the name and another number; a phone may have been taken away).
create function rastro.is_victim_of_case(wanted uuid, indexes text[], tokens text[]) returns boolean
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return coalesce(array_length(rastro.case_groups(wanted), 1), 0) > 0 and exists (
        select 1 from case_object o
        cross join lateral (
            select bool_and(same) as all_same from (
                select g.idx, bool_or(b.token = decode(g.token, 'hex')) as same
                from unnest(indexes, tokens) as g(idx, token)
                join blind_token b on b.case_id = wanted and b.object_id = o.object_id and b.blind_index = g.idx
                group by g.idx) per_index) v
        where o.case_id = wanted and o.object = 'victim' and v.all_same);
end
$body$;

-- The case is looked at anew by the job.
create function rastro.queue_signals(wanted uuid, at timestamptz) returns void language plpgsql security definer
    set search_path = rastro as
$body$
begin
    if coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0 then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    insert into signal_task (case_id, due_at) values (wanted, at)
        on conflict (case_id) do update set due_at = excluded.due_at, attempts = 0;
end
$body$;

create function rastro.say_deconfliction(wanted uuid, agrees boolean, who text, at timestamptz) returns void
    language plpgsql security definer set search_path = rastro as
$body$
begin
    if rastro.actor_access() <> 'content' or not exists (select 1 from case_file c where c.case_id = wanted
            and c.owner_agency = rastro.actor_agency()) or coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0 then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    insert into case_deconfliction (case_id, agreed, said_by, said_at) values (wanted, agrees, who, at)
        on conflict (case_id) do update set agreed = excluded.agreed, said_by = excluded.said_by, said_at = excluded.said_at;
end
$body$;

-- Cases of other agencies that hold the same as this one by the blind index, and whether their owners agreed too. For the
-- job (whichever case), and for the owner of a case that agreed: then only of those that did.
create function rastro.cases_that_match(wanted uuid) returns table (object_id uuid, object text, state text, field text,
    blind_index text, field_group text, other_case uuid, other_number text, other_type text, other_agency text,
    other_country text, other_object_id uuid, other_object text, other_state text, other_open boolean, hidden boolean,
    agreed boolean) language plpgsql stable security definer set search_path = rastro as
$body$
declare
    own_agreed boolean := exists (select 1 from case_deconfliction d where d.case_id = wanted and d.agreed);
    own_agency text := (select c.owner_agency from case_file c where c.case_id = wanted);
begin
    if rastro.actor_access() <> 'system' and not (rastro.actor_access() = 'content' and own_agreed
            and own_agency = rastro.actor_agency() and coalesce(array_length(rastro.case_groups(wanted), 1), 0) > 0) then
        return;
    end if;
    return query
        select b.object_id, o.object, o.state, b.field, b.blind_index, greatest(b.field_group, 'S2'), c.case_id, c.number,
            c.case_type, c.owner_agency, c.owner_country, v.object_id, v.object, v.state, v.open,
            c.owner_agency <> own_agency and not exists (select 1 from case_party p
                where (p.case_id = wanted and p.agency = c.owner_agency) or (p.case_id = c.case_id and p.agency = own_agency)),
            own_agreed and exists (select 1 from case_deconfliction d where d.case_id = c.case_id and d.agreed)
        from blind_token b
        join case_object o on o.case_id = b.case_id and o.object_id = b.object_id
        join blind_token u on u.token = b.token and u.case_id <> b.case_id
        join case_object v on v.case_id = u.case_id and v.object_id = u.object_id
        join case_file c on c.case_id = u.case_id
        where b.case_id = wanted
        order by c.case_id, b.object_id, b.field
        limit 500;
end
$body$;

-- Whom to ask about what stands at the other end of a hidden link or match: once both owners agreed.
create function rastro.deconfliction_lines(wanted uuid) returns table (ground text, agency text, agency_name text,
    contact_email text, contact_phone text) language plpgsql stable security definer set search_path = rastro as
$body$
begin
    if rastro.actor_access() <> 'content' or coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0
            or not exists (select 1 from case_deconfliction d join case_file c on c.case_id = d.case_id
                where d.case_id = wanted and d.agreed and c.owner_agency = rastro.actor_agency()) then
        return;
    end if;
    return query
        select distinct e.ground, a.agency, a.name, a.contact_email, a.contact_phone from (
            select 'match' as ground, m.other_case from cases_that_match(wanted) m where m.hidden
            union
            select 'link', case when l.from_case = wanted then l.to_case else l.from_case end from case_link l
            where (l.from_case = wanted or l.to_case = wanted) and l.state <> 'rejected') e
        join case_file c on c.case_id = e.other_case and c.owner_agency <> rastro.actor_agency()
        join case_deconfliction d on d.case_id = c.case_id and d.agreed
        join agency a on a.agency = c.owner_agency
        where not exists (select 1 from case_party p where p.case_id = c.case_id and p.agency = rastro.actor_agency()
            and (p.valid_until is null or p.valid_until > now()))
        order by 1, 2;
end
$body$;

revoke execute on function rastro.keep_blind_tokens(uuid, uuid, text[], text[], text[], text[]),
    rastro.is_victim_of_case(uuid, text[], text[]), rastro.queue_signals(uuid, timestamptz),
    rastro.say_deconfliction(uuid, boolean, text, timestamptz), rastro.cases_that_match(uuid),
    rastro.deconfliction_lines(uuid) from public;
grant execute on function rastro.keep_blind_tokens(uuid, uuid, text[], text[], text[], text[]),
    rastro.is_victim_of_case(uuid, text[], text[]), rastro.queue_signals(uuid, timestamptz),
    rastro.say_deconfliction(uuid, boolean, text, timestamptz), rastro.cases_that_match(uuid),
    rastro.deconfliction_lines(uuid) to rastro_app;
grant select, insert, update on rastro.raised_signal to rastro_app;
grant select, insert, update, delete on rastro.signal_task to rastro_app;
grant select on rastro.case_deconfliction to rastro_app;
grant select on rastro.blind_token, rastro.first_detection to rastro_app;
