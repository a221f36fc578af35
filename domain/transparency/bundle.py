"""The members of an export bundle: a ZIP that an auditor takes home and needs nothing else to check.

Every member but the manifest is named there with its length and SHA-256. Members are streamed, so none has to fit in
memory.
"""

FORMAT = "handschlag-bundle/1"

MANIFEST = "manifest.json"
"""Canonical JSON: format, tenant, origin, size, root, ledger digest, and the other members."""
CHECKPOINT = "checkpoint"
"""The signed note (C2SP tlog-checkpoint) under which everything else stands, cosignatures included."""
KEYS = "keys.txt"
"""The log's verifier keys as the service publishes them, a vkey a line. An auditor's own come from elsewhere."""
ENTRIES = "entries.ndjson"
"""Every entry's exact bytes in the order of positions, each ended by a line feed."""
LEAVES = "leaves"
"""The leaf hashes as the service has them, 32 bytes each: with them the first changed entry can be named."""
LEDGER = "ledger.ndjson"
"""Every row of the ledger as `domain.ledger.digest.row_line` writes it, in the ledger's order."""
LEDGER_CSV = "ledger.csv"
"""The same for spreadsheets, without what doesn't fit a cell."""
DISCLOSURES = "disclosures.ndjson"
"""If asked for: personal values with their salts, so that commitments can be opened."""
NAMES = "names.json"
"""Every name of an event type with its members."""
PROCEDURE = "PROCEDURE.md"
"""How to check all this, in words."""
VERIFIER = "verify.pyz"
"""A copy of the verifier, for convenience: one that is to be trusted comes from elsewhere."""

NEEDED = (MANIFEST, CHECKPOINT, KEYS, ENTRIES, LEAVES, LEDGER)
"""Without these nothing can be said."""
