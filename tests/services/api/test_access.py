"""Keys over HTTP: for one edition only, and no longer than the role they are for."""

import asyncio
from dataclasses import replace

from tests.running import RunningService
from tests.services.hall import AREAS, Hall

FORGOTTEN = 5.2
"""Seconds after which a key that was found before is looked up again."""


async def test_a_co_host_s_key_opens_one_edition(hall: Hall, service: RunningService) -> None:
    """Given a clerk's key for one edition, when it asks for another or for the host's own, then it is refused."""
    other = await hall.plan(title="Probe: ein anderer")
    stranger, mason = await hall.bring("Probe-Chor", "nonprofit"), await hall.bring("Probe-Maurer", "company")
    await hall.gong()
    table = await hall.agree(mason, stranger)
    contract = (await hall.done("contracts/from-negotiation", {"negotiation": table}))["id"]
    own = await hall.plan()
    key, _ = await service.edition_key(hall.host, "clerk", own)
    lead, _ = await service.edition_key(hall.host, "lead", own)
    limited = {"clerk": key, "host_admin": key, "lead": lead, "notary": hall.host.keys["notary"]}
    desk = Hall(hall.http, replace(hall.host, keys=limited), own, dict(hall.versions))

    bakery = await desk.bring("Probe-Bäckerei", "company")
    last = await desk.done(f"marketplaces/{own}/paper-series", {"first": 1, "last": 9})
    assert (await desk.read(f"participations/{bakery}", wait_for=last["position"]))["state"] == "on_the_floor"
    assert len((await desk.read("participations", marketplace=own))["items"]) == 1
    organisation = (await desk.read(f"participations/{bakery}"))["organisation"]

    assert (await desk.get(f"marketplaces/{own}/ledger.csv")).status_code == 200
    assert (await desk.get("organisations")).status_code == 200
    assert (await desk.get(f"participations/{bakery}")).status_code == 200
    plan = {"title": "Probe: dritter", "season": 2026, "date": None, "areas": AREAS, "rehearsal": True}
    refused = [
        await desk.post(f"marketplaces/{other}/co-hosts", {"co_hosts": []}, role="lead"),
        await desk.post(f"participations/{stranger}/cancel"),
        await desk.post("participations", {"marketplace": other, "organisation": organisation}),
        await desk.post(f"organisations/{organisation}/representatives", {"name": "Kim Probe"}),
        await desk.post("marketplaces", plan, role="lead"),
        await desk.get(f"marketplaces/{other}"),
        await desk.get(f"marketplaces/{other}/to-tell"),
        await desk.get(f"participations/{stranger}"),
        await desk.get("participations", marketplace=other),
        await desk.get("ledger"),
        await desk.get("ledger.csv"),
        await desk.get(f"contracts/{contract}"),
        await desk.get(f"contracts/{contract}/trail"),
        await desk.get(f"negotiations/{table}"),
        await desk.get(f"organisations/{organisation}/trail"),
        await desk.get(f"marketplaces/{other}/ledger.csv"),
        await desk.get("events", role="lead"),
    ]
    assert [(one.status_code, one.json()["type"]) for one in refused] == [(403, "/problems/only-your-edition")] * 17


async def test_a_key_for_streams_opens_nothing_else(hall: Hall, service: RunningService) -> None:
    """Given a key for streams alone, when it asks for anything else, or signs in at the desk, then it opens nothing."""
    edition = await hall.plan()
    hall.host.keys["integrator"], _ = await service.stream_key(hall.host, "internal", persons=True)
    refused = [
        await hall.get("ledger", role="integrator"),
        await hall.get(f"marketplaces/{edition}", role="integrator"),
        await hall.get("organisations", role="integrator"),
        await hall.get(f"marketplaces/{edition}/valueflows.jsonld", role="integrator"),
        await hall.post(f"marketplaces/{edition}/open-trading", None, role="integrator"),
        await hall.get("log/receipt/1", role="integrator"),
    ]
    told = {(one.status_code, one.json()["type"]) for one in refused}
    assert told == {(403, "/problems/key-is-for-streams")}, [one.url for one in refused]
    form, here = {"secret": hall.host.keys["integrator"]}, {"Sec-Fetch-Site": "same-origin"}
    signed_in = await hall.http.post(f"/{hall.host.tenant}/desk", data=form, headers=here)
    assert signed_in.status_code == 401
    assert "set-cookie" not in signed_in.headers


async def test_a_role_taken_back_shuts_its_keys(hall: Hall, service: RunningService) -> None:
    """Given a broker whose role is taken back, when the key is used after a moment, then it opens nothing any more."""
    await hall.plan()
    assert (await hall.get("marketplaces", role="broker")).status_code == 200
    await service.take_role(hall.host, "broker", hall.host.members["broker"])
    await asyncio.sleep(FORGOTTEN)
    shut = await hall.get("marketplaces", role="broker")
    assert (shut.status_code, shut.json()["type"]) == (401, "/problems/key-unknown")
    assert (await hall.get("marketplaces", role="notary")).status_code == 200
    records = (await hall.read("events", type="access.role_revoked.v1"))["items"]
    assert [record["entry"]["data"]["role"] for record in records] == ["broker"]
