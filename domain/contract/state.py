"""Where a form stands.

(nothing) --drafted--> Draft --signed by the last--> Signed --submitted_to_notary--> AtNotary --certified--> Certified
                        ^  ^                            |                               |
                        |  +--form_corrected, signature_repudiated (from Signed, Returned and AtNotary, too)
                        +--form_corrected--  Returned  <--returned_for_correction-------+
                                             Returned --submitted_to_notary--> AtNotary

Certified --certification_revoked--> Void            Draft, Signed, AtNotary, Returned --annulled--> Abandoned
Certified --annulled--> Annulled                     Certified: amended, delivered, disputed … and still Certified
"""

from collections.abc import Iterable, Mapping
from dataclasses import field

from domain.contract.events import (
    AmendmentProposed,
    AmendmentSigned,
    AmendmentWithdrawn,
    AreasLabelled,
    CapturedFromPaper,
    CertificationRevoked,
    ContractAmended,
    ContractAnnulled,
    ContractCertified,
    ContractDisputed,
    ContractDrafted,
    ContractSigned,
    DisputeSettled,
    Fact,
    FirstContactMade,
    FollowUpCalled,
    FormChecked,
    FormCorrected,
    Reminded,
    ReturnedForCorrection,
    SignatureApproved,
    SignatureRepudiated,
    SubmittedToNotary,
    ValueCorrected,
    ValueEstimated,
)
from domain.contract.form import Form, Signature
from domain.contract.fulfilment import Progress, untouched
from domain.contract.progress import Told, after_told
from domain.frozen import dataclass, replace
from domain.identity import ParticipationId, PersonId
from domain.money import Value
from domain.negotiation.terms import Terms
from domain.refusal import LogDamaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What every written form has: who signed it, and what a valuer said of its pledges since, by their places.

    `in_time` says that it was handed in before the gong once, or that its blank was.
    """

    form: Form
    signatures: tuple[Signature, ...]
    in_time: bool = False
    estimates: Mapping[int, Value] = field(default_factory=dict)

    def value_of(self, pledge: int) -> Value | None:
        """The value that stands for a pledge: the valuer's word, or else what is on the form."""
        return self.estimates.get(pledge, self.form.terms.pledges[pledge].value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Written):
    """Written, not yet signed by all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Written):
    """Every party has signed these terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtNotary(Written):
    """In the notary's queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Written):
    """Given back by the notary; its signatures hold until the terms change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Terms proposed for a certified contract, and who has signed them."""

    by: ParticipationId
    terms: Terms
    terms_hash: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified(Written):
    """Under the seal, with its number. `progress` has a place for every pledge of the terms that hold.

    `repudiated` are the parties whose signature has no mandate: while there are any, the contract doesn't count.
    """

    notary: PersonId
    number: int
    progress: tuple[Progress, ...]
    repudiated: frozenset[ParticipationId] = frozenset()
    amendment: Amendment | None = None
    disputed: bool = False
    first_contact_made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Written):
    """Its certification was revoked; the number stays."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulled(Written):
    """It was certified, and no longer holds."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned(Written):
    """The form was given up before it was certified."""


Contract = Draft | Signed | AtNotary | Returned | Certified | Void | Annulled | Abandoned
InHand = Draft | Signed | Returned


def evolve(contract: Contract | None, fact: Fact) -> Contract:
    """The contract after `fact`. Facts have happened: nothing is refused here."""
    match contract:
        case None if isinstance(fact, ContractDrafted):
            return Draft(form=fact.form, signatures=())
        case Draft() | Signed() | AtNotary() | Returned():
            return _before_the_seal(contract, fact)
        case Certified():
            return _under_the_seal(contract, fact)
        case _:
            raise LogDamaged(contract, fact)


def _before_the_seal(contract: Draft | Signed | AtNotary | Returned, fact: Fact) -> Contract:
    match contract, fact:
        case _, (ValueEstimated(pledge=pledge, value=value) | ValueCorrected(pledge=pledge, value=value)):
            return replace(contract, estimates={**contract.estimates, pledge: value})
        case _, ContractAnnulled():
            return _as(Abandoned, contract)
        case _, AreasLabelled():
            return contract
        case Draft(), CapturedFromPaper(in_series=in_series):
            return replace(contract, in_time=contract.in_time or in_series)
        case Draft(), ContractSigned(signature=signature):
            return _signed(contract, signature)
        case ((Draft() | Signed() | Returned()), FormCorrected()):
            return Draft(form=_with(contract.form, fact), signatures=(), in_time=contract.in_time)
        case _, SignatureRepudiated(party=party):
            kept = tuple(signature for signature in contract.signatures if signature.party != party)
            return replace(_as(Draft, contract), signatures=kept)
        case ((Signed() | Returned()), SubmittedToNotary()):
            return replace(_as(AtNotary, contract), in_time=True)
        case AtNotary(), ReturnedForCorrection():
            return _as(Returned, contract)
        case AtNotary(), FormChecked():
            return contract
        case AtNotary(), ContractCertified(notary=notary, number=number):
            return _as(
                Certified, contract, notary=notary, number=number, progress=untouched(contract.form.terms.pledges)
            )
        case _:
            raise LogDamaged(contract, fact)


def _under_the_seal(contract: Certified, fact: Fact) -> Contract:
    match fact:
        case CertificationRevoked():
            return _as(Void, contract, number=contract.number)
        case ContractAnnulled():
            return _as(Annulled, contract, number=contract.number)
        case SignatureRepudiated(party=party):
            return replace(contract, repudiated=contract.repudiated | {party})
        case SignatureApproved(party=party):
            return replace(contract, repudiated=contract.repudiated - {party})
        case ValueEstimated(pledge=pledge, value=value) | ValueCorrected(pledge=pledge, value=value):
            return replace(contract, estimates={**contract.estimates, pledge: value})
        case ContractDisputed():
            return replace(contract, disputed=True)
        case DisputeSettled():
            return replace(contract, disputed=False)
        case FirstContactMade():
            return replace(contract, first_contact_made=True)
        case Reminded() | FollowUpCalled() | AreasLabelled():
            return contract
        case _ if isinstance(fact, Told):
            return replace(contract, progress=after_told(contract.progress, fact))
        case _:
            return _amending(contract, fact)


def _amending(contract: Certified, fact: Fact) -> Certified:
    match contract.amendment, fact:
        case None, AmendmentProposed(by=by, terms=terms, terms_hash=said):
            return replace(contract, amendment=Amendment(by=by, terms=terms, terms_hash=said, signatures=()))
        case Amendment() as open_one, AmendmentSigned(signature=signature):
            return replace(contract, amendment=replace(open_one, signatures=(*open_one.signatures, signature)))
        case Amendment(), AmendmentWithdrawn():
            return replace(contract, amendment=None)
        case Amendment(signatures=signatures), ContractAmended():
            return _amended(contract, fact, signatures)
        case _:
            raise LogDamaged(contract, fact)


def _amended(contract: Certified, fact: ContractAmended, signatures: tuple[Signature, ...]) -> Certified:
    """What was known of a pledge stays known where its words stayed."""
    before, after = contract.form.terms.pledges, fact.terms.pledges
    same = {place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old == new}
    return replace(
        contract,
        form=_with(contract.form, fact),
        signatures=signatures,
        amendment=None,
        progress=tuple(contract.progress[place] if place in same else Progress() for place in range(len(after))),
        estimates={place: value for place, value in contract.estimates.items() if place in same},
    )


def _as(kind: type, held: Written, **more: object) -> "Contract":
    """The same form in another state."""
    now: Contract = kind(
        form=held.form, signatures=held.signatures, in_time=held.in_time, estimates=held.estimates, **more
    )
    return now


def _signed(draft: Draft, signature: Signature) -> Draft | Signed:
    signatures = (*draft.signatures, signature)
    if unsigned(draft.form, signatures):
        return replace(draft, signatures=signatures)
    return Signed(form=draft.form, signatures=signatures, in_time=draft.in_time, estimates=draft.estimates)


def unsigned(form: Form, signatures: Iterable[Signature]) -> frozenset[ParticipationId]:
    """The parties of `form` whose signature is missing."""
    signed = {signature.party for signature in signatures}
    return frozenset(party.participation for party in form.parties) - signed


def _with(form: Form, fact: FormCorrected | ContractAmended) -> Form:
    return replace(form, terms=fact.terms, terms_hash=fact.terms_hash)


def replay(facts: Iterable[Fact]) -> Contract | None:
    """The contract that `facts` tell, from its draft on."""
    contract: Contract | None = None
    for fact in facts:
        contract = evolve(contract, fact)
    return contract
