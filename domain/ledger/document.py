"""The ledger as one JSON document, written a row a line: as a whole for programs, row by row for who compares."""

from domain.codec import canonical

CLOSING = b"]}\n"
"""The last line."""


def opening(tenant: str, origin: str, size: int, root: str, digest: str) -> bytes:
    """The first line: whose ledger it is, as of which size and root (hex), and its digest; then `contracts`."""
    head = {"tenant": tenant, "origin": origin, "size": size, "root": root, "ledger_digest": digest}
    return canonical(head)[:-1] + b',"contracts":[\n'


def row_in_it(row: bytes, *, first: bool) -> bytes:
    """A row's line; `row` is as `domain.ledger.digest.row_line` writes it."""
    return (b"" if first else b",") + row + b"\n"
