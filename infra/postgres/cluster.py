"""The data folder: made once, whole or not at all, and never touched if it isn't ours.

initdb works in a folder `data.growing-…` beside the place; only when it's complete and on disk is it renamed to
`data`. So an interrupted first start leaves a folder that the next one throws away, and `data` is always whole.
"""

import os
import secrets
import shutil
from pathlib import Path

from infra.postgres.binaries import MAJOR
from infra.postgres.footing import Footing
from infra.postgres.trouble import ForeignFolder, NewerData, NoPermission, OlderData, of_words

SUPERUSER = "handschlag_bootstrap"
"""Owns the catalogue. It has no password, so nobody can log in as it; we use it while no server runs."""

_ADMISSION = f"""\
# Written by Handschlag when it made this folder (pg_hba.conf: the first line that fits decides).
host  all  {SUPERUSER}  all           reject
host  all  all  127.0.0.1/32  scram-sha-256
"""

_MARK = "HANDSCHLAG"
"""A file in the data folder that says who made it."""


def ensure(footing: Footing) -> None:
    """See that a data folder of ours and of our version is there; make it if there is none.

    The caller holds the home's lock. Raises `ForeignFolder`, `NewerData`, `OlderData`, `NoPermission`, `DiskFull`.
    """
    for left_over in footing.room.glob("data.growing-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    if _is_empty(footing.data):
        _make(footing)
    else:
        _judge(footing.data)


def _is_empty(data: Path) -> bool:
    """Whether `data` is missing, or a folder with nothing in it (an operator's mount point may be)."""
    try:
        return not any(data.iterdir())
    except FileNotFoundError:
        return True
    except NotADirectoryError:
        raise ForeignFolder(f"{data} is a file") from None


def _judge(data: Path) -> None:
    """Refuse what isn't ours or can't be read by our version. Reads only."""
    try:
        written = int((data / "PG_VERSION").read_text().strip())
        ours = (data / _MARK).is_file()
    except (FileNotFoundError, ValueError):
        raise ForeignFolder(str(data)) from None
    except PermissionError:
        raise NoPermission(str(data)) from None
    if not ours:
        raise ForeignFolder(f"{data}: PostgreSQL data of another program")
    if written > MAJOR:
        raise NewerData(f"{data}: written by {written}, installed is {MAJOR}")
    if written < MAJOR:
        raise OlderData(f"{data}: written by {written}, installed is {MAJOR}")
    if data.stat().st_uid != os.geteuid() and os.geteuid() != 0:
        raise NoPermission(f"{data} belongs to user {data.stat().st_uid}")


def _make(footing: Footing) -> None:
    growing = footing.room / f"data.growing-{secrets.token_hex(4)}"
    growing.mkdir(mode=0o700)
    if footing.owner:
        os.chown(growing, *footing.owner)
    try:
        _fill(growing, footing)
        growing.rename(footing.data)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    _to_disk(footing.room)


def _fill(growing: Path, footing: Footing) -> None:
    """All that the data folder holds at first, on disk."""
    made = footing.run([str(footing.binaries.initdb), *_options(growing)])
    if made.returncode:
        raise of_words(made.stderr or made.stdout)
    (growing / "pg_hba.conf").write_text(_ADMISSION)
    (growing / _MARK).write_text("This PostgreSQL data folder was made by Handschlag and is run by it.\n")
    if footing.owner:
        os.chown(growing / _MARK, *footing.owner)
    for path in (growing / "pg_hba.conf", growing / _MARK, growing):
        _to_disk(path)


def _options(data: Path) -> list[str]:
    return [
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        "--auth=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    ]


def _to_disk(path: Path) -> None:
    """Bring to disk a file or a folder's entries."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
