-- Whoever may write beside a case has to see it: nobody makes itself a party of a foreign case or adds to its history.
-- An asked agency names the next one to be asked; every other relation is the owner's to give.

drop policy party_add on rastro.case_party;
create policy party_add on rastro.case_party for insert with check (
    rastro.actor_access() = 'content'
    and (relation = 'addressed' or owner_agency = rastro.actor_agency())
    and exists (select 1 from rastro.case_file c
                where c.case_id = case_party.case_id and c.owner_agency = case_party.owner_agency));

drop policy event_add on rastro.case_event;
create policy event_add on rastro.case_event for insert with check (
    rastro.actor_access() = 'content' and agency = rastro.actor_agency()
    and exists (select 1 from rastro.case_file c where c.case_id = case_event.case_id));
