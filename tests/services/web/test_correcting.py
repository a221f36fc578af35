"""A form that is corrected at the desk: what nobody touched stays as it was signed."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain.frozen import replace
from domain.identity import AreaId, ListingId, ParticipationId, StreamId
from domain.marketplace.rules import AreaRate
from domain.money import Basis, Value, hourly
from domain.negotiation.terms import PledgeKind, Terms, terms_hash
from domain.organisation.events import Side
from services.application.views import AreaView, LedgerRowView, MarketplaceView
from services.web.desk import correcting, written
from services.web.desk.typed import Typed
from services.web.speech import Speech
from tests.services.web.made_up import edition, party, pledge, row, thing

PARTIES = (party(Side.COMPANY, "Bäckerei", 1), party(Side.NONPROFIT, "Tafel", 2), party(Side.NONPROFIT, "Chor", 3))
BAKERY, FOOD_BANK, CHOIR = PARTIES
GERMAN = Speech("de")
AREA = {"id": "know-how", "label": "Wissen"}


def market_value(minor: int) -> Value:
    return Value(minor=minor, currency="EUR", basis=Basis.MARKET_VALUE, rate_minor=None, minutes=None)


def an_edition(**changed: Any) -> MarketplaceView:
    """15 euro an hour, and 14 days until the first contact."""
    return edition(**({"areas": [AreaView(**AREA)]} | changed))


def a_form(*, retired: bool = False) -> LedgerRowView:
    """Written when an hour was valued at 12 euro: pledges of both parties by turns, one taken from a listing."""
    area = {"area": "helping-hands", "area_label": "Tatkraft"} if retired else {}
    given = [
        structs.replace(
            pledge(BAKERY, FOOD_BANK, "Brot"), place=0, value=hourly(1200, 360), due_from=date(2026, 10, 1), **area
        ),
        structs.replace(pledge(FOOD_BANK, BAKERY, "Plakat"), place=1, value=market_value(5_000)),
        structs.replace(pledge(BAKERY, FOOD_BANK, "Ofen"), place=2, value=None, listing=thing(9), due_until=None),
    ]
    said: dict[str, Any] = {"first_contact_by": FOOD_BANK.participation, "first_contact_days": 7}
    return row(1, BAKERY, FOOD_BANK, pledges=given, **said)


def test_a_correction_that_changes_nothing_leaves_the_terms_as_they_are() -> None:
    """Given a form from before the rates were changed, when it is sent as filled in, then the same terms are signed."""
    form = a_form()
    terms = corrected(form, an_edition())
    assert terms.first_contact_by == FOOD_BANK.participation
    assert terms.first_contact_days == 7
    assert terms.pledges[0].due_from == date(2026, 10, 1)
    assert terms.pledges[0].value == hourly(1200, 360)
    assert terms.pledges[1].value == market_value(5_000)
    assert terms.pledges[2].listing == ListingId(StreamId(thing(9)))
    assert [each.title for each in terms.pledges] == ["Brot", "Plakat", "Ofen"]
    assert terms_hash(terms) == terms_hash(correcting.begin(form, GERMAN).terms)


def test_only_what_is_typed_changes() -> None:
    """Given a form, when one field is mended, then that alone is other: hours stay at the form's rate."""
    form = a_form()
    before = correcting.begin(form, GERMAN).terms
    for field, text, place, changed in (
        ("title-1-1", "Brot und Brötchen", 0, {"title": "Brot und Brötchen"}),
        ("hours-1-1", "7", 0, {"value": hourly(1200, 420)}),
        ("since-1-1", "", 0, {"due_from": None}),
        ("euro-2-1", "60", 1, {"value": market_value(6_000)}),
        ("kind-1-2", "use", 2, {"kind": PledgeKind.USE}),
    ):
        after = corrected(form, an_edition(), **{field: text})
        pledges = list(before.pledges)
        pledges[place] = replace(pledges[place], **changed)
        assert after == replace(before, pledges=tuple(pledges))
    assert corrected(form, an_edition(), days="") == replace(before, first_contact_days=14)
    assert corrected(form, an_edition(), contact="1").first_contact_by == BAKERY.participation


def test_another_area_has_its_own_rate() -> None:
    """Given areas with rates, when a pledge moves to another one, then its hours are valued at the rate of that."""
    areas = [AreaView(**AREA), AreaView(id="goods", label="Sachen")]
    table = an_edition(areas=areas, area_rates=[AreaRate(area=AreaId("goods"), hourly_rate_minor=2000)])
    form = a_form()
    assert corrected(form, table) == correcting.begin(form, GERMAN).terms
    assert corrected(form, table, **{"area-1-1": "goods"}).pledges[0].value == hourly(2000, 360)
    assert corrected(form, table, **{"area-2-1": "goods"}).pledges[1].value == market_value(5_000)


def test_a_retired_area_stays_where_it_stands() -> None:
    """Given an area that was retired since, when the form is corrected, then it is offered there and stays."""
    form = a_form(retired=True)
    begun = correcting.begin(form, GERMAN)
    offered = written.options(correcting.filled_in(form, GERMAN), an_edition(), begun, GERMAN)["areas"]
    assert offered == [("helping-hands", "Tatkraft"), ("know-how", "Wissen")]
    assert corrected(form, an_edition()) == begun.terms
    typed = correcting.filled_in(form, GERMAN)
    moved = Typed({**typed.values, "area-1-1": "nowhere"})
    written.read_terms(moved, an_edition(), _ids(form), GERMAN, begun)
    assert moved.faults == {"area-1-1": "choose"}


def test_a_row_that_was_added_comes_after_the_others() -> None:
    """Given a row more of the first party, then it is read as on a new form and stands behind all that was there."""
    form = a_form()
    added = {"pledges-1": "3", "title-1-3": "Kuchen", "area-1-3": "know-how", "kind-1-3": "goods", "hours-1-3": "2"}
    terms = corrected(form, an_edition(), **added)
    assert terms.pledges[:3] == correcting.begin(form, GERMAN).terms.pledges
    assert (terms.pledges[3].title, terms.pledges[3].value) == ("Kuchen", hourly(1500, 120))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)
VALUES = st.one_of(
    st.none(),
    st.builds(hourly, st.integers(0, 9_999), st.integers(1, 10**7)),
    st.builds(
        Value,
        minor=st.integers(0, 10**11),
        currency=st.just("EUR"),
        basis=st.sampled_from([Basis.MARKET_VALUE, Basis.LUMP_SUM, Basis.STATED]),
        rate_minor=st.none(),
        minutes=st.none(),
    ),
)
DAYS = st.one_of(st.none(), st.dates())


@st.composite
def forms(draw: st.DrawFn) -> LedgerRowView:
    """What may stand on forms of two or three parties, whoever wrote them."""
    parties = PARTIES[: draw(st.integers(2, 3))]
    pledges = []
    for place in range(draw(st.integers(1, 6))):
        giver, receiver = draw(st.permutations(parties))[:2]
        told = {
            "title": draw(TEXTS),
            "area": draw(st.sampled_from(["know-how", "retired"])),
            "kind": draw(st.sampled_from(PledgeKind)),
            "quantity": draw(st.integers(1, 10**9)),
            "unit": draw(TEXTS),
            "due_from": draw(DAYS),
            "due_until": draw(DAYS),
            "value": draw(VALUES),
            "listing": draw(st.sampled_from([None, thing(9)])),
        }
        pledges.append(structs.replace(pledge(giver, receiver, "Brot"), place=place, **told))
    by = draw(st.sampled_from([None, *(party.participation for party in parties)]))
    days = draw(st.one_of(st.none(), st.integers(1, 1_000)))
    return row(1, *parties, pledges=pledges, first_contact_by=by, first_contact_days=days)


@given(forms(), st.sampled_from([GERMAN, Speech("en")]))
def test_whatever_stands_on_a_form_stays_when_nothing_is_typed(form: LedgerRowView, words: Speech) -> None:
    """Given any form, when it is sent as filled in, then its terms are the same, and nothing is a fault."""
    assert corrected(form, an_edition(), words) == correcting.begin(form, words).terms


def corrected(form: LedgerRowView, plan: MarketplaceView, words: Speech = GERMAN, /, **typed: str) -> Terms:
    """The terms when the form is filled in, sent as a browser does, and read."""
    filled = {**correcting.filled_in(form, words).values, **typed}
    lines = {name: re.sub(r"[\r\n]", "", text) for name, text in filled.items()}
    sent = Typed.sent("application/x-www-form-urlencoded", urlencode(lines).encode())
    terms = written.read_terms(sent, plan, _ids(form), words, correcting.begin(form, words))
    assert not sent.faults
    return terms


def _ids(form: LedgerRowView) -> list[ParticipationId]:
    return [ParticipationId(StreamId(party.participation)) for party in form.parties]
