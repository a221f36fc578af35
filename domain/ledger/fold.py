"""From records to ledger rows. Pure: the same records give the same rows, in one go or one by one."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.contract import events as contract
from domain.contract.events import Fact as ContractFact
from domain.contract.form import Form
from domain.contract.progress import Told, after_told
from domain.envelope import Recorded
from domain.frozen import replace
from domain.identity import ContractId
from domain.ledger import after, signing, terms
from domain.ledger.row import COUNTS, LedgerRow, LedgerState, Source
from domain.refusal import LogDamaged

PREFIX = "contract."
"""Types with this prefix are the ledger's; it passes over all others."""

_IN_HAND = frozenset({LedgerState.DRAFTED, LedgerState.SIGNED, LedgerState.RETURNED})
_BEFORE = _IN_HAND | {LedgerState.AT_NOTARY}
_CERTIFIED = COUNTS | {LedgerState.REPUDIATED}
_ANY = _BEFORE | _CERTIFIED

FOLLOWS: Mapping[type, frozenset[LedgerState]] = MappingProxyType(
    {
        contract.CapturedFromPaper: frozenset({LedgerState.DRAFTED}),
        contract.AreasLabelled: _ANY,
        contract.FormCorrected: _IN_HAND,
        contract.ContractSigned: frozenset({LedgerState.DRAFTED}),
        contract.SignatureRepudiated: _ANY,
        contract.SignatureApproved: frozenset({LedgerState.REPUDIATED}),
        contract.SubmittedToNotary: frozenset({LedgerState.SIGNED, LedgerState.RETURNED}),
        contract.ReturnedForCorrection: frozenset({LedgerState.AT_NOTARY}),
        contract.FormChecked: frozenset({LedgerState.AT_NOTARY}),
        contract.ContractCertified: frozenset({LedgerState.AT_NOTARY}),
        contract.CertificationRevoked: _CERTIFIED,
        contract.ContractAnnulled: _ANY,
        contract.ValueEstimated: _ANY,
        contract.ValueCorrected: _ANY,
    }
    | dict.fromkeys(
        (
            contract.AmendmentProposed,
            contract.AmendmentSigned,
            contract.AmendmentWithdrawn,
            contract.ContractAmended,
            contract.Reminded,
            contract.FirstContactMade,
            contract.FollowUpCalled,
            contract.PledgeRunning,
            contract.DeliveryRecorded,
            contract.NonFulfilmentRecorded,
            contract.FulfilmentConfirmed,
            contract.ContractDisputed,
            contract.DisputeSettled,
        ),
        _CERTIFIED,
    )
)
"""In which state of a row its contract can have met which fact, as `domain.contract.state` tells it."""


def evolve(row: LedgerRow | None, recorded: Recorded) -> LedgerRow:
    """The row after a record of its contract; raises `LogDamaged` when the record can't follow."""
    fact: ContractFact = recorded.envelope.data
    if row is None:
        if not isinstance(fact, contract.ContractDrafted):
            raise LogDamaged(row, fact)
        changed = _drafted(recorded, fact.form)
    else:
        must_follow(row, fact)
        changed = _changed(row, recorded)
    return replace(changed, position=recorded.position, lineage=(*changed.lineage, recorded.position))


def must_follow(row: LedgerRow, fact: ContractFact) -> None:
    """What can't have happened to this contract isn't written into its row; raises `LogDamaged`."""
    if row.state not in FOLLOWS.get(type(fact), frozenset()):
        raise LogDamaged(row, fact)


def _changed(row: LedgerRow, recorded: Recorded) -> LedgerRow:
    fact: ContractFact = recorded.envelope.data
    at = recorded.envelope.time
    match fact:
        case contract.CapturedFromPaper(occurred_at=occurred_at):
            return replace(row, source=Source.PAPER, occurred_at=occurred_at)
        case contract.AreasLabelled(areas=areas):
            return replace(row, labels=areas)
        case contract.FormCorrected():
            unsigned = replace(row, state=LedgerState.DRAFTED, parties=signing.unsigned(row.parties))
            return terms.written(unsigned, fact.terms, fact.terms_hash)
        case contract.ContractSigned(signature=signature):
            return signing.signed(row, signature)
        case contract.SignatureRepudiated(party=party):
            return after.standing(signing.repudiated(row, party))
        case contract.SignatureApproved(party=party):
            return after.standing(signing.approved(row, party))
        case contract.SubmittedToNotary():
            return replace(row, state=LedgerState.AT_NOTARY, submitted_at=at, submitted=recorded.position)
        case contract.ReturnedForCorrection(reasons=reasons):
            return replace(row, state=LedgerState.RETURNED, returns=row.returns + 1, return_reasons=reasons)
        case contract.FormChecked(items=items):
            return replace(row, checked=items)
        case contract.ContractCertified(notary=notary, number=number):
            return after.begun(row, notary, number, at)
        case contract.ValueEstimated(pledge=pledge, value=value) | contract.ValueCorrected(pledge=pledge, value=value):
            corrected = isinstance(fact, contract.ValueCorrected)
            return terms.valued(row, pledge, value, corrected=corrected)
        case _:
            return _after_the_seal(row, fact, recorded)


def _after_the_seal(row: LedgerRow, fact: ContractFact, recorded: Recorded) -> LedgerRow:
    at = recorded.envelope.time
    match fact:
        case contract.CertificationRevoked(reason=reason):
            return replace(row, state=LedgerState.VOID, ended_reason=reason.value, ended_at=at)
        case contract.ContractAnnulled(reason=reason):
            ended = LedgerState.ABANDONED if row.number is None else LedgerState.ANNULLED
            return replace(row, state=ended, ended_reason=reason.value, ended_at=at)
        case contract.ContractDisputed():
            return after.standing(replace(row, disputed=True))
        case contract.DisputeSettled():
            return after.standing(replace(row, disputed=False))
        case contract.FirstContactMade():
            return replace(row, first_contact_made=True)
        case contract.Reminded() | contract.FollowUpCalled():
            return after.called(row, fact, at)
        case _ if isinstance(fact, Told):
            return after.standing(replace(row, progress=after_told(row.progress, fact)))
        case contract.AmendmentWithdrawn():
            return replace(row, amendment=None)
        case contract.AmendmentProposed() | contract.AmendmentSigned() | contract.ContractAmended():
            return after.amending(row, fact)
        case _:
            raise LogDamaged(row, fact)


def _drafted(recorded: Recorded, form: Form) -> LedgerRow:
    row = LedgerRow(
        id=ContractId(recorded.envelope.stream),
        marketplace=form.marketplace,
        number=None,
        form_number=form.form_number,
        state=LedgerState.DRAFTED,
        source=Source.FORM if form.negotiation is None else Source.NEGOTIATION,
        negotiation=form.negotiation,
        parties=signing.unsigned(form.parties),
        pledges=(),
        values=(),
        value=terms.nothing(form.counted),
        one_sided=False,
        terms_hash=form.terms_hash,
        first_contact_by=None,
        first_contact_days=None,
        broker=form.broker,
        notary=None,
        returns=0,
        drafted_at=recorded.envelope.time,
        certified_at=None,
        rehearsal=form.rehearsal,
        position=recorded.position,
        lineage=(),
    )
    return terms.written(row, form.terms, form.terms_hash)
