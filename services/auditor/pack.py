"""The verifier as one file: a ZIP of Python that `python verify.pyz` runs, the same bytes wherever it is made.

An auditor takes it, its hash and the log's keys from somewhere else than from whom they audit.
"""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
_PARTS = (("domain", "**/*.py"), ("services", "__init__.py"), ("services/auditor", "*.py"))
_START = b"""import gc
import sys

from services.auditor.main import main

gc.disable()  # what is read stays to the end, and nothing of it refers to itself: looking through it finds nothing
sys.exit(main())
"""
_SHEBANG = b"#!/usr/bin/env python3\n"


def packed() -> bytes:
    """The bytes of `verify.pyz`: the domain, the auditor, and nothing else."""
    house = Path(__file__).resolve().parents[2]
    out = io.BytesIO()
    out.write(_SHEBANG)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in sorted({**_sources(house), "__main__.py": _START}.items()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, raw)
    return out.getvalue()


def fingerprint(raw: bytes) -> str:
    """SHA-256 in lower-case hex, to be published where auditors look."""
    return sha256(raw).hexdigest()


def _sources(house: Path) -> dict[str, bytes]:
    return {
        path.relative_to(house).as_posix(): path.read_bytes()
        for folder, pattern in _PARTS
        for path in (house / folder).glob(pattern)
    }
