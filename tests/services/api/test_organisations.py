"""Organisations over HTTP: who signs for them."""

from tests.services.hall import Hall

BAKERY = {"name": "Probe-Bäckerei", "side": "company", "rehearsal": True}


async def test_a_mandate_is_given_and_withdrawn(hall: Hall) -> None:
    """Given a representative, when a mandate is given, then the organisation shows it; withdrawn, both are gone."""
    bakery = (await hall.done("organisations", BAKERY))["id"]
    await hall.done(f"organisations/{bakery}/representatives", {"name": "Anna"})
    at = await hall.position()
    (anna,) = (await hall.read(f"organisations/{bakery}", wait_for=at))["representatives"]
    given = await hall.done(f"organisations/{bakery}/mandates", {"person": anna, "mandate": "in_writing"})
    assert [record["type"] for record in given["records"]] == ["organisation.mandate_given.v1"]
    shown = await hall.read(f"organisations/{bakery}", wait_for=given["position"])
    assert (shown["representatives"], shown["mandates"]) == ([anna], {anna: "in_writing"})

    again = await hall.post(f"organisations/{bakery}/mandates", {"person": anna, "mandate": "in_writing"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/mandate-given-already")
    not_mine = await hall.post(f"organisations/{bakery}/withdraw-mandate", {"person": anna}, role="notary")
    assert not_mine.status_code == 403
    taken = await hall.done(f"organisations/{bakery}/withdraw-mandate", {"person": anna})
    shown = await hall.read(f"organisations/{bakery}", wait_for=taken["position"])
    assert (shown["representatives"], shown["mandates"]) == ([], {})
