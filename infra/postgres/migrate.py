"""Bring a database to the state this software needs, whoever else is trying to at the same time."""

from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

_NEWEST = max(step.name for step in (Path(__file__).parent / "migrations/versions").glob("[0-9]*.py"))[:4]
"""The revision that this software needs: files of revisions are named by their number."""


class SameLogin(ValueError):
    """The runtime's login must not be the owner's: whoever owns the tables can take their guards away."""


async def migrate(owner_url: str, runtime_url: str, follower_url: str | None = None, *, signs: bool = False) -> None:
    """Run the migrations to head as the owner, and grant the group roles to the logins the other URLs name.

    URLs are `postgresql://login:password@host:port/database`. Everything happens in one transaction under an
    advisory lock: of two processes the second waits, finds nothing to do, and a crash leaves no half a step.
    A follower that `signs` may take on the signer's role; one that has it keeps it. Raises `SameLogin` when
    `runtime_url` names the owner.
    """
    owner = login_of(owner_url)
    grants = [("handschlag_runtime", login_of(runtime_url))]
    if grants[0][1] == owner:
        raise SameLogin(SameLogin.__doc__)
    if follower_url is not None and login_of(follower_url) != owner:
        grants.append(("handschlag_follower", login_of(follower_url)))
        if signs:
            grants.append(("handschlag_signer", login_of(follower_url)))
    if not await _is_done(owner_url, grants):
        await import_module("infra.postgres.upgrading").upgrade(owner_url, grants)


def login_of(url: str) -> str:
    """The login that `url` names."""
    login = urlsplit(url).username
    if not login:
        raise ValueError("a database URL of Handschlag names its login: postgresql://login@host/database")
    return unquote(login)


async def _is_done(owner_url: str, grants: list[tuple[str, str]]) -> bool:
    """Whether there is nothing to do, as at most starts: then the tools that do it aren't even loaded."""
    connection = await asyncpg.connect(owner_url)
    try:
        if await connection.fetchval("select to_regclass('log.revision')") is None:
            return False
        if await connection.fetchval("select version_num from log.revision") != _NEWEST:
            return False
        return bool(
            await connection.fetchval(
                "select bool_and(exists (select from pg_auth_members m where m.roleid = to_regrole(g.role)::oid"
                " and m.member = to_regrole(quote_ident(g.login))::oid))"
                " from unnest($1::text[], $2::text[]) as g (role, login)",
                [role for role, _ in grants],
                [login for _, login in grants],
            )
        )
    finally:
        await connection.close()
