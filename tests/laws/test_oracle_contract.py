"""A form beside its model: whatever is legal is decided, nothing else is, and the ledger tells the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.contract import amending, decisions, following, refusals, valuing
from domain.contract import commands as ask
from domain.contract import notary as at_notary
from domain.contract.fulfilment import Progress
from domain.contract.state import Certified, Contract, evolve
from domain.ledger.fold import evolve as ledger_evolve
from domain.ledger.row import LedgerRow
from domain.marketplace.rules import ChecklistItem
from domain.negotiation.state import Agreed, Ended, Ending, Negotiation, Proposed
from domain.negotiation.terms import Terms
from tests.domain import people
from tests.domain.people import anna, bakery, ben, better, bread, food_bank, poster, ruhrdax, signature, terms
from tests.domain.test_ledger_after import recorded
from tests.laws.models.contract import NUMBER, ContractModel
from tests.laws.models.contract_requests import REPERTOIRE
from tests.laws.models.driving import Bench, all_in, roam, wander
from tests.laws.models.hall import Hall, edition, organisation, part


def negotiated(hall: Hall) -> Negotiation | None:
    """The table from which a form is written."""
    seats = (people.baker, people.food_banker)
    match hall.table:
        case None:
            return None
        case "agreed":
            return Agreed(marketplace=ruhrdax, parties=seats, terms=terms, broker=people.broker)
        case "ended":
            return Ended(marketplace=ruhrdax, parties=seats, ending=Ending.LAPSED)
        case _:
            return Proposed(
                marketplace=ruhrdax,
                parties=seats,
                terms=terms,
                proposer=bakery,
                awaited=frozenset({food_bank}),
                broker_called=False,
                broker=None,
            )


def judge(form: Contract | None, asked: Any, model: ContractModel) -> Sequence[Any]:
    """The decisions' answer, given the hall as the application would read it."""
    hall = model.hall
    held = edition(hall)
    orgs = [organisation(hall, party) for party in model.parties]
    checklist = [ChecklistItem(id=item, label=item) for item in hall.checklist]
    judges: dict[type, Callable[[], Sequence[Any]]] = {
        ask.DraftFromNegotiation: lambda: decisions.draft_from_negotiation(asked, form, negotiated(hall), held),
        ask.DraftFromForm: lambda: decisions.draft_from_form(asked, form, held, [part(hall, p) for p in asked.parties]),
        ask.CapturePaper: lambda: decisions.capture(asked, form, held, [part(hall, p) for p in asked.parties]),
        ask.CorrectForm: lambda: decisions.correct(asked, form, held),
        ask.Sign: lambda: decisions.sign(asked, form),
        ask.RepudiateSignature: lambda: decisions.repudiate(asked, form, organisation(hall, asked.party)),
        ask.ApproveSignature: lambda: decisions.approve(asked, form),
        ask.SubmitToNotary: lambda: at_notary.submit(form, held),
        ask.ReturnForCorrection: lambda: at_notary.return_for_correction(asked, form),
        ask.Certify: lambda: at_notary.certify(asked, form, orgs, NUMBER, checklist),
        ask.RevokeCertification: lambda: at_notary.revoke(asked, form, orgs),
        ask.Annul: lambda: at_notary.annul(asked, form),
        ask.EstimateValue: lambda: valuing.estimate(asked, form),
        ask.CorrectValue: lambda: valuing.correct_value(asked, form),
        ask.ProposeAmendment: lambda: amending.propose(asked, form, held),
        ask.SignAmendment: lambda: amending.sign_amendment(asked, form, held),
        ask.WithdrawAmendment: lambda: amending.withdraw_amendment(asked, form),
    }
    return judges.get(type(asked), lambda: following.follow(form, asked))()


# What is seen of the folded states


def known(progress: Sequence[Progress]) -> list[tuple[Any, ...]]:
    return [(one.delivered, one.running, one.reason, set(one.confirmed_by)) for one in progress]


STAGES = {"AtNotary": "at_notary"}


def see(form: Contract | None) -> Any:
    """The form's state in the model's words."""
    if form is None:
        return None
    seen: dict[str, Any] = {
        "stage": STAGES.get(type(form).__name__, type(form).__name__.lower()),
        "parties": tuple(party.participation for party in form.form.parties),
        "broker": form.form.broker,
        "terms": form.form.terms,
        "hash": form.form.terms_hash,
        "signed": {signature.party: signature.person for signature in form.signatures},
        "in_time": form.in_time,
        "values": [form.value_of(place) for place in range(len(form.form.terms.pledges))],
    }
    if isinstance(form, Certified):
        proposal = form.amendment
        seen |= {
            "number": form.number,
            "notary": form.notary,
            "known": known(form.progress),
            "repudiated": form.repudiated,
            "amendment": proposal and (proposal.by, proposal.terms, {one.party for one in proposal.signatures}),
            "disputed": form.disputed,
            "in_contact": form.first_contact_made,
        }
    return seen


def see_row(row: LedgerRow) -> Any:
    """The ledger's row in the model's words."""
    proposal = row.amendment
    return {
        "state": row.state,
        "counts": row.counts,
        "signed": {party.participation: party.person for party in row.parties if party.signed},
        "source": row.source,
        "labels": {area.id: area.label for area in row.labels},
        "values": list(row.values),
        "worth": row.value.minor,
        "unvalued": row.value.unvalued,
        "one_sided": row.one_sided,
        "returns": row.returns,
        "corrections": row.corrections,
        "number": row.number,
        "notary": row.notary,
        "checked": row.checked,
        "known": known(row.progress),
        "repudiated": {party.participation for party in row.parties if party.repudiated},
        "disputed": row.disputed,
        "in_contact": row.first_contact_made,
        "amendment": proposal and (proposal.by, proposal.pledges, set(proposal.signed)),
        "amended": row.amendments,
        "rung": {(call.party, call.reminder): call.outcome for call in row.calls},
    }


def queued(said: Terms) -> tuple[Any, ...]:
    """These terms written straight, signed by both, handed in."""
    drafted = ask.DraftFromForm(
        marketplace=ruhrdax, parties=(bakery, food_bank), terms=said, form_number=None, broker=None
    )
    signed = ((bakery, anna), (food_bank, ben))
    signing = (ask.Sign(signature=signature(party, person, said)) for party, person in signed)
    return (drafted, *signing, ask.SubmitToNotary())


unvalued = replace(terms, pledges=(bread, replace(poster, value=None)))
fewer = replace(unvalued, pledges=(replace(bread, quantity=5), *unvalued.pledges[1:]))
seal = ask.Certify(notary=people.broker)


def proposing(said: Terms) -> tuple[Any, ...]:
    """Under the seal, with other terms proposed."""
    return (*queued(terms), seal, ask.ProposeAmendment(by=bakery, terms=said))


def signs(said: Terms) -> ask.SignAmendment:
    return ask.SignAmendment(signature=signature(bakery, anna, said))


doubt = ask.RepudiateSignature(party=bakery)

BENCH = Bench(
    openings=(
        (),
        (),
        queued(unvalued),
        (*queued(unvalued), seal),
        (*queued(terms), seal),
        (*proposing(better), signs(better), signs(better)),
        (*proposing(better), doubt, signs(better)),
        (*queued(terms), seal, doubt, *proposing(better)[-1:]),
        (*proposing(fewer), ask.RecordDelivery(told=ask.PledgeTold(pledge=0, delivered=1)), signs(fewer)),
    ),
    model=ContractModel,
    repertoire=REPERTOIRE,
    judge=judge,
    evolve=evolve,
    see=see,
    rare=frozenset(
        {
            ask.Annul,
            ask.RevokeCertification,
            ask.CorrectForm,
            ask.RepudiateSignature,
        }
    ),
    also={"ledger": (lambda row, facts: ledger_evolve(row, recorded(facts[-1], len(facts))), see_row)},
)


@given(data=st.data())
def test_no_illegal_request_about_a_form_is_recorded_and_no_legal_one_refused(data: st.DataObject) -> None:
    """Written, signed, certified, doubted, amended, followed up: the model and the decisions go side by side."""
    wander(BENCH, data, 40)


def test_the_courses_reach_every_state_of_a_form() -> None:
    """Every state and every command is reached, and every reason to refuse a form is given at least once."""
    wanted = {*get_args(Contract), *get_args(ask.Command), *all_in(refusals)}
    assert not roam(BENCH, 150, 40, wanted)
