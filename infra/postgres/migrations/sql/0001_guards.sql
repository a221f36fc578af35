-- Who may see and do what: row-level security, grants, and triggers against mistakes.

-- Every tenant table: nobody, the owner included, sees a row without a policy; runtime sees the tenant it has named.
do $$
declare
  target regclass;
begin
  foreach target in array array['log.heads', 'log.entries', 'log.keys', 'log.tracking', 'vault.sealed_values', 'access.keys']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format($policy$create policy own_tenant on %s to handschlag_runtime
                             using (tenant = nullif(current_setting('app.tenant', true), ''))
                             with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, target);
    execute format('create policy every_tenant on %s for select to handschlag_backup using (true)', target);
    execute format('grant select on %s to handschlag_backup', target);
  end loop;
  foreach target in array array['log.heads', 'log.entries', 'log.keys']::regclass[]
  loop
    execute format('create policy writer on %s to handschlag_log_writer using (true) with check (true)', target);
    execute format('create policy follower on %s for select to handschlag_follower using (true)', target);
  end loop;
end
$$;

alter table log.tenants enable row level security;
alter table log.tenants force row level security;
create policy public_register on log.tenants for select using (true);
create policy writer on log.tenants for insert to handschlag_log_writer with check (true);

grant usage on schema log to handschlag_log_writer, handschlag_follower, handschlag_runtime, handschlag_backup;
grant usage on schema vault, access to handschlag_runtime, handschlag_backup;
grant select on log.tenants to handschlag_log_writer, handschlag_follower, handschlag_runtime, handschlag_backup;
grant select on log.heads, log.entries to handschlag_follower;
grant select on log.heads, log.entries, log.keys to handschlag_runtime;
grant select, insert, update on log.tracking to handschlag_runtime;
grant insert on log.tenants to handschlag_log_writer;
grant select, insert on log.entries, log.keys to handschlag_log_writer;
grant select, insert, update on log.heads to handschlag_log_writer;
grant select, insert, delete, update (confirmed) on vault.sealed_values to handschlag_runtime;
grant select, insert, update (revoked_at) on access.keys to handschlag_runtime;

-- Statement-level, so that they speak up even when row-level security would hide every row from the statement,
-- and ALWAYS, so that session_replication_role does not silence them. They stop mistakes; intent is what the
-- signed checkpoints reveal.
create function log.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % refused', tg_table_schema, tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete or truncate on log.entries for each statement execute function log.refuse();
create trigger append_only before update or delete or truncate on log.keys for each statement execute function log.refuse();
create trigger append_only before delete or truncate on log.heads for each statement execute function log.refuse();
create trigger append_only before delete or truncate on log.tenants for each statement execute function log.refuse();
create trigger lasting_name before update of tenant, origin, created_at on log.tenants for each statement execute function log.refuse();
alter table log.entries enable always trigger append_only;
alter table log.keys enable always trigger append_only;
alter table log.heads enable always trigger append_only;
alter table log.tenants enable always trigger append_only;
alter table log.tenants enable always trigger lasting_name;
