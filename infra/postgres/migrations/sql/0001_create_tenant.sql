-- log.create_tenant: a host with an empty log. For the owner (cli) alone; runs as handschlag_log_writer.
-- Its origin is the log's lasting name and unique in this database: two logs of one name could not be told
-- apart by whoever checks their checkpoints. The table lock makes that check race-free (hosts are few).
create or replace function log.create_tenant(
  new_tenant text, new_name text, new_city text, new_region text, new_time_zone text, new_origin text
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('handschlag/origins', 0));
  if exists (select from log.tenants t where t.origin = new_origin) then
    raise exception 'the origin % names another log', new_origin using errcode = 'unique_violation';
  end if;
  insert into log.tenants (tenant, origin, name, city, region, time_zone)
  values (new_tenant, new_origin, new_name, new_city, new_region, new_time_zone);
  insert into log.heads (tenant) values (new_tenant);
end
$$;
revoke all on function log.create_tenant(text, text, text, text, text, text) from public;
