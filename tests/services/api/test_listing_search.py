"""Finding offers and needs over HTTP: filters, words in German and English, best first."""

from typing import Any

import pytest

from tests.services.api.test_listings import lists
from tests.services.hall import Hall, both_give

OFFERS = {
    "Zwei Tage im Garten helfen": "helping-hands",
    "Gartenarbeit am Gemeindehaus": "helping-hands",
    "Gardening for beginners": "know-how",
    "Ein Umzug mit Lieferwagen": "helping-hands",
    "Wir streichen Wände, 100 % sauber": "helping-hands",
}


@pytest.fixture
async def garage(hall: Hall) -> str:
    """A company with five offers and one need on the list."""
    await hall.plan()
    garage = await hall.bring("Probe-Garage", "company")
    for title, area in OFFERS.items():
        await lists(hall, garage, title=title, area=area, quantity=2)
    await lists(hall, garage, title="Ein Foto vom Garten", kind="need", area="know-how")
    return garage


async def titles(hall: Hall, **query: Any) -> list[str]:
    """The titles that a question finds."""
    found = await hall.read("listings", marketplace=hall.marketplace, wait_for=await hall.position(), **query)
    return [item["title"] for item in found["items"]]


@pytest.mark.usefixtures("garage")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Gärten", {"Zwei Tage im Garten helfen", "Ein Foto vom Garten", "Gartenarbeit am Gemeindehaus"}),
        ("garten helfe", {"Zwei Tage im Garten helfen"}),
        ("gardens", {"Gardening for beginners"}),
        ("Umzüge", {"Ein Umzug mit Lieferwagen"}),
        ("lieferw", {"Ein Umzug mit Lieferwagen"}),
        ("die Wände", {"Wir streichen Wände, 100 % sauber"}),
        ("100 %", {"Wir streichen Wände, 100 % sauber"}),
        ("garten & !umzug | ('", set()),
        ("Klavier", set()),
        ("%&!", set()),
        ("der die das", set()),
    ],
)
async def test_words_find_titles_in_either_language(hall: Hall, words: str, found: set[str]) -> None:
    """Given six titles, when words are sought as people type them, then stems and beginnings of them are found."""
    assert set(await titles(hall, q=words)) == found


@pytest.mark.usefixtures("garage")
async def test_the_best_comes_first_and_there_is_no_second_page(hall: Hall) -> None:
    """Given a title that says it twice, when it is sought, then it leads; a search gives no cursor and takes none."""
    twice = "Garten, Garten und nochmals Garten"
    await lists(hall, await hall.bring("Probe-Laube", "nonprofit"), title=twice)
    assert (await titles(hall, q="Garten"))[0] == twice
    found = await hall.read("listings", marketplace=hall.marketplace, q="Garten", limit=1)
    assert (len(found["items"]), found["next"]) == (1, None)
    refused = await hall.get("listings", marketplace=hall.marketplace, q="Garten", cursor="x")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "cursor")


async def test_lists_are_narrowed_by_kind_area_and_what_is_left(hall: Hall, garage: str) -> None:
    """Given offers and a need, when one is promised out and one is taken back, then `open` tells them apart."""
    assert await titles(hall, kind="need") == ["Ein Foto vom Garten"]
    assert await titles(hall, kind="offer", area="know-how") == ["Gardening for beginners"]
    assert set(await titles(hall, q="Garten", area="helping-hands")) == {*list(OFFERS)[:2]}
    assert await titles(hall, area="no-such-area") == []

    everything = (await hall.read("listings", marketplace=hall.marketplace))["items"]
    by_title = {item["title"]: item["id"] for item in everything}
    await hall.done(f"listings/{by_title['Gardening for beginners']}/withdraw", {"by": garage})
    other = await hall.bring("Probe-Schule", "nonprofit")
    await hall.gong()
    terms = both_give(garage, other)
    terms["pledges"][0] |= {"listing": by_title["Ein Umzug mit Lieferwagen"], "quantity": 2}
    await hall.agree(garage, other, **terms)
    is_open = await titles(hall, open="true")
    assert set(is_open) == {*OFFERS, "Ein Foto vom Garten"} - {"Gardening for beginners", "Ein Umzug mit Lieferwagen"}
    assert await titles(hall, open="false") == [None, "Ein Umzug mit Lieferwagen"]
    assert await titles(hall, open="false", q="Umzug") == ["Ein Umzug mit Lieferwagen"]


async def test_a_listing_says_whose_it_is_and_what_is_promised(hall: Hall, garage: str) -> None:
    """Given one of two is promised, when the listing is read, then it says so, and who listed it."""
    van = await lists(hall, garage, quantity=2)
    other = await hall.bring("Probe-Verein", "nonprofit")
    await hall.gong()
    terms = both_give(garage, other)
    terms["pledges"][0] |= {"listing": van}
    await hall.agree(garage, other, **terms)
    view = await hall.read(f"listings/{van}", wait_for=await hall.position())
    told = {key: view[key] for key in ("by", "by_name", "kind", "quantity", "promised", "given", "left")}
    assert told == {
        "by": garage,
        "by_name": "Probe-Garage",
        "kind": "offer",
        "quantity": 2,
        "promised": 1,
        "given": 0,
        "left": 1,
    }
    missing = await hall.get(f"listings/{garage}")
    assert missing.status_code == 404


async def test_a_filter_that_means_nothing_is_refused(hall: Hall) -> None:
    """Given words that are no kind and no yes or no, when lists are asked for, then the answer says which."""
    await hall.plan()
    for name, word in (("kind", "swap"), ("open", "maybe"), ("q", "x" * 201)):
        refused = await hall.get("listings", marketplace=hall.marketplace, **{name: word})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, name)
