"""The database and its three logins, made while no server runs, by PostgreSQL's single-user mode.

So nobody ever logs in as superuser, and no password but the three exists. `passwords.json` is renamed into its place
after the logins have those passwords: if it's there, everything is; if it isn't (first start, a crash in between,
somebody deleted it), all is done again, and every step of it may be done twice.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from infra.postgres.footing import Footing
from infra.postgres.trouble import of_words

DATABASE = "handschlag"
OWNER = "handschlag_owner_login"
RUNTIME = "handschlag_runtime_login"
FOLLOWER = "handschlag_follower_login"

_RIGHTS = {OWNER: "CREATEROLE", RUNTIME: "NOCREATEROLE", FOLLOWER: "NOCREATEROLE"}
_TROUBLE = re.compile(r"^.*\b(?:ERROR|FATAL|PANIC):.*$", re.MULTILINE)


def ensure(footing: Footing, keys: Path) -> Mapping[str, str]:
    """Each login's password, from the file `keys`; made together with logins and database if it isn't whole.

    The caller holds the home's lock, and no server runs on the footing's data. Raises a `PostgresTrouble`.
    """
    kept = _kept(keys)
    if kept is not None:
        return kept
    passwords = {login: secrets.token_urlsafe(24) for login in _RIGHTS}
    growing = keys.with_suffix(".growing")
    growing.unlink(missing_ok=True)
    descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file)
        file.flush()
        os.fsync(file.fileno())
    _provide(footing, passwords)
    growing.rename(keys)
    return passwords


def _kept(keys: Path) -> Mapping[str, str] | None:
    """The passwords in `keys`, or None if the file is missing or not whole."""
    try:
        found = json.loads(keys.read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(found, dict) or found.keys() != _RIGHTS.keys():
        return None
    return {str(login): str(password) for login, password in found.items()}


def _provide(footing: Footing, passwords: Mapping[str, str]) -> None:
    """Make or mend the logins and the database. Input ends with the process, so a crash leaves a clean prefix."""
    statements = [_login(login, rights, passwords[login]) for login, rights in _RIGHTS.items()]
    statements.append(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    command = [str(footing.binaries.postgres), "--single", "-D", str(footing.data), "-c", "log_error_verbosity=terse"]
    done = footing.run([*command, "-c", "log_min_error_statement=panic", "postgres"], "\n".join(statements) + "\n")
    wrong = [line for line in _TROUBLE.findall(done.stderr) if f'database "{DATABASE}" already exists' not in line]
    if wrong or done.returncode:
        raise of_words("\n".join(wrong) or done.stderr)


def _login(login: str, rights: str, password: str) -> str:
    """One statement, one line: create the login unless it's there, then give it its rights and this password."""
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{login}') THEN"
        f" CREATE ROLE {login}; END IF;"
        f" ALTER ROLE {login} LOGIN NOSUPERUSER NOCREATEDB {rights} PASSWORD '{password}'; END $$"
    )
