"""The members of an export bundle: a ZIP that an auditor takes home and needs nothing else to check.

Every member but the manifest is named there with its length and SHA-256. Members are streamed, so none has to fit in
memory. Checkpoints and tiles are called as a log's addresses call them (C2SP tlog-tiles).
"""

from domain.transparency.tiles import Tile, TileMalformed

FORMAT = "handschlag-bundle/1"

MANIFEST = "manifest.json"
"""Canonical JSON: format, tenant, origin, size, root, ledger digest, and the other members."""
FIELDS = frozenset({"format", "tenant", "origin", "size", "root", "ledger_digest", "members"})
"""What a manifest of this format says, and nothing else."""
MEMBER_FIELDS = frozenset({"length", "sha256"})
"""What it says of a member."""
CHECKPOINT = "checkpoint"
"""The signed note (C2SP tlog-checkpoint) under which everything else stands, cosignatures included."""
COSIGNED = "checkpoint.cosigned"
"""Where witnesses are asked: the newest note that a quorum has cosigned; it may be of fewer records."""
OLDER = "checkpoints/"
"""Before its size: an older note, as it was signed then."""
MOST_OLDER = 500
"""Older checkpoints in a bundle: all, or so many of them in even steps."""
TILES = "tile/"
"""Before its path: a tile of hashes as the signer has it. With these the first changed entry can be named."""
KEYS = "keys.txt"
"""The log's verifier keys as the service publishes them, a vkey a line; behind a # those that sign no more.

An auditor's own come from elsewhere."""
ENTRIES = "entries.ndjson"
"""Every entry's exact bytes in the order of positions, each ended by a line feed."""
LEDGER = "ledger.ndjson"
"""The ledger's rows in its order, as `domain.ledger.digest.row_line` writes them: what the digest is of."""
LEDGER_JSON = "ledger.json"
"""The same rows as one JSON document, with the size, root and digest that they stand under."""
LEDGER_CSV = "ledger.csv"
"""The same for spreadsheets, without what doesn't fit a cell."""
DISCLOSURES = "disclosures.ndjson"
"""If asked for: personal values with their salts in the order of positions, so that commitments can be opened."""
SCHEMAS = "schemas.json"
"""JSON Schemas (2020-12) of a whole entry, and of the data of every type, with its name, version and meaning."""
PROCEDURE = "PROCEDURE.md"
"""How to check all this, in words."""
VERIFIER = "verify.pyz"
"""A copy of the verifier, for convenience: one that is to be trusted comes from elsewhere."""

NEEDED = (MANIFEST, CHECKPOINT, KEYS, ENTRIES, LEDGER, LEDGER_JSON, LEDGER_CSV, SCHEMAS)
"""Without these nothing can be said."""

_KNOWN = frozenset({*NEEDED, COSIGNED, DISCLOSURES, PROCEDURE, VERIFIER})


def tile_member(tile: Tile) -> str:
    """How the member of a tile is called."""
    return TILES + tile.path()


def older_size(member: str) -> int | None:
    """The size of an older checkpoint by its member's name; None for another member."""
    told = member.removeprefix(OLDER)
    if member == told or not (told.isascii() and told.isdigit() and len(told) < 20 and str(int(told)) == told):
        return None
    return int(told)


def is_known(member: str) -> bool:
    """Whether a bundle of this format has members called so: others would be carried along unchecked."""
    if member in _KNOWN or older_size(member) is not None:
        return True
    try:
        return member.startswith(TILES) and Tile.parse(member.removeprefix(TILES)).level is not None
    except TileMalformed:
        return False
