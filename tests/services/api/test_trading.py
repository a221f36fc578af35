"""The main job over HTTP: from a planned edition to a certified contract, and everything on the way."""

import asyncio

from infra.clock import fresh_id
from tests.running import RunningService
from tests.services.hall import Hall, both_give, pledge


async def test_a_contract_comes_from_a_negotiation_and_its_trail_tells_every_step(hall: Hall) -> None:
    """Two parties counter and agree, sign, and the notary certifies: ledger, results and trail tell it."""
    await hall.plan()
    bakery, food_bank = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Tafel", "nonprofit")
    await hall.gong()
    terms = both_give(bakery, food_bank)
    opened = await hall.done(
        "negotiations", {"marketplace": hall.marketplace, "by": bakery, "to": [food_bank], "terms": terms}
    )
    better = {"pledges": [*terms["pledges"], pledge(bakery, food_bank, 2_500, "Brot für das Sommerfest")]}
    await hall.done(f"negotiations/{opened['id']}/counter", {"by": food_bank, "terms": better})
    await hall.done(f"negotiations/{opened['id']}/accept", {"by": bakery})
    contract = (await hall.done("contracts/from-negotiation", {"negotiation": opened["id"]}))["id"]
    await hall.sign(contract, bakery, food_bank)
    await hall.done(f"contracts/{contract}/submit")
    receipt = await hall.done(f"contracts/{contract}/certify", role="notary")

    row = await hall.read(f"contracts/{contract}", wait_for=receipt["position"])
    assert (row["state"], row["number"], row["source"]) == ("certified", 1, "negotiation")
    assert row["value"]["minor"] == 12_500
    assert [party["name"] for party in row["parties"]] == ["Probe-Bäckerei", "Probe-Tafel"]
    results = await hall.read(f"marketplaces/{hall.marketplace}/results")
    assert (results["ledger"]["contracts"], results["ledger"]["value_minor"]) == (1, 12_500)
    steps = (await hall.read(f"contracts/{contract}/trail"))["items"]
    assert [step["type"].removesuffix(".v1") for step in steps] == [
        "negotiation.opened",
        "negotiation.terms_proposed",
        "negotiation.terms_countered",
        "negotiation.terms_accepted",
        "contract.drafted",
        "contract.signed",
        "contract.signed",
        "contract.submitted_to_notary",
        "contract.certified",
        "register.numbered",
    ]
    assert [step["position"] for step in steps] == sorted({step["position"] for step in steps})
    assert steps[2]["actor"]["on_behalf_of"] == food_bank
    assert steps[-2]["actor"]["role"] == "notary"
    assert all(step["rehearsal"] for step in steps)


async def test_a_form_without_a_recorded_negotiation_says_so(hall: Hall) -> None:
    """The form is the first thing written down; its trail begins with the draft and says that it came from a form."""
    await hall.plan()
    one, other = await hall.bring("Probe-Werkstatt", "company"), await hall.bring("Probe-Chor", "nonprofit")
    await hall.gong()
    body = {"marketplace": hall.marketplace, "parties": [one, other], "terms": both_give(one, other)}
    drafted = await hall.done("contracts/from-form", body | {"form_number": "A-17"})
    row = await hall.read(f"contracts/{drafted['id']}", wait_for=drafted["position"])
    assert (row["source"], row["form_number"], row["negotiation"]) == ("form", "A-17", None)
    (step,) = (await hall.read(f"contracts/{drafted['id']}/trail"))["items"]
    assert (step["type"], step["details"]["source"]) == ("contract.drafted.v1", "form")


async def test_a_returned_form_is_corrected_signed_again_and_certified(hall: Hall) -> None:
    """The notary returns a form; with other terms the old signatures fall; after new ones it is certified."""
    await hall.plan()
    one, other = await hall.bring("Probe-Druckerei", "company"), await hall.bring("Probe-Hort", "nonprofit")
    await hall.gong()
    contract = await hall.form(one, other)
    await hall.done(f"contracts/{contract}/submit")
    await hall.done(f"contracts/{contract}/return", {"reasons": ["unbalanced"]}, role="notary")
    await hall.closing_gong()
    better = {"pledges": [pledge(one, other), pledge(other, one, 9_000, "Zwei Plakate")]}
    corrected = await hall.done(f"contracts/{contract}/correct", {"terms": better})
    row = await hall.read(f"contracts/{contract}", wait_for=corrected["position"])
    assert (row["state"], row["returns"], [party["signed"] for party in row["parties"]]) == (
        "drafted",
        1,
        [False, False],
    )
    await hall.sign(contract, one, other)
    await hall.done(f"contracts/{contract}/submit")
    done = await hall.done(f"contracts/{contract}/certify", role="notary")
    assert (await hall.read(f"contracts/{contract}", wait_for=done["position"]))["state"] == "certified"


async def test_after_the_gong_nothing_is_traded_and_open_tables_lapse(hall: Hall) -> None:
    """Forms handed in before the gong are certified after it; later ones are refused; what is open lapses by itself."""
    await hall.plan()
    one, other = await hall.bring("Probe-Gärtnerei", "company"), await hall.bring("Probe-Turnverein", "nonprofit")
    await hall.gong()
    in_time, late = await hall.form(one, other), await hall.form(one, other)
    await hall.done(f"contracts/{in_time}/submit")
    body = {"marketplace": hall.marketplace, "by": one, "to": [other], "terms": both_give(one, other)}
    open_table = (await hall.done("negotiations", body))["id"]
    await hall.closing_gong()

    too_late = await hall.post(f"contracts/{late}/submit")
    assert (too_late.status_code, too_late.json()["type"]) == (409, "/problems/too-late")
    refused = await hall.post("negotiations", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/trading-not-open")
    await hall.done(f"contracts/{in_time}/certify", role="notary")
    for _ in range(100):
        lapsed = (await hall.read("negotiations", marketplace=hall.marketplace, state="lapsed"))["items"]
        if lapsed:
            break
        await asyncio.sleep(0.1)
    assert [table["id"] for table in lapsed] == [open_table]


async def test_two_desks_never_certify_one_form_twice_or_give_one_number_twice(hall: Hall) -> None:
    """Twelve forms, each asked for twice at once: each is certified once, numbers run from 1 to 12 without a gap."""
    await hall.plan()
    one, other = await hall.bring("Probe-Spedition", "company"), await hall.bring("Probe-Museum", "nonprofit")
    await hall.gong()
    forms = [await hall.form(one, other) for _ in range(12)]
    for form in forms:
        await hall.done(f"contracts/{form}/submit")
    answers = await asyncio.gather(
        *(hall.post(f"contracts/{form}/certify", role="notary") for form in forms for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 12 + [412] * 12
    rows = (await hall.read("ledger", wait_for=await hall.position()))["items"]
    assert sorted(row["number"] for row in rows) == list(range(1, 13))


async def test_a_rehearsal_is_never_announced(hall: Hall) -> None:
    """Figures of a Probe are refused, so that no season counts them."""
    await hall.plan()
    unknown = {"value": None, "qualifier": "unknown"}
    figures = dict.fromkeys(("agreements", "value", "business_side", "nonprofit_side", "participants"), unknown)
    body = {"marketplace": hall.marketplace, "figures": figures, "source": "unsere Zählung"}
    refused = await hall.post("statements", body, role="host_admin")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/only-a-rehearsal")


async def test_a_desk_names_whom_it_acts_for(hall: Hall) -> None:
    """A broker's desk opens a table for a party: both are recorded. Roles that may not are told so."""
    await hall.plan()
    one, other = await hall.bring("Probe-Kino", "company"), await hall.bring("Probe-Hospiz", "nonprofit")
    await hall.gong()
    body = {"marketplace": hall.marketplace, "by": one, "to": [other], "terms": both_give(one, other)}
    for role in ("notary", "auditor", "integrator"):
        refused = await hall.post("negotiations", body, role=role)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-not-allowed")
    opened = await hall.done("negotiations", body, role="broker")
    (first, *_) = (await hall.read("events", after=opened["position"] - 2, limit=1))["items"]
    assert first["entry"]["actor"] == {
        "id": hall.host.members["broker"],
        "role": "broker",
        "on_behalf_of": one,
    }


async def test_a_representative_speaks_for_their_own_organisation_alone(service: RunningService, hall: Hall) -> None:
    """With a key of their own a representative acts for who named them, and for nobody else."""
    await hall.plan()
    one, other = await hall.bring("Probe-Kino", "company"), await hall.bring("Probe-Hospiz", "nonprofit")
    await hall.gong()
    own = (await hall.read(f"participations/{one}", wait_for=await hall.position()))["organisation"]
    person = fresh_id()
    await hall.done(f"organisations/{own}/representatives", {"person": person, "name": "Alba Muster"})
    hall.host.keys["representative"] = await service.representatives_key(hall.host, person)

    body = {"marketplace": hall.marketplace, "by": one, "to": [other], "terms": both_give(one, other)}
    table = (await hall.done("negotiations", body, role="representative"))["id"]
    refused = await hall.post(f"negotiations/{table}/accept", {"by": other}, role="representative")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-your-organisation")


async def test_a_notary_never_certifies_for_an_organisation_they_represent(hall: Hall) -> None:
    """The notary is also the choir's treasurer: another notary has to certify."""
    await hall.plan()
    one, other = await hall.bring("Probe-Sägewerk", "company"), await hall.bring("Probe-Chor", "nonprofit")
    choir = (await hall.read(f"participations/{other}", wait_for=await hall.position()))["organisation"]
    notary = {"person": hall.host.members["notary"], "name": "Dorin Beispiel"}
    await hall.done(f"organisations/{choir}/representatives", notary)
    await hall.gong()
    contract = await hall.form(one, other)
    await hall.done(f"contracts/{contract}/submit")
    refused = await hall.post(f"contracts/{contract}/certify", role="notary")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/notary-represents-a-party")


async def test_no_name_of_a_person_stands_in_the_log(hall: Hall) -> None:
    """Names, contacts and a sole trader's name are commitments in the log; lists join them from the vault."""
    await hall.plan()
    trader = {"name": "Erika Mustermann", "side": "company", "sole_trader": True, "rehearsal": True}
    organisation = (await hall.done("organisations", trader))["id"]
    person = {"name": "Max Mustermann", "contact": "max@example.org"}
    receipt = await hall.done(f"organisations/{organisation}/representatives", person)
    key = {"Authorization": f"Bearer {hall.host.keys['auditor']}", "Accept": "application/x-ndjson"}
    log = (await hall.http.get(f"/v1/{hall.host.tenant}/events", headers=key)).text
    assert "Mustermann" not in log
    assert "example.org" not in log
    (last,) = (await hall.read("events", after=receipt["position"] - 1))["items"]
    assert set(last["entry"]["sealed"]) == {"name", "contact"}
    assert all(len(commitment) == 64 for commitment in last["entry"]["sealed"].values())
    shown = await hall.read(f"organisations/{organisation}", wait_for=receipt["position"])
    assert shown["name"] == "Erika Mustermann"
