-- Group roles. They own rights, never sessions (nologin); migrate() grants them to the login users of the URLs.
--
-- handschlag_log_writer  owns the append function; the only role with a policy and rights to write log tables
-- handschlag_follower    reads every tenant (projector, relay, signer)
-- handschlag_runtime     reads the tenant it has named (app.tenant), appends through log.append
-- handschlag_backup      reads every tenant: pg_dump --enable-row-security --role=handschlag_backup
--
-- Roles belong to the cluster and outlive a database, so a role that is there already is no error. The migrating
-- login must be able to SET ROLE to each, but does not inherit them where PostgreSQL can say so (16 and later):
-- the owner is then no writer by accident.
do $$
declare
  name text;
begin
  foreach name in array array['handschlag_log_writer', 'handschlag_follower', 'handschlag_runtime', 'handschlag_backup']
  loop
    begin
      execute format('create role %I nologin', name);
    exception
      when duplicate_object or unique_violation then null;
    end;
    if current_setting('server_version_num')::int >= 160000 then
      if not pg_has_role(current_user, name, 'SET') then
        execute format('grant %I to current_user with inherit false, set true', name);
      end if;
    elsif not pg_has_role(current_user, name, 'MEMBER') then
      execute format('grant %I to current_user', name);
    end if;
  end loop;
end
$$;
