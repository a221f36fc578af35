"""The genuine log that is attacked: really appended, signed, projected and cosigned, with what an auditor kept of it.

Five moments, at each of which the log is signed:

    oldest   nobody keeps anything of it
    older    an auditor keeps the checkpoint
    receipt  a party keeps the receipt of a record
    seen     two of three witnesses cosign
    newest   what is exported
"""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from domain.access.roles import Role
from domain.envelope import Envelope
from domain.identity import KeyId, TenantId
from domain.transparency.merkle import leaf_hash
from domain.transparency.policy import Policy
from infra.clock import now
from infra.event_log.store import EventLog
from infra.event_log.wakeups import Wakeups
from infra.postgres.migrate import migrate
from infra.postgres.tenancy import create_tenant
from infra.projections.pool import open_follower_pool
from infra.signing.cosignatures import CosignatureStore
from infra.signing.keys import LogKeys, SigningKey
from infra.signing.reader import SignedReader
from infra.signing.store import SignerStore
from services.application.asking import Caller
from services.application.proofs import Proofs
from services.signer.signer import Signer, log_seeds
from tests.auditor.campaign.server import Server
from tests.auditor.campaign.witnesses import Watching, cosigned, two_of_three
from tests.auditor.editions import between_commands, editions
from tests.infra.projections.telling import catch_up
from tests.infra.projections.writing import append

GENUINE = "genuine"
"""The database that is copied for every attack."""

TENANT, OTHER = TenantId("test"), TenantId("other")
PARTY = Caller(tenant=TENANT, key=KeyId("k"), member="an auditor", role=Role.AUDITOR)
MOMENTS = ("oldest", "older", "receipt", "seen", "newest")


@dataclass
class Scene:
    """The server with the genuine log, the signer's home, the witnesses, and what an auditor kept."""

    server: Server
    home: Path
    witnesses: list[Watching] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    sizes: dict[str, int] = field(default_factory=dict)
    entries: list[bytes] = field(default_factory=list)
    checkpoint: bytes = b""
    receipt: bytes = b""
    receipt_of: int = 0

    @property
    def key(self) -> SigningKey:
        """The log's key."""
        keys = LogKeys(log_seeds(self.home))
        keys.look()
        (key,) = keys.keys(f"handschlag/{TENANT}")
        return key

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hashes of the genuine log."""
        return [leaf_hash(entry) for entry in self.entries]

    @asynccontextmanager
    async def copied(self) -> AsyncIterator[tuple[Server, Path]]:
        """A copy of the database, and one of the signer's home."""
        async with self.server.copy(GENUINE) as server:
            home = self.home.parent / server.superuser.rpartition("/")[2]
            shutil.copytree(self.home, home)
            try:
                yield server, home
            finally:
                shutil.rmtree(home)


async def sign_once(server: Server, home: Path, tenant: TenantId = TENANT) -> str | None:
    """Let the real signer look at every log, as it does when it starts; answers why it refuses one, if it does."""
    signer = Signer(server.urls.follower, Wakeups(server.urls.runtime), home)
    store = await SignerStore.open(server.urls.follower)
    try:
        assert await store.claim()
        signer._memory.open()
        await signer._round(store, first=True)
    finally:
        signer._memory.close()
        await store.close()
    connection = await asyncpg.connect(server.superuser)
    try:
        kind: str | None = await connection.fetchval("select kind from signed.troubles where tenant = $1", tenant)
    finally:
        await connection.close()
    return kind


async def prepared(server: Server, folder: Path, contracts: int) -> Scene:
    """Make the genuine database: two hosts, one of them with two editions of so many contracts."""
    await server.order(f"create database {GENUINE} owner handschlag_owner_login")
    genuine = server.at(GENUINE)
    await migrate(genuine.urls.owner, genuine.urls.runtime, genuine.urls.follower, signs=True)
    scene = Scene(server, folder / "home")
    scene.home.mkdir()
    for tenant in (TENANT, OTHER):
        await create_tenant(
            genuine.urls.owner, tenant, name="Testbörse", city="Essen", region="", time_zone="Europe/Berlin"
        )
    log = await EventLog.open(genuine.urls.runtime)
    try:
        await append(log, OTHER, editions(2, 1, contracts, f"handschlag/{OTHER}").told)
        await _live(scene, genuine, log, editions(1, 2, contracts).told)
        await _project(genuine)
    finally:
        await log.close()
    return scene


async def _live(scene: Scene, genuine: Server, log: EventLog, told: Sequence[Envelope]) -> None:
    """Append in five parts, sign after each, and keep what is kept at each moment."""
    done = 0
    for number, moment in enumerate(MOMENTS):
        until = between_commands(told, len(told) * (number + 4) // 8)
        await append(log, TENANT, told[done:until])
        done = until
        assert await sign_once(genuine, scene.home) is None
        scene.sizes[moment] = done
        if moment == "older":
            scene.checkpoint = str((await Proofs(log).head(TENANT)).note).encode()
        elif moment == "receipt":
            scene.receipt_of = done - 5
            scene.receipt = await Proofs(log).receipt(TENANT, scene.receipt_of, PARTY, reads_all=True)
        elif moment == "seen":
            await _witnessed(scene, genuine, log)
    scene.entries = [entry.bytes for entry in await log.page(TENANT, 0, 100_000)]


async def _witnessed(scene: Scene, genuine: Server, log: EventLog) -> None:
    """Two of three witnesses cosign, the third one is away."""
    scene.witnesses = [Watching.of(number, scene.home.parent, scene.key.verifier) for number in (1, 2, 3)]
    scene.policy = two_of_three(scene.witnesses)
    store = await CosignatureStore.open(genuine.urls.follower)
    try:
        for witness in scene.witnesses[:2]:
            line = await cosigned(witness, SignedReader(log.pool), TENANT, 0)
            await store.keep(TENANT, scene.sizes["seen"], line, now())
    finally:
        await store.close()


async def _project(genuine: Server) -> None:
    pool = await open_follower_pool(genuine.urls.follower)
    try:
        for tenant in (TENANT, OTHER):
            await catch_up(pool, tenant)
    finally:
        await pool.close()
