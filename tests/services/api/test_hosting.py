"""A host's edition over HTTP: what is laid down, who comes, which badges they wear."""

from infra.clock import fresh_id
from tests.services.hall import Hall, both_give


async def test_what_a_host_lays_down_is_read_back(hall: Hall) -> None:
    """Given an edition, when forms, checklist, rates, areas, co-hosts and workshops are set, then it tells them all."""
    edition = f"marketplaces/{await hall.plan()}"
    await hall.done(f"{edition}/paper-series", {"prefix": "A-", "first": 1, "last": 250})
    items = [{"id": "signed", "label": "Alle haben unterschrieben"}]
    await hall.done(f"{edition}/checklist", {"items": items}, role="host_admin")
    rates = [{"area": "know-how", "hourly_rate_minor": 4_000}]
    await hall.done(f"{edition}/rate-table", {"hourly_rate_minor": 1_700, "rates": rates}, role="host_admin")
    await hall.done(f"{edition}/add-area", {"id": "rooms", "label": "Reume"}, role="host_admin")
    co_hosts = [{"name": "Bürgerstiftung am Ort", "roles": ["venue", "press"]}]
    await hall.done(f"{edition}/co-hosts", {"co_hosts": co_hosts}, role="host_admin")
    workshop = {"id": "companies", "side": "company", "date": "2026-10-20", "venue": None}
    await hall.done(f"{edition}/workshops", workshop)
    await hall.gong()
    await hall.done(f"{edition}/rename-area", {"area": "rooms", "label": "Räume"}, role="host_admin")
    last = await hall.done(f"{edition}/retire-area", {"area": "helping-hands"}, role="host_admin")

    told = await hall.read(edition, wait_for=last["position"])
    assert told["paper_series"] == [{"prefix": "A-", "first": 1, "last": 250}]
    assert (told["checklist"], told["co_hosts"], told["workshops"]) == (items, co_hosts, [workshop])
    assert (told["hourly_rate_minor"], told["area_rates"], told["rates_version"]) == (1_700, rates, 2)
    assert [area["label"] for area in told["areas"]] == ["Wissen", "Räume"]
    assert [area["label"] for area in told["retired"]] == ["Tatkraft"]
    assert told["opened_at"] < told["announced_end"]

    late = await hall.post(f"{edition}/paper-series", {"prefix": "B-", "first": 1, "last": 250})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/not-in-preparation")
    digits = await hall.post(f"{edition}/paper-series", {"prefix": "B-1", "first": 1, "last": 250})
    assert digits.status_code == 422
    twice = await hall.post(f"{edition}/rate-table", {"hourly_rate_minor": 1, "rates": rates * 2}, role="host_admin")
    assert (twice.status_code, twice.json()["type"]) == (422, "/problems/two-rates-for-an-area")


async def test_an_old_listing_keeps_its_retired_area_and_no_new_one_gets_it(hall: Hall) -> None:
    """Given an offer in an area, when the area is retired, then the offer stays and a second one is refused."""
    edition = f"marketplaces/{await hall.plan()}"
    bakery = await hall.bring("Probe-Bäckerei", "company")
    offer = {
        "marketplace": hall.marketplace,
        "by": bakery,
        "kind": "offer",
        "area": "helping-hands",
        "title": "Ein Tag im Garten",
        "quantity": 1,
        "unit": "Tag",
    }
    first = await hall.done("listings", offer)
    retired = await hall.done(f"{edition}/retire-area", {"area": "helping-hands"}, role="host_admin")
    kept = await hall.read(f"listings/{first['id']}", wait_for=retired["position"])
    assert kept["area"] == "helping-hands"
    second = await hall.post("listings", offer)
    assert (second.status_code, second.json()["type"]) == (422, "/problems/area-unknown")


async def test_an_edition_is_followed_up_and_archived(hall: Hall) -> None:
    """Given an edition whose trading is over, when it is followed up and archived, then its state says so."""
    edition = f"marketplaces/{await hall.plan()}"
    early = await hall.post(f"{edition}/start-follow-up", role="host_admin")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-over-yet")
    await hall.gong()
    await hall.closing_gong()
    for step, state in (("start-follow-up", "follow_up"), ("archive", "archived")):
        done = await hall.done(f"{edition}/{step}", role="host_admin")
        listed = await hall.read("marketplaces", state=state, wait_for=done["position"])
        assert [(one["id"], one["state"]) for one in listed["items"]] == [(hall.marketplace, state)]
    assert (await hall.read(edition))["opened_at"] is not None
    closed = await hall.post(f"{edition}/co-hosts", {"co_hosts": []}, role="host_admin")
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/file-closed")


async def test_one_representative_speaks_for_two_organisations_with_one_badge(hall: Hall) -> None:
    """Given a person named by two organisations, when the badge is read, then it tells both participations."""
    await hall.plan()
    bakery, choir = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Chor", "nonprofit")
    person = fresh_id()
    for party in (bakery, choir):
        organisation = (await hall.read(f"participations/{party}", wait_for=await hall.position()))["organisation"]
        await hall.done(f"organisations/{organisation}/representatives", {"person": person, "name": "Kim Probe"})
    await hall.done(f"participations/{bakery}/badges", {"person": person, "code": "7K3M-9QXA"})
    last = await hall.done(f"participations/{bakery}/badges", {})

    (worn,) = (await hall.read("badges", marketplace=hall.marketplace, code="7k3m9qxa", wait_for=last["position"]))[
        "items"
    ]
    assert (worn["person"], worn["person_name"], worn["code"]) == (person, "Kim Probe", "7K3M9QXA")
    assert worn["participation"]["id"] == bakery
    assert [one["id"] for one in worn["may_speak_for"]] == [bakery, choir]
    first, fresh = (await hall.read(f"participations/{bakery}"))["badges"]
    assert (first["code"], fresh["person"], len(fresh["code"])) == ("7K3M9QXA", None, 8)
    (nobody,) = (await hall.read("badges", marketplace=hall.marketplace, code=fresh["code"]))["items"]
    assert (nobody["person"], nobody["may_speak_for"]) == (None, [])
    assert (await hall.read("badges", marketplace=hall.marketplace, code="0000"))["items"] == []
    assert (await hall.get("badges", marketplace=hall.marketplace)).status_code == 400
    stranger = await hall.post(f"participations/{choir}/badges", {"person": fresh_id()})
    assert (stranger.status_code, stranger.json()["type"]) == (422, "/problems/not-a-representative")


async def test_who_cancelled_neither_bids_nor_agrees_and_may_come_again(hall: Hall) -> None:
    """Given a table, when one party cancels, then it can't accept any more; it may ask to take part once more."""
    await hall.plan()
    bakery, choir = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Chor", "nonprofit")
    await hall.gong()
    body = {"marketplace": hall.marketplace, "by": bakery, "to": [choir], "terms": both_give(bakery, choir)}
    table = (await hall.done("negotiations", body))["id"]
    await hall.done(f"participations/{choir}/cancel")
    refused = await hall.post(f"negotiations/{table}/accept", {"by": choir})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-on-the-floor")
    organisation = (await hall.read(f"participations/{choir}", wait_for=await hall.position()))["organisation"]
    again = await hall.done("participations", {"marketplace": hall.marketplace, "organisation": organisation})
    assert again["id"] == choir
    assert (await hall.read(f"participations/{choir}", wait_for=again["position"]))["state"] == "requested"


async def test_nobody_agrees_with_a_party_that_has_left(hall: Hall) -> None:
    """Given terms on the table, when whoever proposed them cancels, then nobody comes to an agreement with them."""
    await hall.plan()
    bakery, choir = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Chor", "nonprofit")
    await hall.gong()
    body = {"marketplace": hall.marketplace, "by": bakery, "to": [choir], "terms": both_give(bakery, choir)}
    table = (await hall.done("negotiations", body))["id"]
    await hall.done(f"participations/{bakery}/cancel")
    refused = await hall.post(f"negotiations/{table}/accept", {"by": choir})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/party-has-left")
    assert (await hall.post(f"negotiations/{table}/reject", {"by": choir, "reason": "not_fitting"})).status_code == 201


async def test_who_was_missed_and_who_came_to_the_workshop(hall: Hall) -> None:
    """Given two admitted parties, when one came to the workshop and the other never, then their states say so."""
    await hall.plan()
    workshop = {"id": "all", "side": None, "date": "2026-10-20", "venue": "Rathaus"}
    await hall.done(f"marketplaces/{hall.marketplace}/workshops", workshop)
    parties = []
    for name in ("Probe-Bank", "Probe-Hort"):
        organisation = await hall.done("organisations", {"name": name, "side": "company", "rehearsal": True})
        body = {"marketplace": hall.marketplace, "organisation": organisation["id"]}
        parties.append((await hall.done("participations", body))["id"])
        await hall.done(f"participations/{parties[-1]}/admit")
    keen, lost = parties
    await hall.done(f"participations/{keen}/workshops", {"workshop": "all"})
    unknown = await hall.post(f"participations/{lost}/workshops", {"workshop": "none"})
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/no-such-workshop")
    await hall.gong()
    missed = await hall.done(f"participations/{lost}/no-show")
    page = await hall.read("participations", marketplace=hall.marketplace, state="no_show", wait_for=missed["position"])
    assert [one["id"] for one in page["items"]] == [lost]
    assert (await hall.read(f"participations/{keen}"))["attended"] == ["all"]


async def test_a_season_counts_an_edition_with_co_hosts_once(hall: Hall) -> None:
    """Given a real edition with two co-hosts that is followed up, when the season is read, it stands there once."""
    edition = f"marketplaces/{await hall.plan(title='Marktplatz am Ort', rehearsal=False, season=2107)}"
    co_hosts = [{"name": "Bürgerstiftung", "roles": ["venue"]}, {"name": "Kammer", "roles": ["recruits_companies"]}]
    await hall.done(f"{edition}/co-hosts", {"co_hosts": co_hosts}, role="host_admin")
    await hall.gong()
    await hall.closing_gong()
    last = await hall.done(f"{edition}/start-follow-up", role="host_admin")
    await hall.read(edition, wait_for=last["position"])
    hosts = (await hall.http.get("/v1/season/2107")).json()["hosts"]
    assert [host["marketplace"] for host in hosts if host["tenant"] == hall.host.tenant] == [hall.marketplace]
