"""A file that is to be taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from domain.identity import MarketplaceId
from services.application.importing.bad import Bad
from services.application.importing.columns import Kind, by_column
from services.application.importing.encoding import Encoding, Text, decoded
from services.application.importing.rows import Told, understood
from services.application.importing.table import Form, read_csv
from services.application.importing.workbook import read_workbook


@dataclass(frozen=True)
class Import:
    """A file of a `kind`, for an edition or for none."""

    kind: Kind
    marketplace: MarketplaceId | None
    form: Form
    content: bytes

    @cached_property
    def digest(self) -> str:
        """What was previewed: the file byte for byte, what it is about and for which edition."""
        head = f"{self.kind}\n{self.marketplace or ''}\n{self.form}\n".encode()
        return sha256(head + self.content).hexdigest()

    def encoding(self) -> Encoding | None:
        """How the bytes are read as text; None for a workbook, and for what can't be read. Takes its time."""
        told = decoded(self.content) if self.form is Form.CSV else None
        return told.encoding if isinstance(told, Text) else None

    def read(self) -> tuple[Sequence[Told], list[Bad]]:
        """The rows as they are understood, and what is wrong with the others or with the file. Takes its time."""
        table = read_csv(self.content) if self.form is Form.CSV else read_workbook(self.content)
        if isinstance(table, Bad):
            return (), [table]
        rows, troubles = by_column(self.kind, table)
        told, more = understood(self.kind, rows)
        return told, sorted([*troubles, *more], key=lambda one: one.row or 0)
