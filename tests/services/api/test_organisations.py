"""Organisations over HTTP: who signs for them, which look alike, and what becomes of an entry made twice."""

import asyncio

from infra.clock import fresh_id
from tests.running import RunningService
from tests.services.hall import Hall, both_give

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


async def organisation_of(hall: Hall, participation: str) -> str:
    """Whose participation it is."""
    found: str = (await hall.read(f"participations/{participation}", wait_for=await hall.position()))["organisation"]
    return found


async def test_duplicates_are_shown_told_apart_and_merged(hall: Hall) -> None:
    """Given three bakeries, when one is told apart and one merged, then no pair is left and both histories stay."""
    first, double, other = [
        (await hall.done("organisations", BAKERY | {"name": name}))["id"]
        for name in ("Probe-Bäckerei Groß", "PROBE-BAECKEREI GROSS GmbH", "Probe-Bäckerei Gross e.K.")
    ]
    await hall.done("organisations", {"name": "Probe-Bäckerei Groß", "side": "company", "rehearsal": False})
    shown = await hall.read("organisations/duplicates", wait_for=await hall.position())
    assert {(pair["one"]["id"], pair["other"]["id"]) for pair in shown["items"]} == {
        (first, double),
        (first, other),
        (double, other),
    }
    assert shown["items"][0]["reasons"] == ["same_name"]
    few = await hall.read("organisations/duplicates", limit=1)
    assert (len(few["items"]), few["more"]) == (1, 2)

    await hall.done(f"organisations/{other}/tell-apart", {"other": first})
    await hall.done(f"organisations/{double}/tell-apart", {"other": other})
    merged = await hall.done(f"organisations/{double}/merge", {"into": first})
    assert [(record["type"], record["stream"]) for record in merged["records"]] == [
        ("organisation.merged.v1", double),
        ("organisation.absorbed.v1", first),
    ]
    assert (await hall.read("organisations/duplicates", wait_for=merged["position"])) == {"items": [], "more": 0}
    gone, kept = await hall.read(f"organisations/{double}"), await hall.read(f"organisations/{first}")
    assert (gone["name"], gone["merged_into"], gone["absorbed"]) == ("PROBE-BAECKEREI GROSS GmbH", first, [])
    assert (kept["merged_into"], kept["absorbed"]) == (None, [double])
    again = await hall.post(f"organisations/{double}/merge", {"into": other})
    assert (again.status_code, again.json()["type"], again.json()["kept"]) == (409, "/problems/merged-away", first)
    itself = await hall.post(f"organisations/{first}/merge", {"into": first})
    assert (itself.status_code, itself.json()["type"]) == (422, "/problems/same-entry")


async def test_two_merges_that_cross_never_make_a_circle(hall: Hall) -> None:
    """Given two entries, when each is merged into the other at the same moment, then one of the two is kept."""
    one, other = [(await hall.done("organisations", BAKERY))["id"] for _ in range(2)]
    answers = await asyncio.gather(
        hall.post(f"organisations/{one}/merge", {"into": other}),
        hall.post(f"organisations/{other}/merge", {"into": one}),
    )
    done, refused = sorted(answers, key=lambda answer: answer.status_code)
    assert (done.status_code, refused.json()["type"]) in [
        (201, "/problems/merged-away"),
        (201, "/problems/version-stale"),
    ]
    seen = [await hall.read(f"organisations/{id_}", wait_for=done.json()["position"]) for id_ in (one, other)]
    assert {organisation["merged_into"] for organisation in seen} in [{None, one}, {None, other}]


async def test_the_kept_one_acts_for_the_duplicate_which_registers_no_more(service: RunningService, hall: Hall) -> None:
    """Given both entries are on the floor, when they are merged, then both stay there and the kept one's people act."""
    await hall.plan()
    kept_part = await hall.bring("Probe-Werkstatt", "company")
    double_part = await hall.bring("Probe-Werkstatt GmbH", "company")
    choir = await hall.bring("Probe-Chor", "nonprofit")
    kept, double = await organisation_of(hall, kept_part), await organisation_of(hall, double_part)
    anna = fresh_id()
    await hall.done(f"organisations/{kept}/representatives", {"person": anna, "name": "Anna"})
    hall.host.keys["representative"] = await service.representatives_key(hall.host, anna)
    listing = {
        "marketplace": hall.marketplace,
        "by": double_part,
        "kind": "offer",
        "area": "know-how",
        "title": "Ein Nachmittag",
        "quantity": 1,
        "unit": "Nachmittag",
    }
    refused = await hall.post("listings", listing, role="representative")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-your-organisation")
    merged = await hall.done(f"organisations/{double}/merge", {"into": kept})
    assert (await hall.post("listings", listing, role="representative")).status_code == 201
    not_theirs = await hall.post("listings", listing | {"by": choir}, role="representative")
    assert not_theirs.status_code == 403

    here = (await hall.read("participations", marketplace=hall.marketplace, wait_for=merged["position"]))["items"]
    assert {part["id"]: (part["state"], part["merged_into"]) for part in here} == {
        kept_part: ("on_the_floor", None),
        double_part: ("on_the_floor", kept),
        choir: ("on_the_floor", None),
    }
    await hall.plan()
    asked = await hall.post("participations", {"marketplace": hall.marketplace, "organisation": double})
    assert (asked.status_code, asked.json()["type"], asked.json()["kept"]) == (409, "/problems/merged-away", kept)
    assert (await hall.post("participations", {"marketplace": hall.marketplace, "organisation": kept})).is_success


async def test_nobody_trades_with_their_own_second_entry(hall: Hall) -> None:
    """Given a form between two entries, when they turn out to be one, it isn't certified, and no other is begun."""
    await hall.plan()
    kept_part, double_part = await hall.bring("Probe-Café", "nonprofit"), await hall.bring("Probe-Café Ost", "company")
    await hall.gong()
    contract = await hall.form(kept_part, double_part)
    await hall.done(f"contracts/{contract}/submit")
    kept, double = await organisation_of(hall, kept_part), await organisation_of(hall, double_part)
    await hall.done(f"organisations/{double}/merge", {"into": kept})
    told = {"marketplace": hall.marketplace, "terms": both_give(kept_part, double_part)}
    refused = [
        await hall.post(f"contracts/{contract}/certify", role="notary"),
        await hall.post("contracts/from-form", told | {"parties": [kept_part, double_part]}),
        await hall.post("negotiations", told | {"by": kept_part, "to": [double_part]}),
    ]
    assert {(answer.status_code, answer.json()["type"]) for answer in refused} == {(422, "/problems/too-few-parties")}


async def test_a_notary_who_represents_either_entry_certifies_neither_s_contract(hall: Hall) -> None:
    """Given the notary speaks for one entry, when its double's contract is to be certified, then that is refused."""
    await hall.plan()
    kept_part, double_part = await hall.bring("Probe-Chor", "nonprofit"), await hall.bring("Probe-Chor eV", "nonprofit")
    garage = await hall.bring("Probe-Werkstatt", "company")
    kept, double = await organisation_of(hall, kept_part), await organisation_of(hall, double_part)
    await hall.gong()
    contracts = [await hall.form(garage, part) for part in (kept_part, double_part)]
    of_both = {"person": hall.host.members["notary"], "name": "Probe-Notar"}
    await hall.done(f"organisations/{double}/representatives", of_both)
    await hall.done(f"organisations/{double}/merge", {"into": kept})
    for contract in contracts:
        await hall.done(f"contracts/{contract}/submit")
        refused = await hall.post(f"contracts/{contract}/certify", role="notary")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/notary-represents-a-party")


async def test_partners_of_an_earlier_edition_are_carried_over_once(hall: Hall) -> None:
    """Given an edition with all sorts of partners, when they are carried over, then the welcome ones ask, in one go."""
    earlier = await hall.plan()
    bakery, choir = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Chor", "nonprofit")
    double = await hall.bring("Probe-Chor e.V.", "nonprofit")
    cinema = await hall.bring("Probe-Kino", "company")
    await hall.done(f"participations/{cinema}/cancel")
    kept, gone = await organisation_of(hall, choir), await organisation_of(hall, double)
    await hall.done(f"organisations/{gone}/merge", {"into": kept})
    edition = await hall.plan()

    key = fresh_id()
    body = {"earlier": earlier}
    answer = await hall.post(f"marketplaces/{edition}/carry-over", body, key=key)
    receipt = answer.json()
    assert (answer.status_code, receipt["id"]) == (201, edition), receipt
    assert [record["type"] for record in receipt["records"]] == [
        "marketplace.partners_carried_over.v1",
        "participation.requested.v1",
        "participation.requested.v1",
    ]
    here = (await hall.read("participations", marketplace=edition, wait_for=receipt["position"]))["items"]
    assert [(one["organisation"], one["state"]) for one in here] == [
        (await organisation_of(hall, bakery), "requested"),
        (kept, "requested"),
    ]
    again = await hall.post(f"marketplaces/{edition}/carry-over", body, key=key)
    assert again.json() == receipt | {"replayed": True}
    nobody = await hall.post(f"marketplaces/{edition}/carry-over", body)
    assert (nobody.status_code, nobody.json()["type"]) == (409, "/problems/nobody-to-carry-over")
    elsewhere = await hall.post(f"marketplaces/{edition}/carry-over", {"earlier": fresh_id()})
    assert elsewhere.status_code == 404
    barred = await hall.post(f"marketplaces/{edition}/carry-over", body, role="notary")
    assert barred.status_code == 403
