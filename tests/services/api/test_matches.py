"""Suggested matches over HTTP: ranked, explained, and for nobody without a key."""

from typing import Any

from tests.services.api.test_listings import lists
from tests.services.hall import Hall, both_give


def needed(title: str, **changed: Any) -> dict[str, Any]:
    """What a listing says that needs something."""
    return {"title": title, "kind": "need", "area": "know-how", "unit": "Stunden"} | changed


async def suggested(hall: Hall, path: str, **query: Any) -> list[dict[str, Any]]:
    """What is suggested, as things stand now."""
    told = await hall.read(f"{path}/matches", wait_for=await hall.position(), **query)
    items: list[dict[str, Any]] = told["items"]
    return items


def pairs(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The titles of offers and needs."""
    return [(item["offer"]["title"], item["need"]["title"]) for item in items]


async def test_offers_meet_needs_and_every_suggestion_says_why(hall: Hall) -> None:
    """Given English and German titles, when matches are asked for, then the best comes first, with its reasons."""
    await hall.plan()
    garage, school = await hall.bring("Probe-Garage", "company"), await hall.bring("Probe-Schule", "nonprofit")
    await lists(hall, garage, title="Gardening with our team", unit="hours", quantity=8)
    await lists(hall, garage, title="Klavier", area="know-how", unit="Stück")
    garden = await lists(hall, school, **needed("Hilfe im Schulgarten", area="helping-hands", quantity=6))
    await lists(hall, school, **needed("Steuererklärung"))
    best, *rest = await suggested(hall, f"marketplaces/{hall.marketplace}")
    assert pairs([best, *rest]) == [
        ("Gardening with our team", "Hilfe im Schulgarten"),
        ("Klavier", "Steuererklärung"),
    ]
    assert best["reasons"] == [
        {"kind": "same_area", "weight": 20, "words": ["helping-hands"]},
        {"kind": "same_meaning", "weight": 16, "words": ["Gardening", "Schulgarten"]},
        {"kind": "same_unit", "weight": 4, "words": ["hours", "Stunden"]},
        {"kind": "covers", "weight": 8, "words": ["8", "6"]},
        {"kind": "offerer_without_contract", "weight": 10, "words": []},
        {"kind": "seeker_without_contract", "weight": 10, "words": []},
        {"kind": "across_sides", "weight": 6, "words": []},
    ]
    assert best["score"] == 74
    assert (best["offer"]["by_name"], best["need"]["by_name"]) == ("Probe-Garage", "Probe-Schule")
    assert await suggested(hall, f"listings/{garden}") == [best]
    assert await suggested(hall, f"marketplaces/{hall.marketplace}", limit=1) == [best]


async def test_who_has_a_contract_stands_back_and_what_is_gone_is_not_suggested(hall: Hall) -> None:
    """Given a company has a contract, then another comes first; what is promised, withdrawn or not coming is gone."""
    await hall.plan()
    first, second = await hall.bring("Probe-Eins", "company"), await hall.bring("Probe-Zwei", "company")
    school, choir = await hall.bring("Probe-Schule", "nonprofit"), await hall.bring("Probe-Chor", "nonprofit")
    need = await lists(hall, school, **needed("Ein Umzug", area="helping-hands"))
    van = await lists(hall, first, title="Umzug am Samstag")
    other = await lists(hall, second, title="Umzug am Sonntag")
    await hall.gong()
    form = {"marketplace": hall.marketplace, "parties": [first, choir], "terms": both_give(first, choir)}
    await hall.done("contracts/from-form", form)
    found = await suggested(hall, f"listings/{need}")
    assert [item["offer"]["id"] for item in found] == [other, van]
    assert [item["score"] for item in found] == [found[1]["score"] + 10, found[1]["score"]]

    await hall.done(f"listings/{van}/withdraw", {"by": first})
    assert [item["offer"]["id"] for item in await suggested(hall, f"listings/{need}")] == [other]
    assert await suggested(hall, f"listings/{van}") == []
    await hall.done(f"participations/{second}/cancel", role="host_admin")
    assert await suggested(hall, f"listings/{need}") == []
    assert await suggested(hall, f"marketplaces/{hall.marketplace}") == []


async def test_matches_are_never_public(hall: Hall) -> None:
    """Given lists that everybody may read, when matches are asked for without a key, then they aren't told."""
    await hall.plan(visibility="before")
    owner = await hall.bring("Probe-Laden", "company")
    listing = await lists(hall, owner)
    for path in (f"listings/{listing}/matches", f"marketplaces/{hall.marketplace}/matches"):
        answer = await hall.http.get(f"/v1/{hall.host.tenant}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/key-missing")
        page = await hall.http.get(f"/{hall.host.tenant}/{path}")
        assert page.status_code == 404
    missing = await hall.get(f"listings/{hall.marketplace}/matches")
    assert missing.status_code == 404


async def test_two_entries_of_one_organisation_are_one(hall: Hall) -> None:
    """Given a duplicate that was merged, then nobody is suggested to itself, and the one's contract is the other's."""
    await hall.plan()
    company, school = await hall.bring("Probe-Firma", "company"), await hall.bring("Probe-Schule", "nonprofit")
    twin, choir = await hall.bring("Probe-Fa.", "company"), await hall.bring("Probe-Chor", "nonprofit")
    await lists(hall, company, title="Umzug")
    await lists(hall, twin, **needed("Umzug", area="helping-hands"))
    await lists(hall, school, **needed("Umzug", area="helping-hands"))
    path = f"marketplaces/{hall.marketplace}"
    assert len(await suggested(hall, path)) == 2

    one, other = [(await hall.read(f"participations/{party}"))["organisation"] for party in (company, twin)]
    await hall.done(f"organisations/{other}/merge", {"into": one}, role="host_admin")
    (alone,) = await suggested(hall, path)
    assert alone["need"]["by"] == school
    await hall.gong()
    form = {"marketplace": hall.marketplace, "parties": [twin, choir], "terms": both_give(twin, choir)}
    await hall.done("contracts/from-form", form)
    (after,) = await suggested(hall, path)
    assert after["score"] == alone["score"] - 10
