"""From records to ledger rows. Pure: the same records give the same rows, in one go or one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from domain.contract.events import (
    ContractCertified,
    ContractDrafted,
    ContractSigned,
    FormCorrected,
    ReturnedForCorrection,
    SubmittedToNotary,
)
from domain.contract.events import Fact as ContractFact
from domain.contract.form import Form, Signature
from domain.envelope import Recorded
from domain.identity import ContractId
from domain.ledger.row import LedgerParty, LedgerRow, LedgerState, LedgerValue, Source
from domain.marketplace.plan import Counted
from domain.negotiation.rules import is_one_sided
from domain.negotiation.terms import Party, Terms
from domain.organisation.events import Side
from domain.refusal import LogDamaged

PREFIX = "contract."
"""Types with this prefix are the ledger's; it passes over all others."""


def evolve(row: LedgerRow | None, recorded: Recorded) -> LedgerRow:
    """The row after a record of its contract; raises `LogDamaged` when the record can't follow."""
    fact: ContractFact = recorded.envelope.data
    if row is None:
        if not isinstance(fact, ContractDrafted):
            raise LogDamaged(row, fact)
        changed = _drafted(recorded, fact)
    else:
        must_follow(row, fact)
        changed = _changed(row, recorded)
    return replace(changed, position=recorded.position, lineage=(*changed.lineage, recorded.position))


FOLLOWS: Mapping[type, frozenset[LedgerState]] = MappingProxyType(
    {
        FormCorrected: frozenset({LedgerState.DRAFTED, LedgerState.SIGNED, LedgerState.RETURNED}),
        ContractSigned: frozenset({LedgerState.DRAFTED}),
        SubmittedToNotary: frozenset({LedgerState.SIGNED, LedgerState.RETURNED}),
        ReturnedForCorrection: frozenset({LedgerState.AT_NOTARY}),
        ContractCertified: frozenset({LedgerState.AT_NOTARY}),
    }
)
"""In which state of a row its contract can have met which fact, as `domain.contract.state` tells it."""


def must_follow(row: LedgerRow, fact: ContractFact) -> None:
    """What can't have happened to this contract isn't written into its row; raises `LogDamaged`."""
    if row.state not in FOLLOWS.get(type(fact), frozenset()):
        raise LogDamaged(row, fact)


def _changed(row: LedgerRow, recorded: Recorded) -> LedgerRow:
    fact: ContractFact = recorded.envelope.data
    match fact:
        case FormCorrected(terms=terms, terms_hash=terms_hash):
            return _with_terms(row, terms, terms_hash)
        case ContractSigned(signature=signature):
            return _signed(row, signature)
        case SubmittedToNotary():
            return replace(row, state=LedgerState.AT_NOTARY)
        case ReturnedForCorrection():
            return replace(row, state=LedgerState.RETURNED, returns=row.returns + 1)
        case ContractCertified(notary=notary, number=number):
            at = recorded.envelope.time
            return replace(row, state=LedgerState.CERTIFIED, notary=notary, number=number, certified_at=at)
        case _:
            raise LogDamaged(row, fact)


def _drafted(recorded: Recorded, fact: ContractDrafted) -> LedgerRow:
    form = fact.form
    return LedgerRow(
        id=ContractId(recorded.envelope.stream),
        marketplace=form.marketplace,
        number=None,
        form_number=form.form_number,
        state=LedgerState.DRAFTED,
        source=Source.FORM if form.negotiation is None else Source.NEGOTIATION,
        negotiation=form.negotiation,
        parties=tuple(_unsigned(party) for party in form.parties),
        pledges=form.terms.pledges,
        value=counted_value(form.terms, form.parties, form.counted),
        one_sided=_one_sided(form),
        terms_hash=form.terms_hash,
        broker=form.broker,
        notary=None,
        returns=0,
        drafted_at=recorded.envelope.time,
        certified_at=None,
        rehearsal=form.rehearsal,
        position=recorded.position,
        lineage=(),
    )


def _unsigned(party: Party) -> LedgerParty:
    return LedgerParty(
        participation=party.participation,
        organisation=party.organisation,
        side=party.side,
        signed=False,
        publicity=False,
    )


def _one_sided(form: Form) -> bool:
    return is_one_sided(form.terms, (party.participation for party in form.parties))


def _with_terms(row: LedgerRow, terms: Terms, terms_hash: str) -> LedgerRow:
    parties = tuple(replace(party, signed=False, publicity=False) for party in row.parties)
    return replace(
        row,
        state=LedgerState.DRAFTED,
        parties=parties,
        pledges=terms.pledges,
        value=counted_value(terms, parties, row.value.counted),
        one_sided=is_one_sided(terms, (party.participation for party in parties)),
        terms_hash=terms_hash,
    )


def _signed(row: LedgerRow, signature: Signature) -> LedgerRow:
    parties = tuple(
        replace(party, signed=True, publicity=signature.publicity) if party.participation == signature.party else party
        for party in row.parties
    )
    state = LedgerState.SIGNED if all(party.signed for party in parties) else row.state
    return replace(row, parties=parties, state=state)


def counted_value(terms: Terms, parties: Iterable[Party | LedgerParty], counted: Counted) -> LedgerValue:
    """The sum of the estimates that count: the companies' pledges, or both sides'."""
    companies = {party.participation for party in parties if party.side is Side.COMPANY}
    counting = [pledge for pledge in terms.pledges if counted is Counted.BOTH or pledge.giver in companies]
    values = [pledge.value for pledge in counting if pledge.value is not None]
    return LedgerValue(
        minor=sum(value.minor for value in values),
        currency=values[0].currency if values else "EUR",
        counted=counted,
        unvalued=len(counting) - len(values),
    )
