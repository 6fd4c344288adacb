-- Break-glass: where a life depends on it, one person of the owner opens what is protected of one case for four hours,
-- without a second person; whoever audits the agency looks at each opening within a day (design/access.md, domain/
-- linked-cases.md 3.3). Never a case of a sealed compartment, never a case that is about the person.
create table rastro.break_glass (
    grant_id uuid primary key,
    case_id uuid not null,
    case_number text not null,
    user_id uuid not null references rastro.app_user,
    agency text not null references rastro.agency,
    reason text not null check (length(reason) between 20 and 2000),
    opened_at timestamptz not null,
    valid_until timestamptz not null check (valid_until > opened_at and valid_until <= opened_at + interval '4 hours'),
    review_due timestamptz not null check (review_due <= opened_at + interval '24 hours'),
    reviewed_by uuid references rastro.app_user,
    reviewed_at timestamptz,
    finding text check (finding in ('justified', 'unjustified')),
    review_note text check (length(review_note) between 1 and 2000),
    check ((reviewed_by is null) = (finding is null) and (reviewed_by is null) = (reviewed_at is null)),
    check (reviewed_by is null or reviewed_by <> user_id)
);
create index break_glass_of_person on rastro.break_glass (case_id, user_id, valid_until);
create index break_glass_of_agency on rastro.break_glass (agency, opened_at desc);

alter table rastro.break_glass enable row level security;
alter table rastro.break_glass force row level security;
create policy owner_reads on rastro.break_glass for select to rastro_owner using (true);
create policy break_glass_see on rastro.break_glass for select using (
    (select rastro.actor_access()) = 'oversight'
    or agency = (select rastro.actor_agency()) and (select rastro.actor_access()) in ('content', 'audit'));
create policy break_glass_open on rastro.break_glass for insert with check (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency() and user_id = rastro.actor_user()
    and reviewed_by is null and exists (
        select 1 from rastro.case_file c where c.case_id = break_glass.case_id and c.owner_agency = rastro.actor_agency()
          and c.number = break_glass.case_number and c.compartments = '{}'));
create policy break_glass_review on rastro.break_glass for update using (
    (select rastro.actor_access()) = 'oversight'
    or agency = (select rastro.actor_agency()) and (select rastro.actor_access()) = 'audit');
grant select, insert, update (reviewed_by, reviewed_at, finding, review_note) on rastro.break_glass to rastro_app;

-- As before (migration linked_cases), and all groups for who has broken the glass.
create or replace function rastro.case_groups(wanted uuid) returns text[] language plpgsql stable security definer
    set search_path = rastro as
$body$
declare
    seen text[] := '{}';
    member text;
    owned boolean;
begin
    if rastro.actor_access() <> 'content' or not exists (
        select 1 from rastro.case_file c where c.case_id = wanted and (c.owner_agency = rastro.actor_agency() or exists (
            select 1 from rastro.case_party p where p.case_id = wanted and p.agency = rastro.actor_agency()
              and (p.valid_until is null or p.valid_until > now())))) then
        return seen;
    end if;
    seen := array['S0'];
    owned := exists (select 1 from rastro.case_file c where c.case_id = wanted and c.owner_agency = rastro.actor_agency());
    if owned then
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
    if owned and exists (select 1 from rastro.break_glass b where b.case_id = wanted and b.user_id = rastro.actor_user()
                           and b.valid_until > now()) then
        seen := seen || array['S2', 'S3', 'S4'];
    end if;
    return seen;
end
$body$;
