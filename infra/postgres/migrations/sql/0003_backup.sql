-- Back up what can't be folded again, as the owner in the backup's role, whose policies show every tenant:
--   pg_dump --enable-row-security --role=handschlag_backup --schema=log --schema=vault --schema=access
grant select on log.revision to handschlag_backup;
