"""Laws of facts: each round-trips, whatever it says; and what was decided fits an entry, however long the words."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codec import entry_bytes, read_entry
from domain.contract.commands import DraftFromForm
from domain.contract.decisions import draft_from_form
from domain.contract.events import ContractDrafted
from domain.envelope import Envelope
from domain.identity import AreaId, ParticipationId
from domain.marketplace.commands import PlanMarketplace
from domain.marketplace.decisions import decide
from domain.marketplace.plan import MAX_AREAS, Area
from domain.names import CLASSES, name_of
from domain.negotiation.rules import must_be_terms
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES, Terms, terms_hash
from domain.refusal import Refusal
from domain.results.figures import Figure, Figures, Qualifier
from domain.results.statement import MAX_FIGURE, MAX_NOTES, AnnounceResults, announce
from domain.words import MAX_LABEL, MAX_NOTE, MAX_QUANTITY, MAX_TITLE
from domain.writers import object_writer
from infra.event_log import mapper
from tests.domain.people import baker, bread, here, over, plan, ruhrdax, stream, terms, trading
from tests.golden.samples import envelope
from tests.laws.making import TAME, WILD

BROAD = "😀"
"""Four bytes in UTF-8: nothing that a text may hold takes more."""


def entry_of(fact: Any) -> bytes:
    """The bytes of an entry with this fact."""
    return entry_bytes(replace(envelope("contract.drafted.v1", 0), type=name_of(fact), data=fact))


@pytest.mark.parametrize("name", CLASSES)
@given(data=st.data())
def test_every_fact_round_trips(name: str, data: st.DataObject) -> None:
    """Written, read and written again: the same fact, the same bytes, by the strict codec and the fast one."""
    entry = replace(envelope(name, 0), data=data.draw(TAME.of(CLASSES[name])))
    raw = entry_bytes(entry)
    assert read_entry(raw, CLASSES) == mapper.read_entry(raw, CLASSES) == entry
    assert mapper.entry_bytes(entry) == raw
    assert (
        object_writer(Envelope, v="1")(entry).encode() == raw
    )  # a fact that fell back on the strict one would be slow


@given(WILD.of(Terms), st.lists(WILD.of(ParticipationId), max_size=6).map(tuple))
def test_terms_that_pass_the_rules_can_be_signed(wild: Terms, table: tuple[ParticipationId, ...]) -> None:
    """Whatever a caller sends is refused in words, or has a hash and fits an entry."""
    wild = replace(wild, pledges=tuple(replace(pledge, area=plan.areas[0].id) for pledge in wild.pledges))
    try:
        must_be_terms(wild, table, plan)
    except Refusal:
        return
    assert len(terms_hash(wild)) == 64


def test_the_longest_form_fits_an_entry() -> None:
    """Five parties, twenty pledges, every text at its limit in the broadest letters."""
    parties = tuple(
        replace(baker, participation=ParticipationId(stream(f"party {number}"))) for number in range(MAX_PARTIES)
    )
    ids = tuple(party.participation for party in parties)
    area = Area(id=AreaId(BROAD * MAX_LABEL), label=BROAD)
    pledges = tuple(
        replace(
            bread,
            giver=ids[number % MAX_PARTIES],
            receiver=ids[(number + 1) % MAX_PARTIES],
            area=area.id,
            title=BROAD * MAX_TITLE,
            unit=BROAD * MAX_LABEL,
            quantity=MAX_QUANTITY,
        )
        for number in range(MAX_PLEDGES)
    )
    command = DraftFromForm(
        marketplace=ruhrdax,
        parties=ids,
        terms=replace(terms, pledges=pledges, first_contact_by=ids[0]),
        form_number=BROAD * MAX_LABEL,
        broker=None,
    )
    edition = replace(trading, plan=replace(plan, areas=(area,)))
    (fact,) = draft_from_form(command, None, edition, [here(party) for party in parties])
    assert isinstance(fact, ContractDrafted)
    assert entry_of(fact)


def test_the_longest_plan_and_statement_fit_an_entry() -> None:
    """As many areas and notes as there may be."""
    areas = tuple(
        Area(id=AreaId(BROAD * (MAX_LABEL - 2) + f"{number:02}"), label=BROAD * MAX_TITLE)
        for number in range(MAX_AREAS)
    )
    longest = replace(plan, title=BROAD * MAX_TITLE, venue=BROAD * MAX_TITLE, noun=BROAD * MAX_TITLE, areas=areas)
    (planned,) = decide(None, PlanMarketplace(plan=longest))
    assert entry_of(planned)
    text = BROAD * MAX_TITLE
    figure = Figure(value=MAX_FIGURE, qualifier=Qualifier.JUST_UNDER, unit=text, noun=text, derived=text)
    figures = Figures(agreements=figure, value=figure, business_side=figure, nonprofit_side=figure, participants=figure)
    said = AnnounceResults(
        marketplace=ruhrdax, figures=figures, source=BROAD * MAX_NOTE, notes=(BROAD * MAX_NOTE,) * MAX_NOTES
    )
    (announced,) = announce(said, None, over, 0)
    assert entry_of(announced)
