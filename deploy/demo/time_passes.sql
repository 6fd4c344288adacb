-- Lets time pass for four requests of the demonstration, which no interface can do: running clocks of theirs are put
-- into the past, and the server then does by itself what it does when a clock runs out (escalation, expiry, end of a
-- question without reply, closing). Run once by ./run demo as superuser; no state is changed here.
with chosen (plot, stages) as (
    values ('escalates', '{due,escalate}'::text[]),
           ('expires', '{due,escalate,expire}'),
           ('no_reply', '{due}'),
           ('closes_itself', '{due}')
), mine as (
    select r.case_id, chosen.stages
    from chosen
    join json_each_text(:'case_numbers') given on given.key = chosen.plot
    join rastro.trace_request r on r.agency_case_no = given.value
)
update rastro.deadline d
set started_at = d.started_at - interval '60 days',
    due_at = now() - case d.stage when 'due' then interval '3 hours' when 'escalate' then interval '2 hours'
                                  else interval '1 hour' end
from mine
where d.case_id = mine.case_id and d.stage = any (mine.stages) and d.state = 'running';
