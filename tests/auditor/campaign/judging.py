"""After an attack: what the service itself says, the bundles that come of it, and what the verifier says of each."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.transparency import bundle as members
from domain.transparency import checkpoint as checkpoints
from infra.event_log.store import EventLog
from services.application.bundling.asked import asked_of
from services.application.bundling.write import write_bundle
from services.application.proofs import Proofs
from services.application.queries import Queries
from services.auditor.bundle import Bundle
from services.auditor.trust import Held, Trust
from services.auditor.verify import Report, verify
from tests.auditor.bundles import told_of
from tests.auditor.campaign.intruder import Intruder
from tests.auditor.campaign.scene import TENANT, Scene
from tests.auditor.campaign.server import Server
from tests.vaults import open_test_vault


@dataclass(frozen=True, slots=True)
class Exported:
    """The service's own bundle, and whether the service found its records to be those that were signed."""

    path: Path
    genuine: bool
    checkpoint: bytes


async def export(scene: Scene, server: Server, path: Path) -> Exported:
    """Export as the service does, from the database as it is."""
    log = await EventLog.open(server.urls.runtime, connections=2)
    queries = await Queries.open(server.urls.runtime, server.urls.follower, log, await open_test_vault(log.pool))

    async def silent(_done: int, _of: int) -> None:
        pass

    try:
        asked = await asked_of(Proofs(log, scene.policy), TENANT, None)
        with path.open("wb") as out:
            genuine = await write_bundle(out, log, queries, asked, silent)
        return Exported(path, genuine, asked.checkpoint)
    finally:
        await queries.close()
        await log.close()


async def forge(at: Intruder, exported: Exported, path: Path) -> Path | None:
    """The bundle of a dishonest operator, whose own tool makes tiles and ledger fit the records.

    None if the records are the genuine ones: then the service's own tool does all that can be done.
    """
    entries = await at.entries()
    if entries == at.scene.entries:
        return None
    told = told_of(entries)
    said, _ = checkpoints.parse(exported.checkpoint)
    told.checkpoint, told.size, told.root = exported.checkpoint, said.size, said.root
    told.keys = [str(at.scene.key.verifier)]
    with Bundle(exported.path) as bundle:
        told.more = {name: bundle.small(name) for name in {members.COSIGNED} & bundle.names}
    return told.write(path)


def evidence(scene: Scene, folder: Path) -> dict[str, Trust]:
    """What an auditor may hold, by the guide's words."""
    kept = {"checkpoint": scene.checkpoint, "receipt": scene.receipt}
    for name, raw in kept.items():
        (folder / name).write_bytes(raw)
    key = (scene.key.verifier,)
    return {
        "nothing": Trust(),
        "the key": Trust(keys=key),
        "a checkpoint": Trust(keys=key, held=(Held.read(folder / "checkpoint"),)),
        "a receipt": Trust(keys=key, held=(Held.read(folder / "receipt"),)),
        "2 of 3 witnesses": Trust(keys=key, policy=scene.policy),
    }


def judged(path: Path, trusts: dict[str, Trust]) -> Iterator[tuple[str, Report]]:
    """The verifier's report for each kind of evidence."""
    for name, trust in trusts.items():
        with Bundle(path) as bundle:
            yield name, verify(bundle, trust, lambda *_: None)


@asynccontextmanager
async def intruding(scene: Scene) -> AsyncIterator[Intruder]:
    """A superuser at a fresh copy of the genuine database."""
    async with scene.copied() as (server, home):
        at = await Intruder.at(scene, server, home)
        try:
            yield at
        finally:
            await at.run.close()
