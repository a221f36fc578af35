"""What became of a certified contract, in its ledger row: its state follows from its pledges."""

from domain.contract.events import AmendmentProposed, AmendmentSigned, ContractAmended, FollowUpCalled, Reminded
from domain.contract.fulfilment import Progress, Standing, untouched
from domain.contract.fulfilment import standing as standing_of
from domain.frozen import replace
from domain.identity import PersonId
from domain.instant import Instant
from domain.ledger.row import NUMBERED, Call, LedgerRow, LedgerState, ProposedTerms
from domain.ledger.signing import resigned
from domain.ledger.terms import counted_anew, written
from domain.refusal import LogDamaged

_STATES = {
    Standing.UNTOUCHED: LedgerState.CERTIFIED,
    Standing.RUNNING: LedgerState.RUNNING,
    Standing.FULFILLED: LedgerState.FULFILLED,
    Standing.PARTLY_FULFILLED: LedgerState.PARTLY_FULFILLED,
    Standing.NOT_FULFILLED: LedgerState.NOT_FULFILLED,
}


def begun(row: LedgerRow, notary: PersonId, number: int, at: Instant) -> LedgerRow:
    """Under the seal: nothing is known yet of what was pledged."""
    return replace(
        row,
        state=LedgerState.CERTIFIED,
        notary=notary,
        number=number,
        certified_at=at,
        progress=untouched(row.pledges),
    )


def standing(row: LedgerRow) -> LedgerRow:
    """The row in the state that doubt, dispute and its pledges, in this order, give it."""
    if row.state not in NUMBERED:
        return row
    if any(party.repudiated for party in row.parties):
        return replace(row, state=LedgerState.REPUDIATED)
    if row.disputed:
        return replace(row, state=LedgerState.DISPUTED)
    return replace(row, state=_STATES[standing_of(row.pledges, row.progress)])


def called(row: LedgerRow, fact: FollowUpCalled | Reminded, at: Instant) -> LedgerRow:
    """The row with the newest call and the newest reminder of each party."""
    outcome = fact.outcome if isinstance(fact, FollowUpCalled) else None
    kind = fact.kind if isinstance(fact, Reminded) else None
    call = Call(party=fact.party, at=at, outcome=outcome, reminder=kind)
    others = [one for one in row.calls if (one.party, one.reminder) != (call.party, call.reminder)]
    return replace(row, calls=(*others, call))


def amending(row: LedgerRow, fact: AmendmentProposed | AmendmentSigned | ContractAmended) -> LedgerRow:
    """An amendment is proposed, signed by one, or holds."""
    match row.amendment, fact:
        case None, AmendmentProposed(by=by, terms=terms, terms_hash=terms_hash):
            return replace(row, amendment=ProposedTerms(by=by, terms_hash=terms_hash, pledges=terms.pledges))
        case ProposedTerms(signed=signed), AmendmentSigned(signature=signature):
            known = row.amendment.signatures
            proposed = replace(row.amendment, signed=(*signed, signature.party), signatures=(*known, signature))
            return replace(row, amendment=proposed)
        case ProposedTerms(signatures=signatures), ContractAmended():
            return _amended(replace(row, parties=resigned(row.parties, signatures)), fact)
        case _:
            raise LogDamaged(row, fact)


def _amended(row: LedgerRow, fact: ContractAmended) -> LedgerRow:
    """The row under its new terms, newly signed; what was known of a pledge stays known where its words stayed."""
    same = {place for place, (old, new) in enumerate(zip(row.pledges, fact.terms.pledges, strict=False)) if old == new}
    rewritten = written(replace(row, amendment=None, amendments=row.amendments + 1), fact.terms, fact.terms_hash)
    kept = replace(
        rewritten,
        values=tuple(row.values[place] if place in same else value for place, value in enumerate(rewritten.values)),
        progress=tuple(row.progress[place] if place in same else Progress() for place in range(len(rewritten.pledges))),
    )
    return standing(counted_anew(kept))
