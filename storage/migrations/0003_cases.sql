-- Cases: one engine for every type; the trace request with its typed tables. What belongs to a case carries case_id
-- in its key, so that case_id can be the distribution column (design/architecture.md 6).

create table rastro.case_file (
    case_id uuid primary key,
    case_type text not null,
    type_version integer not null,
    number text not null unique,             -- random part: tells nothing about other agencies' volume
    state text not null,
    flags text[] not null default '{}',
    owner_agency text not null,
    owner_country text not null,
    handling_code text not null check (handling_code in ('H0', 'H1', 'H2', 'H3')),
    handling_text text,
    compartments text[] not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    submitted_at timestamptz,
    closed_at timestamptz,
    lead_case_id uuid,
    last_event_hash bytea,
    check (case_type <> 'trace_request' or state in (
        'DRAFT', 'NATIONAL_REVIEW', 'RETURNED', 'SUBMITTED', 'IN_PROGRESS', 'AWAITING_REQUESTER', 'PARTIALLY_ANSWERED',
        'ANSWERED', 'CLOSED', 'WITHDRAWN', 'DUPLICATE', 'REOPENED'))
);
create index case_file_by_owner on rastro.case_file (owner_agency, created_at desc, case_id desc);
create index case_file_by_owner_state on rastro.case_file (owner_agency, state, created_at desc, case_id desc);

-- Who else stands in a relation to a case: addressed by a leg, approver, copied, national contact.
create table rastro.case_party (
    case_id uuid not null,
    agency text not null,
    relation text not null check (relation in ('addressed', 'approver', 'copied', 'linked', 'national_contact')),
    owner_agency text not null,
    granted_at timestamptz not null default now(),
    valid_until timestamptz,
    primary key (case_id, agency, relation)
);
create index case_party_by_agency on rastro.case_party (agency, relation, granted_at desc);

-- What happened. State is the fold of these rows; event_hash chains them within one case.
create table rastro.case_event (
    case_id uuid not null,
    event_id uuid not null,
    leg_id uuid,
    object text not null check (object in ('request', 'leg', 'answer')),
    event text not null,
    transition text,
    from_state text,
    to_state text,
    actor_kind text not null check (actor_kind in ('person', 'gateway', 'system')),
    actor_id text,
    agency text not null,
    country text not null,
    occurred_at timestamptz not null,
    purpose text,
    decision_id uuid,
    reason_code text,
    data json not null default '{}',          -- codes, versions and ids; no names, no serial numbers
    shared boolean not null default false,    -- shown to the addressed agency of leg_id too
    previous_hash bytea,
    event_hash bytea not null check (octet_length(event_hash) = 32),
    primary key (case_id, event_id)
);
create trigger case_event_fixed before update or delete on rastro.case_event
    for each row execute function rastro.refuse_change();
create trigger case_event_kept before truncate on rastro.case_event
    for each statement execute function rastro.refuse_change();

create table rastro.trace_request (
    case_id uuid primary key,
    priority text not null check (priority in ('routine', 'urgent')),
    urgent_ground text,
    urgent_justification text,
    purpose text not null,
    legal_basis text,
    agreement text,
    offence_code text,
    project_code text,
    special_instructions text,
    intended_use text,
    illicit_ground text,
    restrictions_asked text,
    agency_case_no text,
    unit text,
    requester_name text,
    badge_no text,
    contact text,
    sensitive boolean not null default false,
    forward_consent boolean not null default false,
    requested_groups text[] not null default '{}',
    shared_groups text[] not null default '{G0,G1,G2,G8,G9}',
    recipients text[] not null default '{}',   -- country:XB or agency:XB-...
    source_cells jsonb,
    author_id text,
    approver_id text,
    description_version integer not null default 1,
    outcome_code text,
    time_to_crime_days integer,
    ttc_bucket text,
    ttc_flags text[] not null default '{}',
    check (priority = 'routine' or urgent_ground is not null),
    check (approver_id is null or priority = 'routine' or approver_id <> author_id)
);
create index trace_request_by_agency_case_no on rastro.trace_request (agency_case_no) where agency_case_no is not null;

create table rastro.recovery (
    case_id uuid primary key,
    recovered_on date,
    date_precision text not null default 'day' check (date_precision in ('day', 'month', 'year', 'unknown')),
    country text,
    area text,
    place text,
    latitude double precision,
    longitude double precision,
    circumstances text,
    crime_gun boolean,
    context text[] not null default '{}',
    seizure_ref text,
    custody_ref text
);

create table rastro.firearm_description (
    case_id uuid not null,
    version integer not null check (version >= 1),
    stated_by text not null,
    stated_at timestamptz not null,
    change_reason text,
    serial_raw text check (length(serial_raw) <= 64),
    serial_condition text check (serial_condition in ('clear', 'partial', 'obliterated', 'restored', 'none',
                                                               'not_required')),
    serial_canon text,
    serial_skeleton text,
    serial_ncic text,
    serial_core text,
    make_text text,
    make_id text,
    model_text text,
    calibre_text text,
    calibre_id text,
    calibre_group text,
    type_code text,
    type_text text,
    origin_country text,
    importer_text text,
    importer_id text,
    importer_mark_absent boolean not null default false,
    import_country text,
    import_country_text text,
    obliteration_method text,
    partial_characters text,
    lab_result text,
    lab_case_no text,
    restored_serial text,
    remarks text,
    primary key (case_id, version)
);
create index firearm_description_by_skeleton on rastro.firearm_description (serial_skeleton)
    where serial_skeleton is not null;
create trigger firearm_description_fixed before update or delete on rastro.firearm_description
    for each row execute function rastro.refuse_change();

create table rastro.mark (
    case_id uuid not null,
    description_version integer not null,
    seq smallint not null,
    kind text not null,
    place text,
    text text,
    state text,
    remarks text,
    primary key (case_id, description_version, seq)
);
create trigger mark_fixed before update or delete on rastro.mark
    for each row execute function rastro.refuse_change();

-- Persons of a request: possessor (G3), associates (G4). Kept apart so that who may not see them never fetches them.
create table rastro.case_person (
    case_id uuid not null,
    seq smallint not null,
    role text not null check (role in ('possessor', 'associate')),
    family_name text,
    given_names text,
    alias text,
    sex text,
    birth_date date,
    birth_place text,
    nationality text,
    id_kind text,
    id_number text,
    address text,
    relation text,
    remarks text,
    primary key (case_id, seq)
);
create table rastro.case_vehicle (
    case_id uuid primary key,
    plate text,
    plate_country text,
    vin text,
    description text
);

create table rastro.leg (
    case_id uuid not null,
    leg_id uuid not null unique,
    asking_agency text not null,
    asking_country text not null,
    asked_agency text not null,
    asked_country text not null,
    backup_agency text,
    state text not null check (state in (
        'ROUTED', 'DELIVERED', 'ACKNOWLEDGED', 'SEARCHING', 'ANSWERED_FULL', 'ANSWERED_PARTIAL', 'NO_RECORD', 'REFUSED',
        'FORWARDED', 'EXPIRED', 'CLARIFICATION_REQUESTED', 'DELAYED', 'ESCALATED', 'STOPPED')),
    resume_state text,
    flags text[] not null default '{}',
    open boolean not null default true,
    version integer not null default 1,
    priority text not null,
    path text[] not null,
    hop smallint not null check (hop between 0 and 8),
    parent_leg_id uuid,
    description_version integer not null,
    handler_id text,
    outcome_code text,
    refusal_reason text,
    due_at timestamptz not null,
    routed_at timestamptz not null,
    delivered_at timestamptz,
    acknowledged_at timestamptz,
    final_at timestamptz,
    updated_at timestamptz not null,
    primary key (case_id, leg_id)
);
-- The inbox: open legs of an agency, soonest due first.
create index leg_inbox on rastro.leg (asked_agency, due_at, leg_id) where open;
create index leg_undelivered on rastro.leg (routed_at) where state = 'ROUTED';
create unique index leg_one_open_per_agency on rastro.leg (case_id, asked_agency) where open;

create table rastro.clarification (
    case_id uuid not null,
    leg_id uuid not null,
    seq smallint not null,
    fields text[] not null,
    question text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    reply text,
    replied_by text,
    replied_at timestamptz,
    reply_description_version integer,
    primary key (case_id, leg_id, seq)
);

-- Delay, restriction and refusal with their coded reason (domain/tracing.md 3.5), and appeals against them.
create table rastro.leg_decision (
    case_id uuid not null,
    leg_id uuid not null,
    seq smallint not null,
    stage text not null check (stage in ('delay', 'restrict', 'refuse', 'appeal', 'appeal_decision')),
    reason_code text,
    review_on date,
    appeal_to text,
    free_text text,
    upheld boolean,
    groups text[] not null default '{}',
    decided_by text not null,
    decided_agency text not null,
    decided_at timestamptz not null,
    primary key (case_id, leg_id, seq)
);

create table rastro.answer (
    case_id uuid not null,
    leg_id uuid not null,
    answer_id uuid not null unique,
    seq smallint not null,
    kind text not null check (kind in ('partial', 'full', 'no_record')),
    outcome_code text not null,
    description_version integer not null,
    handling_code text not null,
    evaluation text,
    remarks text,
    conditions text,
    next_country text,
    groups text[] not null,
    approval text not null default 'not_needed' check (approval in ('not_needed', 'pending', 'approved', 'rejected')),
    given_by text not null,
    given_agency text not null,
    given_at timestamptz not null,
    approved_by text,
    approved_at timestamptz,
    supersedes uuid,
    superseded_by uuid,
    recalled_at timestamptz,
    recall_reason text,
    withheld text[] not null default '{}',    -- G6:data_protection
    decision_id uuid,
    primary key (case_id, answer_id),
    check (approved_by is null or approved_by <> given_by),
    check (approval in ('not_needed', 'pending') or approved_by is not null)
);
create index answer_by_leg on rastro.answer (case_id, leg_id, seq);

create table rastro.chain_link (
    case_id uuid not null,
    answer_id uuid not null,
    seq smallint not null,
    field_group text not null check (field_group in ('G5', 'G6', 'G7')),
    role text not null,
    party_name text,
    party_country text,
    party_place text,
    party_licence text,
    received_on text,
    disposed_on text,
    document text,
    source_record text,
    confidence text,
    flags text[] not null default '{}',
    primary key (case_id, answer_id, seq)
);
create trigger chain_link_fixed before update or delete on rastro.chain_link
    for each row execute function rastro.refuse_change();

-- Timers are rows: fired once however many servers run (design/architecture.md 5).
create table rastro.deadline (
    case_id uuid not null,
    deadline_id uuid not null,
    leg_id uuid,
    clock text not null,
    stage text not null check (stage in ('due', 'escalate', 'expire')),
    cycle smallint not null default 1,
    state text not null check (state in ('running', 'paused', 'stopped', 'fired')),
    started_at timestamptz not null,
    due_at timestamptz not null,
    paused_at timestamptz,
    fired_at timestamptz,
    attempts smallint not null default 0,
    primary key (case_id, deadline_id),
    unique nulls not distinct (case_id, leg_id, clock, stage, cycle)
);
create index deadline_running on rastro.deadline (due_at) where state = 'running';

-- ---------------------------------------------------------------- messages out

-- Written with the act itself; given its per-agency number after commit by the sequencer, which moves it to event_feed.
create table rastro.outbox (
    message_id uuid primary key,
    xid xid8 not null default pg_current_xact_id(),
    agency text not null,
    kind text not null,
    case_id uuid,
    object_type text not null,
    object_id text not null,
    object_version integer not null,
    occurred_at timestamptz not null
);
create index outbox_by_order on rastro.outbox (xid, message_id);
create table rastro.event_feed (
    agency text not null,
    seq bigint not null,
    message_id uuid not null,
    kind text not null,
    case_id uuid,
    object_type text not null,
    object_id text not null,
    object_version integer not null,
    occurred_at timestamptz not null,
    primary key (agency, seq)
);
create table rastro.event_feed_head (
    agency text primary key,
    seq bigint not null
);

-- One effect per key (anchors/security.md 4.2 rule 2). Kept 7 days.
create table rastro.idempotency_key (
    agency text not null,
    principal text not null,
    key text not null,
    operation text not null,
    fingerprint bytea not null,
    status smallint not null,
    etag text,
    location text,
    body text not null,
    event_id uuid,
    created_at timestamptz not null,
    primary key (agency, principal, key)
);
create index idempotency_key_by_age on rastro.idempotency_key (created_at);

-- ---------------------------------------------------------------- catalogue and imports

create table rastro.make (
    make_id text primary key,
    name text not null,
    country text,
    ncic_code text,
    source text not null,
    added_at timestamptz not null default now()
);
create table rastro.make_alias (
    alias_key text primary key,      -- normalised spelling (cases/trace/catalogue)
    make_id text not null references rastro.make,
    alias text not null,
    source text not null
);
create table rastro.make_review (
    review_id uuid not null,
    agency text not null,
    alias_key text not null,
    raw_text text not null,
    seen integer not null default 1,
    state text not null default 'open' check (state in ('open', 'matched', 'rejected')),
    make_id text,
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (review_id),
    unique (agency, alias_key)
);
create table rastro.import_file (
    import_id uuid primary key,
    agency text not null,
    file_sha256 text not null,
    file_name text,
    profile text not null,
    dry_run boolean not null,
    submit boolean not null,
    announced_rows integer,
    created_by text not null,
    created_at timestamptz not null default now(),
    unique (agency, file_sha256, profile, dry_run, submit)
);
create table rastro.import_row (
    import_id uuid not null references rastro.import_file,
    line integer not null,
    agency text not null,
    row_sha256 bytea not null,
    result text not null check (result in ('submitted', 'draft', 'duplicate', 'rejected')),
    case_id uuid,
    notes jsonb not null default '[]',
    primary key (import_id, line)
);

-- ---------------------------------------------------------------- second wall

-- The state of a request is derived from all its legs, also those that the acting (asked) agency may not see. Tells
-- states only, and only to a party of the case. Runs as the owner, who is bound by the policy for it below.
create function rastro.leg_states_of(wanted uuid) returns text[] language sql stable security definer
    set search_path = rastro as
$body$
    select coalesce(array_agg(l.state order by l.routed_at, l.leg_id), '{}') from rastro.leg l
    where l.case_id = wanted and (rastro.actor_access() = 'system' or exists (
        select 1 from rastro.case_file c where c.case_id = wanted and rastro.actor_agency() is not null
          and (c.owner_agency = rastro.actor_agency() or exists (select 1 from rastro.case_party p
               where p.case_id = wanted and p.agency = rastro.actor_agency()))))
$body$;

-- The same with what else the derivation looks at: what lies under an escalation, marks, outcome, and whether the leg
-- was final before the request was last reopened. One row at least, without a leg if there is none.
create function rastro.leg_standings_of(wanted uuid) returns table (
    reopened boolean, state text, resume_state text, flags text[], outcome_code text, earlier_round boolean)
    language sql stable security definer set search_path = rastro as
$body$
    select r.at is not null, l.state, l.resume_state, l.flags, l.outcome_code, coalesce(l.final_at <= r.at, false)
    from (select max(e.occurred_at) as at from rastro.case_event e
          where e.case_id = wanted and e.event = 'reopen') r
    left join rastro.leg l on l.case_id = wanted
    where rastro.actor_access() = 'system' or exists (
        select 1 from rastro.case_file c where c.case_id = wanted and rastro.actor_agency() is not null
          and (c.owner_agency = rastro.actor_agency() or exists (select 1 from rastro.case_party p
               where p.case_id = wanted and p.agency = rastro.actor_agency())))
    order by l.routed_at, l.leg_id
$body$;

do $body$
declare t text;
begin
    foreach t in array array['case_file', 'case_party', 'case_event', 'trace_request', 'recovery', 'firearm_description', 'mark',
        'case_person', 'case_vehicle', 'leg', 'clarification', 'leg_decision', 'answer', 'chain_link', 'deadline', 'outbox',
        'event_feed', 'event_feed_head', 'idempotency_key', 'make_review', 'import_file', 'import_row'] loop
        execute format('alter table rastro.%I enable row level security', t);
        execute format('alter table rastro.%I force row level security', t);
        execute format('create policy system_all on rastro.%I for all using (rastro.actor_access() = ''system'')', t);
    end loop;
end
$body$;

create policy case_see on rastro.case_file for select using (
    rastro.actor_access() = 'content'
    and (owner_agency = rastro.actor_agency()
         or exists (select 1 from rastro.case_party p
                    where p.case_id = case_file.case_id and p.agency = rastro.actor_agency()
                      and (p.valid_until is null or p.valid_until > now()))));
create policy case_compartment on rastro.case_file as restrictive for all using (
    compartments <@ rastro.actor_compartments() or rastro.actor_access() = 'system');
create policy case_add on rastro.case_file for insert
    with check (rastro.actor_access() = 'content' and owner_agency = rastro.actor_agency());
-- State and version of the case row move with acts of every party; what an act may do is decided in cases/.
create policy case_change on rastro.case_file for update using (
    rastro.actor_access() = 'content'
    and (owner_agency = rastro.actor_agency()
         or exists (select 1 from rastro.case_party p
                    where p.case_id = case_file.case_id and p.agency = rastro.actor_agency()
                      and (p.valid_until is null or p.valid_until > now()))))
    with check (rastro.actor_access() = 'content');

create policy party_see on rastro.case_party for select using (
    rastro.actor_access() = 'content'
    and (agency = rastro.actor_agency() or owner_agency = rastro.actor_agency()));
create policy party_add on rastro.case_party for insert
    with check (rastro.actor_access() = 'content'
                and (owner_agency = rastro.actor_agency() or rastro.actor_agency() is not null));

-- A leg is seen by who asked, who was asked and who approves for the asking side; not by the other asked agencies.
create policy leg_see on rastro.leg for select using (
    rastro.actor_access() = 'content'
    and (rastro.actor_agency() in (asking_agency, asked_agency)
         or exists (select 1 from rastro.case_party p
                    where p.case_id = leg.case_id and p.agency = rastro.actor_agency()
                      and p.relation in ('approver', 'national_contact', 'copied')
                      and (p.valid_until is null or p.valid_until > now()))));
create policy leg_add on rastro.leg for insert with check (
    rastro.actor_access() = 'content'
    and exists (select 1 from rastro.case_file c where c.case_id = leg.case_id));
create policy leg_change on rastro.leg for update using (
    rastro.actor_access() = 'content'
    and (rastro.actor_agency() in (asking_agency, asked_agency)
         or exists (select 1 from rastro.case_party p
                    where p.case_id = leg.case_id and p.agency = rastro.actor_agency()
                      and p.relation in ('approver', 'national_contact'))));

do $body$
declare t text;
begin
    -- What hangs on the case is seen with the case.
    foreach t in array array['trace_request', 'recovery', 'firearm_description', 'mark', 'case_person', 'case_vehicle'] loop
        execute format('create policy with_case on rastro.%I for select using (exists (select 1 from rastro.case_file c
            where c.case_id = %I.case_id))', t, t);
        execute format('create policy add_with_case on rastro.%I for insert with check (exists (select 1
            from rastro.case_file c where c.case_id = %I.case_id))', t, t);
    end loop;
    foreach t in array array['trace_request', 'recovery', 'case_person', 'case_vehicle'] loop
        execute format('create policy change_with_case on rastro.%I for update using (exists (select 1
            from rastro.case_file c where c.case_id = %I.case_id))', t, t);
    end loop;
    -- The owner rewrites the persons of its own draft; nobody else's.
    foreach t in array array['case_person', 'case_vehicle'] loop
        execute format('create policy remove_own on rastro.%I for delete using (exists (select 1
            from rastro.case_file c where c.case_id = %I.case_id and c.owner_agency = rastro.actor_agency()))', t, t);
    end loop;
    -- What hangs on a leg is seen with the leg.
    foreach t in array array['clarification', 'leg_decision', 'answer'] loop
        execute format('create policy with_leg on rastro.%I for select using (exists (select 1 from rastro.leg l
            where l.case_id = %I.case_id and l.leg_id = %I.leg_id))', t, t, t);
        execute format('create policy add_with_leg on rastro.%I for insert with check (exists (select 1
            from rastro.leg l where l.case_id = %I.case_id and l.leg_id = %I.leg_id))', t, t, t);
        execute format('create policy change_with_leg on rastro.%I for update using (exists (select 1
            from rastro.leg l where l.case_id = %I.case_id and l.leg_id = %I.leg_id))', t, t, t);
    end loop;
end
$body$;
create policy chain_link_see on rastro.chain_link for select using (
    exists (select 1 from rastro.answer a where a.case_id = chain_link.case_id and a.answer_id = chain_link.answer_id));
create policy chain_link_add on rastro.chain_link for insert with check (
    exists (select 1 from rastro.answer a where a.case_id = chain_link.case_id and a.answer_id = chain_link.answer_id));

create policy event_see on rastro.case_event for select using (
    exists (select 1 from rastro.case_file c where c.case_id = case_event.case_id
              and (c.owner_agency = rastro.actor_agency() or case_event.agency = rastro.actor_agency()))
    or (shared and exists (select 1 from rastro.leg l where l.case_id = case_event.case_id
                             and l.leg_id = case_event.leg_id)));
create policy event_add on rastro.case_event for insert with check (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());

create policy deadline_see on rastro.deadline for select using (
    exists (select 1 from rastro.case_file c where c.case_id = deadline.case_id));
create policy deadline_add on rastro.deadline for insert with check (
    exists (select 1 from rastro.case_file c where c.case_id = deadline.case_id));
create policy deadline_change on rastro.deadline for update using (
    exists (select 1 from rastro.case_file c where c.case_id = deadline.case_id));

create policy outbox_add on rastro.outbox for insert with check (rastro.actor_agency() is not null);
create policy feed_see on rastro.event_feed for select using (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());
create policy feed_head_see on rastro.event_feed_head for select using (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());

create policy idempotency_own on rastro.idempotency_key for all using (agency = rastro.actor_agency());
create policy make_review_own on rastro.make_review for all using (agency = rastro.actor_agency());
create policy import_file_own on rastro.import_file for all using (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());
create policy import_row_own on rastro.import_row for all using (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());

-- Forced row-level security binds the owner too; the function above reads legs, cases and parties as the owner.
create policy owner_reads on rastro.leg for select to rastro_owner using (true);
create policy owner_reads on rastro.case_file for select to rastro_owner using (true);
create policy owner_reads on rastro.case_event for select to rastro_owner using (true);
create policy owner_reads_too on rastro.case_party for select to rastro_owner using (true);
grant execute on function rastro.leg_states_of(uuid), rastro.leg_standings_of(uuid) to rastro_app;
grant select, insert, update on rastro.case_file, rastro.trace_request, rastro.recovery, rastro.leg, rastro.clarification,
    rastro.answer, rastro.deadline, rastro.make_review to rastro_app;
grant select, insert on rastro.case_party, rastro.case_event, rastro.firearm_description, rastro.mark, rastro.leg_decision,
    rastro.chain_link, rastro.make, rastro.make_alias, rastro.import_file, rastro.import_row to rastro_app;
grant select, insert, update, delete on rastro.case_person, rastro.case_vehicle to rastro_app;
grant select, insert, delete on rastro.outbox, rastro.idempotency_key to rastro_app;
grant select, insert on rastro.event_feed to rastro_app;
grant select, insert, update on rastro.event_feed_head to rastro_app;
