-- A dry run looks at the present state, so each one is an import of its own; a file that is really imported stays one
-- import for each way of importing it, and its lines are looked up from the other one.
do $body$
declare named text;
begin
    select conname into strict named from pg_constraint
    where conrelid = 'rastro.import_file'::regclass and contype = 'u';
    execute format('alter table rastro.import_file drop constraint %I', named);
end
$body$;
create unique index import_file_once on rastro.import_file (agency, file_sha256, profile, submit) where not dry_run;
