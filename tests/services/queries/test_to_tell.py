"""Whom to tell that an edition was moved or called off."""

from infra.clock import fresh_id
from tests.services.hall import Hall

OFFER = {"kind": "offer", "area": "know-how", "title": "Ein Abend Buchhaltung", "quantity": 2, "unit": "Abende"}
FIRST = {"date": "2026-11-23", "venue": None}
SECOND = {"date": "2026-12-07", "venue": "Halle 2"}


async def _comes(hall: Hall, called: str, **person: str) -> str:
    """An admitted organisation with a representative and an offer."""
    organisation = (await hall.done("organisations", {"name": called, "side": "company", "rehearsal": True}))["id"]
    await hall.done(f"organisations/{organisation}/representatives", person)
    body = {"marketplace": hall.marketplace, "organisation": organisation}
    participation: str = (await hall.done("participations", body))["id"]
    await hall.done(f"participations/{participation}/admit")
    await hall.done("listings", OFFER | {"marketplace": hall.marketplace, "by": participation})
    return participation


async def test_a_moved_edition_says_whom_to_tell_what(hall: Hall) -> None:
    """Given two parties of whom one cancelled, when the edition is moved, then the other is told, with contacts."""
    edition = f"marketplaces/{await hall.plan()}"
    person = fresh_id()
    bakery = await _comes(hall, "Probe-Bäckerei", person=person, name="Kim Probe", contact="kim@example.org")
    gone = await _comes(hall, "Probe-Bank", name="Lou Probe")
    await hall.done(f"participations/{gone}/cancel")
    quiet = await hall.read(f"{edition}/to-tell", wait_for=await hall.position())
    assert (quiet["news"], quiet["items"], quiet["position"]) == ([], [], None)

    moved = await hall.done(f"{edition}/reschedule", SECOND, role="host_admin")
    await _comes(hall, "Probe-Werkstatt", name="Sam Probe")
    told = await hall.read(f"{edition}/to-tell", wait_for=await hall.position())
    assert (told["was"], told["now"], told["called_off"]) == (FIRST, SECOND, False)
    (news,) = told["news"]
    assert (news["position"], news["before"], news["after"]) == (moved["position"], FIRST, SECOND)
    (item,) = told["items"]
    assert (item["participation"], item["name"], item["state"]) == (bakery, "Probe-Bäckerei", "admitted")
    assert item["persons"] == [{"person": person, "name": "Kim Probe", "contact": "kim@example.org"}]
    assert item["listings"] == ["Ein Abend Buchhaltung"]
    assert (await hall.read(f"{edition}/to-tell", since=moved["position"]))["items"] == []


async def test_a_called_off_edition_says_so_to_everyone_and_lists_nothing(hall: Hall) -> None:
    """Given an edition that was moved, when it is called off, then all are told since the move, page by page."""
    edition = f"marketplaces/{await hall.plan()}"
    parties = [await _comes(hall, f"Probe-Betrieb {n}", name=f"Kim {n}") for n in range(3)]
    moved = await hall.done(f"{edition}/reschedule", SECOND, role="host_admin")
    off = await hall.done(f"{edition}/cancel", role="host_admin")
    first = await hall.read(f"{edition}/to-tell", since=moved["position"], limit=2, wait_for=off["position"])
    assert (first["was"], first["called_off"]) == (SECOND, True)
    assert [news["after"] for news in first["news"]] == [None]
    last = await hall.read(f"{edition}/to-tell", since=moved["position"], limit=2, cursor=first["next"])
    assert [item["participation"] for page in (first, last) for item in page["items"]] == parties
    assert last["next"] is None

    admitted = await hall.post(f"participations/{parties[0]}/check-in")
    assert (admitted.status_code, admitted.json()["type"]) == (409, "/problems/marketplace-over")
    listed = await hall.post("listings", OFFER | {"marketplace": hall.marketplace, "by": parties[0]})
    assert (listed.status_code, listed.json()["type"]) == (409, "/problems/marketplace-over")


async def test_only_the_office_reads_how_people_are_reached(hall: Hall) -> None:
    """Given a broker's and a notary's key, when they ask whom to tell, then it is refused; a clerk is answered."""
    edition = f"marketplaces/{await hall.plan()}"
    await hall.read(edition, wait_for=await hall.position())
    for role in ("broker", "notary", "moderator"):
        refused = await hall.get(f"{edition}/to-tell", role=role)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-not-allowed")
    assert (await hall.get(f"{edition}/to-tell", role="clerk")).status_code == 200
