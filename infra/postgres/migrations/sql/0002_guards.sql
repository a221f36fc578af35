-- Runtime reads the tenant it has named; the follower reads and writes all (the projector, the timekeeper's lists).
do $$
declare
  target regclass;
begin
  foreach target in array array['views.generations', 'views.tracking', 'views.ledger', 'views.tallies',
    'views.statements', 'views.trail', 'views.directory', 'views.parked']::regclass[]
  loop
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format($policy$create policy own_tenant on %s for select to handschlag_runtime
                             using (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, target);
    execute format('create policy follower on %s to handschlag_follower using (true) with check (true)', target);
    execute format('create policy every_tenant on %s for select to handschlag_backup using (true)', target);
    execute format('grant select on %s to handschlag_runtime, handschlag_backup', target);
    execute format('grant select, insert, update, delete on %s to handschlag_follower', target);
  end loop;
end
$$;
grant usage on schema views to handschlag_runtime, handschlag_follower, handschlag_backup;
