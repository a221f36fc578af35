-- Who may call the vault's function: nobody by default. It has its caller's rights, and the runtime has those it needs.
grant execute on function vault.read(text, uuid[]) to handschlag_runtime;
