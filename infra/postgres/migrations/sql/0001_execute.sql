-- Who may call the log's functions: nobody by default.
revoke all on all functions in schema log from public;
grant execute on function log.append(
  text[], text[], bytea[], int[], uuid[], int[], int[], uuid[], int[], text[], timestamptz[], boolean[], bytea[], boolean
) to handschlag_runtime;
grant execute on function log.read_streams(text, text, uuid[]), log.page(text, bigint, int, text[]), log.head(text),
  log.position_at(text, timestamptz) to handschlag_runtime, handschlag_follower;
