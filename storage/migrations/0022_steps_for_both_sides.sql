-- The history of a declared case is for everybody who takes part in it: steps and deadlines, as the states that they led to
-- are. What was said with a step is seen by who said it, by the owner, and by agencies that see the group S1.
create policy event_of_declared on rastro.case_event for select using (
    (transition <> '' or event = 'deadline_passed')
    and exists (select 1 from rastro.case_file c where c.case_id = case_event.case_id
                  and c.case_type not in ('trace_request', 'illicit_record')));
drop policy text_see on rastro.case_event_text;
create policy text_see on rastro.case_event_text for select using (
    exists (select 1 from rastro.case_event e
            where e.case_id = case_event_text.case_id and e.event_id = case_event_text.event_id)
    and (agency = (select rastro.actor_agency())
         or not exists (select 1 from rastro.case_file c where c.case_id = case_event_text.case_id
                          and c.case_type not in ('trace_request', 'illicit_record')
                          and c.owner_agency <> (select rastro.actor_agency()))
         or 'S1' = any (rastro.case_groups(case_id))));
