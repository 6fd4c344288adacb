-- Who acts is read once for a statement, not once for a row: every policy calls the functions that tell it through a
-- scalar subquery, which PostgreSQL runs as an InitPlan. The policies say the same as before. Rewriting them from the
-- catalogue keeps each rule where it was written; a later policy says (select rastro.actor_agency()) from the start.
-- Not so agency and case_party: a policy of each leads back to the table itself, which PostgreSQL allows only while the
-- policies met there have no subquery.
do $body$
declare
    p record;
    path text := current_setting('search_path');
    once constant text := '(select rastro.actor_\1())';
    call constant text := 'rastro\.actor_(agency|country|user|access|compartments|credential)\(\)';
begin
    perform set_config('search_path', 'pg_catalog', true);  -- so that pg_policies writes every name with its schema
    for p in select tablename, policyname, qual, with_check from pg_policies where schemaname = 'rastro'
            and tablename not in ('agency', 'case_party') loop
        if p.qual ~ call then
            execute format('alter policy %I on rastro.%I using (%s)', p.policyname, p.tablename,
                           regexp_replace(p.qual, call, once, 'g'));
        end if;
        if p.with_check ~ call then
            execute format('alter policy %I on rastro.%I with check (%s)', p.policyname, p.tablename,
                           regexp_replace(p.with_check, call, once, 'g'));
        end if;
    end loop;
    perform set_config('search_path', path, true);
end
$body$;

-- The stored answer of a submission is longer than a page row may be; lz4 takes a tenth of the time of pglz.
alter table rastro.idempotency_key alter column body set compression lz4;

-- Rows are written as one array of a composite type for each table: the columns that an insert names, in its order
-- (storage/db/insert_batch). A column that is added to an insert later makes a new type in the migration that adds it.
create type rastro.new_firearm_description as (
    case_id uuid, version integer, stated_by text, stated_at timestamptz, change_reason text, serial_raw text,
    serial_condition text, serial_canon text, serial_skeleton text, serial_ncic text, serial_core text,
    make_text text, make_id text, model_text text, calibre_text text, calibre_id text, calibre_group text,
    type_code text, type_text text, origin_country text, importer_text text, importer_id text,
    importer_mark_absent boolean, import_country text, import_country_text text, obliteration_method text,
    partial_characters text, lab_result text, lab_case_no text, restored_serial text, remarks text);
create type rastro.new_mark as (
    case_id uuid, description_version integer, seq smallint, kind text, place text, text text, state text,
    remarks text);
create type rastro.new_recovery as (
    case_id uuid, recovered_on date, date_precision text, country text, area text, place text,
    latitude double precision, longitude double precision, circumstances text, crime_gun boolean, context text[],
    seizure_ref text, custody_ref text);
create type rastro.new_case_person as (
    case_id uuid, seq smallint, role text, family_name text, given_names text, alias text, sex text, birth_date date,
    birth_place text, nationality text, id_kind text, id_number text, address text, relation text, remarks text);
create type rastro.new_case_vehicle as (
    case_id uuid, plate text, plate_country text, vin text, description text);
create type rastro.new_case_event as (
    case_id uuid, event_id uuid, leg_id uuid, object text, event text, transition text, from_state text,
    to_state text, actor_kind text, actor_id text, agency text, country text, occurred_at timestamptz, purpose text,
    decision_id uuid, reason_code text, data json, shared boolean, previous_hash bytea, event_hash bytea);
create type rastro.new_deadline as (
    case_id uuid, deadline_id uuid, leg_id uuid, clock text, stage text, cycle smallint, state text,
    started_at timestamptz, due_at timestamptz);
create type rastro.new_leg as (
    case_id uuid, leg_id uuid, asking_agency text, asking_country text, asked_agency text, asked_country text,
    backup_agency text, state text, flags text[], open boolean, version integer, priority text, path text[],
    hop smallint, parent_leg_id uuid, description_version integer, due_at timestamptz, routed_at timestamptz,
    updated_at timestamptz);
create type rastro.new_case_file as (
    case_id uuid, case_type text, type_version integer, number text, state text, flags text[], owner_agency text,
    owner_country text, handling_code text, handling_text text, compartments text[], version integer,
    created_at timestamptz, updated_at timestamptz, submitted_at timestamptz, last_event_hash bytea);
create type rastro.new_case_party as (
    case_id uuid, agency text, relation text, owner_agency text, granted_at timestamptz);
create type rastro.new_trace_request as (
    case_id uuid, priority text, urgent_ground text, urgent_justification text, purpose text, legal_basis text,
    agreement text, offence_code text, project_code text, special_instructions text, intended_use text,
    illicit_ground text, restrictions_asked text, agency_case_no text, unit text, requester_name text, badge_no text,
    contact text, sensitive boolean, forward_consent boolean, requested_groups text[], shared_groups text[],
    recipients text[], source_cells jsonb, author_id text, approver_id text, description_version integer);
create type rastro.new_chain_link as (
    case_id uuid, answer_id uuid, seq smallint, field_group text, role text, party_name text, party_country text,
    party_place text, party_licence text, received_on text, disposed_on text, document text, source_record text,
    confidence text, flags text[]);
create type rastro.new_import_row as (
    import_id uuid, line integer, agency text, row_sha256 bytea, result text, ready boolean, case_id uuid,
    notes jsonb, duplicate_key bytea, make_key text);
create type rastro.new_outbox as (
    message_id uuid, agency text, kind text, case_id uuid, object_type text, object_id text, object_version integer,
    occurred_at timestamptz);
create type rastro.new_audit_detail as (
    event_id uuid, agency text, nonce bytea, detail bytea);
create type rastro.new_audit_leaf as (
    event_id uuid, leaf bytea, occurred_at timestamptz, action text, outcome text, actor_id text, actor_agency text,
    object_type text, object_id text, object_agency text, request_id uuid);
create type rastro.new_idempotency_key as (
    agency text, principal text, key text, operation text, fingerprint bytea, status smallint, etag text,
    location text, body text, event_id uuid, created_at timestamptz);
create type rastro.new_case_event_text as (
    case_id uuid, event_id uuid, agency text, said text);

-- New requests are filed with everything that belongs to them in one call, which runs as the owner and makes for all rows
-- together the check that row-level security makes for each: every case is the acting agency's own and new, every other
-- row belongs to one of them. What is added to a case later is inserted as before, under the policies of its table.
do $body$
declare t text;
begin
    foreach t in array array['case_file', 'case_party', 'case_event', 'trace_request', 'recovery', 'firearm_description',
        'mark', 'case_person', 'case_vehicle', 'leg', 'deadline'] loop
        execute format('create policy owner_files on rastro.%I for insert to rastro_owner with check (true)', t);
    end loop;
end
$body$;

create function rastro.file_trace_requests(
    files rastro.new_case_file[], parties rastro.new_case_party[], requests rastro.new_trace_request[],
    descriptions rastro.new_firearm_description[], marks rastro.new_mark[], recoveries rastro.new_recovery[],
    persons rastro.new_case_person[], vehicles rastro.new_case_vehicle[], legs rastro.new_leg[],
    events rastro.new_case_event[], deadlines rastro.new_deadline[]) returns void
    language plpgsql security definer set search_path = rastro as
$body$
declare
    me constant text := rastro.actor_agency();
    cleared constant text[] := rastro.actor_compartments();
    ids constant uuid[] := array(select x.case_id from unnest(files) x);
begin
    if rastro.actor_access() <> 'content' or me is null
        or exists (select from unnest(files) x
                   where x.owner_agency is distinct from me or not coalesce(x.compartments <@ cleared, false))
        or exists (select from unnest(parties) x
                   where x.owner_agency is distinct from me or x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(events) x
                   where x.agency is distinct from me or x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(legs) x
                   where x.asking_agency is distinct from me or x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(requests) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(descriptions) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(marks) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(recoveries) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(persons) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(vehicles) x where x.case_id is null or x.case_id <> all (ids))
        or exists (select from unnest(deadlines) x where x.case_id is null or x.case_id <> all (ids))
    then
        raise exception 'a row of another agency or case' using errcode = 'insufficient_privilege';
    end if;
    insert into case_file (case_id, case_type, type_version, number, state, flags, owner_agency, owner_country,
        handling_code, handling_text, compartments, version, created_at, updated_at, submitted_at, last_event_hash)
        select x.case_id, x.case_type, x.type_version, x.number, x.state, x.flags, x.owner_agency, x.owner_country,
        x.handling_code, x.handling_text, x.compartments, x.version, x.created_at, x.updated_at, x.submitted_at,
        x.last_event_hash
        from unnest(files) x;
    insert into case_party (case_id, agency, relation, owner_agency, granted_at)
        select x.case_id, x.agency, x.relation, x.owner_agency, x.granted_at
        from unnest(parties) x;
    insert into trace_request (case_id, priority, urgent_ground, urgent_justification, purpose, legal_basis, agreement,
        offence_code, project_code, special_instructions, intended_use, illicit_ground, restrictions_asked,
        agency_case_no, unit, requester_name, badge_no, contact, sensitive, forward_consent, requested_groups,
        shared_groups, recipients, source_cells, author_id, approver_id, description_version)
        select x.case_id, x.priority, x.urgent_ground, x.urgent_justification, x.purpose, x.legal_basis, x.agreement,
        x.offence_code, x.project_code, x.special_instructions, x.intended_use, x.illicit_ground,
        x.restrictions_asked, x.agency_case_no, x.unit, x.requester_name, x.badge_no, x.contact, x.sensitive,
        x.forward_consent, x.requested_groups, x.shared_groups, x.recipients, x.source_cells, x.author_id,
        x.approver_id, x.description_version
        from unnest(requests) x;
    insert into firearm_description (case_id, version, stated_by, stated_at, change_reason, serial_raw,
        serial_condition, serial_canon, serial_skeleton, serial_ncic, serial_core, make_text, make_id, model_text,
        calibre_text, calibre_id, calibre_group, type_code, type_text, origin_country, importer_text, importer_id,
        importer_mark_absent, import_country, import_country_text, obliteration_method, partial_characters,
        lab_result, lab_case_no, restored_serial, remarks)
        select x.case_id, x.version, x.stated_by, x.stated_at, x.change_reason, x.serial_raw, x.serial_condition,
        x.serial_canon, x.serial_skeleton, x.serial_ncic, x.serial_core, x.make_text, x.make_id, x.model_text,
        x.calibre_text, x.calibre_id, x.calibre_group, x.type_code, x.type_text, x.origin_country, x.importer_text,
        x.importer_id, x.importer_mark_absent, x.import_country, x.import_country_text, x.obliteration_method,
        x.partial_characters, x.lab_result, x.lab_case_no, x.restored_serial, x.remarks
        from unnest(descriptions) x;
    insert into mark (case_id, description_version, seq, kind, place, text, state, remarks)
        select x.case_id, x.description_version, x.seq, x.kind, x.place, x.text, x.state, x.remarks
        from unnest(marks) x;
    insert into recovery (case_id, recovered_on, date_precision, country, area, place, latitude, longitude,
        circumstances, crime_gun, context, seizure_ref, custody_ref)
        select x.case_id, x.recovered_on, x.date_precision, x.country, x.area, x.place, x.latitude, x.longitude,
        x.circumstances, x.crime_gun, x.context, x.seizure_ref, x.custody_ref
        from unnest(recoveries) x;
    insert into case_person (case_id, seq, role, family_name, given_names, alias, sex, birth_date, birth_place,
        nationality, id_kind, id_number, address, relation, remarks)
        select x.case_id, x.seq, x.role, x.family_name, x.given_names, x.alias, x.sex, x.birth_date, x.birth_place,
        x.nationality, x.id_kind, x.id_number, x.address, x.relation, x.remarks
        from unnest(persons) x;
    if cardinality(vehicles) > 0 then
        insert into case_vehicle (case_id, plate, plate_country, vin, description)
            select x.case_id, x.plate, x.plate_country, x.vin, x.description from unnest(vehicles) x;
    end if;
    insert into leg (case_id, leg_id, asking_agency, asking_country, asked_agency, asked_country, backup_agency, state,
        flags, open, version, priority, path, hop, parent_leg_id, description_version, due_at, routed_at, updated_at)
        select x.case_id, x.leg_id, x.asking_agency, x.asking_country, x.asked_agency, x.asked_country, x.backup_agency,
        x.state, x.flags, x.open, x.version, x.priority, x.path, x.hop, x.parent_leg_id, x.description_version,
        x.due_at, x.routed_at, x.updated_at
        from unnest(legs) x;
    insert into case_event (case_id, event_id, leg_id, object, event, transition, from_state, to_state, actor_kind,
        actor_id, agency, country, occurred_at, purpose, decision_id, reason_code, data, shared, previous_hash,
        event_hash)
        select x.case_id, x.event_id, x.leg_id, x.object, x.event, x.transition, x.from_state, x.to_state, x.actor_kind,
        x.actor_id, x.agency, x.country, x.occurred_at, x.purpose, x.decision_id, x.reason_code, x.data, x.shared,
        x.previous_hash, x.event_hash
        from unnest(events) x;
    insert into deadline (case_id, deadline_id, leg_id, clock, stage, cycle, state, started_at, due_at)
        select x.case_id, x.deadline_id, x.leg_id, x.clock, x.stage, x.cycle, x.state, x.started_at, x.due_at
        from unnest(deadlines) x;
end
$body$;
revoke execute on function rastro.file_trace_requests from public;
grant execute on function rastro.file_trace_requests to rastro_app;

-- Who calls, for all calls of a batch in one statement. A credential is one place of the arrays: the SHA-256 of a session
-- token in hexadecimal, or issuer, serial, agency and URI of a client certificate; what is not shown is ''. Only those that
-- are good now come back. Nobody learns of a session or certificate here without showing it. The transaction then acts for
-- the agency and person of the first good one; rastro.principals holds, by place, whose idempotency keys are meant.
do $body$
declare t text;
begin
    foreach t in array array['user_session', 'agency_certificate', 'app_user', 'user_role', 'agency'] loop
        execute format('create policy owner_authenticates on rastro.%I for select to rastro_owner using (true)', t);
    end loop;
end
$body$;
create function rastro.authenticate(
    access text, at timestamptz, idle_since timestamptz, tokens text[], issuers text[], serials text[],
    agencies text[], uris text[], acting_for text[])
    returns table (
        place integer, credential_id uuid, user_id uuid, agency text, certificate_kind text, certificate_roles text[],
        authenticated_at timestamptz, last_seen_at timestamptz, agency_kind text, national_contact boolean,
        must_change_password boolean, language text, roles text[])
    language plpgsql security definer set search_path = rastro as
$body$
#variable_conflict use_column
declare
    principals text[] := array_fill(null::text, array[cardinality(tokens)]);
    first boolean := true;
begin
    for place, credential_id, user_id, agency, certificate_kind, certificate_roles, authenticated_at, last_seen_at,
        agency_kind, national_contact, must_change_password, language, roles in
        select c.place, c.credential_id, c.user_id, c.agency, c.kind, c.roles, c.authenticated_at, c.last_seen_at,
            a.kind, a.national_contact, u.must_change_password, u.language,
            array(select r.role from user_role r where r.user_id = c.user_id)
        from (
            select q.place::integer, s.session_id as credential_id, s.user_id, s.agency, ''::text as kind,
                '{}'::text[] as roles, s.authenticated_at, s.last_seen_at
            from unnest(tokens) with ordinality q (token, place)
            join user_session s on s.token_hash = decode(q.token, 'hex')
            where q.token <> '' and s.ended_at is null and s.expires_at > at and s.last_seen_at > idle_since
            union all
            select q.place::integer, c.certificate_id, c.user_id, c.agency, c.kind, c.roles, null, null
            from unnest(issuers, serials, agencies, uris) with ordinality q (issuer, serial, agency, uri, place)
            join agency_certificate c on c.issuer_key_id = q.issuer and c.serial = q.serial
            where q.serial <> '' and c.agency = q.agency and c.uri = q.uri and c.revoked_at is null
                and c.not_after > at) c
        join agency a on a.agency = c.agency and a.state = 'active'
        left join app_user u on u.user_id = c.user_id
        where c.kind = 'gateway' or u.state = 'active'
        order by c.place
    loop
        if first then
            first := false;
            perform set_config('rastro.access', access, true), set_config('rastro.agency', agency, true),
                set_config('rastro.country', left(agency, 2), true),
                set_config('rastro.user', coalesce(user_id::text, ''), true);
        end if;
        principals[place] := case when certificate_kind = 'gateway' then agency || '/' || acting_for[place]
                                  else user_id::text end;
        return next;
    end loop;
    perform set_config('rastro.principals', principals::text, true);
end
$body$;
revoke execute on function rastro.authenticate from public;
grant execute on function rastro.authenticate to rastro_app;
