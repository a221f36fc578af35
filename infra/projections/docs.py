"""The folds' values from the JSON text that `doc` columns hold; `infra.projections.written_rows` wrote it.

What a text says never changes, and the values are frozen: those read last are held by their text, and nothing has to
be held against the tables. No name of a person is in them: these are joined from the vault at reading.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from domain.directory.fold import STATES
from domain.ledger.row import LedgerRow
from domain.results.statement import Statement
from domain.results.tally import Tally

HELD = 2_048
"""Values of a kind that are held decoded: several pages of every list that is looked at."""

_ledger_row = msgspec.json.Decoder(LedgerRow).decode
_tally = msgspec.json.Decoder(Tally).decode
_statement = msgspec.json.Decoder(Statement).decode
_states: Mapping[str, Callable[[str], Any]] = {
    name: msgspec.json.Decoder(state).decode for name, state in STATES.items()
}


@lru_cache(HELD)
def ledger_row(doc: str) -> LedgerRow:
    """The ledger row that `doc` tells; like its siblings raises `msgspec.MsgspecError` for what it didn't write."""
    return _ledger_row(doc)


def tally(doc: str) -> Tally:
    """The tally that `doc` tells."""
    return _tally(doc)


def statement(doc: str) -> Statement:
    """The statement that `doc` tells."""
    return _statement(doc)


@lru_cache(HELD)
def state(name: str, doc: str) -> Any:
    """The state of the class called `name` (see `domain.directory.fold.STATES`) that `doc` tells."""
    return _states[name](doc)
