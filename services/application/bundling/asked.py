"""What a bundle is made of: the newest signed checkpoint, and the keys that are published with it."""

from domain.identity import TenantId
from services.application.bundling.write import Asked
from services.application.proofs import Proofs

PROCEDURE = """# How this bundle was made, and how to check it

`checkpoint` is what the log's key has signed: its name, how many records it has, and the root of their Merkle tree (RFC
6962). `entries.ndjson` holds the exact bytes of every record in the order of positions, `leaves` their hashes as the
service had them, `ledger.ndjson` every contract as it stood under that checkpoint, one canonical line each.

1. Take the verifier from somewhere else than from here, compare its SHA-256 with the published one.
2. Take the log's key from somewhere else, too.
3. `python verify.pyz BUNDLE --key KEY`, with `--held` for every checkpoint or receipt that you kept.

Names are not in this bundle: persons are pseudonyms, and what describes them stands in a vault. `names.json` tells what
each type of record means.
"""


async def newest(proofs: Proofs, tenant: TenantId, verifier: bytes | None, size: int | None = None) -> Asked:
    """A bundle of everything under the newest checkpoint, or under the one of `size`.

    Raises `CheckpointPending`, and `NotThere` without such a host.
    """
    head = await proofs.head(tenant, size)
    published = (await proofs.keys(tenant)).splitlines()
    return Asked(
        tenant=tenant,
        origin=head.checkpoint.origin,
        size=head.checkpoint.size,
        root=head.checkpoint.root,
        checkpoint=str(head.note).encode(),
        keys=[line for line in published if not line.startswith("#")],
        verifier=verifier,
        procedure=PROCEDURE,
    )
