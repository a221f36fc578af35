"""Taking a bundle home over a line that breaks: it goes on where it was cut off, with the same bytes, or anew."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from services.auditor.service import PASSING, CantAsk, LineBroken, Refused, Service

CHUNK = 256 * 1024
MOST_BREAKS = 8
"""Broken lines in a row, without a byte in between, after which it is given up."""
LONGEST = 60
"""Seconds between two questions, at most."""
MOST_WAITS = 2_000
"""How often a service may say wait."""
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")
_BEHIND = re.compile(r"bytes \*/([0-9]{1,18})")
_TAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')

Progress = Callable[[int, int], None]
"""Told how many bytes are here, of how many."""
Waiting = Callable[[str], None]
"""Told why nothing comes just now."""


@dataclass(slots=True)
class Taken:
    """A download: what is here, and the entity tag of which file it is a part. The tag stands beside the part."""

    part: Path

    @property
    def length(self) -> int:
        """Bytes that are here."""
        return self.part.stat().st_size if self.part.exists() else 0

    @property
    def tag(self) -> str | None:
        """The entity tag, quotes included; None when nothing is here that could go on."""
        try:
            told = self._tag.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        return told if _TAG.fullmatch(told) else None

    def begin(self, tag: str | None) -> None:
        """Begin anew, with a file of this tag."""
        self._tag.unlink(missing_ok=True)
        self.part.write_bytes(b"")
        if tag is not None:
            self._tag.write_text(tag, "ascii")

    def end(self, place: Path) -> None:
        """Move the whole to its place."""
        self.part.replace(place)
        self._tag.unlink(missing_ok=True)

    @property
    def _tag(self) -> Path:
        return self.part.with_name(f"{self.part.name}.tag")


def download(service: Service, size: int, place: Path, progress: Progress, waiting: Waiting) -> None:
    """The bundle of `size` records at `place`; what an earlier run left there in part is gone on with.

    Raises `CantAsk` when the service says no or the line keeps breaking; the part stays, for another run.
    """
    taken = Taken(place.with_name(f"{place.name}.part"))
    breaks = waits = 0
    while True:
        before = taken.length
        try:
            if _more(service, size, taken, progress):
                break
        except Refused as refused:
            waits += 1
            if refused.status not in PASSING or waits > MOST_WAITS:
                raise
            waiting(_why(refused))
            time.sleep(min(max(refused.retry_after or 1, 1), LONGEST))
            continue
        except LineBroken as broken:
            breaks = 0 if taken.length > before else breaks + 1
            if breaks >= MOST_BREAKS:
                raise
            waiting(str(broken))
            time.sleep(min(0.1 * 2**breaks, LONGEST))
    _must_be_what_was_tagged(taken)
    taken.end(place)


def _more(service: Service, size: int, taken: Taken, progress: Progress) -> bool:
    """Ask for what is missing; answers whether all is here. Raises `Refused` and `LineBroken`."""
    here, tag = taken.length, taken.tag
    goes_on = here > 0 and tag is not None
    headers = {"Range": f"bytes={here}-", "If-Range": str(tag)} if goes_on else {}
    try:
        answer = service.open(f"{service.base}/log/bundle", {"size": size}, headers)
    except Refused as refused:
        if refused.status == 416 and goes_on:
            return _all_here(refused, taken)
        raise
    with answer:
        if answer.status == 206:
            whole = _length_from(answer, here, tag, taken)
        else:
            taken.begin(answer.headers.get("ETag"))
            whole = _whole_length(answer)
        return _take(answer, taken, whole, progress)


def _take(answer: HTTPResponse, taken: Taken, whole: int, progress: Progress) -> bool:
    with taken.part.open("ab") as file:
        here = file.tell()
        progress(here, whole)
        while here < whole:
            try:
                chunk = answer.read(min(CHUNK, whole - here))
            except (OSError, HTTPException) as error:
                raise LineBroken(f"the line broke: {error}") from error
            if not chunk:
                raise LineBroken("the line broke")
            file.write(chunk)
            here += len(chunk)
            progress(here, whole)
    return True


def _length_from(answer: HTTPResponse, here: int, tag: str | None, taken: Taken) -> int:
    """The length of the file that the answer goes on with; when that isn't the one that is here, it begins anew."""
    told = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if told is None or int(told[1]) != here or answer.headers.get("ETag") != tag:
        taken.begin(None)
        raise LineBroken("the service goes on with another file than was begun")
    return int(told[2])


def _whole_length(answer: HTTPResponse) -> int:
    told = answer.headers.get("Content-Length", "")
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        raise LineBroken("the service doesn't say how long the bundle is")
    return int(told)


def _all_here(refused: Refused, taken: Taken) -> bool:
    """Nothing stands behind what is here: then it is whole, or it isn't what it was taken for and begins anew."""
    told = _BEHIND.fullmatch(refused.content_range)
    if told is not None and int(told[1]) == taken.length:
        return True
    taken.begin(None)
    return False


def _must_be_what_was_tagged(taken: Taken) -> None:
    """A tag that is a SHA-256, as Handschlag's are, is compared. Raises `CantAsk` and forgets what is here."""
    told = (taken.tag or "").strip('"')
    if not re.fullmatch(r"[0-9a-f]{64}", told):
        return
    hashed = sha256()
    with taken.part.open("rb") as file:
        while chunk := file.read(1 << 20):
            hashed.update(chunk)
    if hashed.hexdigest() != told:
        taken.begin(None)
        raise CantAsk("what came isn't the file that the service named: ask again")


def _why(refused: Refused) -> str:
    done, of = refused.told.get("done"), refused.told.get("of")
    if isinstance(done, int) and isinstance(of, int):
        return f"The service is writing the bundle: {done:,} of {of:,} records"
    return str(refused)
