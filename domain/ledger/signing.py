"""Signatures in a ledger row: who signed, and whose signature is in doubt."""

from collections.abc import Iterable

from domain.contract.form import Signature
from domain.frozen import replace
from domain.identity import ParticipationId
from domain.ledger.row import NUMBERED, LedgerParty, LedgerRow, LedgerState
from domain.negotiation.terms import Party


def unsigned(parties: Iterable[Party | LedgerParty]) -> tuple[LedgerParty, ...]:
    """The parties, none of whom has signed the terms that stand."""
    return tuple(
        LedgerParty(
            participation=party.participation,
            organisation=party.organisation,
            side=party.side,
            signed=False,
            publicity=False,
        )
        for party in parties
    )


def signed(row: LedgerRow, signature: Signature) -> LedgerRow:
    """The row with one more signature; with the last one it is signed."""
    parties = resigned(row.parties, (signature,))
    state = LedgerState.SIGNED if all(party.signed for party in parties) else row.state
    return replace(row, parties=parties, state=state)


def resigned(parties: Iterable[LedgerParty], signatures: Iterable[Signature]) -> tuple[LedgerParty, ...]:
    """The parties, as these signatures tell of those who gave them: those under an amendment replace earlier ones."""
    given = {signature.party: signature for signature in signatures}
    return tuple(
        replace(
            party,
            signed=True,
            publicity=given[party.participation].publicity,
            person=given[party.participation].person,
            manner=given[party.participation].manner,
            witness=given[party.participation].witness,
        )
        if party.participation in given
        else party
        for party in parties
    )


def repudiated(row: LedgerRow, who: ParticipationId) -> LedgerRow:
    """Under the seal the signature is in doubt; before it, it is taken off the form."""
    if row.state in NUMBERED:
        return _changed(row, who, doubt=True)
    parties = tuple(unsigned([party])[0] if party.participation == who else party for party in row.parties)
    return replace(row, parties=parties, state=LedgerState.DRAFTED)


def approved(row: LedgerRow, who: ParticipationId) -> LedgerRow:
    """The signature stands."""
    return _changed(row, who, doubt=False)


def _changed(row: LedgerRow, who: ParticipationId, *, doubt: bool) -> LedgerRow:
    parties = tuple(replace(party, repudiated=doubt) if party.participation == who else party for party in row.parties)
    return replace(row, parties=parties)
