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
