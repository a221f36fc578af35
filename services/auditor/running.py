"""Checking a running service: with an auditor's key its whole bundle, without one what is public."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from services.auditor.bundle import Bundle
from services.auditor.download import LONGEST, Progress, Waiting, download
from services.auditor.history import Progress as Reading
from services.auditor.public import check_public, newest
from services.auditor.service import PASSING, Refused, Service
from services.auditor.signed import Signed
from services.auditor.trust import Held, Trust
from services.auditor.verify import Report, verify

MOST_WAITS = 30
"""How often a service may say wait before anything is downloaded."""

Answer = TypeVar("Answer")


def verify_service(
    service: Service,
    trust: Trust,
    keep: Path | None,
    taking: Progress,
    waiting: Waiting,
    reading: Reading,
    processes: int | None = 1,
) -> Report:
    """Check a service. With its key the bundle is taken home, to `keep` if that is given, and checked as a file is.

    Raises `CantAsk`, `AnswerMalformed`, and `CantOpen` when what came is no bundle.
    """
    if service.key is None:
        return _patiently(lambda: check_public(service, trust), waiting)
    shown = _patiently(lambda: newest(service), waiting)
    with _taken_home(keep) as place:
        download(service, shown.checkpoint.size, place, taking, waiting)
        with Bundle(place) as bundle:
            report = verify(bundle, replace(trust, held=(*trust.held, _held(shown, service))), reading, processes)
    report.held = [held.file for held in trust.held]
    return report


@contextmanager
def _taken_home(keep: Path | None) -> Iterator[Path]:
    """Where the bundle lies while it is checked: for good, or in a folder that goes when we do (not if killed)."""
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="handschlag-verify-") as aside:
        yield Path(aside) / "bundle.zip"


def _held(shown: Signed, service: Service) -> Held:
    """What the service showed everybody is evidence like any other."""
    return Held(f"{service.base}/log/checkpoint", shown.checkpoint, shown.note)


def _patiently(ask: Callable[[], Answer], waiting: Waiting) -> Answer:
    for _ in range(MOST_WAITS):
        try:
            return ask()
        except Refused as refused:
            if refused.status not in PASSING:
                raise
            waiting(str(refused))
            time.sleep(min(max(refused.retry_after or 1, 1), LONGEST))
    return ask()
