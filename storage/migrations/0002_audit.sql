-- The audit log (design/audit-log.md). The application role may add leaves and read them; nobody may change one.

create table rastro.audit_leaf (
    event_id uuid primary key,
    xid xid8 not null default pg_current_xact_id(),
    leaf bytea not null check (octet_length(leaf) between 2 and 4096),
    occurred_at timestamptz not null,
    action text not null,
    outcome text not null,
    actor_id text,
    actor_agency text,
    object_type text,
    object_id text,
    object_agency text,
    request_id uuid
);
create index audit_leaf_by_order on rastro.audit_leaf (xid, event_id);
create index audit_leaf_by_object on rastro.audit_leaf (object_id, occurred_at) where object_id is not null;
create index audit_leaf_by_actor on rastro.audit_leaf (actor_agency, occurred_at);
create trigger audit_leaf_fixed before update or delete on rastro.audit_leaf
    for each row execute function rastro.refuse_change();
create trigger audit_leaf_kept before truncate on rastro.audit_leaf
    for each statement execute function rastro.refuse_change();

-- What a leaf only commits to: SHA-256(nonce || detail). May be sealed or erased; the proof still holds.
create table rastro.audit_detail (
    event_id uuid primary key,
    agency text not null,
    nonce bytea not null check (octet_length(nonce) = 32),
    detail bytea not null
);

-- Order in the tree. Assigned by the integrator only, in the transaction that stores the tiles.
create table rastro.audit_index (
    leaf_index bigint primary key check (leaf_index >= 0),
    event_id uuid not null unique,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);
create trigger audit_index_fixed before update or delete on rastro.audit_index
    for each row execute function rastro.refuse_change();
create trigger audit_index_kept before truncate on rastro.audit_index
    for each statement execute function rastro.refuse_change();

create table rastro.audit_tile (
    level smallint not null,
    tile_index bigint not null,
    hashes bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
    primary key (level, tile_index)
);

-- How far the integrator is: leaves up to (xid, event_id) are in the tree.
create table rastro.audit_tree (
    only_row boolean primary key default true check (only_row),
    size bigint not null default 0,
    root bytea not null,
    last_xid xid8,
    last_event_id uuid,
    integrated_at timestamptz not null default now()
);
insert into rastro.audit_tree (root) values (sha256(''));

create table rastro.audit_checkpoint (
    size bigint primary key,
    root bytea not null check (octet_length(root) = 32),
    note text not null,
    created_at timestamptz not null default now()
);
create trigger audit_checkpoint_fixed before delete on rastro.audit_checkpoint
    for each row execute function rastro.refuse_change();

alter table rastro.audit_leaf enable row level security;
alter table rastro.audit_leaf force row level security;
create policy audit_leaf_add on rastro.audit_leaf for insert with check (true);
create policy audit_leaf_see on rastro.audit_leaf for select using (
    rastro.actor_access() in ('system', 'oversight')
    or (rastro.actor_agency() is not null
        and (actor_agency = rastro.actor_agency() or object_agency = rastro.actor_agency())));

alter table rastro.audit_detail enable row level security;
alter table rastro.audit_detail force row level security;
create policy audit_detail_add on rastro.audit_detail for insert with check (true);
create policy audit_detail_see on rastro.audit_detail for select using (
    rastro.actor_access() = 'audit' and agency = rastro.actor_agency());

grant select, insert on rastro.audit_leaf, rastro.audit_index, rastro.audit_checkpoint to rastro_app;
grant select, insert on rastro.audit_detail to rastro_app;
grant select, insert, update on rastro.audit_tile to rastro_app;
grant select, update on rastro.audit_tree to rastro_app;
