-- What the RANDOT report reads of a case, kept up to date as cases change (domain/linked-cases.md 12 c): one row an object of a
-- judgment or a request for cooperation, with its present values side by side. A report of today reads these rows alone; for
-- one of an earlier day the values of cases that were stated anew since then are looked up in the history. Persons are kept
-- as digests. Only functions of the owner read or write the table.
create table rastro.randot_fact (
    case_id uuid not null,
    object_id uuid not null,
    case_type text not null,
    owner_country text not null,
    side text not null,                       -- the owner of a judgment; the requesting side of a cooperation
    other_side text,                          -- the requested one
    created_at timestamptz not null,          -- of the case
    last_stated timestamptz not null,         -- any of these values, in any version
    object text not null,
    state text not null,
    fields text[] not null,
    stated text[] not null,
    primary key (case_id, object_id)
);
create index randot_fact_by_side on rastro.randot_fact (side);
create index randot_fact_by_other_side on rastro.randot_fact (other_side);
alter table rastro.randot_fact enable row level security;
alter table rastro.randot_fact force row level security;
create policy owner_all on rastro.randot_fact for all to rastro_owner using (true);

create function rastro.is_randot_field(field text) returns boolean language sql immutable parallel safe as
$body$
    select field in ('coop_kind', 'formal', 'requesting', 'requested', 'transmitted_on', 'signed_on', 'outcome_on', 'instrument',
        'article', 'reliance', 'reliance_of', 'person_ref', 'provision', 'verdict', 'verdict_on', 'final_on', 'overturned_on',
        'sentence_scope', 'sentence_kind', 'sentence_months', 'fine', 'entity_ref', 'liability', 'decision_on',
        'sanction_kind', 'sanction_amount')
$body$;
create function rastro.randot_value(country text, field text, value text) returns text language sql immutable parallel safe as
$body$
    select case when field in ('person_ref', 'entity_ref')
        then left(encode(sha256(convert_to(country || ':' || value, 'UTF8')), 'hex'), 16) else value end
$body$;

create function rastro.keep_randot_facts(cases uuid[]) returns void language sql security definer set search_path = rastro as
$body$
    delete from randot_fact where case_id = any (cases);
    insert into randot_fact (case_id, object_id, case_type, owner_country, side, other_side, created_at, last_stated, object,
                             state, fields, stated)
    select c.case_id, o.object_id, c.case_type, c.owner_country,
        coalesce(w.requesting, c.owner_country), w.requested, c.created_at, w.last_stated, o.object, o.state, f.fields, f.stated
    from case_file c
    join lateral (select max(v.stated_at) as last_stated,
                      min(v.value) filter (where v.current and v.field = 'requesting' and v.object_id = v.case_id) as requesting,
                      min(v.value) filter (where v.current and v.field = 'requested' and v.object_id = v.case_id) as requested
                  from case_field v where v.case_id = c.case_id and is_randot_field(v.field)) w on w.last_stated is not null
    join case_object o on o.case_id = c.case_id
    join lateral (select array_agg(v.field order by v.field) as fields,
                      array_agg(randot_value(c.owner_country, v.field, v.value) order by v.field) as stated
                  from case_field v where v.case_id = c.case_id and v.object_id = o.object_id and v.current
                    and is_randot_field(v.field)) f on f.fields is not null
    where c.case_id = any (cases) and c.case_type in ('coop_request', 'judgment')
$body$;
create function rastro.after_values() returns trigger language plpgsql security definer set search_path = rastro as
$body$
declare
    touched uuid[];
begin
    select array_agg(distinct n.case_id) into touched from changed n where n.case_type in ('coop_request', 'judgment');
    if touched is not null then
        perform keep_randot_facts(touched);
    end if;
    return null;
end
$body$;
create trigger case_field_added after insert on rastro.case_field referencing new table as changed
    for each statement execute function rastro.after_values();
create trigger case_field_changed after update on rastro.case_field referencing new table as changed
    for each statement execute function rastro.after_values();
-- The state of an object that the report reads; a new object has its row with its first value.
create function rastro.after_state() returns trigger language plpgsql security definer set search_path = rastro as
$body$
begin
    update randot_fact set state = new.state where case_id = new.case_id and object_id = new.object_id;
    return null;
end
$body$;
create trigger case_object_moved after update of state on rastro.case_object for each row
    when (old.state is distinct from new.state) execute function rastro.after_state();
select rastro.keep_randot_facts(array(select case_id from rastro.case_file where case_type in ('coop_request', 'judgment')));

-- What the report of the country is made of (null: of the hemisphere), as it was stated until a moment.
create or replace function rastro.randot_objects(wanted text, until timestamptz) returns table (
    case_id uuid, case_type text, owner_country text, object_id uuid, object text, state text, fields text[], stated text[])
    language plpgsql stable security definer set search_path = rastro set plan_cache_mode = force_custom_plan set jit = off as
$body$
begin
    if not rastro.may_report(wanted) then
        return;
    end if;
    return query
        select t.case_id, t.case_type, t.owner_country, t.object_id, t.object, t.state, t.fields, t.stated
        from randot_fact t
        where (wanted is null or t.side = wanted or t.other_side = wanted) and t.last_stated <= until
        order by t.case_id, t.object_id;
    return query
        select c.case_id, c.case_type, c.owner_country, f.object_id, o.object, o.state, f.fields, f.stated
        from (select distinct t.case_id, t.case_type, t.owner_country from randot_fact t
              where t.created_at <= until and t.last_stated > until) c
        join lateral (
            select v.object_id, array_agg(v.field) as fields, array_agg(randot_value(c.owner_country, v.field, v.value)) as stated
            from case_field v
            where v.case_id = c.case_id and v.stated_at <= until and is_randot_field(v.field) and not exists (
                select 1 from case_field n where n.case_id = v.case_id and n.object_id = v.object_id and n.field = v.field
                  and n.version > v.version and n.stated_at <= until)
            group by v.object_id) f on true
        join case_object o on o.case_id = c.case_id and o.object_id = f.object_id
        where wanted is null or (c.case_type = 'judgment' and c.owner_country = wanted)
          or (c.case_type = 'coop_request' and exists (
              select 1 from case_field q where q.case_id = c.case_id and q.field in ('requesting', 'requested')
                and q.value = wanted and q.stated_at <= until))
        order by c.case_id, f.object_id;
end
$body$;
drop index rastro.case_field_of_sides;
revoke execute on function rastro.is_randot_field(text), rastro.randot_value(text, text, text), rastro.keep_randot_facts(uuid[]),
    rastro.after_values(), rastro.after_state() from public;
