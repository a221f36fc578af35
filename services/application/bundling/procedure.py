"""The words that go with a bundle: how it was made, and how it is checked."""

PROCEDURE = """# How this bundle was made, and how to check it

Everything here stands under `checkpoint`: the log's key has signed the log's name, how many records it has, and the
root of their Merkle tree (RFC 6962). Formats are those of C2SP: tlog-checkpoint, signed-note, tlog-tiles,
tlog-cosignature.

| Member | What it is |
|---|---|
| `manifest.json` | the size, the root, the ledger's digest, and every other member's length and SHA-256 |
| `checkpoint` | what was signed, with the cosignatures that were there by then |
| `checkpoint.cosigned` | where witnesses are asked: the newest checkpoint that enough of them have cosigned |
| `checkpoints/SIZE` | what was signed earlier, 500 at most; each can be held against another bundle (`--held`) |
| `keys.txt` | the log's keys as the service publishes them; behind a # those that sign no more |
| `entries.ndjson` | the exact bytes of every record, a line each, in the order of positions |
| `tile/LEVEL/NUMBER` | the tree's hashes as the signer has kept them, 256 to a tile |
| `ledger.ndjson` | every contract as of the checkpoint, a canonical line each (its SHA-256 is the ledger's digest) |
| `ledger.json`, `ledger.csv` | the same rows as one JSON document, and for spreadsheets |
| `schemas.json` | JSON Schemas of a record and of the data of each type, with what it means |
| `disclosures.ndjson` | only if asked for: personal values with their salts |
| `verify.pyz` | a copy of the verifier |

1. Take the verifier from somewhere else than from here, and compare its SHA-256 with the published one.
2. Take the log's key from somewhere else, too.
3. `python verify.pyz BUNDLE --key KEY`, with `--held` for every checkpoint or receipt that you kept.

The verifier hashes every record before it reads it, compares the tree with what was signed now and earlier, follows
every stream from its first record, folds the ledger anew, and compares it with all three ledgers row by row.
It can't check words and programs: this page, the copy of the verifier, and, once you took the key from elsewhere, what
`keys.txt` says. Its report names them, and what `schemas.json` says otherwise than the verifier's own copy.

By hand: `sha256sum` of `ledger.ndjson` is the digest in the manifest. A record's hash is SHA-256 over a zero byte and
the record's line without its line feed; number n stands in `tile/0`, 32 bytes each.

Persons are pseudonyms here, and what describes them stands in a vault. A record holds a commitment to each such value:
HMAC-SHA-256 under the value's salt over `handschlag/sealed/v1`, a zero byte, the field's name, a zero byte, the value.
Values that were disclosed are compared with it. What was erased has neither value nor salt any more.
"""
