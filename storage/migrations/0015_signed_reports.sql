-- The signed note of a cleared RANDOT report (cases/reports/report_note); nothing where no key is at hand.
alter table rastro.randot_snapshot add column signature text;
alter table rastro.randot_snapshot add check (signature is null or cleared_by is not null);
grant update (signature) on rastro.randot_snapshot to rastro_app;
