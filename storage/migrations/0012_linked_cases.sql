-- Declared cases (cases/types): objects with their own states, values of fields by field group, named members, seals,
-- shares, links, clocks, and the snapshots of the RANDOT report. What a group hides is hidden here too.

alter table rastro.case_event drop constraint case_event_object_check;
alter table rastro.case_event add constraint case_event_object_check check (object ~ '^[a-z_]{1,40}$');

-- The root object of a case has the id of the case.
create table rastro.case_object (
    case_id uuid not null,
    object_id uuid not null,
    object text not null check (object ~ '^[a-z_]{1,40}$'),
    state text not null,
    resume_state text,
    open boolean not null,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (case_id, object_id)
);

-- One row a value and version: a correction is a new version, what was stated stays. Typed columns beside the canonical
-- text are for statistics. S4 rows are sealed: see the policy below.
create table rastro.case_field (
    case_id uuid not null,
    object_id uuid not null,
    field text not null,
    version integer not null check (version >= 1),
    case_type text not null,
    object text not null,
    field_group text not null check (field_group in ('S0', 'S1', 'S2', 'S3', 'S4')),
    value text not null check (length(value) between 1 and 8000),
    on_date date,
    stated_by text not null,
    stated_agency text not null,
    stated_at timestamptz not null,
    current boolean not null default true,
    primary key (case_id, object_id, field, version)
);
create unique index case_field_current on rastro.case_field (case_id, object_id, field) where current;
create type rastro.new_case_field as (
    case_id uuid, object_id uuid, field text, version integer, case_type text, object text, field_group text,
    value text, on_date date, stated_by text, stated_agency text, stated_at timestamptz);
create index case_field_of_trainings on rastro.case_field (lower(btrim(value))) where object = 'training'
    and field = 'person_ref' and current;
create index case_field_by_date on rastro.case_field (case_type, object, field, on_date) where on_date is not null;

-- Case team (S2) and named members (S3). Rows are ended, never removed.
create table rastro.case_member (
    case_id uuid not null,
    user_id uuid not null references rastro.app_user,
    kind text not null check (kind in ('team', 'named')),
    added_by text not null,
    added_at timestamptz not null,
    ended_at timestamptz,
    primary key (case_id, user_id)
);
-- Who may not know of a case because it is about them (cases/linked/conflict_wall).
create table rastro.case_wall (
    case_id uuid not null,
    user_id uuid not null,
    ground text not null,
    raised_at timestamptz not null,
    primary key (case_id, user_id)
);
-- A sealed group is opened for one person by two others.
create table rastro.seal_grant (
    grant_id uuid primary key,
    case_id uuid not null,
    user_id uuid not null references rastro.app_user,
    reason text not null check (length(reason) between 1 and 2000),
    proposed_by uuid not null,
    proposed_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    decision text check (decision in ('accepted', 'rejected')),
    valid_until timestamptz,
    check (decided_by is null or decided_by <> proposed_by),
    check (user_id <> proposed_by),
    check (decided_by is null or decided_by <> user_id),
    check ((decided_by is null) = (decision is null))
);
-- What an agency of the other side, or one that is told, may see: groups, purposes, passing on.
create table rastro.case_share (
    case_id uuid not null,
    agency text not null references rastro.agency,
    groups text[] not null check (groups <@ array['S0', 'S1', 'S2']),
    purposes text[] not null default '{}',
    onward text not null check (onward in ('no', 'with_consent', 'yes')),
    shared_by text not null,
    shared_at timestamptz not null,
    valid_until timestamptz,
    revoked_at timestamptz,
    primary key (case_id, agency)
);
-- First act of two: who prepared it. Completed by somebody else, in the database too.
create table rastro.case_proposal (
    case_id uuid not null,
    proposal_id uuid not null,
    object_id uuid not null,
    event text not null,
    agency text not null,
    proposed_by text not null,
    roles text[] not null,
    proposed_at timestamptz not null,
    completed_by text,
    completed_at timestamptz,
    primary key (case_id, proposal_id),
    check (completed_by is null or completed_by <> proposed_by)
);
create unique index case_proposal_open on rastro.case_proposal (case_id, object_id, event) where completed_by is null;
create table rastro.case_clock (
    case_id uuid not null,
    object_id uuid not null,
    clock text not null,
    cycle smallint not null default 1,
    state text not null check (state in ('running', 'stopped')),
    started_at timestamptz not null,
    due_at timestamptz not null,
    source text not null,
    primary key (case_id, object_id, clock, cycle)
);
create table rastro.case_link (
    link_id uuid primary key,
    from_case uuid not null,
    to_case uuid not null,
    kind text not null,
    asserted_by text not null,
    asserted_agency text not null,
    basis text not null check (basis in ('document', 'analyst', 'match')),
    confidence smallint not null check (confidence between 1 and 5),
    state text not null default 'proposed' check (state in ('proposed', 'confirmed', 'rejected')),
    decided_by text,
    created_at timestamptz not null,
    check (from_case <> to_case),
    check (decided_by is null or decided_by <> asserted_by),
    unique (from_case, to_case, kind)
);
create index case_link_to on rastro.case_link (to_case);
-- One first a substance and scope, whoever confirms at the same moment (domain/linked-cases.md 4.4).
create table rastro.first_detection (
    substance text not null,
    scope text not null,
    country text not null,
    case_id uuid not null,
    collected_on date not null,
    recorded_at timestamptz not null,
    corrections integer not null default 0,
    primary key (substance, scope)
);
-- What a person made of a signal (domain/linked-cases.md 3.6), with what the rule went by at that moment. A change of mind
-- is a new row. The root object stands for the case.
create table rastro.signal_disposition (
    case_id uuid not null,
    rule text not null,
    object_id uuid not null,
    version integer not null check (version >= 1),
    rule_version integer not null,
    severity text not null check (severity in ('low', 'medium', 'high')),
    state text not null check (state in ('under_review', 'confirmed', 'explained', 'insufficient')),
    evidence text not null,                   -- JSON: codes, dates and numbers
    note text check (length(note) between 1 and 2000),
    decided_by text not null,
    decided_agency text not null,
    decided_at timestamptz not null,
    primary key (case_id, rule, object_id, version)
);
-- A report as it was on the day: what was handed out is never changed, a later one is a new version. Checked by one
-- person and cleared by another, neither of whom prepared it.
create table rastro.randot_snapshot (
    snapshot_id uuid primary key,
    country text not null,                    -- '*': the hemisphere
    year smallint not null,
    version integer not null check (version >= 1),
    as_of date not null,
    amended boolean not null,
    definition_version integer not null,
    body text not null,                       -- JSON, with the cases behind each number
    public_body text not null,                -- JSON, as the public may see it
    changes text not null,                    -- JSON: cases that entered or left a row since the version before
    faults integer not null check (faults >= 0),
    sha256 bytea not null check (octet_length(sha256) = 32),
    prepared_by text not null,
    prepared_agency text not null,
    prepared_at timestamptz not null,
    verified_by text,
    verified_at timestamptz,
    cleared_by text,
    cleared_at timestamptz,
    unique (country, year, version),
    check (verified_by is null or verified_by <> prepared_by),
    check (cleared_by is null or (cleared_by <> prepared_by and faults = 0)),
    check (verified_by is null or cleared_by is null or verified_by <> cleared_by)
);

-- ---------------------------------------------------------------- second wall

create policy case_behind_wall on rastro.case_file as restrictive for all using (
    case_type = 'trace_request' or (select rastro.actor_access()) = 'system' or not exists (
        select 1 from rastro.case_wall w where w.case_id = case_file.case_id and w.user_id = (select rastro.actor_user())));

-- Groups of a case that the acting person may see; nothing for strangers.
create function rastro.case_groups(wanted uuid) returns text[] language plpgsql stable security definer
    set search_path = rastro as
$body$
declare
    seen text[] := '{}';
    member text;
begin
    if rastro.actor_access() <> 'content' or not exists (
        select 1 from rastro.case_file c where c.case_id = wanted and (c.owner_agency = rastro.actor_agency() or exists (
            select 1 from rastro.case_party p where p.case_id = wanted and p.agency = rastro.actor_agency()
              and (p.valid_until is null or p.valid_until > now())))) then
        return seen;
    end if;
    seen := array['S0'];
    if exists (select 1 from rastro.case_file c where c.case_id = wanted and c.owner_agency = rastro.actor_agency()) then
        seen := seen || array['S1'];
    end if;
    select seen || coalesce(array_agg(g), '{}') into seen from rastro.case_share s, unnest(s.groups) g
        where s.case_id = wanted and s.agency = rastro.actor_agency() and s.revoked_at is null
          and (s.valid_until is null or s.valid_until > now());
    select m.kind into member from rastro.case_member m
        where m.case_id = wanted and m.user_id = rastro.actor_user() and m.ended_at is null;
    if member is not null then
        seen := seen || array['S2'];
    end if;
    if member = 'named' then
        seen := seen || array['S3'];
        if exists (select 1 from rastro.seal_grant s where s.case_id = wanted and s.user_id = rastro.actor_user()
                     and s.decision = 'accepted' and s.valid_until > now()) then
            seen := seen || array['S4'];
        end if;
    end if;
    return seen;
end
$body$;

-- What guards look at whoever acts: three values that decide what may happen to a person, told as codes only.
create function rastro.case_guard_values(wanted uuid) returns table (object_id uuid, field text, value text)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query select f.object_id, f.field, case f.field when 'guardian' then 'present' else f.value end
        from rastro.case_field f where f.case_id = wanted and f.current
          and f.field in ('consent_purpose', 'age_band', 'guardian')
          and array_length(rastro.case_groups(wanted), 1) > 0;
end
$body$;

-- Takes the present values of an object's fields out of force and tells their versions: also of fields that the writer
-- may not read.
create function rastro.supersede_fields(wanted uuid, of_object uuid, names text[]) returns table (field text, version integer)
    language plpgsql security definer set search_path = rastro as
$body$
begin
    if coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0 then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    return query update rastro.case_field f set current = false
        where f.case_id = wanted and f.object_id = of_object and f.field = any (names) and f.current
        returning f.field, f.version;
end
$body$;

-- Whether a member of staff of the acting agency hears of a case is checked with names that nobody else may read.
create function rastro.staff_names() returns table (user_id uuid, name text) language plpgsql stable security definer
    set search_path = rastro as
$body$
begin
    return query select u.user_id, u.display_name from rastro.app_user u
        where rastro.actor_access() = 'content' and u.agency = rastro.actor_agency() and u.state = 'active';
end
$body$;

-- Courses that a member of the own staff has passed and that hold on the day, by the register of specialised units: asked
-- before somebody interviews a victim, also by who does not see the register.
create function rastro.valid_courses(person text, on_day date) returns setof text
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query
        select distinct f.value from rastro.case_field p
        join rastro.case_file c on c.case_id = p.case_id and c.case_type = 'specialised_unit'
          and c.owner_agency = rastro.actor_agency()
        join rastro.case_object o on o.case_id = p.case_id and o.object_id = p.object_id and o.state = 'VALID'
        join rastro.case_field f on f.case_id = p.case_id and f.object_id = p.object_id and f.field = 'course' and f.current
        left join rastro.case_field u on u.case_id = p.case_id and u.object_id = p.object_id and u.field = 'valid_until'
          and u.current
        where rastro.actor_access() = 'content' and p.case_type = 'specialised_unit' and p.object = 'training'
          and p.field = 'person_ref' and p.current and lower(btrim(p.value)) = lower(btrim(person))
          and (u.on_date is null or u.on_date >= on_day);
end
$body$;

-- Keeps the earliest day of collection of a substance in a scope: 'first', 'correction', or nothing where an earlier one is
-- known already. Whose that is stays untold.
create function rastro.record_first_detection(of_substance text, of_scope text, of_country text, of_case uuid, on_day date,
    at timestamptz) returns text language plpgsql security definer set search_path = rastro as
$body$
declare
    times integer;
begin
    if rastro.actor_access() <> 'content' or not exists (select 1 from rastro.case_file c where c.case_id = of_case
            and c.owner_agency = rastro.actor_agency() and c.owner_country = of_country) then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    insert into rastro.first_detection as f (substance, scope, country, case_id, collected_on, recorded_at)
        values (of_substance, of_scope, of_country, of_case, on_day, at)
        on conflict (substance, scope) do update set country = excluded.country, case_id = excluded.case_id,
            collected_on = excluded.collected_on, recorded_at = excluded.recorded_at, corrections = f.corrections + 1
        where excluded.collected_on < f.collected_on
        returning corrections into times;
    return case when times is null then null when times = 0 then 'first' else 'correction' end;
end
$body$;

-- Present values of the groups wanted, as far as the acting person sees them. The groups are told once a case: the policy
-- on case_field, which says the same, would ask for every row.
create function rastro.case_fields_seen(wanted uuid[], wanted_groups text[], root_only boolean)
    returns setof rastro.case_field language plpgsql stable security definer set search_path = rastro as
$body$
begin
    return query select f.* from unnest(wanted) w
        cross join lateral (select rastro.case_groups(w) as seen offset 0) g
        join rastro.case_field f on f.case_id = w and f.current and f.field_group = any (g.seen)
          and f.field_group = any (wanted_groups) and (not root_only or f.object_id = f.case_id);
end
$body$;

-- Who hands in the report of a country: its national contact's agency and its statistics office; of the hemisphere ('*',
-- or no country) and of countries, the agency that runs the instance.
create function rastro.may_report(wanted text) returns boolean language sql stable security definer
    set search_path = rastro as
$body$
    select rastro.actor_access() = 'content' and exists (
        select 1 from rastro.agency a where a.agency = rastro.actor_agency() and a.state = 'active'
          and (a.kind = 'administration' or (a.country = wanted and (a.national_contact or a.kind = 'statistics'))))
$body$;

-- Facts of the RANDOT report: dates, codes and amounts only; persons as digests. For the national contact and the
-- statistics office of the country, and for the agency that runs the instance when no country is named.
create function rastro.randot_values(wanted text, until timestamptz) returns table (
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
        where c.case_type in ('coop_request', 'judgment') and c.created_at <= until
          and (c.case_type = 'coop_request' or wanted is null or c.owner_country = wanted)
        order by c.case_id, f.object_id;
end
$body$;

-- Victims of trafficking detected in a year, counted by purpose of exploitation and age band; nothing of any one of them.
create function rastro.victim_counts(wanted text, of_year integer) returns table (purpose text, age_band text, victims integer)
    language plpgsql stable security definer set search_path = rastro as
$body$
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        select p.code, coalesce(a.value, 'unknown'), count(*)::integer
        from rastro.case_file c
        join rastro.case_field d on d.case_id = c.case_id and d.object_id = c.case_id and d.field = 'detected_on'
          and d.current and d.on_date between make_date(of_year, 1, 1) and make_date(of_year, 12, 31)
        join rastro.case_object o on o.case_id = c.case_id and o.object = 'victim'
        left join rastro.case_field f on f.case_id = c.case_id and f.object_id = c.case_id and f.field = 'purpose'
          and f.current
        cross join lateral (select split_part(coalesce(f.value, 'unknown'), '|', 1) as code) p
        left join rastro.case_field a on a.case_id = c.case_id and a.object_id = o.object_id and a.field = 'age_band'
          and a.current
        where c.case_type = 'tip_case' and c.owner_country = wanted
        group by 1, 2;
end
$body$;

do $body$
declare t text;
begin
    foreach t in array array['case_object', 'case_field', 'case_member', 'case_wall', 'seal_grant', 'case_share',
        'case_proposal', 'case_clock', 'case_link', 'signal_disposition', 'first_detection', 'randot_snapshot'] loop
        execute format('alter table rastro.%I enable row level security', t);
        execute format('alter table rastro.%I force row level security', t);
        execute format('create policy system_all on rastro.%I for all using ((select rastro.actor_access()) = ''system'')', t);
        execute format('create policy owner_reads on rastro.%I for select to rastro_owner using (true)', t);
    end loop;
    foreach t in array array['case_object', 'case_clock', 'case_share', 'case_proposal', 'case_member', 'seal_grant',
        'signal_disposition'] loop
        execute format('create policy with_case on rastro.%I for select using (exists (select 1 from rastro.case_file c
            where c.case_id = %I.case_id))', t, t);
    end loop;
    foreach t in array array['case_object', 'case_clock', 'case_proposal', 'signal_disposition'] loop
        execute format('create policy add_with_case on rastro.%I for insert with check (
            (select rastro.actor_access()) = ''content''
            and exists (select 1 from rastro.case_file c where c.case_id = %I.case_id))', t, t);
    end loop;
    foreach t in array array['case_object', 'case_clock', 'case_proposal'] loop
        execute format('create policy change_with_case on rastro.%I for update using (
            (select rastro.actor_access()) = ''content''
            and exists (select 1 from rastro.case_file c where c.case_id = %I.case_id))', t, t);
    end loop;
    -- Who sees more is said by the owner of the case alone.
    foreach t in array array['case_share', 'case_member', 'seal_grant'] loop
        execute format('create policy owner_adds on rastro.%I for insert with check (
            (select rastro.actor_access()) = ''content'' and exists (select 1 from rastro.case_file c
            where c.case_id = %I.case_id and c.owner_agency = (select rastro.actor_agency())))', t, t);
        execute format('create policy owner_changes on rastro.%I for update using (
            (select rastro.actor_access()) = ''content'' and exists (select 1 from rastro.case_file c
            where c.case_id = %I.case_id and c.owner_agency = (select rastro.actor_agency())))', t, t);
    end loop;
end
$body$;
-- A field is seen with its group. S4 is written by whoever takes the step, and read under a seal grant only.
create policy field_see on rastro.case_field for select using (field_group = any (rastro.case_groups(case_id)));
create policy field_add on rastro.case_field for insert with check (
    (select rastro.actor_access()) = 'content' and stated_agency = (select rastro.actor_agency())
    and exists (select 1 from rastro.case_file c where c.case_id = case_field.case_id));
create policy owner_supersedes on rastro.case_field for update to rastro_owner using (true);
create policy owner_keeps on rastro.first_detection for insert to rastro_owner with check (true);
create policy owner_corrects on rastro.first_detection for update to rastro_owner using (true);
create policy wall_own on rastro.case_wall for select using (user_id = (select rastro.actor_user()));
create policy wall_add on rastro.case_wall for insert with check ((select rastro.actor_access()) = 'content');
-- A link is seen by who may see both ends.
create policy link_see on rastro.case_link for select using (
    exists (select 1 from rastro.case_file c where c.case_id = case_link.from_case)
    and exists (select 1 from rastro.case_file c where c.case_id = case_link.to_case));
create policy link_add on rastro.case_link for insert with check (
    (select rastro.actor_access()) = 'content' and asserted_agency = (select rastro.actor_agency())
    and exists (select 1 from rastro.case_file c where c.case_id = case_link.from_case)
    and exists (select 1 from rastro.case_file c where c.case_id = case_link.to_case));
create policy link_change on rastro.case_link for update using (
    exists (select 1 from rastro.case_file c where c.case_id = case_link.from_case)
    and exists (select 1 from rastro.case_file c where c.case_id = case_link.to_case));
create policy snapshot_see on rastro.randot_snapshot for select using (rastro.may_report(country));
create policy snapshot_add on rastro.randot_snapshot for insert with check (
    rastro.may_report(country) and prepared_agency = (select rastro.actor_agency()));
create policy snapshot_change on rastro.randot_snapshot for update using (rastro.may_report(country));
create policy owner_reads_users on rastro.app_user for select to rastro_owner using (true);

revoke execute on function rastro.case_groups(uuid), rastro.case_guard_values(uuid), rastro.staff_names(),
    rastro.supersede_fields(uuid, uuid, text[]), rastro.case_fields_seen(uuid[], text[], boolean),
    rastro.record_first_detection(text, text, text, uuid, date, timestamptz), rastro.valid_courses(text, date),
    rastro.may_report(text), rastro.victim_counts(text, integer), rastro.randot_values(text, timestamptz) from public;
grant execute on function rastro.case_groups(uuid), rastro.case_guard_values(uuid), rastro.staff_names(),
    rastro.supersede_fields(uuid, uuid, text[]), rastro.case_fields_seen(uuid[], text[], boolean),
    rastro.record_first_detection(text, text, text, uuid, date, timestamptz), rastro.valid_courses(text, date),
    rastro.may_report(text), rastro.victim_counts(text, integer), rastro.randot_values(text, timestamptz) to rastro_app;
grant select, insert on rastro.case_object, rastro.case_field, rastro.case_member, rastro.case_wall,
    rastro.seal_grant, rastro.case_share, rastro.case_proposal, rastro.case_clock, rastro.case_link,
    rastro.signal_disposition, rastro.randot_snapshot to rastro_app;
grant update (state, resume_state, open, updated_at) on rastro.case_object to rastro_app;
grant update (ended_at, kind) on rastro.case_member to rastro_app;
grant update (decided_by, decided_at, decision, valid_until) on rastro.seal_grant to rastro_app;
grant update (groups, purposes, onward, valid_until, revoked_at) on rastro.case_share to rastro_app;
grant update (completed_by, completed_at) on rastro.case_proposal to rastro_app;
grant update (state) on rastro.case_clock to rastro_app;
grant update (state, decided_by) on rastro.case_link to rastro_app;
grant update (verified_by, verified_at, cleared_by, cleared_at) on rastro.randot_snapshot to rastro_app;
