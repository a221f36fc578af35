"""What a bundle is made of: a signed checkpoint, what was signed before it, and the keys that are published with it."""

from domain.identity import TenantId
from domain.transparency import bundle
from infra.signing.reader import SignedHead
from services.application.bundling.procedure import PROCEDURE
from services.application.bundling.write import Asked
from services.application.proofs import Proofs


async def asked_of(proofs: Proofs, tenant: TenantId, verifier: bytes | None, size: int | None = None) -> Asked:
    """A bundle of everything under the newest checkpoint, or under the one of `size`.

    Raises `CheckpointPending`, and `NotThere` without such a host or checkpoint.
    """
    head = await proofs.head(tenant, size)
    of = head.checkpoint
    cosigned = await proofs.cosigned(tenant, of.size)
    return Asked(
        tenant=tenant,
        origin=of.origin,
        size=of.size,
        root=of.root,
        checkpoint=_note(head),
        cosigned=None if cosigned is None else _note(cosigned),
        older=[(old.checkpoint.size, _note(old)) for old in await proofs.older(tenant, of.size, bundle.MOST_OLDER)],
        keys=await proofs.keys(tenant),
        verifier=verifier,
        procedure=PROCEDURE,
    )


def _note(head: SignedHead) -> bytes:
    return str(head.note).encode()
