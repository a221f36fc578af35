"""What a sentence about a record may name: ids of parties and persons, numbers, reasons, titles."""

from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from domain.codec import to_data
from domain.contract import events as contract
from domain.marketplace.events import MarketplacePlanned
from domain.negotiation import events as negotiation
from domain.negotiation.terms import Terms
from domain.results.statement import DrawnFromLedger


def details_of(fact: Any) -> dict[str, Any]:
    """What a sentence about `fact` may name; terms are told by their pledges' titles and total value."""
    match fact:
        case MarketplacePlanned(plan=plan):
            return {"title": plan.title, "season": plan.season, "date": to_data(plan.date), "venue": plan.venue}
        case negotiation.NegotiationOpened(parties=parties):
            return {"parties": [party.participation for party in parties]}
        case negotiation.TermsProposed(by=by, terms=terms) | negotiation.TermsCountered(by=by, terms=terms):
            return {"by": by, **_told(terms)}
        case DrawnFromLedger(position=position):
            return {"number": position}
        case _ if isinstance(fact, contract.Fact):
            return _of_contract(fact)
        case _:
            return _short_ones(fact)


def _of_contract(fact: contract.Fact) -> dict[str, Any]:
    match fact:
        case contract.ContractDrafted(form=form):
            return {
                "parties": [party.participation for party in form.parties],
                "source": "form" if form.negotiation is None else "negotiation",
                "form_number": form.form_number,
                "broker": form.broker,
                **_told(form.terms),
            }
        case contract.FormCorrected(terms=terms) | contract.ContractAmended(terms=terms):
            return _told(terms)
        case contract.AmendmentProposed(by=by, terms=terms):
            return {"by": by, **_told(terms)}
        case contract.ContractSigned(signature=signature) | contract.AmendmentSigned(signature=signature):
            return {"by": signature.party, "person": signature.person, "manner": signature.manner.value}
        case contract.ValueEstimated(value=value) | contract.ValueCorrected(value=value):
            return {**_short_ones(fact), "value_minor": value.minor}
        case contract.SignatureRepudiated(party=party) | contract.SignatureApproved(party=party):
            return {"by": party}
        case contract.Reminded(party=party, kind=kind):
            return {"by": party, "reminder": kind.value}
        case contract.FollowUpCalled(party=party, outcome=outcome):
            return {"by": party, "outcome": outcome.value}
        case _:
            return _short_ones(fact)


def _short_ones(fact: Any) -> dict[str, Any]:
    """The members that fit a sentence as they stand."""
    kind: Any = type(fact)
    members = [(name, getattr(fact, name)) for name in _names(kind)]
    return {name: to_data(value) for name, value in members if _short(value)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _told(terms: Terms) -> dict[str, Any]:
    values = [pledge.value.minor for pledge in terms.pledges if pledge.value is not None]
    return {"pledges": [pledge.title for pledge in terms.pledges], "value_minor": sum(values) if values else None}


def _short(value: Any) -> bool:
    return isinstance(value, _WORDS) or (
        isinstance(value, _SEVERAL) and all(isinstance(item, _TEXTS) for item in value)
    )


_TEXTS = (str, date)
_WORDS = (*_TEXTS, int, type(None))
_SEVERAL = (tuple, list, frozenset)
