-- What somebody says with an act on a case: why a request was returned, withdrawn or reopened. Kept apart from the event,
-- which holds codes, ids and versions only, because a text may name people.
create table rastro.case_event_text (
    case_id uuid not null,
    event_id uuid not null,
    agency text not null,
    said text not null check (length(said) between 1 and 4000),
    primary key (case_id, event_id)
);
create trigger case_event_text_fixed before update or delete on rastro.case_event_text
    for each row execute function rastro.refuse_change();
create trigger case_event_text_kept before truncate on rastro.case_event_text
    for each statement execute function rastro.refuse_change();

alter table rastro.case_event_text enable row level security;
alter table rastro.case_event_text force row level security;
create policy system_all on rastro.case_event_text for all using (rastro.actor_access() = 'system');
-- A text is seen with its event.
create policy text_see on rastro.case_event_text for select using (
    exists (select 1 from rastro.case_event e
            where e.case_id = case_event_text.case_id and e.event_id = case_event_text.event_id));
create policy text_add on rastro.case_event_text for insert with check (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency());
grant select, insert on rastro.case_event_text to rastro_app;
