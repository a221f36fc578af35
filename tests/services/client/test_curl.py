"""curl is enough: cut off anywhere, even within an event, it goes on behind the last whole one."""

import asyncio
import random
import re

from tests.running import RunningService
from tests.services.hall import Hall

EVENT = re.compile(rb"id: (\d+)\nevent: [^\n]+\ndata: [^\n]+\n\n")
CUTS = 12


async def test_curl_resumes_where_it_was_cut(hall: Hall, service: RunningService) -> None:
    """Given a stream that is cut at random bytes, when curl asks again with Last-Event-ID, then all come once."""
    await hall.plan()
    for name in ("Probe-Weberei", "Probe-Imkerei", "Probe-Töpferei"):
        await hall.bring(name, "company")
    head = await hall.position()
    chance = random.Random(2006)
    seen: list[int] = []
    for cut in range(CUTS):
        last = ["-H", f"Last-Event-ID: {seen[-1]}"] if seen else []
        seen += await _some(hall, service, last, chance.randint(1, 6_000) if cut < CUTS - 1 else None, head)
        if seen and seen[-1] == head:
            break
    assert seen == list(range(1, head + 1))


async def _some(hall: Hall, service: RunningService, last: list[str], most: int | None, head: int) -> list[int]:
    """The positions of the whole events among the first `most` bytes of a stream, or of all up to the head."""
    curl = await asyncio.create_subprocess_exec(
        *("curl", "-sN", "-H", f"Authorization: Bearer {hall.host.keys['integrator']}", *last),
        f"{service.url}/v1/{hall.host.tenant}/events/stream",
        stdout=asyncio.subprocess.PIPE,
    )
    assert curl.stdout is not None
    told = b""
    try:
        async with asyncio.timeout(30):
            while (most is None or len(told) < most) and b"id: %d\n" % head not in told:
                told += await curl.stdout.read(64)
            if most is None or len(told) < most:
                told += await curl.stdout.readuntil(b"\n\n")
    finally:
        curl.kill()
        await curl.wait()
    return [int(id_) for id_ in EVENT.findall(told[:most])]
