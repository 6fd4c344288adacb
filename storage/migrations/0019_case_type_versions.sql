-- Versions of case types that agencies load (cases/linked/own_version), and moving a case to another version by an explicit
-- mapping (cases/linked/version_mapping). A definition holds no data of a case: whoever meets a case may read what it runs by.
create table rastro.case_type_version (
    case_type text not null,
    version integer not null check (version > 1000),
    agency text not null references rastro.agency,
    definition text not null check (octet_length(definition) between 2 and 1000000),  -- JSON
    digest bytea not null check (octet_length(digest) = 32),                         -- SHA-256 of the definition
    note text not null check (length(note) between 1 and 2000),
    proposed_by uuid not null references rastro.app_user,
    proposed_at timestamptz not null,
    state text not null default 'proposed' check (state in ('proposed', 'accepted', 'rejected', 'retired')),
    decided_by uuid references rastro.app_user,
    decided_at timestamptz,
    primary key (case_type, version),
    check (digest = sha256(convert_to(definition, 'UTF8'))),
    check ((decided_by is null) = (state = 'proposed')),
    check (decided_by is null or state = 'retired' or decided_by <> proposed_by)
);
create index case_type_version_of_agency on rastro.case_type_version (agency, case_type, version desc) where state = 'accepted';

alter table rastro.case_type_version enable row level security;
alter table rastro.case_type_version force row level security;
create policy case_type_version_see on rastro.case_type_version for select using (
    rastro.actor_access() = 'system' or rastro.actor_agency() is not null);
create policy case_type_version_propose on rastro.case_type_version for insert with check (
    rastro.actor_access() = 'admin' and agency = rastro.actor_agency());
create policy case_type_version_decide on rastro.case_type_version for update using (
    rastro.actor_access() = 'admin' and agency = rastro.actor_agency());
grant select, insert, update (state, decided_by, decided_at) on rastro.case_type_version to rastro_app;

create policy owner_moves on rastro.case_file for update to rastro_owner using (true);
create policy owner_moves on rastro.case_object for update to rastro_owner using (true);
create policy owner_moves on rastro.case_field for insert to rastro_owner with check (true);

-- Every value of the case whose field is called otherwise in the version, or is protected more strictly there, is stated
-- anew under the new name and group, also what the mover may not read; a field that leads nowhere ends. The tokens of the
-- blind index go with their values.
create function rastro.move_case_version(wanted uuid, to_version integer, states text[], fields text[], who text,
    at timestamptz) returns void language plpgsql security definer set search_path = rastro as
$body$
begin
    if rastro.actor_access() <> 'content' or coalesce(array_length(rastro.case_groups(wanted), 1), 0) = 0 or not exists (
            select 1 from case_file c where c.case_id = wanted and c.owner_agency = rastro.actor_agency()) then
        raise exception 'no such case' using errcode = 'insufficient_privilege';
    end if;
    -- Rows of three: object, from, to.
    update case_object o set state = states[i + 2], updated_at = at
        from generate_series(1, coalesce(array_length(states, 1), 0), 3) i
        where o.case_id = wanted and o.object = states[i] and o.state = states[i + 1];
    update case_object o set resume_state = states[i + 2]
        from generate_series(1, coalesce(array_length(states, 1), 0), 3) i
        where o.case_id = wanted and o.object = states[i] and o.resume_state = states[i + 1];
    -- Rows of four: object, from, to (empty: ends), group.
    with moved as (
        update case_field f set current = false from generate_series(1, coalesce(array_length(fields, 1), 0), 4) i
        where f.case_id = wanted and f.current and f.object = fields[i] and f.field = fields[i + 1]
          and (fields[i + 2] <> f.field or fields[i + 3] <> f.field_group)
        returning f.*, fields[i + 2] as to_field, fields[i + 3] as to_group)
    insert into case_field (case_id, object_id, field, version, case_type, object, field_group, value, on_date, stated_by,
            stated_agency, stated_at)
        select m.case_id, m.object_id, m.to_field, 1 + coalesce((select max(x.version) from case_field x
                where x.case_id = m.case_id and x.object_id = m.object_id and x.field = m.to_field), 0),
            m.case_type, m.object, m.to_group, m.value, m.on_date, who, rastro.actor_agency(), at
        from moved m where m.to_field <> '';
    delete from blind_token b using generate_series(1, coalesce(array_length(fields, 1), 0), 4) i, case_object o
        where b.case_id = wanted and b.field = fields[i + 1] and fields[i + 2] = '' and o.case_id = wanted
          and o.object_id = b.object_id and o.object = fields[i];
    update blind_token b set field = fields[i + 2], field_group = fields[i + 3]
        from generate_series(1, coalesce(array_length(fields, 1), 0), 4) i, case_object o
        where b.case_id = wanted and b.field = fields[i + 1] and fields[i + 2] <> '' and o.case_id = wanted
          and o.object_id = b.object_id and o.object = fields[i];
    update case_file set type_version = to_version where case_id = wanted;
end
$body$;
revoke execute on function rastro.move_case_version(uuid, integer, text[], text[], text, timestamptz) from public;
grant execute on function rastro.move_case_version(uuid, integer, text[], text[], text, timestamptz) to rastro_app;
