-- Foundation: who acts (second wall), countries, agencies, people, sessions.
--
-- Every table with agency data has row-level security, forced, so that a fault in the application's own access check
-- shows no foreign row. The application role owns nothing. Who acts is told by transaction-local settings; an empty
-- or missing setting means nobody (design/access.md).

create schema rastro;
grant usage on schema rastro to rastro_app;

create function rastro.actor_agency() returns text language sql stable
    return nullif(current_setting('rastro.agency', true), '');
create function rastro.actor_country() returns text language sql stable
    return nullif(current_setting('rastro.country', true), '');
create function rastro.actor_user() returns uuid language sql stable
    return nullif(current_setting('rastro.user', true), '')::uuid;
-- content: case work; admin: people and agencies, no case content; audit: records of the own agency;
-- oversight: all audit records; system: jobs; credential: finding out who calls.
create function rastro.actor_access() returns text language sql stable
    return coalesce(current_setting('rastro.access', true), '');
create function rastro.actor_compartments() returns text[] language sql stable
    return coalesce(string_to_array(nullif(current_setting('rastro.compartments', true), ''), ','), '{}');
-- What the caller showed: hex SHA-256 of a session token, "issuer:serial" of a certificate, or a login name.
create function rastro.actor_credential() returns text language sql stable
    return nullif(current_setting('rastro.credential', true), '');

create function rastro.refuse_change() returns trigger language plpgsql as $body$
begin
    raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'insufficient_privilege';
end
$body$;

-- ---------------------------------------------------------------- countries

create table rastro.country (
    country text primary key check (country ~ '^[A-Z]{2}$'),
    name_en text not null,
    name_es text not null,
    name_pt text not null,
    name_fr text not null,
    time_zone text not null default 'UTC',
    weekend smallint[] not null default '{6,7}',   -- ISO 8601 days of the week
    oas_member boolean not null default false,
    synthetic boolean not null default false,      -- XA, XB, XC: for exercises and tests
    source text not null
);
create table rastro.holiday (
    country text not null references rastro.country,
    day date not null,
    name text not null,
    source text not null,
    primary key (country, day)
);

-- ---------------------------------------------------------------- agencies

create table rastro.agency (
    agency text primary key check (agency ~ '^[A-Z]{2}-[A-Z0-9]{3,10}-[A-Z0-9]$'),
    country text not null references rastro.country,
    name text not null,
    kind text not null check (kind in ('police', 'customs', 'prosecution', 'tracing_centre', 'national_contact',
                                       'laboratory', 'oversight', 'administration', 'statistics')),
    national_contact boolean not null default false,
    time_zone text not null default 'UTC',
    endpoint_kind text not null default 'hosted' check (endpoint_kind in ('hosted', 'peer')),
    backup_agency text references rastro.agency,
    auto_acknowledge boolean not null default false,
    contact_email text,
    contact_phone text,
    state text not null default 'active' check (state in ('active', 'suspended')),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index agency_by_country on rastro.agency (country);

-- Which outbound requests of an agency need no person's approval (domain/tracing.md 9.4 T4, "auto-rule").
create table rastro.outbound_rule (
    agency text not null references rastro.agency,
    priority text not null check (priority in ('routine', 'urgent')),
    auto_approve boolean not null,
    valid_from date not null,
    source text not null,
    primary key (agency, priority, valid_from),
    check (not (priority = 'urgent' and auto_approve))   -- urgent needs a supervisor, always
);

-- Who receives requests for a country (domain/tracing.md 3.2).
create table rastro.route (
    country text not null references rastro.country,
    request_kind text not null default 'trace_request',
    priority text not null default 'any' check (priority in ('any', 'routine', 'urgent')),
    agency text not null references rastro.agency,
    backup_agency text references rastro.agency,
    valid_from date not null default current_date,
    source text not null,
    primary key (country, request_kind, priority, valid_from)
);

-- ---------------------------------------------------------------- people

create table rastro.app_user (
    user_id uuid primary key,
    agency text not null references rastro.agency,
    login text not null unique check (login = lower(login) and length(login) between 3 and 120),
    display_name text not null,
    email text,
    language text not null default 'en' check (language in ('en', 'es', 'pt', 'fr')),
    state text not null default 'active' check (state in ('active', 'disabled', 'locked')),
    password_hash text,
    password_set_at timestamptz,
    must_change_password boolean not null default true,
    totp_secret bytea,
    totp_pending bytea,
    totp_last_step bigint not null default 0,
    failed_count integer not null default 0,
    first_failed_at timestamptz,
    last_sign_in_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index app_user_by_agency on rastro.app_user (agency, login);

create table rastro.user_role (
    user_id uuid not null references rastro.app_user,
    agency text not null references rastro.agency,
    role text not null,
    granted_by uuid,
    approved_by uuid,
    granted_at timestamptz not null default now(),
    primary key (user_id, role)
);
create index user_role_by_agency on rastro.user_role (agency, role);

-- Giving or taking a role needs two different persons (design/access.md, "Two persons").
create table rastro.role_grant (
    grant_id uuid primary key,
    agency text not null references rastro.agency,
    user_id uuid not null references rastro.app_user,
    role text not null,
    kind text not null check (kind in ('give', 'take')),
    proposed_by uuid not null,
    proposed_at timestamptz not null default now(),
    decided_by uuid,
    decided_at timestamptz,
    decision text check (decision in ('accepted', 'rejected')),
    check (decided_by is null or decided_by <> proposed_by),
    check (user_id <> proposed_by),
    check (decided_by is null or decided_by <> user_id),
    check ((decided_by is null) = (decision is null))
);
create index role_grant_open on rastro.role_grant (agency, proposed_at) where decision is null;

create table rastro.user_session (
    session_id uuid primary key,
    token_hash bytea not null unique,
    user_id uuid not null references rastro.app_user,
    agency text not null,
    factors text not null,
    created_at timestamptz not null default now(),
    authenticated_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    remote_address text
);
create index user_session_by_user on rastro.user_session (user_id) where ended_at is null;

create table rastro.agency_certificate (
    certificate_id uuid primary key,
    agency text not null references rastro.agency,
    kind text not null check (kind in ('gateway', 'person')),
    user_id uuid references rastro.app_user,
    name text not null,
    uri text not null,
    issuer_key_id text not null,
    serial text not null,
    sha256 text not null,
    public_key_pem text not null,
    roles text[] not null default '{}',
    not_after timestamptz not null,
    enrolled_by uuid,
    enrolled_at timestamptz not null default now(),
    revoked_at timestamptz,
    unique (issuer_key_id, serial)
);
create index agency_certificate_by_agency on rastro.agency_certificate (agency);

-- ---------------------------------------------------------------- second wall

alter table rastro.agency enable row level security;
alter table rastro.agency force row level security;
create policy agency_see on rastro.agency for select using (
    rastro.actor_access() in ('system', 'credential')
    or (rastro.actor_agency() is not null
        and (country = rastro.actor_country() or national_contact or kind = 'tracing_centre')));
-- A country's agencies are administered from that country, or by the agency that runs the instance.
create policy agency_add on rastro.agency for insert with check (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin'
        and (country = rastro.actor_country()
             or exists (select 1 from rastro.agency me
                        where me.agency = rastro.actor_agency() and me.kind = 'administration'))));
create policy agency_change on rastro.agency for update using (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin'
        and (country = rastro.actor_country()
             or exists (select 1 from rastro.agency me
                        where me.agency = rastro.actor_agency() and me.kind = 'administration'))));

alter table rastro.outbound_rule enable row level security;
alter table rastro.outbound_rule force row level security;
create policy outbound_rule_see on rastro.outbound_rule for select using (
    rastro.actor_access() = 'system' or agency = rastro.actor_agency()
    or (rastro.actor_agency() is not null and left(agency, 2) = rastro.actor_country()));
create policy outbound_rule_write on rastro.outbound_rule for insert with check (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin'
        and (left(agency, 2) = rastro.actor_country()
             or exists (select 1 from rastro.agency me
                        where me.agency = rastro.actor_agency() and me.kind = 'administration'))));

-- Routes are read by everybody who asks; written from the country itself or by the agency that runs the instance.
alter table rastro.route enable row level security;
alter table rastro.route force row level security;
create policy route_see on rastro.route for select using (
    rastro.actor_access() = 'system' or rastro.actor_agency() is not null);
create policy route_add on rastro.route for insert with check (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin'
        and (country = rastro.actor_country()
             or exists (select 1 from rastro.agency me
                        where me.agency = rastro.actor_agency() and me.kind = 'administration'))));
create policy route_change on rastro.route for update using (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin'
        and (country = rastro.actor_country()
             or exists (select 1 from rastro.agency me
                        where me.agency = rastro.actor_agency() and me.kind = 'administration'))));

alter table rastro.app_user enable row level security;
alter table rastro.app_user force row level security;
create policy user_see on rastro.app_user for select using (
    rastro.actor_access() = 'system'
    or agency = rastro.actor_agency()
    or (rastro.actor_access() = 'credential' and login = rastro.actor_credential()));
create policy user_insert on rastro.app_user for insert
    with check (rastro.actor_access() = 'system'
                or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));
create policy user_change on rastro.app_user for update using (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency())
    or (rastro.actor_agency() is not null and user_id = rastro.actor_user())
    or (rastro.actor_access() = 'credential' and login = rastro.actor_credential()));

alter table rastro.user_role enable row level security;
alter table rastro.user_role force row level security;
create policy user_role_see on rastro.user_role for select using (
    rastro.actor_access() = 'system' or agency = rastro.actor_agency());
create policy user_role_insert on rastro.user_role for insert
    with check (rastro.actor_access() = 'system'
                or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));
create policy user_role_delete on rastro.user_role for delete using (
    rastro.actor_access() = 'system' or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));

alter table rastro.role_grant enable row level security;
alter table rastro.role_grant force row level security;
create policy role_grant_all on rastro.role_grant for all using (
    rastro.actor_access() = 'system' or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));

alter table rastro.user_session enable row level security;
alter table rastro.user_session force row level security;
create policy session_all on rastro.user_session for all using (
    rastro.actor_access() = 'system'
    or (agency = rastro.actor_agency()
        and (rastro.actor_access() = 'admin' or user_id = rastro.actor_user()))
    or (rastro.actor_access() = 'credential' and encode(token_hash, 'hex') = rastro.actor_credential()));

alter table rastro.agency_certificate enable row level security;
alter table rastro.agency_certificate force row level security;
create policy certificate_see on rastro.agency_certificate for select using (
    rastro.actor_access() = 'system'
    or agency = rastro.actor_agency()
    or (rastro.actor_access() = 'credential' and issuer_key_id || ':' || serial = rastro.actor_credential()));
create policy certificate_write on rastro.agency_certificate for insert with check (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));
create policy certificate_change on rastro.agency_certificate for update using (
    rastro.actor_access() = 'system'
    or (rastro.actor_access() = 'admin' and agency = rastro.actor_agency()));

grant select on rastro.country, rastro.holiday, rastro.route to rastro_app;
grant select, insert, update on rastro.agency, rastro.app_user, rastro.user_session, rastro.agency_certificate,
    rastro.role_grant to rastro_app;
grant select, insert on rastro.outbound_rule to rastro_app;
grant insert, update on rastro.route to rastro_app;
grant select, insert, delete on rastro.user_role to rastro_app;
