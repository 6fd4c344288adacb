-- The catalogue keeps the kind of an entry and every line of the lists it came from; one spelling may name several
-- makes. An import knows what its rows have in common, and tells likely duplicates inside its file.

alter table rastro.make
    add column kind text not null default 'maker' check (kind in (
        'maker', 'brand', 'importer', 'privately_made', 'not_stated', 'country_only')),
    add column list_rank smallint not null default 0;  -- of two makes that answer to one text the lower rank wins
create index make_by_ncic_code on rastro.make (ncic_code) where ncic_code is not null;
create index make_by_name on rastro.make (lower(name), make_id);

alter table rastro.make_alias
    drop constraint make_alias_pkey,
    add column added_at timestamptz not null default now(),
    add primary key (make_id, alias);
create index make_alias_by_key on rastro.make_alias (alias_key);

-- Lines of imported lists, verbatim, with the make that each became or was added to.
create table rastro.make_source (
    list text not null,
    code text not null,
    wording text not null,
    make_id text not null references rastro.make,
    added_at timestamptz not null default now(),
    primary key (list, code, wording)
);
grant select, insert on rastro.make_source to rastro_app;

alter table rastro.import_file
    add column common jsonb not null default '{}';     -- members that all requests of the file share
alter table rastro.import_row
    add column ready boolean not null default false,   -- complete and without open questions
    add column duplicate_key bytea,                    -- SHA-256 of canonical serial with case number or day
    add column make_key text;                          -- make_id, else the folded words of the maker
create index import_row_by_duplicate_key on rastro.import_row (import_id, duplicate_key)
    where duplicate_key is not null;
