"""As whom PostgreSQL runs and where its data lie: it refuses to run as root, and root's home is closed to others.

Three footings, tried in this order:

* *plain*: we are an ordinary user; PostgreSQL runs as that user.
* *mapped*: we are root (or a user without a name); PostgreSQL runs in a user namespace in which we are `nobody`.
  Nothing is copied, the data lie in the home and stay ours.
* *dropped*: we are root and namespaces are forbidden; PostgreSQL runs as `nobody`, its programs copied and its data
  kept in `/var/lib/handschlag-…`, since `nobody` can't pass the closed home.

Where data already lie decides before anything else, so a change of the kernel's rules never shows an empty database.
"""

import hashlib
import os
import pwd
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from domain.frozen import dataclass
from infra.postgres import namespace
from infra.postgres.binaries import Binaries
from infra.postgres.trouble import BinariesMissing, DataElsewhere, NoOrdinaryUser

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""All that PostgreSQL sees of our environment: its messages stay English, no variable of ours leaks."""


@dataclass(frozen=True, slots=True)
class Footing:
    """Who, with which programs, in which folder."""

    binaries: Binaries
    room: Path
    """The folder in which the data folder lies and in which a new one grows."""

    prepare: Callable[[signal.Signals], namespace.Preparation]
    """Gives the child's preparation, told which signal shall end it when we die."""

    owner: tuple[int, int] | None = None
    """The uid and gid to whom the data folder must be given; None: it's ours."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.room / "data"

    def run(self, command: list[str], words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the programs to its end, `words` as its input; it's killed if we are."""
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            command,
            input=words,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            preexec_fn=self.prepare(signal.SIGKILL),
        )

    def trouble(self) -> str | None:
        """Why the server's program can't run on this footing; None if it can (telling its version, root may too)."""
        try:
            answer = self.run([str(self.binaries.postgres), "--version"])
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
        return None if answer.returncode == 0 else answer.stderr.strip() or f"exit code {answer.returncode}"


def outside(home: Path) -> Path:
    """Where a dropped PostgreSQL of this home keeps its data: one folder for each home."""
    return Path("/var/lib") / f"handschlag-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"


def find(home: Path, binaries: Binaries) -> Footing:
    """The footing for this process and `home`, whose folder `postgres` exists. Raises a `PostgresTrouble`."""
    plain = _working(Footing(binaries, home / "postgres", namespace.as_we_are))
    if os.geteuid() != 0 and _has_name():
        return plain
    nobody = _nobody()
    if not (outside(home) / "data").exists():
        mapped = _mapped(home / "postgres", binaries, nobody)
        obstacle = mapped.trouble()
        if obstacle is None:
            return mapped
        if mapped.data.exists():
            raise DataElsewhere(f"{mapped.data}: {obstacle}")
    if os.geteuid() != 0:
        raise NoOrdinaryUser(f"user {os.geteuid()} has no name, and user namespaces are forbidden")
    return _working(_dropped(home, binaries, nobody))


def _mapped(room: Path, binaries: Binaries, nobody: pwd.struct_passwd) -> Footing:
    def prepare(dying: signal.Signals) -> namespace.Preparation:
        return namespace.mapped(nobody.pw_uid, nobody.pw_gid, room, dying)

    return Footing(binaries, room, prepare)


def _dropped(home: Path, binaries: Binaries, nobody: pwd.struct_passwd) -> Footing:
    room = outside(home)
    room.mkdir(mode=0o755, exist_ok=True)
    room.chmod(0o755)
    (home / "postgres" / "DATA-LIE-ELSEWHERE.txt").write_text(
        f"User namespaces were forbidden, so PostgreSQL runs as `nobody` and its data lie in {room}/data.\n"
    )

    def prepare(dying: signal.Signals) -> namespace.Preparation:
        return namespace.dropped(nobody.pw_uid, nobody.pw_gid, dying)

    return Footing(binaries.copied_to(room), room, prepare, owner=(nobody.pw_uid, nobody.pw_gid))


def _working(footing: Footing) -> Footing:
    obstacle = footing.trouble()
    if obstacle:
        raise BinariesMissing(obstacle)
    return footing


def _has_name() -> bool:
    """Whether we have one: initdb demands an entry for its user; a container may run under a number that has none."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise NoOrdinaryUser from None
