-- Who may wait for the appends that are under way: whoever appends.
revoke all on function log.quiet(text) from public;
grant execute on function log.quiet(text) to handschlag_runtime;
