-- Clocks of declared cases are told of: some days before they are due where the rule says so (deadline_rules.csv, warn_days),
-- and when they are due. `notices` holds the instants still to come, soonest first.
alter table rastro.case_clock add column notices timestamptz[] not null default '{}';
update rastro.case_clock set notices = array[due_at] where state = 'running';
create index case_clock_next_notice on rastro.case_clock ((notices[1])) where state = 'running' and notices <> '{}';
grant update (notices) on rastro.case_clock to rastro_app;
