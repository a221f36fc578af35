"""Walking through what happened: by negotiation, by member, by organisation, over HTTP."""

from tests.services.hall import Hall, both_give, pledge


async def test_a_negotiation_is_replayed_step_by_step(hall: Hall) -> None:
    """After each record the replay says what lay on the table and who had to answer."""
    await hall.plan()
    one, other = await hall.bring("Probe-Gärtnerei", "company"), await hall.bring("Probe-Kita", "nonprofit")
    await hall.gong()
    body = {"marketplace": hall.marketplace, "by": one, "to": [other], "terms": both_give(one, other)}
    negotiation = (await hall.done("negotiations", body))["id"]
    more = {"pledges": [*both_give(one, other)["pledges"], pledge(one, other, 100, "Ein Baum")]}
    await hall.done(f"negotiations/{negotiation}/counter", {"by": other, "terms": more})
    await hall.done(f"negotiations/{negotiation}/join-as-broker", role="broker")
    await hall.done(f"negotiations/{negotiation}/accept", {"by": one})
    replayed = (await hall.read(f"negotiations/{negotiation}/replay"))["steps"]
    assert [(step["number"], step["state"], len(step["pledges"]), step["awaited"]) for step in replayed] == [
        (1, "proposed", 0, []),
        (2, "proposed", 2, [other]),
        (3, "proposed", 3, [one]),
        (4, "proposed", 3, [one]),
        (5, "agreed", 3, []),
    ]
    assert replayed[3]["broker"] == hall.host.members["broker"]
    assert replayed[2]["step"]["details"]["by"] == other
    unknown = await hall.get(f"negotiations/{hall.marketplace}/replay")
    assert unknown.status_code == 404


async def test_trails_go_across_cases(hall: Hall) -> None:
    """A member's trail is what they did; an organisation's, whatever it was part of, each record once."""
    await hall.plan()
    one, other = await hall.bring("Probe-Gärtnerei", "company"), await hall.bring("Probe-Kita", "nonprofit")
    third = await hall.bring("Probe-Zirkus", "nonprofit")
    await hall.gong()
    mine, theirs = await hall.certified(one, other), await hall.certified(other, third)
    party = await hall.read(f"participations/{one}", wait_for=await hall.position())
    steps = (await hall.read(f"organisations/{party['organisation']}/trail"))["items"]
    assert [step["position"] for step in steps] == sorted({step["position"] for step in steps})
    assert steps[0]["type"] == "organisation.registered.v1"
    streams = {step["stream"] for step in steps}
    assert mine in streams
    assert theirs not in streams
    notary = hall.host.members["notary"]
    did = await hall.get(f"members/{notary}/trail", role="auditor")
    assert [step["type"] for step in did.json()["items"]][-1] == "register.numbered.v1"
    assert {step["actor"]["id"] for step in did.json()["items"]} == {notary}
    assert (await hall.get(f"members/{notary}/trail", role="integrator")).status_code == 403
