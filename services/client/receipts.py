"""Receipts checked by their holder: that a record stands in the log, under a checkpoint that a known key has signed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.transparency.merkle import leaf_hash
from domain.transparency.note import NoteMalformed, NoteUntrusted, VerifierKey, signed_by
from domain.transparency.paths import NotProved
from domain.transparency.proof import Proof
from services.client.trouble import ClientTrouble


class ReceiptWorthless(ClientTrouble):
    """This receipt proves nothing to whoever trusts these keys alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt proves: the entry's bytes `raw` are record `position` of the log `origin`, of `size` records then.

    `signed_by` are the vkeys of yours that have signed it.
    """

    origin: str
    position: int
    size: int
    signed_by: tuple[str, ...]
    raw: bytes = field(repr=False)


def verify_receipt(receipt: bytes, keys: Iterable[str]) -> Receipt:
    """What `receipt` (C2SP tlog-proof) proves to a holder who trusts `keys`, the log's verifier keys (vkeys).

    Get the keys from somewhere else than from the service you check; it also names its own. To prove *your* event,
    compare `raw` with it. Needs no network. Raises `ReceiptWorthless`.
    """
    try:
        proof = Proof.parse(receipt)
        if proof.extra is None:
            raise ReceiptWorthless("The receipt keeps no entry: the proof alone says nothing of a record.")
        checkpoint, note = proof.proves(leaf_hash(proof.extra))
        signers = signed_by(note, [VerifierKey.parse(key) for key in keys])
        origin = json.loads(proof.extra)["origin"]
    except (NoteMalformed, NoteUntrusted, NotProved) as error:
        raise ReceiptWorthless(f"The receipt proves nothing: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ReceiptWorthless("What the receipt proves isn't an entry of Handschlag.") from error
    if origin != checkpoint.origin:
        raise ReceiptWorthless(f"The entry is of {origin!r}, the checkpoint of {checkpoint.origin!r}.")
    return Receipt(
        origin=checkpoint.origin,
        position=proof.index + 1,
        size=checkpoint.size,
        signed_by=tuple(str(key) for key in signers),
        raw=proof.extra,
    )
