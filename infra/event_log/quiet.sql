-- log.quiet: comes back when every append to the tenant's log that was under way has ended, committed or not.
--
-- An append compares its entries' times with the clock while it holds the head, and holds it until it has committed. So
-- an entry that is more than a few seconds old, and isn't in the log after this, will never be. Raises 55P03 (lock not
-- available) when the head is held for longer than 5 s.
create or replace function log.quiet(of_tenant text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
begin
  perform 1 from log.heads h where h.tenant = of_tenant for share;
end
$$;
